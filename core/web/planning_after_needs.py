"""What a planning meeting leaves to do: its record on file and copies sent, each by its day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for

from core.domain.dates import day
from core.domain.due import Due
from core.domain.meeting_due import of_meeting
from core.domain.phrases import inside
from core.domain.planning_after import CopyLine, Sent, copied_on, copy_lines, unsent
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.store import accounts, courses, deadlines_pressing, planning_copies, planning_waiting
from core.store.agenda import AgendaChild
from core.store.deadlines_pressing import Whose
from core.store.paging import Some
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases.planning_child import as_recorded
from core.web import asker
from core.web.access import ACCESS
from core.web.needs import More, Need, for_whom, listed, more
from core.web.rules_here import calendar_here, rules_here

WHO = frozenset({"social.worker", "team.manager"})
FILED, COPIED = "record-filed", "copies-sent"
MOST = 50
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Left:
    """One thing that is to be done still after a meeting; ``to`` is to whom its record goes."""

    row: PlanningRow
    due: Due
    what: str
    link: str
    to: str = ""


def needs(scope: Scope) -> Iterator[Need | More]:
    """For the social worker and the team manager of a child: the queries do not grow with it."""
    stands_in = any(roles & WHO for _, roles in scope.covers)
    if not ACCESS["planning_after.page"].allows(scope.roles) or not (
        scope.roles & WHO or stands_in
    ):
        return
    filed, copied = _bodies()
    if not filed and not copied:
        return
    of = deadlines_pressing.whose(scope)
    if of.nobody:
        return
    found = planning_waiting.unfinished(scope, of, filed, copied)
    left = _left(scope, found)
    away = _away(scope, of) if left else {}
    for one in left[:MOST]:
        yield _need(one, away.get(one.row.child_id, ""))
    beyond = Some[Left](more=len(left[MOST:]), many=bool(found.more))
    said = ("thing to do after a planning meeting", "things to do after planning meetings")
    yield from more(beyond, *said, url_for("children.register"), "Open the children")


def _left(scope: Scope, meetings: Sequence[PlanningRow]) -> list[Left]:
    """What is to be done still of meetings, the first held before the later ones."""
    if not meetings:
        return []
    sent = planning_copies.of_meetings(scope, [row.id for row in meetings])
    lines = _lines(scope, meetings)
    calendar = calendar_here([row.held_on for row in meetings])
    found: list[Left] = []
    for row in meetings:
        procedure = _procedure(row)
        if procedure is None:
            continue
        mine, there = lines.get(row.id, ()), sent.get(row.id, ())
        due = of_meeting(
            procedure,
            row.held_on,
            calendar,
            filed_on=row.filed_on,
            copied_on=copied_on(mine, there),
        )
        found += _of_meeting(row, due, mine, there)
    return found


def _of_meeting(
    row: PlanningRow, due: tuple[Due, ...], lines: tuple[CopyLine, ...], sent: tuple[Sent, ...]
) -> Iterator[Left]:
    by_code = {one.rule.code: one for one in due}
    filing, copying = by_code.get(FILED), by_code.get(COPIED)
    meeting = f"the planning meeting of {day(row.held_on)}: {row.child}"
    if filing is not None and row.filed_on is None:
        yield Left(row, filing, f"Put on file the record of {meeting}", "Tick it there")
    left = unsent(lines, sent)
    if copying is not None and left:
        to = ", ".join(inside(line.title) for line in left)
        yield Left(row, copying, f"Send the record of {meeting}", "Send it there", to)


def _need(one: Left, away: str) -> Need:
    row, due = one.row, one.due
    listed([AgendaChild(row.child_public_id, row.child, row.born)])
    said = f". To {one.to}" if one.to else ""
    reason = f"{due.reason[:1].upper()}{due.reason[1:]}"
    return Need(
        due.due,
        one.what,
        f"{for_whom(away)}{reason}{said}",
        due.rule.clauses,
        url_for("planning_after.page", public_id=row.public_id),
        one.link,
    )


def _bodies() -> tuple[frozenset[Key], dict[Key, frozenset[str]]]:
    """The bodies of the installed procedures of which a record is filed, or copies are sent."""
    filed: set[Key] = set()
    copied: dict[Key, frozenset[str]] = {}
    for entry in asker.registry():
        procedure = entry.procedure
        for body in procedure.bodies:
            key = (procedure.code, body.code)
            if not body.of_one_child:
                continue
            if procedure.deadline(FILED) is not None:
                filed.add(key)
            if body.copies and procedure.deadline(COPIED) is not None:
                codes = frozenset(rule.code for rule in body.copies)
                copied[key] = codes | copied.get(key, frozenset())
    return frozenset(filed), copied


def _lines(scope: Scope, meetings: Sequence[PlanningRow]) -> dict[int, tuple[CopyLine, ...]]:
    """To whom the record of each meeting goes, by its id: twelve queries, none without copies."""
    bodies = {row.id: body for row in meetings if (body := _body(row)) and body.copies}
    if not bodies:
        return {}
    of_them = [row for row in meetings if row.id in bodies]
    dates = courses.dates_of(scope, {row.child_id for row in of_them})
    return {
        row.id: copy_lines(
            bodies[row.id],
            as_recorded(dates[row.child_id], row) if row.child_id in dates else None,
        )
        for row in of_them
    }


def _procedure(row: PlanningRow) -> Procedure | None:
    return rules_here().kept(row.procedure_code, row.procedure_edition, row.held_on)


def _body(row: PlanningRow) -> Body | None:
    procedure = _procedure(row)
    return procedure.body(row.body_code) if procedure is not None else None


def _away(scope: Scope, of: Whose) -> dict[int, str]:
    """By child, the colleague for whom the asker stands in."""
    if not scope.covers or of.accounts is None:
        return {}
    others = {one for one in of.accounts.values() if one is not None and one != scope.account_id}
    names = {one.id: one.name for one in accounts.colleagues(scope, others)} if others else {}
    return {
        child: names[account]
        for child, account in of.accounts.items()
        if account is not None and account in names
    }
