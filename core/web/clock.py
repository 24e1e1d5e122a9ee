"""The only clock of the pages: now in UTC and today in London, or the day that is set."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This moment in UTC, without a zone, as the store keeps it; on the set day where one is."""
    moment = datetime.now(UTC).replace(tzinfo=None)
    set_day: date | None = current_app.extensions["permanence"].settings.today
    return moment if set_day is None else datetime.combine(set_day, moment.time())


def real_now() -> datetime:
    """This moment in UTC, whatever day is set: one-time codes are of the clock on the wall."""
    return datetime.now(UTC).replace(tzinfo=None)


def today() -> date:
    """Today in London, or the day that PERMANENCE_TODAY sets."""
    set_day: date | None = current_app.extensions["permanence"].settings.today
    return set_day or datetime.now(LONDON).date()


def in_london(moment: datetime) -> datetime:
    """A stored moment as the clock on the wall showed it."""
    return moment.replace(tzinfo=UTC).astimezone(LONDON)
