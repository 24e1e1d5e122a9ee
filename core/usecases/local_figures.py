"""An authority sets a figure that a procedure leaves to it, from a day on, and takes one back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.following import day_findings, lasting
from core.domain.procedure import Procedure, local
from core.domain.procedure.figure import Figure, Kind
from core.domain.procedure.local import Setting
from core.domain.reason import reason_as_kept, reason_fault
from core.registry import Registry
from core.store import audit, authorities, deadline_marks, enabled, local_settings
from core.store.database import writing
from core.store.scope import Scope

OWN = "the procedure’s own"
WRONG = {
    Kind.NUMBER: "Enter a whole number from 1 to 999",
    Kind.PERIOD: "Enter a number from 1 to 999, and choose what it counts",
    Kind.MINUTES: "Enter the three numbers of minutes",
    Kind.POSTS: "Choose who chairs, and each post once",
    Kind.NAME: "Enter the name, in at most 80 characters",
}
MOVED = Finding(
    "Somebody else changed this figure while the page was open: look at what stands now, and send "
    "it again if it is still meant"
)


class NoSuchFigure(LookupError):
    """There is no such figure that this authority may set, or no such setting of it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A figure with what holds today, and every setting of it ever, by the first day."""

    figure: Figure
    now: Setting | None
    settings: tuple[Setting, ...]

    @property
    def value(self) -> str | None:
        """What holds today, as it is written; None where nothing is set or laid down."""
        return (self.now.value if self.now else "") or self.figure.value

    @property
    def seen(self) -> str:
        """A mark of how it stands: another once somebody has set it or taken a setting back."""
        return seen_of(self.settings)


def seen_of(settings: Iterable[Setting]) -> str:
    said = ";".join(f"{s.public_id} {s.taken_back_at}" for s in settings)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def procedure_of(scope: Scope, registry: Registry, code: str) -> Procedure:
    """The edition in force today of a procedure followed today or to come, as it is laid down.

    Raises ``NoSuchFigure`` where the authority follows no such procedure.
    """
    codes = {row.code for row in lasting(enabled.every(scope), scope.on)}
    edition = registry.edition(code, scope.on) if code in codes else None
    if edition is None:
        raise NoSuchFigure
    return edition


def standings(scope: Scope, procedure: Procedure) -> tuple[Standing, ...]:
    """Every figure of a procedure that the authority may set, as it stands today: one query."""
    return standings_of(procedure, local_settings.every(scope, procedure.code), scope.on)


def standings_of(
    procedure: Procedure, settings: Iterable[Setting], on: date
) -> tuple[Standing, ...]:
    """The same on a day, of settings that have been read: no query."""
    every = tuple(settings)
    now = local.in_force(every, on)
    return tuple(
        Standing(figure, now.get(figure.key), tuple(s for s in every if s.key == figure.key))
        for figure in local.figures(procedure)
    )


def standing(scope: Scope, registry: Registry, key: str) -> Standing:
    """One figure by its key; raises ``NoSuchFigure``."""
    procedure = procedure_of(scope, registry, key.partition("/")[0])
    for one in standings(scope, procedure):
        if one.figure.key == key:
            return one
    raise NoSuchFigure


def of_setting(scope: Scope, registry: Registry, public_id: str) -> Standing:
    """The figure of which a setting is; raises ``NoSuchFigure`` where there is no such setting."""
    for setting in local_settings.every(scope):
        if setting.public_id == public_id:
            return standing(scope, registry, setting.key)
    raise NoSuchFigure


def set_figure(
    scope: Scope,
    registry: Registry,
    key: str,
    typed: str,
    since: date | None,
    why: str,
    seen: str,
    at: datetime,
) -> None:
    """Set a figure from a day on, which may lie in the past; "" is the procedure's own again.

    Findings are beside ``value``, ``since`` and ``why``.
    """
    fault = reason_fault(why, asked="Enter why the authority sets it")
    faults = day_findings(since, scope.on, "since", "Enter from which day it holds")
    faults += [fault] if fault else []
    with writing():
        authorities.lock(scope)
        now = standing(scope, registry, key)
        if now.seen != seen:
            raise Refused(MOVED)
        figure = now.figure
        value = figure.read(typed) if typed else ""
        faults = _value_findings(now, value, since) + faults
        if faults or value is None or since is None:
            raise Refused(*faults)
        why = reason_as_kept(why)
        place = (figure.procedure, figure.body, figure.rule, figure.what)
        public_id = local_settings.add(scope, place, value, since, why, at)
        earlier = local.in_force(now.settings, since).get(key)
        deadline_marks.mark_all(scope, at)
        audit.changed(
            scope,
            at,
            "set figure",
            "procedure",
            figure.procedure[:40],
            before={"figure": figure.title, "is": _said(figure, earlier.value if earlier else "")},
            after={
                "figure": figure.title,
                "is": _said(figure, value),
                "from": since.isoformat(),
                "setting": public_id,
            },
            why=why,
        )


def _value_findings(now: Standing, value: str | None, since: date | None) -> list[Finding]:
    figure = now.figure
    if value is None or (value and figure.too_many(value)):
        return [Finding(figure.limit or WRONG[figure.kind], field="value")]
    if since is None:
        return []
    standing = [s for s in now.settings if s.taken_back_at is None]
    if any(setting.since == since for setting in standing):
        message = f"Something is set from {day(since)} already: take that back first"
        return [Finding(message, field="since")]
    earlier = local.in_force(standing, since).get(figure.key)
    if (value or figure.value) == ((earlier.value if earlier else "") or figure.value):
        message = f"On {day(since)} it is {_said(figure, value)} already"
        return [Finding(message, field="value")]
    return []


def _said(figure: Figure, value: str) -> str:
    """A value in words; of the procedure's own that it is so."""
    if value:
        return figure.words(value)
    return f"{figure.words(figure.value)}, {OWN}" if figure.value else "not set"


def take_back(scope: Scope, registry: Registry, public_id: str, why: str, at: datetime) -> Setting:
    """Take a setting back, as one made in error: what stood before it stands again.

    Findings are beside ``back-why``; raises ``NoSuchFigure`` where there is no such setting, or
    somebody took it back first.
    """
    fault = reason_fault(why, field="back-why", asked="Enter why it is taken back")
    with writing():
        authorities.lock(scope)
        now = of_setting(scope, registry, public_id)
        found = next(s for s in now.settings if s.public_id == public_id)
        if found.taken_back_at is not None:
            raise NoSuchFigure
        if fault:
            raise Refused(fault)
        local_settings.take_back(scope, public_id, at)
        deadline_marks.mark_all(scope, at)
        said = {"figure": now.figure.title, "from": found.since.isoformat()}
        audit.changed(
            scope,
            at,
            "take figure back",
            "procedure",
            now.figure.procedure[:40],
            before=said | {"is": _said(now.figure, found.value)},
            after=said | {"is": "taken back"},
            why=reason_as_kept(why),
        )
    return found
