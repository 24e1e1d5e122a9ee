"""Sessions of accounts: one for each device on which somebody is signed in, until it is ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, AccountSession
from core.store.tables.columns import random_id

MOST = 50


@dataclass(frozen=True, slots=True)
class Session:
    """A session that has not been ended: on which device, since when."""

    public_id: str
    key: str
    device: str
    started_at: datetime


def start(scope: Scope, account_id: int, public_id: str, device: str, at: datetime) -> str:
    """Begin a session, in the transaction under way; gives its id, "<account>:<key>"."""
    key = random_id() + random_id()
    db.session.execute(
        sa.insert(AccountSession).values(
            authority_id=scope.authority_id,
            account_id=account_id,
            key=key,
            device=device[:200],
            started_at=at,
        )
    )
    return f"{public_id}:{key}"


def own(scope: Scope, since: datetime) -> list[Session]:
    """The asker's sessions begun since a moment and not ended, newest first; at most fifty."""
    rows = db.session.execute(
        sa.select(
            AccountSession.public_id,
            AccountSession.key,
            AccountSession.device,
            AccountSession.started_at,
        )
        .where(*_of(scope, scope.account_id), AccountSession.started_at > since)
        .order_by(AccountSession.started_at.desc(), AccountSession.id.desc())
        .limit(MOST)
    )
    return [Session(*row) for row in rows]


def end(scope: Scope, key: str, at: datetime) -> None:
    """End one session of the asker's, in the transaction under way."""
    _end(at, *_of(scope, scope.account_id), AccountSession.key == key)


def end_all(scope: Scope, account_id: int, at: datetime, *, but: str = "") -> None:
    """End every session of an account, in the transaction under way; ``but`` one, by its key."""
    _end(at, *_of(scope, account_id), AccountSession.key != but)


def end_without_codes(scope: Scope, at: datetime) -> None:
    """End the sessions of everybody of the authority who has no one-time codes."""
    without = sa.select(Account.id).where(
        Account.authority_id == scope.authority_id, Account.codes_since.is_(None)
    )
    _end(
        at,
        AccountSession.authority_id == scope.authority_id,
        AccountSession.account_id.in_(without),
        AccountSession.ended_at.is_(None),
    )


def _of(scope: Scope, account_id: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        AccountSession.authority_id == scope.authority_id,
        AccountSession.account_id == account_id,
        AccountSession.ended_at.is_(None),
    )


def _end(at: datetime, *which: sa.ColumnElement[bool]) -> None:
    db.session.execute(sa.update(AccountSession).where(*which).values(ended_at=at))


def end_every(at: datetime) -> None:
    """End every session of every authority: after a backup has been restored."""
    _end(at, AccountSession.ended_at.is_(None))
