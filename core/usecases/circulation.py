"""An agenda circulated to those who sit, and minutes ratified: so sight begins and ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.meeting import MeetingState
from core.store import agenda, audit, carried, invitees, meetings, minutes
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.standing import NoMeeting, locked_meeting


def circulate(scope: Scope, public_id: str, at: datetime) -> None:
    """Circulate the agenda: from now on those who hold a post of the body see its cases.

    A case booked later is seen by them too. Refused while nothing is booked.
    """
    with writing():
        now = locked_meeting(scope, public_id)
        if now.circulated_at is not None:
            raise Refused(Finding("The agenda is circulated already", field="circulate"))
        booked = agenda.bookings(scope, now)
        if not booked:
            raise Refused(
                Finding("Book a case first: there is nothing to circulate", field="circulate")
            )
        values = {"circulated_at": at, "circulated_by": scope.account_id}
        meetings.change(scope, now.id, values)
        cases = {"cases": [case.case_public_id for case in booked if case.seen]}
        audit.changed(scope, at, "circulate agenda", "meeting", public_id, after=cases)


def ratify(scope: Scope, public_id: str, at: datetime) -> None:
    """Ratify the minutes of a closed meeting.

    Refused while an action that was made at it lacks an owner or what done looks like. The minutes
    say its actions as they stand now: what changes later changes no minutes. From now on whoever
    sat in it sees its cases no more, but by another relation; and whoever was invited to one of
    them is not invited any more.
    """
    with writing():
        found = meetings.find(scope, public_id)
        if found is None:
            raise NoMeeting
        meetings.lock(scope, found.id)
        now = meetings.find(scope, public_id)
        if now is None:
            raise NoMeeting
        if now.state != MeetingState.CLOSED:
            raise Refused(Finding("Close the meeting before its minutes", field="ratify"))
        if now.ratified_at is not None:
            raise Refused(Finding("The minutes are ratified already", field="ratify"))
        if faults := tuple(_lacking(scope, now.id)):
            raise Refused(*faults)
        values = {
            "ratified_at": at,
            "ratified_by": scope.account_id,
            "carried": carried.freeze_anew(scope, now),
        }
        meetings.change(scope, now.id, values)
        minutes.issue(scope, now.id, 1, at)
        ended = invitees.end_of_meeting(scope, now.id)
        audit.changed(
            scope,
            at,
            "ratify minutes",
            "meeting",
            public_id,
            after={"ratified": True, "invitations ended": ended},
        )


def _lacking(scope: Scope, meeting_id: int) -> Iterator[Finding]:
    """Each action that keeps the minutes from being ratified, at its place on the page."""
    for one in minutes.lacking(scope, meeting_id):
        said = " and ".join(one.lacks)
        if one.public_id:
            yield Finding(f"“{one.what}” lacks {said}", field=f"action-{one.public_id}")
        else:
            yield Finding(
                f"An action of a case that you do not see lacks {said}: ask the panel "
                "administrator to complete it",
                field="ratify",
            )
