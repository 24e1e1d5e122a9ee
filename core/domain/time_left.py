"""How long there is until a limit day, or since it, in words."""

from __future__ import annotations

from datetime import date, timedelta

from core.domain.dates import Calendar, Period, Unit


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """The working days after ``start`` up to and with ``end``; ``end`` is not before ``start``."""
    days = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


def time_left(due: date, on: date, unit: Unit, calendar: Calendar) -> str:
    """Say it as "in 2 working days", "today" or "3 days ago".

    Working days are counted where the limit was set in them, and there is one to count.
    """
    if due == on:
        return "today"
    first, last = min(due, on), max(due, on)
    working = working_days_between(first, last, calendar) if unit is Unit.WORKING_DAYS else 0
    length = (
        Period(working, Unit.WORKING_DAYS) if working else Period((last - first).days, Unit.DAYS)
    )
    return f"in {length}" if due > on else f"{length} ago"
