"""Days as the profession counts them: working days, periods, ages and how a date is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta


def day(value: date) -> str:
    """Say a date as the pages do: "21 November 2026"."""
    return f"{value.day} {value:%B %Y}"


def day_of_parts(parts: Mapping[str, str]) -> str:
    """Say the three boxes of a date; as they were typed where they are no real day."""
    texts = [parts.get(part, "").strip() for part in ("year", "month", "day")]
    try:
        return day(date(*(int(text) for text in texts)))
    except ValueError:
        return " ".join(reversed([text for text in texts if text]))


def age_on(born: date, on: date) -> int:
    """Whole years of age on a day; someone born on 29 February has a birthday on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a procedure says it: 3 working days, 10 weeks, 4 months."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        word = str(self.unit)
        return f"{self.count} {word.removesuffix('s') if self.count == 1 else word}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days: Monday to Friday without the days off handed in.

    ``days_off`` are the bank holidays of England and Wales and the days an administrator adds;
    whoever builds the calendar says which, so that nothing here has to know the year.
    """

    days_off: frozenset[date] = frozenset()

    @classmethod
    def without(cls, days_off: Iterable[date]) -> Calendar:
        return cls(frozenset(days_off))

    def is_working_day(self, on: date) -> bool:
        return on.weekday() < 5 and on not in self.days_off

    def working_days(self, start: date, count: int) -> date:
        """The day ``count`` working days after ``start`` (before it, where count is negative).

        The day it starts is not counted, whatever day of the week it is.
        """
        step = timedelta(days=1 if count >= 0 else -1)
        on = start
        left = abs(count)
        while left:
            on += step
            if self.is_working_day(on):
                left -= 1
        return on

    def after(self, start: date, period: Period) -> date:
        """The limit day of a period from ``start``: in time to the end of that day."""
        return self._shift(start, period, 1)

    def before(self, end: date, period: Period) -> date:
        """The last day that leaves the whole period before ``end``; ``end`` is not counted."""
        return self._shift(end, period, -1)

    def _shift(self, start: date, period: Period, sign: int) -> date:
        count = sign * period.count
        match period.unit:
            case Unit.DAYS:
                return start + timedelta(days=count)
            case Unit.WEEKS:
                return start + timedelta(weeks=count)
            case Unit.MONTHS:
                shifted: date = start + relativedelta(months=count)
                return shifted
            case Unit.WORKING_DAYS:
                return self.working_days(start, count)
