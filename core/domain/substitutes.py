"""What a post that asks for a grade says to whoever sits in it for its holder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.domain.finding import Finding, Strength
from core.domain.posts import of_grade
from core.domain.procedure.bodies import Body
from core.domain.procedure.holding import Holding
from core.domain.procedure.membership import Attendance, Attendee


def of_attendee(body: Body, attendance: Attendance, attendee: Attendee) -> tuple[Finding, ...]:
    """The finding about a substitute's grade, the same as when the post is filled; or nothing.

    Who is not here yet is warned of. Not asked of somebody who may chair where leave is given to
    go ahead without a usual chair: they come to be named, into whatever seat is empty.
    """
    post = body.post(attendee.post or "")
    if post is None or not attendee.substitute or post.from_case:
        return ()
    rule = body.chairing
    if rule is not None and attendance.leave_to_proceed and rule.may_chair(attendee):
        return ()
    held = Holding(post.code, attendee.person, attendee.name, date.min, grade=attendee.grade)
    found = of_grade(post, held)
    if found is None:
        return ()
    strength = Strength.WARNS if attendee.expected else found.strength
    return (replace(found, strength=strength, field="attendance"),)


def findings(body: Body, attendance: Attendance) -> tuple[Finding, ...]:
    """The findings about every substitute who is here, or expected."""
    there = (one for one in attendance.attendees if one.here or one.expected)
    return tuple(found for one in there for found in of_attendee(body, attendance, one))
