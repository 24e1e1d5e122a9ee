"""When things are due: deadlines with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.domain.dates import Calendar, Period, day
from core.domain.procedure.rule import Rule


class Direction(StrEnum):
    AFTER = "after"
    BEFORE = "before"


class State(StrEnum):
    """The state of a deadline on a day (interfaces: deadlines)."""

    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"
    RUNNING = "running"
    SOON = "soon"
    LATE = "late"
    MET = "met"
    MET_LATE = "met late"
    STOPPED = "stopped"


@dataclass(frozen=True, kw_only=True)
class Deadline(Rule):
    """A limit day: a period after or before an anchor.

    ``anchor`` names the fact that it runs from (``panel-date``), ``anchor_words`` says it in a
    sentence, ``missing`` says what to enter where that fact is not known. ``soon`` is the number
    of days before the limit from which the state is "soon".
    """

    anchor: str
    anchor_words: str
    period: Period
    direction: Direction = Direction.AFTER
    soon: int = 3
    missing: str = ""

    def due_on(self, anchor_date: date, calendar: Calendar) -> date:
        """The last day in time, to its end."""
        if self.direction is Direction.BEFORE:
            return calendar.before(anchor_date, self.period)
        return calendar.after(anchor_date, self.period)


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline as stored: dates only, free of today."""

    rule: Deadline
    anchor_date: date | None
    due: date | None
    met_on: date | None = None
    stopped_on: date | None = None

    def state(self, on: date) -> State:
        """The state as at a day; what happened after that day has not happened yet."""
        if self.stopped_on is not None and self.stopped_on <= on:
            return State.STOPPED
        if self.due is None:
            return State.UNKNOWN
        if self.met_on is not None and self.met_on <= on:
            return State.MET if self.met_on <= self.due else State.MET_LATE
        if on > self.due:
            return State.LATE
        return State.SOON if on >= self.due - timedelta(days=self.rule.soon) else State.RUNNING

    @property
    def why(self) -> str:
        """Its reason in words, with the clause."""
        cited = ", ".join(self.rule.clauses)
        if self.due is None or self.anchor_date is None:
            return f"{self.rule.missing or 'the date it runs from is not known'} ({cited})"
        return (
            f"by {day(self.due)}: {self.rule.period} {self.rule.direction} "
            f"{self.rule.anchor_words} on {day(self.anchor_date)} ({cited})"
        )


def reckon(rule: Deadline, anchor_date: date | None, calendar: Calendar) -> Due:
    """Work a deadline out from its anchor; an unknown anchor stays unknown."""
    due = None if anchor_date is None else rule.due_on(anchor_date, calendar)
    return Due(rule, anchor_date, due)
