"""The teams and services that files name: found as names are compared, or made, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.domain.naming import folded
from core.store import bulk, teams
from core.store.care import batches
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Team
from core.store.teams import Kind

UNPLACED = "Teams named by files"
"""The service of a team of which no file says the service."""


@dataclass(frozen=True, slots=True)
class Found:
    """By name as names are compared: ids, and of those made or opened again the names."""

    ids: Mapping[str, int]
    new: Mapping[str, str]


def make(
    scope: Scope, wanted: Mapping[str, tuple[str, str]], moved: Mapping[int, str]
) -> tuple[Found, Found]:
    """Have teams with their services, and others in another service; gives services and teams.

    ``wanted`` are names of teams with their services ("" for none), by name as compared; ``moved``
    the services of teams by id. In the transaction under way, with as many reads for many teams
    as for one.
    """
    named: dict[str, dict[str, str]] = {}
    for service in (*(service for _, service in wanted.values()), *moved.values()):
        named.setdefault(folded(service or UNPLACED), {"name": service or UNPLACED})
    services = _have(scope, "service", named)
    made = _have(
        scope,
        "team",
        {
            key: {"name": name, "service_id": services.ids[folded(service or UNPLACED)]}
            for key, (name, service) in wanted.items()
        },
    )
    _move(scope, {team: services.ids[folded(service)] for team, service in moved.items()})
    return services, made


def _have(scope: Scope, kind: Kind, wanted: Mapping[str, Mapping[str, Any]]) -> Found:
    """Every one of these names: as it is there, opened again where it has been ended, or made."""
    if not wanted:
        return Found({}, {})
    table = teams.TABLES[kind]
    there = teams.by_names(scope, kind)
    ended = [key for key in wanted if key in there and there[key][1]]
    for batch in batches([there[key][0] for key in ended]):
        db.session.execute(
            sa.update(table)
            .where(table.authority_id == scope.authority_id, table.id.in_(batch))
            .values(until=None)
        )
    missing = [key for key in wanted if key not in there]
    if missing:
        own = (scope.authority_id,)
        bulk.insert(table, ((own, wanted[key]) for key in missing), ("authority_id",))
        there = teams.by_names(scope, kind)
    ids = {key: there[key][0] for key in wanted}
    return Found(ids, {key: wanted[key]["name"] for key in (*ended, *missing)})


def _move(scope: Scope, services: Mapping[int, int]) -> None:
    """Put teams into services, by their ids."""
    if services:
        table = Team.__table__
        db.session.connection().execute(
            sa.update(table)  # type: ignore[arg-type]
            .where(table.c.authority_id == scope.authority_id, table.c.id == sa.bindparam("at"))
            .values(service_id=sa.bindparam("to")),
            [{"at": team, "to": service} for team, service in services.items()],
        )
