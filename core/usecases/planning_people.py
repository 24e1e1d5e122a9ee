"""Who comes to a planning meeting: asked, not asked and why, and marked as having come or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from core.domain.care_days import Stretch
from core.domain.courses import ChildDates
from core.domain.finding import Finding, Moved, Refused
from core.domain.phrases import inside
from core.domain.planning_people import CAME, MODES, Guest, Line, lines
from core.domain.procedure.on_day import ChildOnDay
from core.domain.reason import reason_given
from core.domain.record.recorded import Recorded, plan_as_at, proceedings_on
from core.domain.sight import MAY_STATE_A_REASON
from core.registry import Registry
from core.store import (
    accounts,
    audit,
    child_people,
    courses,
    invitees,
    planning_guests,
    responsible,
)
from core.store.children import child as child_seen
from core.store.database import writing
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases.planning_booking import PlanningBody, body_of, held_row
from core.usecases.planning_options import options_of

FOSTER_HOMES = "U"
NOBODY = "Choose a colleague, or enter the name of somebody without an account"
WHY_NOT = "Say why, for the child’s file"
AGAIN = "Somebody else changed this first: look at it as it is now"
OVER = "The meeting was called off"
NAME_MOST = 200
NOTHING: Mapping[str, str] = MappingProxyType({})


class GuestMoved(Moved[Guest]):
    """Somebody else changed what is recorded of a guest first."""

    def __init__(self, now: Guest) -> None:
        super().__init__(now, f"{now.said or 'Somebody'}: {inside(AGAIN)}")


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


def child_on_day(scope: Scope, registry: Registry, row: PlanningRow) -> ChildOnDay:
    """The child as the rules on who comes see them on the meeting's day."""
    dates = courses.dates_of(scope, [row.child_id])[row.child_id]
    return as_recorded(dates, row, _said_here(scope, registry, row))


def as_recorded(
    dates: ChildDates, row: PlanningRow, said_here: Mapping[str, str] = NOTHING
) -> ChildOnDay:
    """The child of the record on the meeting's day; ``said_here`` is what came of each option."""
    on = row.held_on
    status = _on(dates.statuses, on)
    placement = _on(dates.placements, on)
    entries = [entry for entry in dates.entries if entry.stands]
    plan = plan_as_at(entries, on)
    primary = plan.value("primary") if plan is not None else ""
    spare = plan.value("contingencies") if plan is not None else ""
    weighed = _weighed(entries, plan, on)
    weighed |= said_here
    ruled_out = frozenset(code for code, came in weighed.items() if came == "ruled-out")
    contingencies = frozenset(code for code in spare.split(",") if code)
    options = frozenset({primary} - {""}) | contingencies | frozenset(weighed)
    return ChildOnDay(
        on,
        row.born,
        row.unborn,
        options - ruled_out,
        primary,
        contingencies,
        ruled_out,
        True if status == "C1" else proceedings_on(entries, on),
        status,
        placement.startswith(FOSTER_HOMES),
    )


def _on(stretches: Iterable[Stretch], on: date) -> str:
    """The code of the last stretch that holds on a day."""
    held = [one for one in stretches if one.start <= on and (one.end is None or on < one.end)]
    return held[-1].code if held else ""


def _weighed(entries: Iterable[Recorded], plan: Recorded | None, on: date) -> dict[str, str]:
    """What came last of each option of the plan in use, by its code; or before there was one."""
    whole = plan.id if plan is not None else None
    parts = [
        entry
        for entry in entries
        if entry.kind == "plan-option"
        and entry.parent_id == whole
        and (entry.day("considered_on") or date.min) <= on
    ]
    parts.sort(key=lambda entry: (entry.day("considered_on") or date.min, entry.id))
    return {entry.value("option"): entry.value("conclusion") for entry in parts}


def _said_here(scope: Scope, registry: Registry, row: PlanningRow) -> dict[str, str]:
    """What this meeting has written of each option so far; nothing where its rules are gone."""
    try:
        weighed = options_of(scope, registry, row).draft.weighed
    except Refused:
        return {}
    return {one.code: one.conclusion for one in reversed(weighed) if one.code and one.conclusion}


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

    A colleague who is asked sees this meeting and the child for its sake, and has it in their
    calendar.
    """
    with writing():
        row = _open(scope, public_id)
        line = _line(scope, registry, row, code)
        field = f"who-{code or 'other'}"
        account = None
        if who:
            able = accounts.colleagues(scope, roles=MAY_STATE_A_REASON)
            account = next((one for one in able if one.public_id == who), None)
        name = account.name if account is not None else " ".join(name.split())
        if not name:
            raise Refused(Finding(NOBODY, field=field))
        if len(name) > NAME_MOST or len(relation) > NAME_MOST:
            raise Refused(Finding(f"At most {NAME_MOST} characters", field=field))
        guests = planning_guests.of_meeting(scope, row.id)
        if any(_same(one, code, account.id if account else None, name) for one in guests):
            raise Refused(Finding(f"{name} is asked already", field=field))
        if account is not None:
            _let_in(scope, row, account.id, name, field)
        planning_guests.add(
            scope,
            row.id,
            rule_code=code,
            account_id=account.id if account is not None else None,
            name=name,
            relation=" ".join(relation.split()),
            invited_at=at,
            invited_by=scope.account_id,
        )
        clauses = line.clauses if line is not None else ()
        after = {"asked": account.public_id if account else "a name", "under": code}
        _audit(scope, at, "ask to planning meeting", row, {**after, "clauses": list(clauses)})


def ask_everybody(scope: Scope, registry: Registry, public_id: str, at: datetime) -> int:
    """Ask everybody whom the rules bring and the record knows, of whom nothing is said yet."""
    with writing():
        row = _open(scope, public_id)
        guests = planning_guests.of_meeting(scope, row.id)
        said = {guest.code for guest in guests}
        asked: list[tuple[int, str]] = []
        for one in known(scope, registry, row, body_of(scope, registry, row)):
            if one.line.code in said or not one.line.applies:
                continue
            for account_id, name in one.people.items():
                if any(account_id == there for there, _ in asked):
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
                )
                asked.append((account_id, one.line.code))
        if asked:
            after = {"asked": [code for _, code in asked]}
            _audit(scope, at, "ask to planning meeting", row, after)
    return len(asked)


def leave_out(
    scope: Scope, registry: Registry, public_id: str, code: str, why: str, at: datetime
) -> None:
    """Say why those of a line are not invited: the reason stands on the child's file."""
    with writing():
        row = _open(scope, public_id)
        line = _line(scope, registry, row, code)
        if line is None:
            raise Refused(Finding("Choose who is not invited", field="why-other"))
        why = reason_given(why, field=f"why-{code}", asked=WHY_NOT)
        for guest in planning_guests.of_meeting(scope, row.id):
            if guest.code == code:
                _not_asked(scope, row, guest, why)
                break
        else:
            planning_guests.add(
                scope, row.id, rule_code=code, account_id=None, name="", relation="", why_not=why
            )
        after = {"under": code, "clauses": list(line.clauses)}
        _audit(scope, at, "leave out of planning meeting", row, after, why)


