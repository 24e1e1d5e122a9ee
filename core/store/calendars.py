"""The working calendar: the bank holidays of England, year by year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

from core.domain.dates import Calendar


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England in a year, with the days that stand in for weekends."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


@lru_cache(maxsize=256)
def _of_years(first: int, last: int) -> Calendar:
    return Calendar.without(
        day_off for year in range(first, last + 1) for day_off in bank_holidays(year)
    )


def calendar_for(dates: Iterable[date | None]) -> Calendar:
    """The calendar for periods that start or end on these dates, with a year on either side."""
    years = {on.year for on in dates if on is not None}
    if not years:
        return Calendar()
    return _of_years(min(years) - 1, max(years) + 1)
