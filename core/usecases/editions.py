"""The procedures that an authority follows on a day, each with the figures it has set itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from core.domain.procedure import Procedure, local
from core.domain.procedure.local import Setting
from core.registry import Registry
from core.store import enabled, local_settings
from core.store.enabled import Enabled
from core.store.scope import Scope


class Editions:
    """What an authority follows, read once, and asked of as many days as are wanted.

    ``breaks`` are the days on which something of it changes: between two of them nothing does, and
    the same procedures are given again, not others like them.
    """

    def __init__(
        self, registry: Registry, followed: Iterable[Enabled], settings: Iterable[Setting]
    ) -> None:
        self.registry, self.enabled, self.settings = registry, tuple(followed), tuple(settings)
        days = {row.since for row in self.enabled} | {setting.since for setting in self.settings}
        days |= {row.until for row in self.enabled if row.until is not None}
        editions = (entry.procedure.in_force_from for entry in registry)
        days |= {begun for begun in editions if begun is not None}
        self.breaks = tuple(sorted(days))
        self._in_force: dict[int, dict[str, Setting]] = {}
        self._applied: dict[tuple[str, str, int], Procedure] = {}
        self._followed: dict[int, tuple[Procedure, ...]] = {}

    def with_figures(self, procedure: Procedure, on: date) -> Procedure:
        """An edition with the authority's figures that are in force on a day."""
        span = bisect_right(self.breaks, on)
        key = (procedure.code, procedure.edition, span)
        if key not in self._applied:
            if span not in self._in_force:
                self._in_force[span] = local.in_force(self.settings, on)
            self._applied[key] = local.applied(procedure, self._in_force[span])
        return self._applied[key]

    def in_force(self, code: str, on: date) -> Procedure | None:
        """The edition of a procedure in force on a day, with the figures of that day."""
        edition = self.registry.edition(code, on)
        return None if edition is None else self.with_figures(edition, on)

    def kept(self, code: str, edition: str, on: date) -> Procedure | None:
        """The very edition that a case or a meeting keeps, with the figures of a day."""
        named = self.registry.named(code, edition)
        return None if named is None else self.with_figures(named, on)

    def followed(self, on: date) -> tuple[Procedure, ...]:
        """The procedures followed on a day, in the authority's order, then what is always on."""
        span = bisect_right(self.breaks, on)
        if span not in self._followed:
            codes = [row.code for row in self.enabled if row.on(on)]
            always = [entry.procedure.code for entry in self.registry if entry.procedure.always]
            editions = (self.in_force(code, on) for code in dict.fromkeys((*codes, *always)))
            self._followed[span] = tuple(edition for edition in editions if edition is not None)
        return self._followed[span]


def of(scope: Scope, registry: Registry) -> Editions:
    """What the authority follows and has set: two queries, for as many days as are wanted."""
    return Editions(registry, enabled.every(scope), local_settings.standing(scope))


def with_figures(scope: Scope, registry: Registry) -> Editions:
    """Every edition with what the authority has set, and nothing of what it follows: one query."""
    return Editions(registry, (), local_settings.standing(scope))


def in_force(scope: Scope, registry: Registry, code: str, on: date) -> Procedure | None:
    """The edition of a procedure in force on a day, with the authority's figures: one query."""
    return with_figures(scope, registry).in_force(code, on)


def kept(scope: Scope, registry: Registry, code: str, edition: str, on: date) -> Procedure | None:
    """The edition that a case or a meeting keeps, with the figures of a day: one query."""
    return with_figures(scope, registry).kept(code, edition, on)


def followed(scope: Scope, registry: Registry, on: date) -> tuple[Procedure, ...]:
    """The procedures followed on a day, in order, then what is always on: two queries."""
    return of(scope, registry).followed(on)
