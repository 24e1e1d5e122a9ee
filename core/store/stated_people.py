"""Whom files name with children, the teams they give them, and open actions: set by set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.store import board_marks, bulk
from core.store.care import batches
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import (
    Account,
    Action,
    Allocation,
    Child,
    Service,
    StatedWorker,
    Team,
)


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One stored saying of whom a file names; ``format`` is the kind of file.

    ``said_of`` is the local id of which it is said, where that record was merged into the child's.
    """

    id: int
    child_id: int
    relation: str
    said: str
    email: str
    staff_number: str
    as_at: date
    account_id: int | None
    ended: bool
    format: str
    said_of: str = ""


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One stored allocation."""

    id: int
    child_id: int
    relation: str
    account_id: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One stored action that came from a tracker; ``as_at`` is the day of its file."""

    id: int
    public_id: str
    child_id: int
    what: str
    owner_id: int | None
    owner_name: str
    due: date
    first_due: date
    done: bool
    as_at: date | None
    given_due: date | None
    given_owner_id: int | None
    given_owner: str

    @property
    def moved(self) -> bool:
        """Whether a person has moved its day since files gave it."""
        return self.due != self.given_due

    @property
    def handed_on(self) -> bool:
        """Whether a person has given it to another since files said whose it is."""
        return (self.owner_id, self.owner_name) != (self.given_owner_id, self.given_owner)


@dataclass(frozen=True, slots=True)
class TeamRow:
    id: int
    name: str
    service: str


def named(scope: Scope, child_ids: Collection[int]) -> list[NamedRow]:
    """Everything that files said of who works with these children."""
    found: list[NamedRow] = []
    for batch in batches(child_ids):
        rows = db.session.execute(
            sa.select(
                StatedWorker.id,
                StatedWorker.child_id,
                StatedWorker.relation,
                StatedWorker.said,
                StatedWorker.email,
                StatedWorker.staff_number,
                StatedWorker.as_at,
                StatedWorker.account_id,
                StatedWorker.ended_at.is_not(None),
                StatedWorker.format,
                StatedWorker.said_of,
            )
            .where(
                StatedWorker.authority_id == scope.authority_id, StatedWorker.child_id.in_(batch)
            )
            .order_by(StatedWorker.id)
        )
        found += [NamedRow(*tuple[Any, ...](row)) for row in rows]
    return found


def held(scope: Scope, child_ids: Collection[int]) -> list[HeldRow]:
    """Every allocation of these children."""
    found: list[HeldRow] = []
    for batch in batches(child_ids):
        rows = db.session.execute(
            sa.select(
                Allocation.id,
                Allocation.child_id,
                Allocation.relation,
                Allocation.account_id,
                Allocation.since,
                Allocation.until,
            )
            .where(Allocation.authority_id == scope.authority_id, Allocation.child_id.in_(batch))
            .order_by(Allocation.id)
        )
        found += [HeldRow(*row) for row in rows]
    return found


def tracked(scope: Scope, child_ids: Collection[int]) -> list[ActionRow]:
    """The actions of these children that came from trackers."""
    found: list[ActionRow] = []
    for batch in batches(child_ids):
        rows = db.session.execute(
            sa.select(
                Action.id,
                Action.public_id,
                Action.child_id,
                Action.what,
                Action.owner_id,
                Action.owner_name,
                Action.due,
                Action.first_due,
                sa.or_(Action.done_on.is_not(None), Action.ended_on.is_not(None)),
                Action.as_at,
                Action.given_due,
                Action.given_owner_id,
                Action.given_owner,
            )
            .where(
                Action.authority_id == scope.authority_id,
                Action.child_id.in_(batch),
                Action.import_file_id.is_not(None),
            )
            .order_by(Action.id)
        )
        found += [ActionRow(*tuple[Any, ...](row)) for row in rows]
    return found


def account_names(scope: Scope) -> dict[int, str]:
    """Who the accounts of the authority are."""
    rows = db.session.execute(
        sa.select(Account.id, Account.name).where(Account.authority_id == scope.authority_id)
    )
    return {row.id: row.name for row in rows}


def suspended(scope: Scope) -> frozenset[int]:
    """The accounts of the authority that cannot sign in."""
    return frozenset(
        db.session.scalars(
            sa.select(Account.id).where(
                Account.authority_id == scope.authority_id, Account.active.is_(False)
            )
        )
    )


def teams(scope: Scope) -> list[TeamRow]:
    """Every team, those that were ended too."""
    return _teams(scope)


def _teams(scope: Scope, *which: sa.ColumnElement[bool]) -> list[TeamRow]:
    rows = db.session.execute(
        sa.select(Team.id, Team.name, Service.name)
        .join(Service, Service.id == Team.service_id)
        .where(Team.authority_id == scope.authority_id, *which)
        .order_by(Team.id)
    )
    return [TeamRow(*row) for row in rows]


