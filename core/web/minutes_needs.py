"""Minutes to ratify, and amended ones to reissue: for who chairs the body, or administers it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day
from core.domain.due import Due
from core.domain.meeting_due import of_meeting
from core.store import waiting
from core.store.scope import Scope
from core.store.waiting import OwnMeeting
from core.web.chaired import body_of, chaired, chaired_or_all
from core.web.meeting_titles import body_title, procedure_of
from core.web.needs import More, Need, more
from core.web.rules_here import calendar_here

NO_DAY = "No day is laid down by which they are ratified"


def needs(scope: Scope) -> Iterator[Need | More]:
    """For the chair to ratify or reissue, for who administers to ask the chair: two queries."""
    chairing, bodies = chaired(scope), chaired_or_all(scope)
    if bodies is not None and not bodies:
        return
    found = waiting.to_ratify(scope, bodies)
    for meeting in found:
        chairs = body_of(meeting) in chairing
        what = f"the minutes of the {body_title(meeting)} of {day(meeting.held_on)}"
        if meeting.ratified:
            yield _reissue(meeting, what, chairs=chairs)
            continue
        due = _due(meeting)
        reason = f"{due.reason[:1].upper()}{due.reason[1:]}" if due else NO_DAY
        yield Need(
            due.due if due else None,
            f"Ratify {what}" if chairs else f"Ask the chair to ratify {what}",
            f"The meeting is closed. {reason}",
            due.rule.clauses if due else (),
            url_for("meetings.page", public_id=meeting.public_id, _anchor="ratify"),
            "Read and ratify them" if chairs else "Open the meeting",
        )
    words = ("meeting has minutes to ratify", "meetings have minutes to ratify")
    yield from more(found, *words, url_for("meetings.calendar"), "Open the meetings")


def _reissue(meeting: OwnMeeting, what: str, *, chairs: bool) -> Need:
    """What was amended since the last issue has reached nobody who has the minutes."""
    return Need(
        None,
        f"Reissue {what}" if chairs else f"Ask the chair to reissue {what}",
        "They were amended after they were ratified, and the amendment is in no issue yet",
        (),
        url_for("meetings.page", public_id=meeting.public_id),
        "Look at them and reissue" if chairs else "Open the meeting",
    )


def _due(meeting: OwnMeeting) -> Due | None:
    """By when the procedure lays down that they are ratified; None where it lays down nothing."""
    procedure = procedure_of(meeting)
    if procedure is None:
        return None
    found = of_meeting(procedure, meeting.held_on, calendar_here((meeting.held_on,)))
    return next((due for due in found if "ratified" in due.rule.meeting and due.due), None)
