"""Services and their teams: how many people and children each has, added, renamed, moved, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from core.domain.naming import folded
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen, held
from core.store.tables import Child, Placing, Service, Team

Kind = Literal["service", "team"]
TABLES: dict[Kind, type[Service] | type[Team]] = {"service": Service, "team": Team}


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team with how many people work in it today and how many children are its own."""

    id: int
    name: str
    service_id: int
    service: str
    people: int
    children: int


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A service; ``people`` are those who work across it, in none of its teams."""

    id: int
    name: str
    people: int
    teams: tuple[TeamRow, ...] = ()

    @property
    def everybody(self) -> int:
        return self.people + sum(team.people for team in self.teams)

    @property
    def children(self) -> int:
        return sum(team.children for team in self.teams)


def _there(table: type[Service] | type[Team], scope: Scope) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.authority_id == scope.authority_id,
        sa.or_(table.until.is_(None), table.until > scope.on),
    )


def _people(scope: Scope, column: Any) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(column, sa.func.count(sa.distinct(Placing.account_id)))
        .where(
            Placing.authority_id == scope.authority_id,
            column.is_not(None),
            held(Placing, scope.on),
        )
        .group_by(column)
    )
    return {row[0]: row[1] for row in rows}


def tree(scope: Scope) -> list[ServiceRow]:
    """Every service with its teams, by name: five queries."""
    services = db.session.execute(
        sa.select(Service.id, Service.name)
        .where(_there(Service, scope))
        .order_by(Service.name, Service.id)
    ).all()
    teams = db.session.execute(
        sa.select(Team.id, Team.name, Team.service_id)
        .where(_there(Team, scope))
        .order_by(Team.name, Team.id)
    ).all()
    in_teams, across = _people(scope, Placing.team_id), _people(scope, Placing.service_id)
    children = {
        row[0]: row[1]
        for row in db.session.execute(
            sa.select(Child.team_id, sa.func.count())
            .where(children_seen(scope), Child.team_id.is_not(None))
            .group_by(Child.team_id)
        )
    }
    return [
        ServiceRow(
            service.id,
            service.name,
            across.get(service.id, 0),
            tuple(
                TeamRow(
                    team.id,
                    team.name,
                    service.id,
                    service.name,
                    in_teams.get(team.id, 0),
                    children.get(team.id, 0),
                )
                for team in teams
                if team.service_id == service.id
            ),
        )
        for service in services
    ]


def by_name(scope: Scope, kind: Kind, name: str) -> tuple[int, bool] | None:
    """The id of a service or a team by its name, and whether it has been ended.

    Case, accents and spaces are no difference; the one of exactly this name is the first.
    """
    rows, wanted = _named(scope, kind), folded(name)
    same = [row for row in rows if folded(row.name) == wanted]
    row = next((row for row in same if row.name == name), same[0] if same else None)
    return (row.id, _ended(scope, row)) if row else None


def by_names(scope: Scope, kind: Kind) -> dict[str, tuple[int, bool]]:
    """Every service or team by its name as it is compared: its id, and whether it has ended."""
    found: dict[str, tuple[int, bool]] = {}
    for row in _named(scope, kind):
        found.setdefault(folded(row.name), (row.id, _ended(scope, row)))
    return found


def _named(scope: Scope, kind: Kind) -> list[Any]:
    # Compared by who asks: SQLite has small letters for A to Z alone.
    table = TABLES[kind]
    query = sa.select(table.id, table.until, table.name)
    mine = query.where(table.authority_id == scope.authority_id).order_by(table.id)
    return list(db.session.execute(mine))


def _ended(scope: Scope, row: Any) -> bool:
    return row.until is not None and bool(row.until <= scope.on)


def add(scope: Scope, name: str, service_id: int | None) -> int:
    """Add a team to a service, or where there is none a service, in the transaction under way."""
    values = {"authority_id": scope.authority_id, "name": name}
    if service_id is None:
        made = sa.insert(Service).values(values).returning(Service.id)
    else:
        made = sa.insert(Team).values(**values, service_id=service_id).returning(Team.id)
    return int(db.session.execute(made).scalar_one())


def change(
    scope: Scope,
    kind: Kind,
    row_id: int,
    seen: dict[str, Any],
    **values: Any,
) -> bool:
    """Change one that stands as it was seen, in the transaction under way; false where not."""
    table = TABLES[kind]
    done = db.session.execute(
        sa.update(table)
        .where(
            table.authority_id == scope.authority_id,
            table.id == row_id,
            *(getattr(table, name) == value for name, value in seen.items()),
        )
        .values(**values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def in_use(scope: Scope, *, team_id: int | None = None, service_id: int | None = None) -> list[str]:
    """What keeps a team or a service from ending, in words; nothing where it may end."""
    to_come = sa.or_(Placing.until.is_(None), Placing.until > scope.on)
    where = Placing.team_id == team_id if team_id else Placing.service_id == service_id
    people = _count(
        sa.select(sa.func.count(sa.distinct(Placing.account_id))).where(
            Placing.authority_id == scope.authority_id, where, to_come
        )
    )
    found = [f"{people} {'person works' if people == 1 else 'people work'} there"] if people else []
    if team_id:
        children = _count(
            sa.select(sa.func.count()).where(
                Child.authority_id == scope.authority_id, Child.team_id == team_id
            )
        )
        if children:
            found.append(f"{children} {'child is' if children == 1 else 'children are'} its own")
    else:
        teams = _count(
            sa.select(sa.func.count()).where(_there(Team, scope), Team.service_id == service_id)
        )
        if teams:
            found.append(f"{teams} {'team is' if teams == 1 else 'teams are'} part of it")
    return found


def _count(query: Any) -> int:
    return int(db.session.execute(query).scalar_one())


def lock(scope: Scope, kind: Kind, row_id: int) -> bool:
    """Keep others from changing it until the transaction ends; false where it is not there."""
    table = TABLES[kind]
    return (
        db.session.execute(
            sa.select(table.id).where(_there(table, scope), table.id == row_id).with_for_update()
        ).first()
        is not None
    )


def reopened(scope: Scope, kind: Kind, row_id: int, **values: Any) -> None:
    """Have one that was ended again, in the transaction under way."""
    change(scope, kind, row_id, {}, until=None, **values)


def ended_on(scope: Scope, kind: Kind, row_id: int, on: date) -> None:
    """End one from a day, in the transaction under way."""
    change(scope, kind, row_id, {}, until=on)
