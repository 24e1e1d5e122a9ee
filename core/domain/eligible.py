"""When a young person becomes an eligible child: 16, and looked after for 13 weeks since 14."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ELIGIBLE_DAYS = 13 * 7


@dataclass(frozen=True, slots=True)
class InCare:
    """A period of care; ``known`` says whether care really began on that day."""

    start: date
    known: bool
    end: date | None


@dataclass(frozen=True, slots=True)
class Eligible:
    """The day, and the place of the period that reached it; ``known`` False: no later than that."""

    on: date
    period: int
    known: bool = True


def eligible(at_14: date, at_16: date, at_18: date, periods: Iterable[InCare]) -> Eligible | None:
    """The day on which somebody looked after becomes eligible; None where they do not.

    The weeks need not follow one another. Days before the earliest day in hand are not counted, so
    that a day that rests on them is not known.
    """
    left, sure = ELIGIBLE_DAYS, True
    for place, period in enumerate(periods):
        start, end = max(period.start, at_14), min(period.end or at_18, at_18)
        sure = sure and (period.known or period.start <= at_14)
        if end <= start:
            continue
        reached = start + timedelta(days=max(left, 0))
        left -= (end - start).days
        on = max(reached, at_16)
        if left <= 0 and on < end:
            least = on == at_16 or (on == start and period.known)
            return Eligible(on, place, sure or least)
    return None
