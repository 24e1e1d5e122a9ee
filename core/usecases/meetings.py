"""Running a meeting: the statement read, the order of cases, other business, and its close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.meeting import OFF_AGENDA, BookingState, MeetingState, too_soon
from core.domain.merge import Clash
from core.store import (
    action_notes,
    agenda,
    audit,
    authorities,
    carried,
    meetings,
    open_actions,
)
from core.store.database import writing
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.usecases.queueing import WaitsOn, move_on
from core.usecases.standing import locked_meeting

MOST_NOTES = 20_000


class NotesClash(Refused):
    """Two people wrote the notes at once: nothing is saved until one of the two is chosen."""

    def __init__(self, clash: Clash) -> None:
        super().__init__(
            Finding(
                "Somebody else changed these notes while you did: choose which to keep",
                field=clash.field,
            )
        )
        self.clash = clash


def read_statement(scope: Scope, public_id: str, at: datetime) -> None:
    """Record that the statement was read to the meeting; the first time it is recorded stands."""
    with writing():
        now = locked_meeting(scope, public_id)
        if early := too_soon(now.held_on, scope.on):
            raise Refused(*(replace(finding, field="statement") for finding in early))
        if now.state != MeetingState.OPEN:
            raise Refused(
                Finding("Nobody is marked present yet to read the statement to", field="statement")
            )
        if now.statement_read_at is not None:
            return
        values = {"statement_read_at": at, "statement_read_by": scope.account_id}
        meetings.change(scope, now.id, values)
        audit.changed(scope, at, "read statement", "meeting", public_id, after={"read": True})


def note_business(scope: Scope, public_id: str, text: str, seen: int, at: datetime) -> None:
    """Save the notes of other business against the version seen; NotesClash where they moved on."""
    with writing():
        now = locked_meeting(scope, public_id)
        if len(text) > MOST_NOTES:
            raise Refused(
                Finding(f"The notes can be {MOST_NOTES:,} characters long", field="business")
            )
        if text == now.other_business:
            return
        saved = seen == now.version and meetings.save_business(scope, now.id, text, seen)
        if not saved:
            who, when = meetings.last_noted(scope, public_id)
            raise NotesClash(Clash("business", text, now.other_business, who, when or at))
        audit.changed(
            scope,
            at,
            "note business",
            "meeting",
            public_id,
            before={"other_business": now.other_business},
            after={"other_business": text},
        )


def move_case(scope: Scope, public_id: str, booking: str, up: bool, at: datetime) -> None:
    """Move a case one place up or down among those still to hear; at the end it stays there."""
    with writing():
        now = locked_meeting(scope, public_id)
        listed = [b for b in agenda.bookings(scope, now) if b.item == agenda.CASES]
        moving = next((b for b in listed if booking and b.public_id == booking), None)
        if moving is None:
            raise Refused(Finding("This case is not on the agenda any more"))
        if moving.state != BookingState.BOOKED:
            raise Refused(
                Finding(
                    f"This case is {moving.state}: its place on the agenda stays",
                    field=f"booking-{booking}",
                )
            )
        cases = [b for b in listed if b.state not in OFF_AGENDA]
        to_hear = [n for n, case in enumerate(cases) if case.state == BookingState.BOOKED]
        place = to_hear.index(cases.index(moving))
        after = place - 1 if up else place + 1
        if not 0 <= after < len(to_hear):
            return
        here, there = to_hear[place], to_hear[after]
        order = list(cases)
        order[here], order[there] = order[there], order[here]
        agenda.place(scope, [(case.id, n) for n, case in enumerate(order, 1)])
        audit.changed(
            scope,
            at,
            "order cases",
            "meeting",
            public_id,
            before={"order": [case.case_public_id for case in cases]},
            after={"order": [case.case_public_id for case in order]},
        )


def close(scope: Scope, public_id: str, at: datetime) -> WaitsOn:
    """Close a meeting, and keep with it what had come by then of earlier decisions.

    Refused while a case on its agenda is neither heard, tabled nor withdrawn, or a referral
    submitted for it still waits for the chair. Who waits behind its agenda waits for the next.
    An open action that stood overdue on the meeting's day, of a child whom it considered, is
    rolled.
    """
    with writing():
        authorities.lock(scope)  # Those who wait go to another meeting, which others may change.
        now = locked_meeting(scope, public_id)
        if now.state == MeetingState.PLANNED and now.held_on > scope.on:
            raise Refused(Finding("The meeting has not been held yet", field="close"))
        if open_ends := (*_not_heard(scope, now), *_not_booked(scope, now)):
            raise Refused(*open_ends)
        values = {
            "state": MeetingState.CLOSED,
            "closed_at": at,
            "carried": {**carried.freeze(scope, now), "open": open_actions.freeze(scope, now)},
        }
        meetings.change(scope, now.id, values)
        rolled = open_actions.overdue(scope, now)
        due = [(action_id, due) for action_id, (_, due) in rolled.items()]
        action_notes.roll(scope, now.id, now.held_on, due)
        audit.changed(
            scope,
            at,
            "close",
            "meeting",
            public_id,
            before={"state": now.state},
            after={"state": "closed", "rolled": [action for action, _ in rolled.values()]},
        )
        return move_on(scope, now.procedure_code, now.body_code, at)


def _not_heard(scope: Scope, now: MeetingRow) -> Iterable[Finding]:
    for case in agenda.bookings(scope, now):
        if case.state == BookingState.BOOKED:
            yield Finding(
                f"{case.names or 'A case'}: neither heard nor tabled for another meeting, nor "
                "withdrawn",
                field=f"booking-{case.public_id}" if case.seen else "close",
            )


def _not_booked(scope: Scope, now: MeetingRow) -> Iterable[Finding]:
    """How many referrals wait, then each of them."""
    waiting = agenda.submitted(scope, now.id)
    if not waiting:
        return
    many = len(waiting)
    yield Finding(
        f"{many} {'referral' if many == 1 else 'referrals'} submitted for this meeting still "
        f"{'waits' if many == 1 else 'wait'} for the chair",
        field="waiting",
    )
    for referral in waiting:
        yield Finding(
            f"{referral.names or 'A referral'}: accept it, defer it or send it back",
            field=f"referral-{referral.public_id}" if referral.public_id else "waiting",
        )
