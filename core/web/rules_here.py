"""What the asker's authority follows and when it works, read once for each page that asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import g

from core.domain.dates import Calendar
from core.store import days_off
from core.store.calendars import calendar_for, with_days
from core.usecases import editions
from core.usecases.editions import Editions
from core.web import asker


def rules_here() -> Editions:
    """The procedures with the authority's own figures, asked of as many days as are wanted."""
    if not hasattr(g, "rules_here"):
        g.rules_here = editions.of(asker.scope(), asker.registry())
    return g.rules_here  # type: ignore[no-any-return]


def calendar_here(dates: Iterable[date | None]) -> Calendar:
    """The calendar for periods about these dates, with the authority's own days off."""
    return with_days(calendar_for(dates), days_off_here())


def days_off_here() -> frozenset[date]:
    """The authority's own days off."""
    if not hasattr(g, "days_off_here"):
        g.days_off_here = days_off.standing(asker.scope())
    return g.days_off_here  # type: ignore[no-any-return]
