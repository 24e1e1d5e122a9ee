"""On which day a notice of a meeting goes, and why: its own run, or a deadline's limit day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.domain.clauses import SET_HERE
from core.domain.dated import Course, Dated
from core.domain.dates import Calendar, day, london_day
from core.domain.limits import limit_of, no_others
from core.domain.procedure import Procedure
from core.domain.procedure.notices import Notice
from core.domain.procedure.schedule import WEEKDAYS
from core.domain.reckoning import due_from


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """The day on which a notice goes, ``from_day`` from which it runs, and why in words."""

    on: date
    from_day: date
    reason: str


def notice_day(
    procedure: Procedure,
    rule: Notice,
    held_on: date,
    calendar: Calendar,
    *,
    circulated_at: datetime | None = None,
    ratified_at: datetime | None = None,
) -> NoticeDay | None:
    """When a notice about a meeting goes; None where what it runs from has not happened."""
    said = ""
    start: date | None = held_on
    if rule.deadline:
        deadline = procedure.deadline(rule.deadline)
        due = due_from(deadline, held_on, calendar) if deadline is not None else None
        start = due.due if due is not None else None
        said = due.reason if due is not None else ""
    elif rule.anchor in ("circulated", "ratified"):
        at = circulated_at if rule.anchor == "circulated" else ratified_at
        start = london_day(at) if at is not None else None
    if start is None:
        return None
    limit = limit_of(rule, Course(), calendar, no_others, Dated(start))
    if limit.due is None:
        return None
    reason = limit.reason
    if said:
        reason = said if rule.period is None and rule.weekday is None else f"{reason}: {said}"
    if rule.set_here:
        reason = f"{reason} ({SET_HERE})"
    return NoticeDay(limit.due, start, reason)


def run_words(procedure: Procedure, rule: Notice) -> str:
    """When a notice goes, for every meeting alike: "2 working days before the day by which …"."""
    words = f"on the day of {rule.anchor_words}" if not rule.deadline else f"on {rule.anchor_words}"
    if rule.period is not None:
        words = f"{rule.period} {rule.direction} {rule.anchor_words}"
    deadline = procedure.deadline(rule.deadline) if rule.deadline else None
    if deadline is not None and deadline.weekday is not None:
        words = f"{words}: the {WEEKDAYS[deadline.weekday]} before {deadline.anchor_words}"
    elif deadline is not None and deadline.period is not None:
        words = f"{words}: {deadline.period} {deadline.direction} {deadline.anchor_words}"
    return f"{words} ({SET_HERE})" if rule.set_here else words


def shown_day(held_on: date) -> str:
    """A meeting's day as a message says it: "Thursday 3 December 2026"."""
    return f"{held_on:%A} {day(held_on)}"
