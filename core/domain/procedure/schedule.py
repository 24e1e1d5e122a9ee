"""When a body meets: the days that a schedule gives, and the themes that go in turn."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from dateutil.relativedelta import relativedelta

from core.domain.procedure.rule import Rule

WEEKDAYS = tuple(day_name)
MOST_WEEKS = 52
NTH = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", -1: "last"}


@dataclass(frozen=True, kw_only=True)
class Theme(Rule):
    """What one meeting in a rotation considers: a cohort of children."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """On which days somebody meets: every so many weeks, or on the nth weekdays of each month.

    ``weekday`` (Monday is 0) None is that of the first day; ``nth`` counts from 1, and -1 is the
    last of the month; a month without a fifth has no such day. One of the two is given.
    """

    every_weeks: int = 0
    nth: tuple[int, ...] = ()
    weekday: int | None = None

    def __post_init__(self) -> None:
        if bool(self.every_weeks) == bool(self.nth):
            raise ValueError("a pattern is every so many weeks, or nth weekdays: one of the two")
        if not 0 <= self.every_weeks <= MOST_WEEKS or not set(self.nth) <= set(NTH):
            raise ValueError(f"there is no such pattern: {self.every_weeks} {self.nth}")
        if self.weekday is not None and not 0 <= self.weekday <= 6:
            raise ValueError(f"there is no weekday {self.weekday}")

    def days(self, first: date, until: date) -> Iterator[date]:
        """The days from ``first`` (or the next that fits) up to and with ``until``, in order."""
        weekday = first.weekday() if self.weekday is None else self.weekday
        if self.every_weeks:
            on = first + timedelta(days=(weekday - first.weekday()) % 7)
            while on <= until:
                yield on
                on += timedelta(weeks=self.every_weeks)
            return
        month = first.replace(day=1)
        while month <= until:
            yield from (on for on in _in_month(month, weekday, self.nth) if first <= on <= until)
            month += relativedelta(months=1)

    @property
    def words(self) -> str:
        """How it is said: "every 2 weeks on a Thursday", "1st and 3rd Tuesday of each month"."""
        name = WEEKDAYS[self.weekday] if self.weekday is not None else ""
        if self.every_weeks:
            often = "every week" if self.every_weeks == 1 else f"every {self.every_weeks} weeks"
            return f"{often} on a {name}" if name else often
        *others, last = [NTH[n] for n in self.nth]
        which = f"{', '.join(others)} and {last}" if others else last
        return f"{which} {name or 'such weekday'} of each month"


def _in_month(month: date, weekday: int, nth: tuple[int, ...]) -> list[date]:
    """The nth such weekdays of a month, given by its first day."""
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    fitting = [first + timedelta(weeks=n) for n in range(5)]
    fitting = [on for on in fitting if on.month == month.month]
    return sorted(
        {fitting[n if n < 0 else n - 1] for n in nth if n < 0 or n <= len(fitting)},
    )


@dataclass(frozen=True, kw_only=True)
class Schedule(Rule):
    """When and where a body meets: every so many weeks, or on the nth weekdays of each month.

    ``weekday`` (Monday is 0), ``starts_at`` and ``place`` are None or "" where the procedure does
    not lay them down, and so are both patterns: the authority says so when it makes the dates.
    ``themes`` go in turn, in this order.
    """

    every_weeks: int = 0
    nth: tuple[int, ...] = ()
    weekday: int | None = None
    starts_at: time | None = None
    place: str = ""
    themes: tuple[Theme, ...] = ()

    def __post_init__(self) -> None:
        if self.every_weeks or self.nth:
            Pattern(self.every_weeks, self.nth, self.weekday)

    @property
    def pattern(self) -> Pattern | None:
        """What it lays down of the days; None where the authority chooses that."""
        if not self.every_weeks and not self.nth:
            return None
        return Pattern(self.every_weeks, self.nth, self.weekday)

    def theme(self, code: str) -> Theme | None:
        return next((theme for theme in self.themes if theme.code == code), None)
