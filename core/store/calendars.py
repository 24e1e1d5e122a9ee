"""The working calendar: the bank holidays of England, and the days an authority adds to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

from core.domain.dates import Calendar
from core.store import days_off
from core.store.scope import Scope


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England in a year, with the days that stand in for weekends."""
    return frozenset(named_bank_holidays(year))


@lru_cache(maxsize=64)
def named_bank_holidays(year: int) -> dict[date, str]:
    """The bank holidays of a year with their names, in order."""
    found = holidays.country_holidays("GB", subdiv="ENG", years=year)
    return {on: found[on] for on in sorted(found)}


@lru_cache(maxsize=256)
def _of_years(first: int, last: int) -> Calendar:
    return Calendar.without(
        day_off for year in range(first, last + 1) for day_off in bank_holidays(year)
    )


def calendar_for(dates: Iterable[date | None]) -> Calendar:
    """The bank holidays for periods that start or end on these dates, a year on either side."""
    years = {on.year for on in dates if on is not None}
    if not years:
        return Calendar()
    return _of_years(min(years) - 1, max(years) + 1)


def calendar_of(scope: Scope, dates: Iterable[date | None]) -> Calendar:
    """The authority's calendar for periods that start or end on these dates: one query."""
    return with_days(calendar_for(dates), days_off.standing(scope))


def with_days(calendar: Calendar, own: frozenset[date]) -> Calendar:
    """A calendar with an authority's own days off beside the bank holidays."""
    return Calendar(calendar.days_off, own) if own else calendar
