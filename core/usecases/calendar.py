"""Making a body's dates from its schedule, and seeing beforehand which fall on a bank holiday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.domain.dates import Calendar
from core.domain.finding import Finding, Refused
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.registry import Registry
from core.store import audit, authorities, meetings
from core.store.database import writing
from core.store.scope import Scope

LONGEST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Meets:
    """A body whose procedure the authority has enabled."""

    procedure: Procedure
    body: Body

    @property
    def key(self) -> str:
        return f"{self.procedure.code}:{self.body.code}"


@dataclass(frozen=True, slots=True)
class Proposed:
    """One day of a schedule: whether the body meets then already, and whether people are off."""

    on: date
    taken: bool
    day_off: bool


@dataclass(frozen=True, slots=True)
class Dates:
    """What is typed to make dates: a body by its key, from when until when, at what time, where."""

    body: str
    first: date
    until: date
    starts_at: time
    place: str = ""


def bodies(scope: Scope, registry: Registry) -> tuple[Meets, ...]:
    """The bodies of the authority's enabled procedures that have a schedule, in its order."""
    found: list[Meets] = []
    for code, _since in authorities.enabled(scope):
        procedure = registry.edition(code, scope.on)
        if procedure is not None:
            found += [Meets(procedure, body) for body in procedure.bodies if body.schedule]
    return tuple(found)


def propose(
    scope: Scope, registry: Registry, dates: Dates, calendar: Calendar
) -> tuple[Proposed, ...]:
    """The days that the schedule gives; Refused where the body or the period cannot be."""
    meets = next((m for m in bodies(scope, registry) if m.key == dates.body), None)
    if meets is None or meets.body.schedule is None:
        raise Refused(Finding("Choose the body that meets", field="body"))
    if dates.until < dates.first:
        raise Refused(Finding("The last date is before the first", field="until"))
    if dates.until - dates.first > LONGEST:
        raise Refused(Finding("Make dates for two years at most at once", field="until"))
    days = tuple(meets.body.schedule.occurrences(dates.first, dates.until))
    if not days:
        raise Refused(Finding("No date falls between these two", field="until"))
    taken = meetings.days_taken(scope, meets.procedure.code, meets.body.code, days)
    return tuple(Proposed(on, on in taken, not calendar.is_working_day(on)) for on in days)


def make_dates(
    scope: Scope, registry: Registry, dates: Dates, calendar: Calendar, at: datetime
) -> tuple[Proposed, ...]:
    """Make a meeting on each day of the schedule; a day on which there is one is left as it is."""
    with writing():
        proposed = propose(scope, registry, dates, calendar)
        procedure, _, body = dates.body.partition(":")
        days = []
        for day in proposed:
            edition = registry.edition(procedure, day.on)
            if not day.taken and edition is not None:
                days.append((day.on, edition.edition))
        meetings.plan(scope, procedure, body, days, dates.starts_at, dates.place)
        audit.changed(
            scope,
            at,
            "make dates",
            "body",
            dates.body[:40],
            after={
                "dates": [on.isoformat() for on, _edition in days],
                "starts at": f"{dates.starts_at:%H:%M}",
                "place": dates.place,
            },
        )
    return proposed
