"""Children opened for a stated reason: by whom, why, until when, and who was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased

from core.domain.naming import child_name
from core.store.database import db
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import children_seen, held
from core.store.tables import Account, AccountRole, AuditRow, Child, Placing, StatedAccess

REFUSED = "open record refused"
MOST = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A child found by local id, whether or not the asker sees it; ``seen`` says that they do."""

    id: int
    public_id: str
    born: date | None
    family_name: str
    closed: bool
    seen: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A child opened for a reason; moments are UTC without a zone."""

    public_id: str
    child_public_id: str
    child_name: str
    by: str
    reason: str
    since: datetime
    until: datetime
    ended_at: datetime | None


def by_local_id(scope: Scope, local_id: str) -> Asked | None:
    """A child of the authority by local id; of one merged into another, the record that is kept."""
    said, kept = aliased(Child), Child
    row = db.session.execute(
        sa.select(
            kept.id,
            kept.public_id,
            kept.born,
            kept.family_name,
            kept.closed_to != "",
            children_seen(scope),
        )
        .join(said, sa.func.coalesce(said.merged_into_id, said.id) == kept.id)
        .where(
            said.authority_id == scope.authority_id,
            kept.authority_id == scope.authority_id,
            said.local_id == local_id,
        )
    ).first()
    return Asked(row[0], row[1], row[2], row[3], bool(row[4]), bool(row[5])) if row else None


def refused_since(scope: Scope, moment: datetime) -> list[datetime]:
    """When the asker was refused a record since a moment, earliest first."""
    return list(
        db.session.scalars(
            sa.select(AuditRow.at)
            .where(
                AuditRow.authority_id == scope.authority_id,
                AuditRow.account_id == scope.account_id,
                AuditRow.did == REFUSED,
                AuditRow.at > moment,
            )
            .order_by(AuditRow.at)
            .limit(MOST)
        )
    )


def state(scope: Scope, child_id: int, reason: str, since: datetime, until: datetime) -> str:
    """Open a child for the asker, in the transaction under way; gives the public id of that."""
    return str(
        db.session.execute(
            sa.insert(StatedAccess)
            .values(
                authority_id=scope.authority_id,
                account_id=scope.account_id,
                child_id=child_id,
                reason=reason,
                since=since,
                until=until,
            )
            .returning(StatedAccess.public_id)
        ).scalar_one()
    )


def end(scope: Scope, public_id: str, at: datetime) -> str | None:
    """End what the asker opened, in the transaction under way; gives the child's public id."""
    row = db.session.execute(
        sa.select(StatedAccess.id, Child.public_id)
        .join(Child, Child.id == StatedAccess.child_id)
        .where(_mine(scope, at), StatedAccess.public_id == public_id)
        .with_for_update(of=StatedAccess)
    ).first()
    if row is None:
        return None
    db.session.execute(
        sa.update(StatedAccess)
        .where(StatedAccess.authority_id == scope.authority_id, StatedAccess.id == row.id)
        .values(ended_at=at)
    )
    return str(row.public_id)


def mine(scope: Scope, at: datetime, child: str | None = None) -> list[Opened]:
    """What the asker has open now, or of one child, the one that lasts longest first."""
    query = _opened(scope).where(_mine(scope, at)).order_by(StatedAccess.until.desc())
    if child is not None:
        query = query.where(Child.public_id == child)
    return _rows(db.session.execute(query.limit(MOST)))


def told(scope: Scope, public_id: str | None = None) -> Some[Opened]:
    """What the asker is to be told of and nobody has said yet to have read, latest first.

    The manager of the child's team is told; where it has none today, the heads of service.
    """
    ways: list[ColumnElement[bool]] = []
    for account_id, roles in ((scope.account_id, scope.roles), *scope.covers):
        if "team.manager" in roles:
            ways.append(
                Child.team_id.in_(
                    sa.select(Placing.team_id).where(
                        Placing.authority_id == scope.authority_id,
                        Placing.account_id == account_id,
                        held(Placing, scope.on),
                    )
                )
            )
        if "head.of.service" in roles:
            ways.append(sa.not_(_managed(scope)))
    if not ways:
        return Some()
    # Asked first: they are few, and SQLite would begin with every child of the authority.
    unread = sa.select(StatedAccess.child_id).where(
        StatedAccess.authority_id == scope.authority_id, StatedAccess.seen_at.is_(None)
    )
    children = sorted(set(db.session.scalars(unread)))
    if not children:
        return Some()
    query = (
        _opened(scope)
        .where(StatedAccess.seen_at.is_(None), sa.or_(*ways))
        .order_by(StatedAccess.since.desc(), StatedAccess.id.desc())
    )
    if len(children) <= MOST:
        query = query.where(Child.id.in_(children))
    if public_id is not None:
        query = query.where(StatedAccess.public_id == public_id)
    rows = first(query, MOST)
    return Some(_rows(rows), rows.more)


def read(scope: Scope, public_id: str, at: datetime) -> None:
    """Say that the asker has read of it, in the transaction under way."""
    db.session.execute(
        sa.update(StatedAccess)
        .where(
            StatedAccess.authority_id == scope.authority_id,
            StatedAccess.public_id == public_id,
            StatedAccess.seen_at.is_(None),
        )
        .values(seen_at=at, seen_by=scope.account_id)
    )


def _managed(scope: Scope) -> ColumnElement[bool]:
    """True for the children whose team has a manager today who can sign in."""
    return sa.exists().where(
        Placing.authority_id == scope.authority_id,
        Placing.team_id == Child.team_id,
        held(Placing, scope.on),
        AccountRole.authority_id == scope.authority_id,
        AccountRole.account_id == Placing.account_id,
        AccountRole.role == "team.manager",
        held(AccountRole, scope.on),
        Account.id == Placing.account_id,
        Account.active,
    )


def _mine(scope: Scope, at: datetime) -> ColumnElement[bool]:
    return sa.and_(
        StatedAccess.authority_id == scope.authority_id,
        StatedAccess.account_id == scope.account_id,
        StatedAccess.ended_at.is_(None),
        StatedAccess.since <= at,
        StatedAccess.until > at,
    )


def _opened(scope: Scope) -> Any:
    by = aliased(Account)
    return (
        sa.select(
            StatedAccess.public_id,
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            sa.func.coalesce(by.name, ""),
            StatedAccess.reason,
            StatedAccess.since,
            StatedAccess.until,
            StatedAccess.ended_at,
        )
        .join(Child, Child.id == StatedAccess.child_id)
        .outerjoin(by, by.id == StatedAccess.account_id)
        .where(StatedAccess.authority_id == scope.authority_id, children_seen(scope))
    )


def _rows(rows: Iterable[Any]) -> list[Opened]:
    return [
        Opened(public_id, child, child_name(given, family, local_id), *rest)
        for public_id, child, given, family, local_id, *rest in rows
    ]
