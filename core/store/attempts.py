"""Sign-ins that failed, by what was typed and where from: both as hashes, for a day."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from core.domain.lock_out import DAY
from core.store.database import db
from core.store.tables import SignInAttempt

MOST_READ = 1000


def one_at_a_time(email_hash: str, address_hash: str) -> None:
    """Have tries with one e-mail or from one address wait for each other, to the commit.

    SQLite has one writer at a time as it is.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        for text in sorted({email_hash, address_hash}):
            key = int(text[:15] or "0", 16)
            db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def of_email(email_hash: str, at: datetime) -> list[datetime]:
    """When tries with an e-mail failed in the day before, in order."""
    return _failed(SignInAttempt.email_hash == email_hash, at)


def of_address(address_hash: str, at: datetime) -> list[datetime]:
    """When tries from an address failed in the day before, in order; none where it is not known."""
    return _failed(SignInAttempt.address_hash == address_hash, at) if address_hash else []


def _failed(which: sa.ColumnElement[bool], at: datetime) -> list[datetime]:
    rows = db.session.scalars(
        sa.select(SignInAttempt.at)
        .where(which, SignInAttempt.at > at - DAY)
        .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
        .limit(MOST_READ)
    ).all()
    return list(reversed(rows))


def add(email_hash: str, address_hash: str, at: datetime) -> None:
    """Note a try that failed, in the transaction under way."""
    db.session.execute(
        sa.insert(SignInAttempt).values(at=at, email_hash=email_hash, address_hash=address_hash)
    )


def clear(email_hash: str, at: datetime) -> None:
    """Forget the failures of an e-mail, and everybody's that are older than a day."""
    db.session.execute(
        sa.delete(SignInAttempt).where(
            sa.or_(SignInAttempt.email_hash == email_hash, SignInAttempt.at <= at - DAY)
        )
    )
