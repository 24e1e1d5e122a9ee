"""Who works with children on a day: who manages, who is allocated, who is named for a record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Account, AccountRole, Allocation, Child, NamedAccess, Placing

TEAM_MANAGER, SERVICE_MANAGER = "team.manager", "service.manager"
WORKER, OFFICER = "worker", "iro"


@dataclass(frozen=True, slots=True)
class Manages:
    """Somebody who manages a team (``role`` TEAM_MANAGER) or a service, by its id."""

    role: str
    place: int
    account_id: int
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Works:
    """Somebody to whom a child is allocated as WORKER or OFFICER."""

    relation: str
    child_id: int
    account_id: int
    name: str
    active: bool


def managing(scope: Scope, teams: Collection[int], services: Collection[int] = ()) -> list[Manages]:
    """Who manages these teams and services on the scope's day, by name: one query.

    Suspended accounts are among them.
    """
    place = sa.case((AccountRole.role == TEAM_MANAGER, Placing.team_id), else_=Placing.service_id)
    rows = db.session.execute(
        sa.select(AccountRole.role, place, Account.id, Account.name, Account.active)
        .select_from(Placing)
        .join(Account, Account.id == Placing.account_id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(
            Placing.authority_id == scope.authority_id,
            AccountRole.authority_id == scope.authority_id,
            held(Placing, scope.on),
            held(AccountRole, scope.on),
            sa.or_(
                sa.and_(AccountRole.role == TEAM_MANAGER, Placing.team_id.in_(sorted(teams))),
                sa.and_(
                    AccountRole.role == SERVICE_MANAGER, Placing.service_id.in_(sorted(services))
                ),
            ),
        )
        .order_by(Account.name, Account.id)
    )
    return [Manages(*row) for row in rows]


def allocated(scope: Scope, child_ids: Collection[int]) -> list[Works]:
    """The workers and reviewing officers of children on the scope's day, by name: one query.

    Suspended accounts are among them.
    """
    rows = db.session.execute(
        sa.select(
            Allocation.relation, Allocation.child_id, Account.id, Account.name, Account.active
        )
        .join(Account, Account.id == Allocation.account_id)
        .where(
            Allocation.authority_id == scope.authority_id,
            Allocation.child_id.in_(sorted(child_ids)),
            Allocation.relation.in_((WORKER, OFFICER)),
            held(Allocation, scope.on),
        )
        .order_by(Account.name, Account.id)
    )
    return [Works(*row) for row in rows]


def named_for(scope: Scope, child_ids: Collection[int]) -> set[tuple[int, int]]:
    """Who is named for these restricted or sealed records: child and account each; one query."""
    rows = db.session.execute(
        sa.select(NamedAccess.child_id, NamedAccess.account_id).where(
            NamedAccess.authority_id == scope.authority_id,
            NamedAccess.child_id.in_(sorted(child_ids)),
            held(NamedAccess, scope.on),
        )
    )
    return {(row.child_id, row.account_id) for row in rows}


def closed(scope: Scope, child_id: int) -> bool:
    """Whether the record of a child is restricted or sealed."""
    query = sa.select(Child.id).where(
        Child.authority_id == scope.authority_id, Child.id == child_id, Child.closed_to != ""
    )
    return db.session.execute(query).first() is not None
