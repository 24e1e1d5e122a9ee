"""Two meetings of a rotation change themes: seen beforehand, done once; the swap persists."""

from __future__ import annotations

from datetime import datetime

from core.domain.finding import Finding, Moved, Refused
from core.domain.preview import AGAIN
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.rotation import swapped
from core.store import audit, authorities, meeting_days, meetings
from core.store.database import writing
from core.store.meeting_days import ToCome
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.usecases.changes import Changes, ThemeChange, booked_on, hold, to_change

ASKED = "Say why the two are swapped"


def partners(scope: Scope, meeting: MeetingRow) -> list[ToCome]:
    """The meetings with which a meeting can change themes: planned, not circulated, with one."""
    found = meeting_days.to_come(scope, meeting.procedure_code, meeting.body_code)
    return [
        other
        for other in found
        if other.id != meeting.id and other.theme and not other.as_themed.circulated
    ]


def preview(scope: Scope, public_id: str, other: str, why: str) -> Changes:
    """What the swap would change; Refused, beside the fields, where it cannot be made."""
    return _changes(scope, to_change(scope, public_id), other, why)


def swap_themes(
    scope: Scope, public_id: str, other: str, why: str, seen: str, at: datetime
) -> Changes:
    """Swap the themes of two meetings to come.

    ``Moved`` where it would change something else now than what was ``seen``.
    """
    with writing():
        authorities.lock(scope)
        to_come = partners(scope, to_change(scope, public_id))
        meeting = hold(scope, public_id, *(one.id for one in to_come if one.public_id == other))
        changes = _changes(scope, meeting, other, why)
        if changes.mark != seen:
            raise Moved(changes, AGAIN)
        for change in changes.themes:
            meetings.change(scope, change.id, {"theme": change.after})
        for change in changes.themes:
            audit.changed(
                scope,
                at,
                "swap themes",
                "meeting",
                change.public_id,
                before={"theme": change.before},
                after={"theme": change.after, **changes.kept()},
                why=reason_as_kept(why),
            )
    return changes


def _changes(scope: Scope, meeting: MeetingRow, other: str, why: str) -> Changes:
    faults = []
    to_come = meeting_days.to_come(scope, meeting.procedure_code, meeting.body_code)
    by_public_id = {one.public_id: one for one in to_come}
    chosen = by_public_id.get(other)
    if not meeting.theme:
        faults.append(Finding("This meeting has no theme"))
    elif chosen is None:
        faults.append(Finding("Choose the meeting with which it swaps", field="with"))
    if wrong := reason_fault(why, asked=ASKED):
        faults.append(wrong)
    if faults or chosen is None:
        raise Refused(*faults)
    change = swapped([one.as_themed for one in to_come], meeting.id, chosen.id)
    by_id = {one.id: one for one in to_come}
    themes = tuple(
        ThemeChange(one.id, one.public_id, one.held_on, one.theme, theme, one.cases)
        for meeting_id, theme in change.themes
        if (one := by_id[meeting_id])
    )
    return Changes(meeting, booked_on(themes), (), themes)
