"""The only clock of the pages: now in UTC and today in London, or the day that is set."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import current_app

from core.domain.dates import LONDON, in_london, london_day, on_day

__all__ = ["LONDON", "in_london", "now", "real_now", "today"]


def now() -> datetime:
    """This moment in UTC, without a zone, as the store keeps it; on the set day where one is."""
    moment = datetime.now(UTC).replace(tzinfo=None)
    set_day: date | None = current_app.extensions["permanence"].settings.today
    return moment if set_day is None else on_day(set_day, moment)


def real_now() -> datetime:
    """This moment in UTC, whatever day is set: one-time codes are of the clock on the wall."""
    return datetime.now(UTC).replace(tzinfo=None)


def today() -> date:
    """Today in London, or the day that PERMANENCE_TODAY sets."""
    set_day: date | None = current_app.extensions["permanence"].settings.today
    return set_day or london_day(real_now())
