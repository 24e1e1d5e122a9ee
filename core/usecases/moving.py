"""Moving a meeting: seen beforehand, done once, with a list of what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused
from core.domain.preview import AGAIN
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.what_changes import Kind, Says
from core.registry import Registry
from core.store import audit, authorities, booked, meetings
from core.store.database import writing
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.usecases import editions, noticing
from core.usecases.calendar import Meets, days_off_on
from core.usecases.changes import (
    Changes,
    case_changes,
    due_moved,
    hold,
    passing,
    to_change,
    who_sits,
)
from core.usecases.day_and_place import day_faults, place_faults
from core.usecases.rechecked import cases_of, findings_on

ASKED = "Say why the meeting is moved"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a meeting goes, and why: a day, a time, a place, any of which may stay the same."""

    on: date
    starts_at: time
    place: str
    why: str


def preview(scope: Scope, registry: Registry, public_id: str, move: Move) -> Changes:
    """What the move would change; Refused, beside the fields, where it cannot be made.

    NoMeeting where the asker does not see the meeting.
    """
    return _changes(scope, registry, to_change(scope, public_id), move)


def move_meeting(
    scope: Scope, registry: Registry, public_id: str, move: Move, seen: str, at: datetime
) -> Changes:
    """Move a planned meeting; its cases and what is due for it go with it.

    Where it would change something else now than what was ``seen`` (the mark of the preview) it
    raises ``Moved`` with what it would change now.
    """
    with writing():
        authorities.lock(scope)
        meeting = hold(scope, public_id)
        changes = _changes(scope, registry, meeting, move)
        if changes.mark != seen:
            raise Moved(changes, AGAIN)
        edition = editions.in_force(scope, registry, meeting.procedure_code, move.on)
        values: dict[str, Any] = {
            "held_on": move.on,
            "starts_at": move.starts_at,
            "place": move.place,
            "moved_why": reason_as_kept(move.why),
        }
        if edition is not None:
            values["procedure_edition"] = edition.edition
        if move.on != meeting.held_on:
            values["moved_from"] = meeting.held_on
        meetings.change(scope, meeting.id, values)
        noticing.follow(scope, registry, [meeting.id], at)
        _audit(scope, meeting, move, changes, at)
    return changes


def _changes(scope: Scope, registry: Registry, meeting: MeetingRow, move: Move) -> Changes:
    meets = _meets(scope, registry, meeting)
    faults = _faults(scope, registry, meeting, meets, move)
    if faults:
        raise Refused(*faults)
    cases = cases_of(scope, meeting)
    before = findings_on(scope, registry, cases, meeting.held_on)
    after = findings_on(scope, registry, cases, move.on)
    of_meeting, not_in = due_moved(scope, registry, cases, move.on)
    more = passing(scope, registry, cases, {row.case_id: move.on for row in cases.rows})
    for case_id, says in not_in.items():
        more[case_id] = (*says, *more[case_id])
    if move.on != meeting.held_on:
        sits = who_sits(scope, meeting, meets.body, move.on)
        of_meeting = (*_off(scope, move.on), *of_meeting, *sits)
    changed = case_changes(cases, before, after, {}, more, meeting.held_on, move.on)
    return Changes(meeting, of_meeting, changed)


def _meets(scope: Scope, registry: Registry, meeting: MeetingRow) -> Meets:
    kept = editions.kept(
        scope, registry, meeting.procedure_code, meeting.procedure_edition, meeting.held_on
    )
    body = kept.body(meeting.body_code) if kept else None
    if kept is None or body is None:
        raise Refused(Finding(f"The procedure {meeting.procedure_code} is not installed any more"))
    return Meets(kept, body)


def _faults(
    scope: Scope, registry: Registry, meeting: MeetingRow, meets: Meets, move: Move
) -> list[Finding]:
    faults = []
    stays = (meeting.held_on, meeting.starts_at, meeting.place)
    if (move.on, move.starts_at, move.place) == stays:
        faults.append(Finding("Enter another day, time or place", field="on"))
    if move.on < scope.on:
        faults.append(Finding("The new day must be today or later", field="on"))
    elif move.on != meeting.held_on:
        faults += day_faults(scope, registry, meets, move.on)
    faults += place_faults(move.place)
    if wrong := reason_fault(move.why, asked=ASKED):
        faults.append(wrong)
    return faults


def _off(scope: Scope, on: date) -> tuple[Says, ...]:
    """That the new day is a day off."""
    return tuple(
        Says(Kind.NEW, f"{when:%A} {day(when)} is a day off: {name}")
        for when, name in days_off_on(scope, [on]).items()
    )


def _audit(scope: Scope, meeting: MeetingRow, move: Move, changes: Changes, at: datetime) -> None:
    why = reason_as_kept(move.why)
    before = {
        "on": meeting.held_on.isoformat(),
        "starts at": f"{meeting.starts_at:%H:%M}",
        "place": meeting.place,
    }
    after = {"on": move.on.isoformat(), "starts at": f"{move.starts_at:%H:%M}", "place": move.place}
    audit.changed(
        scope,
        at,
        "move meeting",
        "meeting",
        meeting.public_id,
        before=before,
        after={**after, **changes.kept()},
        why=why,
    )
    if move.on == meeting.held_on:
        return
    booked.touch(scope, meeting.id)
    told = {change.public_id: change for change in changes.cases}
    for row in cases_of(scope, meeting).rows:
        says = told[row.case_public_id].unnamed if row.case_public_id in told else ()
        audit.changed(
            scope,
            at,
            "move with the meeting",
            "case",
            row.case_public_id,
            before={"on": meeting.held_on.isoformat()},
            after={"on": move.on.isoformat(), "checks": [one.message for one in says]},
            why=why,
        )
