"""What is due of a meeting itself: its agenda before it, its notes and actions after it."""

from __future__ import annotations

from datetime import date, datetime

from core.domain.dated import OF_MEETING, Course, Dated
from core.domain.dates import Calendar, london_day
from core.domain.due import Due
from core.domain.limits import no_others
from core.domain.procedure import Procedure
from core.domain.reckoning import reckon


def of_meeting(
    procedure: Procedure,
    held_on: date,
    calendar: Calendar,
    *,
    circulated_at: datetime | None = None,
    ratified_at: datetime | None = None,
    filed_on: date | None = None,
    copied_on: date | None = None,
) -> tuple[Due, ...]:
    """The deadlines of a meeting of a procedure, the earliest first.

    One that names nothing that meets it is a day to keep to: whether it was kept is not recorded.
    """
    events = {OF_MEETING: (Dated(held_on),)}
    for anchor, at in (("circulated", circulated_at), ("ratified", ratified_at)):
        if at is not None:
            events[anchor] = (Dated(london_day(at), at),)
    for anchor, on in (("filed", filed_on), ("copied", copied_on)):
        if on is not None:
            events[anchor] = (Dated(on),)
    course = Course(events=events)
    found = [
        due
        for rule in procedure.deadlines
        if rule.anchor == OF_MEETING
        for due in reckon(rule, course, calendar, no_others)
    ]
    return tuple(sorted(found, key=lambda due: due.due or held_on))
