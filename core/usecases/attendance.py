"""Marking who is at a meeting, seat by seat, while others do the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.meeting import (
    MeetingState,
    Person,
    Presence,
    Seat,
    in_two_seats,
    too_many,
)
from core.domain.merge import Clash
from core.registry import Registry
from core.store import audit, meetings, seats
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.standing import NoMeeting, Standing, locked, reckoned, standing

__all__ = ["Mark", "NoMeeting", "SeatClash", "Standing", "mark_seat", "said", "standing"]


class SeatClash(Refused):
    """Two people changed one seat: nothing is saved until one of the two is chosen."""

    def __init__(self, clash: Clash) -> None:
        super().__init__(
            Finding(
                f"{clash.who or 'Somebody else'} changed this seat while you did: "
                "choose which to keep",
                field=clash.field,
            )
        )
        self.clash = clash


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of a seat: its state, and who is in it (``who`` None: the post's holder)."""

    post: str
    state: Presence
    who: Person | None
    seen: int


def mark_seat(
    scope: Scope, registry: Registry, public_id: str, mark: Mark, at: datetime
) -> Standing:
    """Mark one seat of a meeting and give how the meeting stands then.

    The first person marked present opens the meeting. Refused: a closed meeting, an empty seat
    marked present, one person in two seats, a member too many; SeatClash where somebody else
    changed the seat since.
    """
    with writing():
        before = locked(scope, registry, public_id)
        old = before.seat(mark.post)
        if old is None:
            raise Refused(Finding("This body has no such post"))
        new = _marked(old, mark, at)
        if old.version != mark.seen and not _same(old, new):
            who, when = seats.last_saved(scope, public_id, mark.post)
            raise SeatClash(Clash(f"seat-{mark.post}", said(new), said(old), who, when or at))
        if _same(old, new):
            return before
        after = _allowed(before, new)
        seats.save(scope, before.meeting.id, new)
        if before.meeting.state == MeetingState.PLANNED and new.state is Presence.PRESENT:
            meetings.change(scope, before.meeting.id, {"state": MeetingState.OPEN})
            audit.changed(scope, at, "open", "meeting", public_id, after={"state": "open"})
        audit.changed(
            scope,
            at,
            "mark seat",
            seats.SUBJECT,
            seats.subject_id(public_id, mark.post),
            before={"seat": said(old)},
            after={"seat": said(new)},
        )
    return after


def said(seat: Seat) -> str:
    """A seat in words: "Present: Ada Quill (substitute)"."""
    who = seat.sitter.name if seat.sitter else "nobody"
    return f"{seat.state.capitalize()}: {who}{' (substitute)' if seat.substitute else ''}"


def _marked(old: Seat, mark: Mark, at: datetime) -> Seat:
    sitter = mark.who or old.holder
    held = old.holder is not None and mark.who is not None and mark.who.id == old.holder.id
    if sitter is None and mark.state in (Presence.PRESENT, Presence.LEFT):
        raise Refused(
            Finding(
                f"Nobody holds the post {old.post.title}: say who is in the seat",
                field=f"who-{mark.post}",
            )
        )
    same_person = sitter is not None and old.sitter is not None and _who(sitter) == _who(old.sitter)
    arrived = old.arrived_at if same_person else None
    left = None
    if mark.state is Presence.PRESENT:
        arrived = at if arrived is None or old.state is not Presence.PRESENT else arrived
    elif mark.state is Presence.LEFT:
        if old.state not in (Presence.PRESENT, Presence.LEFT) or not same_person:
            raise Refused(
                Finding(
                    f"{sitter.name if sitter else 'Nobody'} was not here, and so cannot have left",
                    field=f"seat-{mark.post}",
                )
            )
        left = old.left_at or at
    else:
        arrived = None
    return replace(
        old,
        sitter=sitter,
        substitute=mark.who is not None and not held,
        state=mark.state,
        arrived_at=arrived,
        left_at=left,
    )


def _who(person: Person) -> tuple[int | None, str]:
    return person.id, "" if person.id else person.name.casefold()


def _same(old: Seat, new: Seat) -> bool:
    old_who = _who(old.sitter) if old.sitter else None
    new_who = _who(new.sitter) if new.sitter else None
    return (old.state, old.substitute, old_who) == (new.state, new.substitute, new_who)


def _allowed(before: Standing, new: Seat) -> Standing:
    """How it would stand with the seat as marked; Refused where a rule forbids that at all."""
    saved = replace(new, version=new.version + 1)
    seated = tuple(saved if seat.post.code == new.post.code else seat for seat in before.seats)
    if name := in_two_seats(seated):
        raise Refused(
            Finding(f"{name} is marked in another seat already", field=f"who-{new.post.code}")
        )
    opened = (
        replace(before.meeting, state=MeetingState.OPEN)
        if before.meeting.state == MeetingState.PLANNED and new.state is Presence.PRESENT
        else before.meeting
    )
    after = reckoned(opened, before.procedure, before.body, seated)
    arrives = new.attendee is not None and new.attendee.here
    if arrives and (faults := too_many(before.body, after.attendance)):
        raise Refused(*(replace(fault, field=f"seat-{new.post.code}") for fault in faults))
    return after
