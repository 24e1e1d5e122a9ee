"""When a body meets: the days that a schedule gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from core.domain.procedure.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Schedule(Rule):
    """When a body meets: every so many weeks.

    ``weekday`` (Monday is 0) and ``starts_at`` are None where the procedure does not lay them
    down: the authority sets them when it makes the dates.
    """

    every_weeks: int
    weekday: int | None = None
    starts_at: time | None = None

    def occurrences(self, first: date, until: date) -> Iterator[date]:
        """The days from ``first`` (or the next such weekday) up to and with ``until``."""
        on = first
        if self.weekday is not None:
            on += timedelta(days=(self.weekday - first.weekday()) % 7)
        while on <= until:
            yield on
            on += timedelta(weeks=self.every_weeks)
