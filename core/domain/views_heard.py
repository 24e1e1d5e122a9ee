"""The views before the chair of a planning meeting: what was said since the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dateutil.relativedelta import relativedelta

from core.domain.dates import day
from core.domain.finding import Finding, Strength
from core.domain.procedure.bodies import ViewsHeard
from core.domain.record.recorded import Recorded

LASTS = relativedelta(years=1)
"""Where no meeting was held for longer, what was said before that is no longer a view of this."""
FIELD = "views"


def heard(views: Iterable[Recorded], held_on: date, last: date | None) -> list[Recorded]:
    """The views said after the meeting before, of ``last``, and by this one; the first said first.

    One without a day is none: nobody can tell before which meeting it was.
    """
    since = _since(held_on, last)
    dated = [(on, one) for one in views if one.stands and (on := one.day("said_on")) is not None]
    dated.sort(key=lambda found: (found[0], found[1].id))
    return [one for on, one in dated if since < on <= held_on]


def nobody_heard(
    views: Iterable[Recorded], held_on: date, last: date | None, rule: ViewsHeard | None
) -> Finding | None:
    """That nobody's view is before the chair, under the clause that asks for views if there is one.

    ``views`` are all that were ever said.
    """
    every = [one for one in views if one.stands]
    if heard(every, held_on, last):
        return None
    when = f" after {day(_since(held_on, last))}, by the meeting’s day," if every else ""
    message = f"No view{when} is recorded: the chair has nobody’s view before them"
    clauses = rule.clauses if rule is not None else ()
    return Finding(message, rule.code if rule is not None else "", clauses, Strength.WARNS, FIELD)


def _since(held_on: date, last: date | None) -> date:
    earliest: date = held_on - LASTS
    return max(earliest, last) if last is not None else earliest
