"""Days as the profession counts them: working days, periods, ages and how a date is said."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

LONDON = ZoneInfo("Europe/London")


def in_london(moment: datetime) -> datetime:
    """A stored moment (UTC, without a zone) as the clock on the wall showed it."""
    return moment.replace(tzinfo=UTC).astimezone(LONDON)


def london_day(moment: datetime) -> date:
    """The day on which a stored moment (UTC, without a zone) was: in summer the next from 23:00."""
    return in_london(moment).date()


def on_day(on: date, moment: datetime) -> datetime:
    """A stored moment moved to another day, at the time that the clock on the wall showed."""
    shown = datetime.combine(on, in_london(moment).time(), LONDON)
    return shown.astimezone(UTC).replace(tzinfo=None)


def at_clock(on: date, clock: time) -> datetime:
    """What the clock on the wall showed on a day, as a stored moment (UTC, without a zone)."""
    return datetime.combine(on, clock, LONDON).astimezone(UTC).replace(tzinfo=None)


MONTHS = tuple(month_name)[1:]


def day(value: date) -> str:
    """Say a date as the pages do: "21 November 2026"."""
    return f"{value.day} {value:%B %Y}"


_NUMBERED = re.compile(
    r"(?:(?:([0-9]{1,2}|zz)[/.-])?([0-9]{1,2}|zz)[/.-])?([0-9]{4}|zzzz)", re.ASCII | re.IGNORECASE
)
_WORDED = re.compile(r"(?:([0-9]{1,2}) )?([a-z]+) ([0-9]{4})", re.ASCII | re.IGNORECASE)
NOT_KNOWN = "not known"


def partial_day(text: str) -> str | None:
    """A date with unknown parts in words: "27 March 2019", "March 2019", "2019", "not known".

    It may be written 27/3/2019, 3/2019, 2019, zz/03/2019 or in those words; "" for a blank; None
    where it is no such date.
    """
    text = " ".join(text.split())
    if not text or text.casefold() == NOT_KNOWN:
        return text.casefold()
    if shape := _NUMBERED.fullmatch(text):
        days, month, year = ((part or "zz").lower() for part in shape.groups())
    elif shape := _WORDED.fullmatch(text):
        days, name, year = (shape[1] or "zz", shape[2].casefold(), shape[3])
        numbers = [n for n, m in enumerate(MONTHS, 1) if m.casefold().startswith(name)]
        if len(numbers) != 1 or len(name) < 3:
            return None
        month = str(numbers[0])
    else:
        return None
    if year == "zzzz":
        return NOT_KNOWN if days == month == "zz" else None
    if month == "zz" and days != "zz":
        return None
    try:
        known = date(
            int(year), 1 if month == "zz" else int(month), 1 if days == "zz" else int(days)
        )
    except ValueError:
        return None
    if not 1900 <= known.year <= 2100:
        return None
    if month == "zz":
        return year
    return f"{known:%B} {year}" if days == "zz" else day(known)


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
    """What a period is counted in; hours go by on the clock, day and night."""

    HOURS = "hours"
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

    ``days_off`` are the bank holidays of England and Wales, ``own`` the further days that an
    administrator adds; whoever builds the calendar says which, so that nothing here has to know
    the year.
    """

    days_off: frozenset[date] = frozenset()
    own: frozenset[date] = frozenset()

    @classmethod
    def without(cls, days_off: Iterable[date]) -> Calendar:
        return cls(frozenset(days_off))

    def is_working_day(self, on: date) -> bool:
        return on.weekday() < 5 and on not in self.days_off and on not in self.own

    @property
    def national(self) -> Calendar:
        """Without the authority's own days off: as the law counts."""
        return Calendar(self.days_off)

    def left_out(self, start: date, other: date) -> tuple[date, ...]:
        """The authority's own days off that would be working days between two days.

        The day it starts is not counted anyway.
        """
        first, last = sorted((start, other))
        days = (on for on in self.own if first <= on <= last and on != start)
        within = (on for on in days if on.weekday() < 5)
        return tuple(sorted(on for on in within if on not in self.days_off))

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

    def working_day_on_or_before(self, on: date) -> date:
        """The day itself where people work, else the last working day before it."""
        return on if self.is_working_day(on) else self.working_days(on, -1)

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
            case Unit.HOURS:
                raise ValueError("hours run from a moment, not from a day")
