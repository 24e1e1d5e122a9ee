"""Adding a single meeting of a body, outside its schedule, with what is found on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from core.domain import booked as rules
from core.domain import posts as holding
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.what_changes import Kind, Says
from core.registry import Registry
from core.store import audit, authorities, meeting_days, posts
from core.store.calendars import calendar_of
from core.store.database import writing
from core.store.meeting_days import New
from core.store.scope import Scope
from core.usecases import editions, queueing
from core.usecases.calendar import Meets, body_of, days_off_on
from core.usecases.day_and_place import day_faults, place_faults


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting to add: of a body by its key; ``theme`` "" for none."""

    body: str
    on: date
    starts_at: time
    place: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be said of a meeting before it is added; none of it stands against it."""

    new: NewMeeting
    meets: Meets
    says: tuple[Says, ...]


def preview(scope: Scope, registry: Registry, new: NewMeeting) -> Found:
    """What is found on the day; Refused, beside the fields, where the body cannot meet then."""
    meets = body_of(scope, registry, new.body)
    faults = _faults(scope, registry, meets, new)
    if faults:
        raise Refused(*faults)
    off = tuple(
        Says(Kind.NEW, f"{on:%A} {day(on)} is a day off: {name}")
        for on, name in days_off_on(scope, [new.on]).items()
    )
    edition = editions.in_force(scope, registry, meets.procedure.code, new.on) or meets.procedure
    papers = tuple(
        Says(Kind.NEW, f"{rule.title or rule.code}: by {day(by)}", rule.clauses)
        for rule, by in rules.due_before(edition, new.on, calendar_of(scope, (new.on,)))
    )
    held = [row.holding for row in posts.of_body(scope, meets.procedure.code, meets.body.code)]
    sits = tuple(
        Says(Kind.NEW, finding.message, finding.clauses, finding.code)
        for finding in holding.findings(edition.body(meets.body.code) or meets.body, held, new.on)
    )
    return Found(new, meets, (*off, *papers, *sits))


def add_meeting(scope: Scope, registry: Registry, new: NewMeeting, at: datetime) -> tuple[str, str]:
    """Add a planned meeting; gives its public id, and what became of cases that waited for one.

    Refused where the body cannot meet then.
    """
    with writing():
        authorities.lock(scope)
        meets = body_of(scope, registry, new.body)
        faults = _faults(scope, registry, meets, new)
        code, body = meets.procedure.code, meets.body.code
        edition = editions.in_force(scope, registry, code, new.on)
        if faults or edition is None:
            raise Refused(*faults)
        made = New(new.on, edition.edition, new.theme)
        public_id = meeting_days.plan(scope, code, body, [made], new.starts_at, new.place)[0]
        audit.changed(
            scope,
            at,
            "add meeting",
            "meeting",
            public_id,
            after={
                "body": meets.key,
                "on": new.on.isoformat(),
                "starts at": f"{new.starts_at:%H:%M}",
                "place": new.place,
                "theme": new.theme,
            },
        )
        waited = queueing.move_on(scope, code, body, at)
    return public_id, queueing.words(waited)


def _faults(scope: Scope, registry: Registry, meets: Meets, new: NewMeeting) -> list[Finding]:
    faults = []
    if new.on < scope.on:
        faults.append(Finding("The day must be today or later", field="on"))
    faults += [*day_faults(scope, registry, meets, new.on), *place_faults(new.place)]
    if new.theme and new.theme not in {theme.code for theme in meets.themes}:
        faults.append(Finding("Choose a theme of this body, or none", field="theme"))
    return faults
