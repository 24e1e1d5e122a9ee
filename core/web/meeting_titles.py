"""What a meeting is called where somebody reads of it elsewhere than on its page."""

from __future__ import annotations

from core.domain.procedure import Procedure
from core.store.waiting import OwnMeeting
from core.web.rules_here import rules_here


def procedure_of(meeting: OwnMeeting) -> Procedure | None:
    """The procedure that the meeting follows; None where it is no longer installed."""
    kept = (meeting.procedure_code, meeting.procedure_edition)
    return rules_here().kept(*kept, meeting.held_on)


def body_title(meeting: OwnMeeting) -> str:
    """The name of the meeting's body."""
    procedure = procedure_of(meeting)
    body = procedure.body(meeting.body_code) if procedure else None
    return body.title if body and body.title else "meeting"
