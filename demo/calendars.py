"""Days, working days, months and birthdays as the made-up lives count them."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

_A_PANEL_DAY = date(2024, 1, 9)
_FORTNIGHT = 14


@lru_cache(maxsize=8)
def bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """The bank holidays of England from the first year to the last."""
    years = range(first_year, last_year + 1)
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=years))


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Counts working days: neither weekends nor the given bank holidays."""

    holidays: frozenset[date]

    def is_working(self, day: date) -> bool:
        """Whether people are at work on that day."""
        return day.weekday() < 5 and day not in self.holidays

    def after(self, day: date, number: int) -> date:
        """The working day that is `number` working days after `day`, which is not counted."""
        return self._step(day, number, timedelta(days=1))

    def before(self, day: date, number: int) -> date:
        """The working day that is `number` working days before `day`, which is not counted."""
        return self._step(day, number, timedelta(days=-1))

    def on_or_before(self, day: date) -> date:
        """`day`, or the last working day before it."""
        return day if self.is_working(day) else self.before(day, 1)

    def _step(self, day: date, number: int, stride: timedelta) -> date:
        while number:
            day += stride
            number -= self.is_working(day)
        return day


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later; 31 August and six months is 28 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def birthday(born: date, age: int) -> date:
    """The day on which somebody born then reaches that age."""
    return months_after(born, 12 * age)


def age_on(born: date, day: date) -> int:
    """Whole years lived on that day; negative before birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def collection_year(day: date) -> int:
    """The SSDA903 collection year that the day falls in, named by the year it ends in."""
    return day.year + (day.month >= 4)


def collection_year_days(year: int) -> tuple[date, date]:
    """First and last day of an SSDA903 collection year: 1 April to 31 March."""
    return date(year - 1, 4, 1), date(year, 3, 31)


def panel_on_or_before(day: date) -> date:
    """The last of the fortnightly panels on or before that day: a Tuesday (BEX-1.12)."""
    return day - timedelta(days=(day - _A_PANEL_DAY).days % _FORTNIGHT)


def panel_on_or_after(day: date) -> date:
    """The first of the fortnightly panels on or after that day: a Tuesday (BEX-1.12)."""
    return day + timedelta(days=(_A_PANEL_DAY - day).days % _FORTNIGHT)


def panel_days(first: date, last: date) -> tuple[date, ...]:
    """Every fortnightly panel day from the first day to the last, both counted (BEX-1.12)."""
    start = panel_on_or_after(first)
    number = (last - start).days // _FORTNIGHT + 1
    return tuple(start + timedelta(days=_FORTNIGHT * step) for step in range(number))
