"""What is due of a meeting itself, for its page: by when, why, and whether it was done."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.dated import OF_MEETING
from core.domain.meeting import MeetingState
from core.domain.meeting_due import of_meeting
from core.store.calendars import calendar_of
from core.store.deadlines import Shown, shown
from core.store.scope import Scope
from core.usecases.standing import Standing


@dataclass(frozen=True, slots=True)
class DueOfMeeting:
    """One thing that is due; ``told`` says whether it is recorded here that it was done."""

    row: Shown
    told: bool


def due_of_meeting(scope: Scope, now: Standing) -> tuple[DueOfMeeting, ...]:
    """What the procedure has due of a meeting, the earliest first: one query at most."""
    meeting = now.meeting
    nothing = all(rule.anchor != OF_MEETING for rule in now.procedure.deadlines)
    if nothing or meeting.state == MeetingState.CANCELLED:
        return ()
    calendar = calendar_of(scope, (meeting.held_on, scope.on))
    found = of_meeting(
        now.procedure,
        meeting.held_on,
        calendar,
        circulated_at=meeting.circulated_at,
        ratified_at=meeting.ratified_at,
    )
    return tuple(
        DueOfMeeting(shown(due, scope.on, calendar), bool(due.rule.met_by)) for due in found
    )
