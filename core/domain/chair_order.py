"""In which order a body's posts take the chair, and what speaks against each of them now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.clauses import SET_HERE
from core.domain.finding import Finding, Strength
from core.domain.meeting import Person, Presence, Seat, takes_chair, usual_chair
from core.domain.procedure.bodies import Body
from core.domain.procedure.membership import Attendance, Attendee, Post


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
        return "sits there as a substitute, and a substitute does not take the chair"
    if rule is not None and not rule.may_chair(attendee):
        return f"is not recorded as {rule.office_words}"
    if attendee in attendance.withdrawn:
        return "has withdrawn from this item"
    return {
        Presence.EXPECTED: "is not here yet",
        Presence.APOLOGIES: "sent apologies",
        Presence.LEFT: "has left",
    }.get(seat.state, "")


def out_of_order(body: Body, attendance: Attendance, named: Attendee) -> Finding | None:
    """What the order of the chair says to somebody who is named; None where it gives them.

    Nothing where no order is set, nor where a rule alone says who chairs (``ChairedBy``): that one
    lets nobody be named but with leave, for which the reason is kept.
    """
    if body.chairing is not None or not body.order:
        return None
    first = usual_chair(body, attendance)
    if first is not None and (first == named or first.person == named.person != ""):
        return None
    posts = [post for post in body.order if first is None or post.code == first.post]
    said = [f"{post.title}{f' ({whose})' if (whose := _set_by(post)) else ''}" for post in posts]
    titles = ", then ".join(said)
    message = f"{named.name} is named to chair, and in the order of the chair stands: {titles}"
    if first is not None:
        message = f"{named.name} is named to chair before {first.name}, {titles}, who is here"
    clauses = tuple(dict.fromkeys(clause for p in posts if not _set_by(p) for clause in p.clauses))
    return Finding(message, "chair-order", clauses, Strength.WARNS, "chair-why")


def _set_by(post: Post) -> str:
    """Who has set a post's place in the order of the chair; "" where the procedure lays it down."""
    if post.chairs_local or not post.laid_down:
        return post.chairs_local or "set by the authority"
    return SET_HERE if post.reading else ""
