"""Links by which an account is opened once: kept as hashes, ended by use, by time or by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, AccountLink


@dataclass(frozen=True, slots=True)
class Link:
    """A link that can be used: of which account, until when."""

    id: int
    authority_id: int
    account_id: int
    kind: str
    ends_at: datetime


def add(
    scope: Scope, account_id: int, kind: str, token_hash: str, at: datetime, ends_at: datetime
) -> str:
    """Keep a new link and end the account's earlier ones; gives the account's public id.

    Raises ``LookupError`` where the authority has no such account that is active.
    """
    public_id = db.session.scalar(
        sa.select(Account.public_id)
        .where(Account.authority_id == scope.authority_id, Account.id == account_id, Account.active)
        .with_for_update()
    )
    if public_id is None:
        raise LookupError("no such account, or it is suspended")
    end_open(scope, account_id, at)
    db.session.execute(
        sa.insert(AccountLink).values(
            authority_id=scope.authority_id,
            account_id=account_id,
            kind=kind,
            token_hash=token_hash,
            made_at=at,
            made_by=scope.account_id,
            ends_at=ends_at,
        )
    )
    return str(public_id)


def end_open(scope: Scope, account_id: int, at: datetime) -> None:
    """End the links of an account that could still be used, in the transaction under way."""
    db.session.execute(
        sa.update(AccountLink)
        .where(
            AccountLink.authority_id == scope.authority_id,
            AccountLink.account_id == account_id,
            AccountLink.used_at.is_(None),
            AccountLink.ended_at.is_(None),
        )
        .values(ended_at=at)
    )


def end_every(at: datetime) -> None:
    """End every link of every authority: after a backup has been restored."""
    db.session.execute(
        sa.update(AccountLink)
        .where(AccountLink.used_at.is_(None), AccountLink.ended_at.is_(None))
        .values(ended_at=at)
    )


def find(token_hash: str, at: datetime) -> Link | None:
    """The link of a token where it can be used: whose it is, only the link itself says."""
    row = db.session.execute(
        sa.select(
            AccountLink.id,
            AccountLink.authority_id,
            AccountLink.account_id,
            AccountLink.kind,
            AccountLink.ends_at,
        )
        .join(
            Account,
            sa.and_(
                Account.authority_id == AccountLink.authority_id,
                Account.id == AccountLink.account_id,
            ),
        )
        .where(AccountLink.token_hash == token_hash, Account.active, *_usable(at))
    ).first()
    return Link(*row) if row is not None else None


@dataclass(frozen=True, slots=True)
class Made:
    """The latest link of an account: its kind, and until when it is open (None: it is not)."""

    kind: str
    ends_at: datetime
    open: bool

    def open_at(self, at: datetime) -> bool:
        return self.open and self.ends_at > at


def latest(scope: Scope, account_id: int) -> Made | None:
    """The link that was made last for an account of the asker's authority."""
    row = db.session.execute(
        sa.select(
            AccountLink.kind,
            AccountLink.ends_at,
            sa.and_(AccountLink.used_at.is_(None), AccountLink.ended_at.is_(None)),
        )
        .where(AccountLink.authority_id == scope.authority_id, AccountLink.account_id == account_id)
        .order_by(AccountLink.id.desc())
        .limit(1)
    ).first()
    return Made(row[0], row[1], bool(row[2])) if row is not None else None


@dataclass(frozen=True, slots=True)
class NeverOpened:
    """Somebody who has never chosen a password."""

    id: int
    public_id: str
    name: str
    email: str


def never_opened(scope: Scope, most: int) -> list[NeverOpened]:
    """Active accounts without a password that were not reset, the longest waiting first."""
    last = (
        sa.select(sa.func.max(AccountLink.id))
        .where(
            AccountLink.authority_id == Account.authority_id, AccountLink.account_id == Account.id
        )
        .correlate(Account)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Account.id, Account.public_id, Account.name, Account.email)
        .where(*_never_opened(scope))
        .order_by(sa.func.coalesce(last, 0), Account.id)
        .limit(most)
    )
    return [NeverOpened(*row) for row in rows]


def how_many_never_opened(scope: Scope) -> int:
    """How many active accounts have never had a password."""
    query = sa.select(sa.func.count()).select_from(Account).where(*_never_opened(scope))
    return db.session.execute(query).scalar_one()


def _never_opened(scope: Scope) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Account.authority_id == scope.authority_id,
        Account.active.is_(True),
        Account.password_hash == "",
        sa.not_(
            sa.exists().where(
                AccountLink.authority_id == Account.authority_id,
                AccountLink.account_id == Account.id,
                AccountLink.kind == "reset",
            )
        ),
    )


def use(link: Link, at: datetime) -> bool:
    """Use a link up, in the transaction under way; false where somebody else just has."""
    done = db.session.execute(
        sa.update(AccountLink)
        .where(
            AccountLink.authority_id == link.authority_id,
            AccountLink.id == link.id,
            *_usable(at),
        )
        .values(used_at=at)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _usable(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        AccountLink.used_at.is_(None),
        AccountLink.ended_at.is_(None),
        AccountLink.ends_at > at,
    )
