"""Marking who is at a meeting, seat by seat, while others do the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain import substitutes
from core.domain.dates import in_london, london_day
from core.domain.finding import Finding, Refused, blocking
from core.domain.meeting import (
    MeetingState,
    Person,
    Presence,
    Seat,
    Stay,
    in_two_seats,
    kept_out,
    same_person,
    too_many,
)
from core.domain.merge import Clash
from core.registry import Registry
from core.store import audit, meetings, seats
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.standing import Standing, begun, locked, reckoned

ATTENDING = (Presence.PRESENT, Presence.LEFT)


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
    """What is said of a seat: its state, and who is in it (``who`` None: the post's holder).

    ``seat`` is its key: the code of its post, with whose place it is where several hold the post.
    ``when`` is the time that was typed, as a moment; None is now. For who is marked so already it
    mends the time.
    """

    seat: str
    state: Presence
    who: Person | None
    seen: int
    when: datetime | None = None


def mark_seat(
    scope: Scope, registry: Registry, public_id: str, mark: Mark, at: datetime
) -> Standing:
    """Mark one seat of a meeting and give how the meeting stands then.

    The first person marked present opens the meeting, on its day; the last one taken back before
    anything is decided makes it planned again. Refused: a closed meeting, somebody present before
    the day, an empty seat marked present, one person in two seats, a member too many, and whom a
    rule keeps out: a manager who refers a case of the agenda, a substitute of another grade,
    somebody from outside (as is said of them, or as they hold a post). SeatClash where somebody
    else changed the seat since.
    """
    with writing():
        before = locked(scope, registry, public_id)
        old = before.seat(mark.seat)
        if old is None:
            raise Refused(Finding("This meeting has no such seat"))
        if mark.state in ATTENDING:
            begun(scope, before, f"seat-{mark.seat}")
        mark = _from_outside(scope, mark, before.meeting.held_on)
        if mark.when is not None:
            _in_time(old, mark, mark.when, at)
        decided = meetings.has_decided(scope, before.meeting.id)
        new = _marked(old, mark, mark.when or at, decided)
        if _same(old, new):
            return before
        if old.version != mark.seen:
            raise clash_of(scope, public_id, new, old, at)
        after = kept(scope, public_id, before, (old, new), decided, at)
        audit.changed(
            scope,
            at,
            "mark seat",
            seats.SUBJECT,
            seats.subject_id(public_id, old),
            before={"seat": said(old)},
            after={"seat": said(new), **({"at": mark.when.isoformat()} if mark.when else {})},
        )
    return after


def _in_time(old: Seat, mark: Mark, when: datetime, at: datetime) -> None:
    """Refuse, beside its field, a time to come, or one before what the seat has already."""
    field, stays = f"at-{mark.seat}", old.stays
    if when > at and london_day(when) == london_day(at):
        raise Refused(Finding(f"It is not {in_london(when):%H:%M} yet", field=field))
    sitter = mark.who or old.holder
    same = sitter is not None and old.sitter and same_person(sitter) == same_person(old.sitter)
    if old.arrived_at is not None and same and mark.state is old.state is Presence.PRESENT:
        stays = old.earlier
    if not stays:
        return
    last = stays[-1]
    leaves = mark.state is Presence.LEFT
    until = last.arrived_at if leaves else last.left_at or last.arrived_at
    if when < until:
        did = "came" if until == last.arrived_at else "left"
        message = f"{last.who.name} {did} at {in_london(until):%H:%M}: enter no time before that"
        raise Refused(Finding(message, field=field))


def _from_outside(scope: Scope, mark: Mark, on: date) -> Mark:
    """The mark, with what is known of whoever holds a post: that they come from outside."""
    who = mark.who
    if who is None or who.id is None or not seats.comes_from_outside(scope, who.id, on):
        return mark
    return replace(mark, who=replace(who, outside=True))


def clash_of(scope: Scope, public_id: str, mine: Seat, stored: Seat, at: datetime) -> SeatClash:
    """What was marked beside what is stored, with who stored that."""
    who, when = seats.last_saved(scope, public_id, stored)
    return SeatClash(Clash(f"seat-{stored.key}", said(mine), said(stored), who, when or at))


def kept(
    scope: Scope,
    public_id: str,
    before: Standing,
    seat: tuple[Seat, Seat],
    decided: bool,
    at: datetime,
) -> Standing:
    """Save a seat, as it was and as it is now, and give how the meeting stands with it.

    Refused where a rule forbids that; SeatClash where somebody else saved the seat first.
    """
    old, new = seat
    after = allowed(scope, before, new, decided)
    if not seats.save(scope, before.meeting.id, new):
        raise clash_of(scope, public_id, new, old, at)
    open_or_not(scope, before, after, at)
    return after


def open_or_not(scope: Scope, before: Standing, after: Standing, at: datetime) -> None:
    """Open a meeting to which the first person came, or make it planned again where none did."""
    was, now = before.meeting, after.meeting
    if was.state == now.state:
        return
    values = {
        "state": now.state,
        "statement_read_at": now.statement_read_at,
        "chair_id": now.chair_id,
        "chair_why": now.chair_why,
    }
    if now.statement_read_at is None:
        values["statement_read_by"] = None
    meetings.change(scope, was.id, values)
    opens = now.state == MeetingState.OPEN
    audit.changed(
        scope,
        at,
        "open" if opens else "take back opening",
        "meeting",
        was.public_id,
        before={"state": was.state, "statement read": was.statement_read_at is not None},
        after={"state": now.state, "statement read": now.statement_read_at is not None},
    )


def said(seat: Seat) -> str:
    """A seat in words: "Present: Ada Quill (substitute, from outside)"."""
    who = seat.sitter.name if seat.sitter else "nobody"
    outside = seat.sitter is not None and seat.sitter.outside
    told = ", ".join(["substitute"] * seat.substitute + ["from outside"] * outside)
    return f"{seat.state.capitalize()}: {who}{f' ({told})' if told else ''}"


def _marked(old: Seat, mark: Mark, at: datetime, decided: bool) -> Seat:
    """The seat as marked, with every coming and going.

    Expected or Apologies takes a person's stay back as marked by mistake; but once anything is
    ``decided`` they were there, and have left.
    """
    held = old.holder is not None and mark.who is not None and mark.who.id == old.holder.id
    sitter = old.holder if held or mark.who is None else mark.who
    if sitter is None and mark.state in (Presence.PRESENT, Presence.LEFT):
        raise Refused(
            Finding(
                f"Nobody holds the post {old.post.title}: say who is in the seat",
                field=f"who-{mark.seat}",
            )
        )
    was = old.sitter
    same = sitter is not None and was is not None and same_person(sitter) == same_person(was)
    arrived = left = None
    earlier = old.earlier
    if mark.state is Presence.PRESENT:
        if same and old.state is Presence.PRESENT:
            arrived = mark.when or old.arrived_at or at
        else:
            arrived, earlier = at, _ended(old, at)
    elif mark.state is Presence.LEFT:
        if old.state not in ATTENDING or not same:
            raise Refused(
                Finding(
                    f"{sitter.name if sitter else 'Nobody'} was not here, and so cannot have left",
                    field=f"seat-{mark.seat}",
                )
            )
        arrived, left = old.arrived_at, mark.when or old.left_at or at
    elif decided:
        earlier = _ended(old, at)
    elif was is not None:
        taken_back = same_person(was)
        earlier = tuple(s for s in old.earlier if same_person(s.who) != taken_back)
    substitute = mark.who is not None and not held and not old.post.from_case
    if same and old.holder is None:
        substitute = substitute and old.substitute
    return replace(
        old,
        sitter=sitter,
        substitute=substitute,
        state=mark.state,
        arrived_at=arrived,
        left_at=left,
        earlier=earlier,
    )


def _ended(old: Seat, at: datetime) -> tuple[Stay, ...]:
    """The stays of a seat until now, the last one ended."""
    return tuple(replace(stay, left_at=stay.left_at or at) for stay in old.stays)


def _same(old: Seat, new: Seat) -> bool:
    before, after = (
        (
            seat.state,
            seat.substitute,
            seat.arrived_at,
            seat.left_at,
            same_person(seat.sitter) if seat.sitter else None,
            bool(seat.sitter and seat.sitter.outside),
            seat.sitter.grade if seat.sitter else "",
        )
        for seat in (old, new)
    )
    return before == after


def allowed(scope: Scope, before: Standing, new: Seat, decided: bool) -> Standing:
    """How it would stand with the seat as marked; Refused where a rule forbids that at all."""
    saved = replace(new, version=new.version + 1)
    seated = tuple(saved if seat.key == new.key else seat for seat in before.seats)
    if name := in_two_seats(seated):
        raise Refused(Finding(f"{name} is marked in another seat already", field=f"who-{new.key}"))
    meeting = before.meeting
    if any(seat.sat for seat in seated):
        meeting = replace(meeting, state=MeetingState.OPEN)
    elif not decided:
        meeting = replace(
            meeting,
            state=MeetingState.PLANNED,
            statement_read_at=None,
            statement_read_by="",
            chair_id=None,
            chair_why="",
        )
    booked = before.attendance.agenda
    after = reckoned(meeting, before.procedure, before.body, seated, scope.on, booked)
    if new.attendee is not None and new.attendee.here:
        faults = (
            *too_many(before.body, after.attendance),
            *blocking(kept_out(before.body, after.attendance, new.attendee)),
            *blocking(substitutes.of_attendee(before.body, after.attendance, new.attendee)),
        )
        if faults:
            raise Refused(*(replace(fault, field=f"seat-{new.key}") for fault in faults))
    return after
