"""The day of the next meeting about a child: by when it is laid down, and which day cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from core.domain.dates import Calendar, day
from core.domain.finding import Finding, Strength
from core.domain.planning_record import NEXT_ON
from core.domain.procedure import Procedure
from core.domain.procedure.timetable import Deadline

AHEAD = relativedelta(years=1)
"""How far after a meeting the next one can be: a day beyond that was mistyped."""


def limits(
    procedures: Iterable[Procedure], body_code: str, held_on: date
) -> Iterator[tuple[date, Deadline]]:
    """The last days that rules lay down from a meeting of a body to what follows it."""
    anchor, calendar = f"meeting.{body_code}", Calendar()
    for procedure in procedures:
        for rule in procedure.deadlines:
            if rule.anchor == anchor and rule.repeats and rule.period is not None:
                yield calendar.after(held_on, rule.period), rule


def impossible(on: date | None, held_on: date) -> Finding | None:
    """Why the next meeting cannot be on a day; None where it can, or none is said."""
    if on is None or held_on < on <= held_on + AHEAD:
        return None
    if on <= held_on:
        message = f"The next meeting is after this one: choose a day after {day(held_on)}"
    else:
        last = day(held_on + AHEAD)
        message = f"The next meeting is within a year of this one: choose a day up to {last}"
    return Finding(message, field=NEXT_ON)


def late(on: date | None, held_on: date, procedure: Procedure, body_code: str) -> Finding | None:
    """That a day is later than the procedure asks for the next meeting; None where it is not."""
    asking = [
        (last, rule)
        for last, rule in limits((procedure,), body_code, held_on)
        if rule.asks_for == body_code
    ]
    last, rule = min(asking, key=lambda one: one[0], default=(None, None))
    if on is None or last is None or rule is None or on <= last:
        return None
    message = (
        f"The next meeting is later than laid down: it is due by {day(last)}, "
        f"{rule.period} after this one"
    )
    return Finding(message, rule.code, rule.clauses, Strength.WARNS, field=NEXT_ON)