def take_back(scope: Scope, public_id: str, guest: str, seen: int, why: str, at: datetime) -> None:
    """No longer ask somebody to come, with the reason; they see the meeting no more."""
    with writing():
        row = _open(scope, public_id)
        mine = _guest(scope, row, guest)
        why = reason_given(why, field=f"back-{guest}", asked=WHY_NOT)
        if mine.version != seen:
            raise GuestMoved(mine)
        _not_asked(scope, row, mine, why)
        _audit(scope, at, "take back invitation", row, {"guest": guest, "under": mine.code}, why)


def mark_came(scope: Scope, public_id: str, marks: Iterable[Came], at: datetime) -> int:
    """Record who came and how, and whose views were gained before; gives how many changed.

    What somebody else has changed meanwhile is refused with how it is now, the rest is kept.
    """
    moved: list[Finding] = []
    changed = 0
    with writing():
        row = _open(scope, public_id)
        guests = {one.public_id: one for one in planning_guests.of_meeting(scope, row.id)}
        for mark in marks:
            guest = guests.get(mark.guest)
            if guest is None:
                continue
            values = _marked(row, guest, mark)
            if all(getattr(guest, name) == value for name, value in values.items()):
                continue
            if guest.version != mark.version or not planning_guests.change(scope, guest, values):
                moved += GuestMoved(guest).findings
                continue
            changed += 1
            after = {"guest": guest.public_id, **{k: str(v or "") for k, v in values.items()}}
            _audit(scope, at, "mark at planning meeting", row, after)
    if moved:
        raise Refused(*moved)
    return changed


def _marked(row: PlanningRow, guest: Guest, mark: Came) -> dict[str, Any]:
    came = mark.came if mark.came in CAME else ""
    mode = mark.mode if mark.mode in MODES else ""
    if mark.views_on is not None and mark.views_on > row.held_on:
        message = f"{guest.said}: views before the meeting were gained by its day"
        raise Refused(Finding(message, field=f"views-{guest.public_id}"))
    return {"came": came, "mode": mode, "views_on": mark.views_on}


def _open(scope: Scope, public_id: str) -> PlanningRow:
    row = held_row(scope, public_id)
    if not row.open and not row.held:
        raise Refused(Finding(OVER))
    if row.held:
        raise Refused(Finding("The meeting is closed: who came stays as it was recorded"))
    return row


def _line(scope: Scope, registry: Registry, row: PlanningRow, code: str) -> Line | None:
    if not code:
        return None
    body = body_of(scope, registry, row).body
    every = lines(body, child_on_day(scope, registry, row))
    found = next((line for line in every if line.code == code), None)
    if found is None:
        raise Refused(Finding("Nobody of this kind comes to this meeting", field=f"who-{code}"))
    return found


def _same(guest: Guest, code: str, account_id: int | None, name: str) -> bool:
    if not guest.invited:
        return False
    if account_id is not None:
        return guest.account_id == account_id and guest.code == code
    return guest.account_id is None and guest.name.casefold() == name.casefold()


def _let_in(scope: Scope, row: PlanningRow, account_id: int, name: str, field: str) -> None:
    """Give a colleague sight of the meeting's case; refused for a record closed to them."""
    child = child_seen(scope, row.child_public_id)
    if child is not None and child_people.closed(scope, row.child_id):
        if (row.child_id, account_id) not in child_people.named_for(scope, [row.child_id]):
            message = f"{name} is not named for the child’s closed record: choose somebody who is"
            raise Refused(Finding(message, field=field))
    invitees.invite(scope, row.case_id, account_id)


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


def _audit(
    scope: Scope,
    at: datetime,
    did: str,
    row: PlanningRow,
    after: Mapping[str, Any],
    why: str = "",
) -> None:
    audit.changed(scope, at, did, "meeting", row.public_id, after=after, why=why)
