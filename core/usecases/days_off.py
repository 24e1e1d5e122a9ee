"""Days on which an authority does not work, beside bank holidays: added, and taken out again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.store import audit, authorities, days_off, deadline_marks
from core.store.calendars import named_bank_holidays
from core.store.database import writing
from core.store.days_off import DayOffRow
from core.store.scope import Scope

MOST_TITLE = 200
PAST = timedelta(days=366)
AHEAD = timedelta(days=5 * 366)


class NoSuchDayOff(LookupError):
    """There is no such day off, or somebody took it out just now."""


def add(scope: Scope, on: date | None, title: str, at: datetime) -> None:
    """Add a day off; what is due is worked out again for every child.

    Findings are beside ``on`` and ``title``: a day that is off already, one more than a year ago
    or five years ahead, or no title.
    """
    title = " ".join(title.split())
    faults = _faults(scope, on, title)
    with writing():
        authorities.lock(scope)
        if on is not None and on in days_off.standing(scope):
            faults.insert(0, Finding(f"{day(on)} is a day off already", field="on"))
        if faults or on is None:
            raise Refused(*faults)
        public_id = days_off.add(scope, on, title, at)
        deadline_marks.mark_all(scope, at)
        audit.changed(
            scope, at, "add", "day off", public_id, after={"on": on.isoformat(), "title": title}
        )


def _faults(scope: Scope, on: date | None, title: str) -> list[Finding]:
    """What is wrong with a day and its title, besides its being there already."""
    faults = []
    if on is None:
        faults.append(Finding("Enter the day", field="on"))
    elif on < scope.on - PAST:
        faults.append(Finding("Enter a day of the past year, or one to come", field="on"))
    elif on > scope.on + AHEAD:
        faults.append(Finding("Enter a day of the next five years", field="on"))
    elif on.weekday() >= 5:
        faults.append(Finding(f"{on:%A} {day(on)} is at a weekend: it is off already", field="on"))
    elif name := named_bank_holidays(on.year).get(on):
        message = f"{day(on)} is a bank holiday ({name}): it is off already"
        faults.append(Finding(message, field="on"))
    if not title:
        faults.append(Finding("Enter what the day is", field="title"))
    elif len(title) > MOST_TITLE or not title.isprintable():
        message = f"What the day is must be {MOST_TITLE} plain characters or fewer"
        faults.append(Finding(message, field="title"))
    return faults


def take_out(scope: Scope, public_id: str, at: datetime) -> DayOffRow:
    """Take a day off out again; what is due is worked out again. Raises ``NoSuchDayOff``."""
    with writing():
        authorities.lock(scope)
        row = days_off.find(scope, public_id)
        if row is None or not days_off.take_out(scope, public_id, at):
            raise NoSuchDayOff
        deadline_marks.mark_all(scope, at)
        audit.changed(
            scope,
            at,
            "take out",
            "day off",
            public_id,
            before={"on": row.on.isoformat(), "title": row.title},
        )
    return row
