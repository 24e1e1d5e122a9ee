"""In which order a body's posts take the chair, and what speaks against each of them now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.meeting import Person, Presence, Seat, takes_chair
from core.domain.procedure.bodies import Body
from core.domain.procedure.membership import Attendance


@dataclass(frozen=True, slots=True)
class InOrder:
    """One seat of a post that chairs, by its place in the order.

    ``who`` is the person in the seat (None: nobody holds the post). ``why_not`` says in words why
    they cannot take the chair now, "" where they can. ``chairs`` is true of who is in the chair.
    """

    seat: Seat
    who: Person | None
    why_not: str
    chairs: bool


def chair_order(body: Body, seats: Iterable[Seat], attendance: Attendance) -> tuple[InOrder, ...]:
    """The posts that take the chair without being named, first the one that chairs usually.

    Empty where the procedure lays down no such post.
    """
    rule, seated = body.chairing, tuple(seats)
    order = rule.posts if rule is not None else [post.code for post in body.order]
    return tuple(
        InOrder(
            seat, seat.sitter, _why_not(body, seat, attendance), _in_the_chair(seat, attendance)
        )
        for code in order
        for seat in seated
        if seat.post.code == code
    )


def _in_the_chair(seat: Seat, attendance: Attendance) -> bool:
    return attendance.chair is not None and attendance.chair == seat.attendee


def _why_not(body: Body, seat: Seat, attendance: Attendance) -> str:
    attendee, rule = seat.attendee, body.chairing
    if attendee is None:
        return "nobody holds this post"
    if attendee.substitute if rule is not None else not takes_chair(seat.post, attendee):
        return "a substitute does not take the chair"
    if rule is not None and not rule.may_chair(attendee):
        return f"is not recorded as {rule.office_words}"
    if attendee in attendance.withdrawn:
        return "has withdrawn from this item"
    return {
        Presence.EXPECTED: "is not here yet",
        Presence.APOLOGIES: "sent apologies",
        Presence.LEFT: "has left",
    }.get(seat.state, "")
