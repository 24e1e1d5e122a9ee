"""What a planning meeting leaves to do: its record on file and copies sent, each by its day."""

from __future__ import annotations

from collections.abc import Iterator

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
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases.planning_child import as_recorded
from core.web import asker
from core.web.access import ACCESS
from core.web.needs import More, Need, for_whom, listed, more
from core.web.rules_here import calendar_here, rules_here

WHO = frozenset({"social.worker", "team.manager"})
FILED, COPIED = "record-filed", "copies-sent"


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
    meetings = list(found)
    if meetings:
        away = _away(scope, of)
        sent = planning_copies.of_meetings(scope, [row.id for row in meetings])
        lines = _lines(scope, meetings)
        calendar = calendar_here([row.held_on for row in meetings])
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
            yield from _of_meeting(row, due, mine, there, away.get(row.child_id, ""))
    one, many = "planning meeting has more to do after it", "planning meetings have more to do"
    yield from more(found, one, many, url_for("children.register"), "Open the children")


def _of_meeting(
    row: PlanningRow,
    due: tuple[Due, ...],
    lines: tuple[CopyLine, ...],
    sent: tuple[Sent, ...],
    away: str,
) -> Iterator[Need]:
    by_code = {one.rule.code: one for one in due}
    filing, copying = by_code.get(FILED), by_code.get(COPIED)
    meeting = f"the planning meeting of {day(row.held_on)}: {row.child}"
    if filing is not None and row.filed_on is None:
        yield _need(row, filing, f"Put on file the record of {meeting}", "Tick it there", away)
    left = unsent(lines, sent)
    if copying is not None and left:
        to = ", ".join(inside(line.title) for line in left)
        yield _need(row, copying, f"Send the record of {meeting}", "Send it there", away, to)


def _need(row: PlanningRow, due: Due, what: str, link: str, away: str, to: str = "") -> Need:
    listed([AgendaChild(row.child_public_id, row.child, row.born)])
    said = f". To {to}" if to else ""
    reason = f"{due.reason[:1].upper()}{due.reason[1:]}"
    return Need(
        due.due,
        what,
        f"{for_whom(away)}{reason}{said}",
        due.rule.clauses,
        url_for("planning_after.page", public_id=row.public_id),
        link,
    )


def _bodies() -> tuple[frozenset[tuple[str, str]], dict[tuple[str, str], int]]:
    """The bodies of the installed procedures of which a record is filed, or copies are sent."""
    filed: set[tuple[str, str]] = set()
    copied: dict[tuple[str, str], int] = {}
    for entry in asker.registry():
        procedure = entry.procedure
        for body in procedure.bodies:
            key = (procedure.code, body.code)
            if not body.of_one_child:
                continue
            if procedure.deadline(FILED) is not None:
                filed.add(key)
            if body.copies and procedure.deadline(COPIED) is not None:
                copied[key] = max(len(body.copies), copied.get(key, 0))
    return frozenset(filed), copied


def _lines(scope: Scope, meetings: list[PlanningRow]) -> dict[int, tuple[CopyLine, ...]]:
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
