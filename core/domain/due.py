"""One deadline as it is kept, free of today; its state on a day follows from its dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.domain.dated import Origin
from core.domain.dates import Unit, day
from core.domain.procedure.timetable import Deadline


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


@dataclass(frozen=True, slots=True)
class Due:
    """One run of one deadline: dates only, free of today.

    ``why`` is its reason in words, without the day that is due and without the clause; ``missing``
    says what is not known: the day it runs from, where ``due`` is None, else whether it was met by
    then; ``enter`` says where that is entered, and ``not_for`` why the rule does not concern the
    child. ``latest`` says that it is the latest possible day,
    as what it runs to has no day yet. ``instead_of`` are the clauses of what it stands in for.
    ``due_at`` and ``met_at`` (UTC) are there where hours count. It stands under the edition in
    force on ``ruled_on``; where that is not known, what it runs from was ``no_later`` than that
    day. ``run`` counts what begins anew from 1, and is 0 for the latest possible
    day up to the day on which what it runs from happened.
    """

    rule: Deadline
    anchor_date: date | None
    due: date | None
    met_on: date | None = None
    stopped_on: date | None = None
    anchor: str = ""
    reason: str = ""
    missing: str = ""
    enter: str = ""
    not_for: str = ""
    latest: bool = False
    instead_of: tuple[str, ...] = ()
    due_at: datetime | None = None
    met_at: datetime | None = None
    begins: date | None = None
    ends: date | None = None
    run: int = 1
    ruled_on: date | None = field(default=None, compare=False)
    no_later: date | None = field(default=None, compare=False)
    origin: Origin = field(default=Origin(), compare=False)

    @property
    def soon_on(self) -> date | None:
        """The day from which it is soon."""
        return None if self.due is None else self.due - timedelta(days=self.rule.soon)

    @property
    def turn(self) -> int:
        """Which time it is: what is the latest possible day before the first is of the first."""
        return max(self.run, 1)

    def there(self, on: date) -> bool:
        """Whether it is there at all as at a day."""
        begun = self.begins is None or self.begins <= on
        return begun and (self.ends is None or on < self.ends)

    def state(self, on: date) -> State:
        """The state as at a day; what happened after that day has not happened yet."""
        if self.stopped_on is not None and self.stopped_on <= on:
            return State.STOPPED
        if self.not_for:
            return State.NOT_APPLICABLE
        if self.due is None:
            return State.UNKNOWN
        if self.met_on is not None and self.met_on <= on:
            return State.MET if self._in_time else State.MET_LATE
        if on > self.due:
            return State.UNKNOWN if self.missing else State.LATE
        return State.SOON if on >= self.due - timedelta(days=self.rule.soon) else State.RUNNING

    @property
    def _in_time(self) -> bool:
        if self.due_at is not None and self.met_at is not None:
            return self.met_at <= self.due_at
        return self.met_on is not None and self.due is not None and self.met_on <= self.due

    @property
    def unit(self) -> Unit:
        """What the time left is counted in."""
        return self.rule.period.unit if self.rule.period is not None else Unit.DAYS

    @property
    def why(self) -> str:
        """Its reason in words, with the clause."""
        cited = ", ".join(self.rule.clauses)
        if self.not_for:
            return f"{self.not_for} ({cited})"
        if self.due is None:
            return f"{self.missing} ({cited})"
        by = "at the latest by" if self.latest else "by"
        return f"{by} {day(self.due)}: {self.reason} ({cited})"