def open_again(scope: Scope, team_ids: Collection[int]) -> tuple[list[TeamRow], list[str]]:
    """Have those of these teams that were ended again, each with its service.

    In the transaction under way; gives the teams, and the names of the services opened again.
    """
    own = (Team.authority_id == scope.authority_id, Team.id.in_(team_ids))
    ended = _teams(scope, *own, Team.until.is_not(None))
    if not ended:
        return [], []
    ids = [row.id for row in ended]
    db.session.execute(sa.update(Team).where(*own, Team.id.in_(ids)).values(until=None))
    services = db.session.scalars(
        sa.update(Service)
        .where(
            Service.authority_id == scope.authority_id,
            Service.id.in_(sa.select(Team.service_id).where(*own, Team.id.in_(ids))),
            Service.until.is_not(None),
        )
        .values(until=None)
        .returning(Service.name)
        .execution_options(synchronize_session=False)
    )
    return ended, sorted(services)


def set_teams(scope: Scope, children: Mapping[int, int]) -> None:
    """Put children into teams, by their ids."""
    if children:
        table = Child.__table__
        db.session.connection().execute(
            sa.update(table)  # type: ignore[arg-type]
            .where(table.c.authority_id == scope.authority_id, table.c.id == sa.bindparam("at"))
            .values(version=table.c.version + 1, team_id=sa.bindparam("team")),
            [{"at": child_id, "team": team_id} for child_id, team_id in children.items()],
        )


def put_named(
    scope: Scope,
    new: Iterable[Mapping[str, Any]],
    *,
    gone: Collection[int],
    ended: Collection[int],
    current: Collection[int],
    matched: Mapping[int, int],
    at: datetime,
) -> None:
    """Write what files say of who works with children, in the transaction under way.

    ``gone`` are ids of sayings that another file of the same kind and day has replaced; ``ended``
    those that a later file has, ``current`` those that stand again or still; ``matched`` gives the
    account of sayings that had none.
    """
    for batch in batches(gone):
        db.session.execute(
            sa.delete(StatedWorker).where(
                StatedWorker.authority_id == scope.authority_id, StatedWorker.id.in_(batch)
            )
        )
    for ids, value in ((ended, at), (current, None)):
        for batch in batches(ids):
            db.session.execute(
                sa.update(StatedWorker)
                .where(StatedWorker.authority_id == scope.authority_id, StatedWorker.id.in_(batch))
                .values(ended_at=value)
            )
    by_account: dict[int, list[int]] = {}
    for row_id, account_id in matched.items():
        by_account.setdefault(account_id, []).append(row_id)
    for account_id, row_ids in by_account.items():
        for batch in batches(row_ids):
            db.session.execute(
                sa.update(StatedWorker)
                .where(StatedWorker.authority_id == scope.authority_id, StatedWorker.id.in_(batch))
                .values(account_id=account_id)
            )
    _insert(scope, StatedWorker, new)


def put_held(
    scope: Scope,
    new: Iterable[Mapping[str, Any]],
    gone: Collection[int],
    until: Mapping[int, date | None],
) -> None:
    """Write allocations that follow from files, in the transaction under way."""
    for batch in batches(gone):
        db.session.execute(
            sa.delete(Allocation).where(
                Allocation.authority_id == scope.authority_id, Allocation.id.in_(batch)
            )
        )
    if until:
        table = Allocation.__table__
        db.session.connection().execute(
            sa.update(table)  # type: ignore[arg-type]
            .where(table.c.authority_id == scope.authority_id, table.c.id == sa.bindparam("at"))
            .values(until=sa.bindparam("end")),
            [{"at": row_id, "end": end} for row_id, end in until.items()],
        )
    _insert(scope, Allocation, new)


def put_actions(
    scope: Scope, new: Iterable[Mapping[str, Any]], changed: Mapping[int, Mapping[str, Any]]
) -> None:
    """Add actions of trackers and change those that are there; all changes have the same names."""
    if changed:
        table = Action.__table__
        names = next(iter(changed.values()))
        db.session.connection().execute(
            sa.update(table)  # type: ignore[arg-type]
            .where(
                table.c.authority_id == scope.authority_id,
                table.c.id == sa.bindparam("at"),
                table.c.done_on.is_(None),
                table.c.ended_on.is_(None),
            )
            .values(
                version=table.c.version + 1,
                **{name: sa.bindparam(f"new_{name}") for name in names},
            ),
            [
                {"at": row_id, **{f"new_{name}": value for name, value in values.items()}}
                for row_id, values in changed.items()
            ],
        )
    new = list(new)
    board_marks.acted(scope, changed, (row["child_id"] for row in new))
    _insert(scope, Action, new)


def _insert(scope: Scope, table: type[Any], rows: Iterable[Mapping[str, Any]]) -> None:
    bulk.insert(table, (((scope.authority_id,), row) for row in rows), ("authority_id",))
