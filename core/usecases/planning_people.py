"""Who comes to a planning meeting: asked, not asked and why, and marked as having come or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from core.domain.finding import Finding, Moved, Refused
from core.domain.phrases import inside
from core.domain.planning_people import CAME, MODES, Guest, Line, lines, rows_of, seen_until
from core.domain.procedure.escalation import Whom
from core.domain.reason import reason_given
from core.domain.sight import MAY_STATE_A_REASON
from core.registry import Registry
from core.store import (
    accounts,
    audit,
    child_people,
    invitees,
    planning_guests,
    responsible,
)
from core.store.children import child as child_seen
from core.store.database import writing
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases.planning_booking import PlanningBody, body_of, held_row
from core.usecases.planning_child import child_on_day

NOBODY = "Choose a colleague, or enter the name of somebody without an account"
NO_NAME = "Enter the name of who is asked"
GONE = "This colleague cannot be asked: choose another, or nobody and enter a name"
WHY_NOT = "Say why, for the child’s file"
AGAIN = "Somebody else changed this first: look at it as it is now"
OVER = "The meeting was called off"
BESIDE = "Others"
NAME_MOST = 200


class GuestMoved(Moved[Guest]):
    """Somebody else changed what is recorded of a guest first."""

    def __init__(self, now: Guest, field: str | None = None, title: str = "Somebody") -> None:
        super().__init__(now, f"{now.said or title}: {inside(AGAIN)}", field)


@dataclass(frozen=True, slots=True)
class Known:
    """A line with whom the record gives for it, by account id and name."""

    line: Line
    people: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Came:
    """What is marked of one guest, beside the version that the page showed."""

    guest: str
    version: int
    came: str = ""
    mode: str = ""
    views_on: date | None = None


def known(scope: Scope, registry: Registry, row: PlanningRow, meets: PlanningBody) -> list[Known]:
    """Everybody of whom the rules speak for this meeting, with whom the record gives for each."""
    found = lines(meets.body, child_on_day(scope, registry, row))
    answering = responsible.answering(replace(scope, on=min(row.held_on, scope.on)), [row.child_id])
    who = answering.get(row.child_id)
    return [Known(line, who.of(line.whom) if who is not None else {}) for line in found]


def ask(
    scope: Scope,
    registry: Registry,
    public_id: str,
    code: str,
    who: str,
    name: str,
    relation: str,
    at: datetime,
) -> None:
    """Ask somebody to come: a colleague by their public id, else a name; under a line or beside.

    A colleague may stand for several lines; they come once.
    Where nobody of the line was to be invited, or not this person, that they are asked now takes
    its place: the reason stays in the audit.
    A colleague who is asked sees this meeting and the child for its sake, and has it in their
    calendar.
    """
    with writing():
        row = open_meeting(scope, public_id)
        line = line_of(scope, registry, row, code)
        field = f"who-{code or 'other'}"
        account = None
        if who:
            able = accounts.colleagues(scope, roles=MAY_STATE_A_REASON)
            account = next((one for one in able if one.public_id == who), None)
            if account is None:
                raise Refused(Finding(GONE, field=field))
        name = account.name if account is not None else " ".join(name.split())
        if not name:
            of_family = line is not None and line.family
            raise Refused(Finding(NO_NAME if of_family else NOBODY, field=field))
        if len(name) > NAME_MOST or len(relation) > NAME_MOST:
            raise Refused(Finding(f"At most {NAME_MOST} characters", field=field))
        guests = planning_guests.of_meeting(scope, row.id)
        account_id = account.id if account is not None else None
        if any(_same(one, code, account_id, name) for one in guests if one.invited):
            raise Refused(Finding(f"{name} is asked already", field=field))
        if account is not None:
            _once(scope, registry, row, guests, account.id, code, field)
            _let_in(scope, row, account.id, name, field)
        values: dict[str, Any] = {
            "account_id": account_id,
            "name": name,
            "relation": " ".join(relation.split()),
            "invited_at": at,
            "invited_by": scope.account_id,
            **_as_marked(guests, account_id),
        }
        left_out = next((one for one in guests if _left_out(one, code, account_id, name)), None)
        if left_out is None:
            planning_guests.add(scope, row.id, rule_code=code, **values)
        elif not planning_guests.change(scope, left_out, {**values, "why_not": ""}):
            raise GuestMoved(left_out)
        clauses = line.clauses if line is not None else ()
        after = {"asked": account.public_id if account else "a name", "under": code}
        audited(scope, at, "ask to planning meeting", row, {**after, "clauses": list(clauses)})


def ask_everybody(scope: Scope, registry: Registry, public_id: str, at: datetime) -> int:
    """Ask everybody whom the rules bring and the record knows, of whom nothing is said yet.

    Where several hold one post nobody is asked: each of them would see the child for it.
    """
    with writing():
        row = open_meeting(scope, public_id)
        guests = planning_guests.of_meeting(scope, row.id)
        said = {guest.code for guest in guests}
        beside = {guest.account_id for guest in guests if guest.invited and not guest.code}
        asked: list[tuple[int, str]] = []
        for one in known(scope, registry, row, body_of(scope, registry, row)):
            if one.line.code in said or not one.line.applies or one_of_several(one):
                continue
            for account_id, name in one.people.items():
                if account_id in beside:
                    continue
                try:
                    _let_in(scope, row, account_id, name, "everybody")
                except Refused:
                    continue
                planning_guests.add(
                    scope,
                    row.id,
                    rule_code=one.line.code,
                    account_id=account_id,
                    name=name,
                    relation="",
                    invited_at=at,
                    invited_by=scope.account_id,
                    **_as_marked(guests, account_id),
                )
                asked.append((account_id, one.line.code))
        if asked:
            after = {"asked": [code for _, code in asked]}
            audited(scope, at, "ask to planning meeting", row, after)
    return len({account_id for account_id, _ in asked})


def one_of_several(one: Known) -> bool:
    """Whether several hold what a line asks for and one of them comes: somebody says which."""
    return len(one.people) > 1 and Whom.SOCIAL_WORKER not in one.line.whom


def leave_out(
    scope: Scope, registry: Registry, public_id: str, code: str, why: str, at: datetime
) -> None:
    """Say why those of a line are not invited: the reason stands on the child's file.

    Refused where somebody is recorded under the line by now: an invitation is taken back by itself.
    """
    with writing():
        row = open_meeting(scope, public_id)
        line = line_of(scope, registry, row, code)
        if line is None:
            raise Refused(Finding("Choose who is not invited", field="why-other"))
        why = reason_given(why, field=f"why-{code}", asked=WHY_NOT)
        there = (one for one in planning_guests.of_meeting(scope, row.id) if one.code == code)
        if (first := next(there, None)) is not None:
            raise GuestMoved(first, f"why-{code}", line.title)
        planning_guests.add(
            scope, row.id, rule_code=code, account_id=None, name="", relation="", why_not=why
        )
        after = {"under": code, "clauses": list(line.clauses)}
        audited(scope, at, "leave out of planning meeting", row, after, why)


def take_back(scope: Scope, public_id: str, guest: str, seen: int, why: str, at: datetime) -> None:
    """No longer ask somebody to come, with the reason; they see the meeting no more."""
    with writing():
        row = open_meeting(scope, public_id)
        mine = _guest(scope, row, guest)
        why = reason_given(why, field=f"back-{guest}", asked=WHY_NOT)
        if mine.version != seen:
            raise GuestMoved(mine)
        _not_asked(scope, row, mine, why)
        audited(scope, at, "take back invitation", row, {"guest": guest, "under": mine.code}, why)


def ask_after_all(
    scope: Scope, registry: Registry, public_id: str, guest: str, seen: int, at: datetime
) -> None:
    """Ask somebody who was not to be invited to come after all."""
    with writing():
        row = open_meeting(scope, public_id)
        mine = _guest(scope, row, guest)
        if mine.version != seen or mine.invited:
            raise GuestMoved(mine)
        if not mine.name:
            raise Refused(Finding(NOBODY, field=f"who-{mine.code}"))
        if mine.account_id is not None:
            able = accounts.colleagues(scope, roles=MAY_STATE_A_REASON)
            if all(one.id != mine.account_id for one in able):
                raise Refused(Finding(f"{mine.name} has no account any more: ask somebody else"))
            field = f"who-{mine.code or 'other'}"
            guests = planning_guests.of_meeting(scope, row.id)
            _once(scope, registry, row, guests, mine.account_id, mine.code, field)
            _let_in(scope, row, mine.account_id, mine.name, field)
        asked = {"invited_at": at, "invited_by": scope.account_id, "why_not": ""}
        if not planning_guests.change(scope, mine, asked):
            raise GuestMoved(mine)
        after = {"asked": mine.account or "a name", "under": mine.code, "after all": mine.why_not}
        audited(scope, at, "ask to planning meeting", row, after)


def mark_came(scope: Scope, public_id: str, marks: Iterable[Came], at: datetime) -> int:
    """Record who came and how, and whose views were gained before; gives how many changed.

    What cannot be, and what somebody else has changed meanwhile, is refused; the rest is kept.
    """
    wrong: list[Finding] = []
    changed = 0
    with writing():
        row = open_meeting(scope, public_id)
        guests = {one.public_id: one for one in planning_guests.of_meeting(scope, row.id)}
        for mark in marks:
            guest = guests.get(mark.guest)
            if guest is None:
                continue
            try:
                values = _marked(scope, row, guest, mark)
            except Refused as refusal:
                wrong += refusal.findings
                continue
            if all(getattr(guest, name) == value for name, value in values.items()):
                continue
            if guest.version != mark.version or not planning_guests.change(scope, guest, values):
                wrong += GuestMoved(guest).findings
                continue
            _mark_all(scope, guest, guests.values(), values)
            changed += 1
            after = {"guest": guest.public_id, **{k: str(v or "") for k, v in values.items()}}
            audited(scope, at, "mark at planning meeting", row, after)
    if wrong:
        raise Refused(*wrong)
    return changed


def _marked(scope: Scope, row: PlanningRow, guest: Guest, mark: Came) -> dict[str, Any]:
    """What is marked of a guest; of one who is not invited the day of their views alone."""
    if fault := views_fault(scope, row, mark.views_on):
        message = f"{guest.said or 'Somebody'}: {inside(fault)}"
        raise Refused(Finding(message, field=f"views-{guest.public_id}"))
    if not guest.invited and not guest.came:
        return {"views_on": mark.views_on}
    came = mark.came if mark.came in CAME else ""
    mode = mark.mode if mark.mode in MODES else ""
    return {"came": came, "mode": mode, "views_on": mark.views_on}


def _mark_all(
    scope: Scope, guest: Guest, guests: Iterable[Guest], values: Mapping[str, Any]
) -> None:
    """The same of the other lines for which this colleague stands."""
    came = {name: value for name, value in values.items() if name in ("came", "mode")}
    for other in rows_of(guest, guests):
        if other.id != guest.id and came:
            planning_guests.change(scope, other, came)


def _as_marked(guests: Iterable[Guest], account_id: int | None) -> dict[str, str]:
    """Whether a colleague came, where that is said of them under another line."""
    mine = (one for one in guests if account_id and one.account_id == account_id and one.invited)
    return next(({"came": one.came, "mode": one.mode} for one in mine), {})


def views_fault(scope: Scope, row: PlanningRow, on: date | None) -> str:
    """What is wrong with the day on which views were gained before a meeting; "" if nothing is."""
    if on is None:
        return ""
    if on > row.held_on:
        return "Views before the meeting were gained by its day"
    return "The day of their views has not come yet" if on > scope.on else ""


def open_meeting(scope: Scope, public_id: str) -> PlanningRow:
    row = held_row(scope, public_id)
    if not row.open and not row.held:
        raise Refused(Finding(OVER))
    if row.held:
        raise Refused(Finding("The meeting is closed: who came stays as it was recorded"))
    return row


def line_of(scope: Scope, registry: Registry, row: PlanningRow, code: str) -> Line | None:
    if not code:
        return None
    body = body_of(scope, registry, row).body
    every = lines(body, child_on_day(scope, registry, row))
    found = next((line for line in every if line.code == code), None)
    if found is None:
        raise Refused(Finding("Nobody of this kind comes to this meeting", field=f"who-{code}"))
    return found


def _left_out(guest: Guest, code: str, account_id: int | None, name: str) -> bool:
    """Whether a guest is this person of a line, or nobody of it by name, and is not invited."""
    if guest.invited or guest.code != code:
        return False
    return not guest.name or _same(guest, code, account_id, name)


def _same(guest: Guest, code: str, account_id: int | None, name: str) -> bool:
    if account_id is not None:
        return guest.account_id == account_id and guest.code == code
    return guest.account_id is None and guest.name.casefold() == name.casefold()


def _once(
    scope: Scope,
    registry: Registry,
    row: PlanningRow,
    guests: Iterable[Guest],
    account_id: int,
    code: str,
    field: str,
) -> None:
    """Refused beside the rules for a colleague who is asked under a line, and the other way."""
    mine = (one for one in guests if one.account_id == account_id and one.invited)
    there = next((one for one in mine if not (code and one.code)), None)
    if there is None:
        return
    line = line_of(scope, registry, row, there.code)
    under = f"under “{line.title if line is not None else BESIDE}”"
    raise Refused(Finding(f"{there.name} is asked already, {under}", field=field))


def _let_in(scope: Scope, row: PlanningRow, account_id: int, name: str, field: str) -> None:
    """Give a colleague sight of the meeting's case; refused for a record closed to them."""
    if child_seen(scope, row.child_public_id) and child_people.closed(scope, row.child_id):
        if (row.child_id, account_id) not in child_people.named_for(scope, [row.child_id]):
            message = f"{name} is not named for the child’s closed record: choose somebody who is"
            raise Refused(Finding(message, field=field))
    invitees.invite(scope, row.case_id, account_id, seen_until(row.held_on))


def _not_asked(scope: Scope, row: PlanningRow, guest: Guest, why: str) -> None:
    others = [
        one
        for one in planning_guests.of_meeting(scope, row.id)
        if one.account_id == guest.account_id and one.id != guest.id and one.invited
    ]
    if guest.account_id is not None and guest.invited and not others:
        invitees.end(scope, row.case_id, guest.account_id)
    gone = {"invited_at": None, "invited_by": None, "why_not": why, "came": "", "mode": ""}
    if not planning_guests.change(scope, guest, gone):
        raise GuestMoved(guest)


def _guest(scope: Scope, row: PlanningRow, public_id: str) -> Guest:
    every = planning_guests.of_meeting(scope, row.id)
    found = next((one for one in every if one.public_id == public_id), None)
    if found is None:
        raise Refused(Finding("They are not on the list any more"))
    return found


def audited(
    scope: Scope,
    at: datetime,
    did: str,
    row: PlanningRow,
    after: Mapping[str, Any],
    why: str = "",
) -> None:
    audit.changed(scope, at, did, "meeting", row.public_id, after=after, why=why)
