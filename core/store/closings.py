"""Restricted and sealed records: which are closed, why, and who is named for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Account, Child, Closing, NamedAccess

TAKEN_APART = "Closed as the record is from which it was taken apart"


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed record, of whose child nothing is told but the local id; moments are UTC."""

    id: int
    public_id: str
    child_id: int
    child_public_id: str
    local_id: str
    kind: str
    why: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named for a closed record, from a day; ``active`` says that they can sign in."""

    account_id: int
    public_id: str
    name: str
    email: str
    since: date
    active: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A child by local id; ``closed_to`` says how the record is closed, "" where it is not."""

    id: int
    public_id: str
    closed_to: str


def child(scope: Scope, local_id: str) -> Found | None:
    """The child of the authority with this local id; of a merged record, the one that is kept."""
    said, kept = aliased(Child), aliased(Child)
    row = db.session.execute(
        sa.select(kept.id, kept.public_id, kept.closed_to)
        .join(said, sa.func.coalesce(said.merged_into_id, said.id) == kept.id)
        .where(
            said.authority_id == scope.authority_id,
            kept.authority_id == scope.authority_id,
            said.local_id == local_id,
        )
    ).first()
    return Found(*row) if row else None


def listed(scope: Scope, page: int, size: int) -> tuple[list[tuple[Closed, int]], int]:
    """One page of the closed records by local id, each with how many are named who can sign in;
    and how many records there are.
    """
    named = (
        sa.select(sa.func.count())
        .select_from(NamedAccess)
        .join(Account, Account.id == NamedAccess.account_id)
        .where(
            Account.active,
            NamedAccess.authority_id == scope.authority_id,
            NamedAccess.child_id == Closing.child_id,
            held(NamedAccess, scope.on),
        )
        .scalar_subquery()
    )
    total = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(Closing)
        .where(Closing.authority_id == scope.authority_id, Closing.ended_at.is_(None))
    )
    rows = db.session.execute(
        _closed(scope)
        .add_columns(named)
        .order_by(Child.local_id, Closing.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return [(Closed(*facts), count) for *facts, count in rows], int(total or 0)


def find(scope: Scope, public_id: str) -> Closed | None:
    """A closed record that has not been opened again, by the id in its address."""
    row = db.session.execute(_closed(scope).where(Closing.public_id == public_id)).first()
    return Closed(*row) if row else None


def _closed(scope: Scope) -> Any:
    return (
        sa.select(
            Closing.id,
            Closing.public_id,
            Child.id,
            Child.public_id,
            Child.local_id,
            Closing.kind,
            Closing.why,
            Closing.made_at,
            sa.func.coalesce(Account.name, ""),
        )
        .join(Child, Child.id == Closing.child_id)
        .outerjoin(Account, Account.id == Closing.made_by)
        .where(Closing.authority_id == scope.authority_id, Closing.ended_at.is_(None))
    )


def named(scope: Scope, child_id: int) -> list[Named]:
    """Who is named for a closed record today, by name."""
    rows = db.session.execute(
        sa.select(Account.id, Account.public_id, Account.name, Account.email, NamedAccess.since)
        .add_columns(Account.active)
        .join(NamedAccess, NamedAccess.account_id == Account.id)
        .where(
            NamedAccess.authority_id == scope.authority_id,
            NamedAccess.child_id == child_id,
            held(NamedAccess, scope.on),
        )
        .order_by(Account.name, Account.id)
    )
    return [Named(*row) for row in rows]


def accounts_of(scope: Scope, emails: list[str]) -> dict[str, tuple[int, str, str]]:
    """The active accounts with these e-mails, in small letters: id, public id and name."""
    # Compared here: SQLite has small letters for A to Z alone.
    rows = db.session.execute(
        sa.select(Account.email, Account.id, Account.public_id, Account.name).where(
            Account.authority_id == scope.authority_id, Account.active
        )
    )
    wanted = set(emails)
    return {
        email.lower(): (account_id, public_id, name)
        for email, account_id, public_id, name in rows
        if email.lower() in wanted
    }


def lock(scope: Scope, child_id: int) -> None:
    """Hold a child until the transaction under way ends: one closes or opens it at a time."""
    db.session.execute(
        sa.select(Child.id)
        .where(Child.authority_id == scope.authority_id, Child.id == child_id)
        .with_for_update()
    )


def close(scope: Scope, child_id: int, kind: str, why: str, at: datetime) -> str:
    """Close a record, in the transaction under way; gives the public id of the closing."""
    _set(scope, child_id, kind)
    return str(
        db.session.execute(
            sa.insert(Closing)
            .values(
                authority_id=scope.authority_id,
                child_id=child_id,
                kind=kind,
                why=why,
                made_at=at,
                made_by=scope.account_id,
            )
            .returning(Closing.public_id)
        ).scalar_one()
    )


def reopen(scope: Scope, closed: Closed, why: str, at: datetime) -> None:
    """End a closing and every name on it, in the transaction under way."""
    _set(scope, closed.child_id, "")
    db.session.execute(
        sa.update(Closing)
        .where(Closing.authority_id == scope.authority_id, Closing.id == closed.id)
        .values(ended_at=at, ended_by=scope.account_id, ended_why=why)
    )
    db.session.execute(
        sa.update(NamedAccess)
        .where(
            NamedAccess.authority_id == scope.authority_id,
            NamedAccess.child_id == closed.child_id,
            NamedAccess.until.is_(None),
        )
        .values(until=scope.on)
    )


def name(scope: Scope, child_id: int, account_ids: list[int]) -> None:
    """Name people for a closed record from today, in the transaction under way."""
    for account_id in account_ids:
        db.session.execute(
            sa.insert(NamedAccess).values(
                authority_id=scope.authority_id,
                child_id=child_id,
                account_id=account_id,
                since=scope.on,
                named_by=scope.account_id,
            )
        )


def unname(scope: Scope, child_id: int, account_id: int) -> None:
    """Take a name off a closed record from today, in the transaction under way."""
    db.session.execute(
        sa.update(NamedAccess)
        .where(
            NamedAccess.authority_id == scope.authority_id,
            NamedAccess.child_id == child_id,
            NamedAccess.account_id == account_id,
            NamedAccess.until.is_(None),
        )
        .values(until=scope.on)
    )


def close_alike(scope: Scope, child_id: int, like_id: int, at: datetime) -> str:
    """Close a record as another is closed, to the same people; gives how it is closed then.

    A record that is closed itself stays so where the other is open: none is opened by this.
    """
    kinds = {
        row.id: row.closed_to
        for row in db.session.execute(
            sa.select(Child.id, Child.closed_to).where(
                Child.authority_id == scope.authority_id, Child.id.in_([child_id, like_id])
            )
        )
    }
    if not kinds[like_id]:
        return str(kinds[child_id])
    _set(scope, child_id, kinds[like_id])
    db.session.execute(
        sa.update(Closing)
        .where(
            Closing.authority_id == scope.authority_id,
            Closing.child_id == child_id,
            Closing.ended_at.is_(None),
        )
        .values(ended_at=at, ended_by=scope.account_id, ended_why=TAKEN_APART)
    )
    db.session.execute(
        sa.update(NamedAccess)
        .where(
            NamedAccess.authority_id == scope.authority_id,
            NamedAccess.child_id == child_id,
            NamedAccess.until.is_(None),
        )
        .values(until=scope.on)
    )
    for table, columns, stand in (
        (Closing, ("kind", "why", "made_at", "made_by"), Closing.ended_at.is_(None)),
        (
            NamedAccess,
            ("account_id", "since", "until", "named_by"),
            sa.or_(NamedAccess.until.is_(None), NamedAccess.until > scope.on),
        ),
    ):
        rows = db.session.execute(
            sa.select(*(getattr(table, name) for name in columns)).where(
                table.authority_id == scope.authority_id, table.child_id == like_id, stand
            )
        ).all()
        for row in rows:
            own = {"authority_id": scope.authority_id, "child_id": child_id}
            db.session.execute(sa.insert(table).values(**own, **row._mapping))
    return str(kinds[like_id])


def _set(scope: Scope, child_id: int, kind: str) -> None:
    db.session.execute(
        sa.update(Child)
        .where(Child.authority_id == scope.authority_id, Child.id == child_id)
        .values(closed_to=kind, version=Child.version + 1)
    )
