"""One-time codes of accounts: the secret, since when, and the last that was taken."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, Authority


def propose(scope: Scope, account_id: int, secret: str) -> bool:
    """Keep a secret that is still to be confirmed; false where codes are on already."""
    return _changed(
        _of(scope, account_id).where(Account.codes_since.is_(None)),
        codes_secret=secret,
        codes_used="",
    )


def confirm(scope: Scope, account_id: int, secret: str, period: int, at: datetime) -> bool:
    """Turn codes on, the first having been taken; false where the secret is another one by now."""
    return _changed(
        _of(scope, account_id).where(Account.codes_since.is_(None), Account.codes_secret == secret),
        codes_since=at,
        codes_used=str(period),
    )


def take(scope: Scope, account_id: int, period: int, before: str) -> bool:
    """Note that the code of a period was taken; false where another was taken meanwhile."""
    return _changed(
        _of(scope, account_id).where(
            Account.codes_since.is_not(None), Account.codes_used == before
        ),
        codes_used=str(period),
    )


def turn_off(scope: Scope, account_id: int) -> bool:
    """Forget the secret of an account of the authority; false where there is no such account."""
    return _changed(_of(scope, account_id), codes_secret="", codes_since=None, codes_used="")


def since(scope: Scope, account_id: int) -> datetime | None:
    """Since when an account of the authority has codes; None where it has none."""
    return db.session.scalar(
        sa.select(Account.codes_since).where(
            Account.authority_id == scope.authority_id, Account.id == account_id
        )
    )


def required(scope: Scope) -> bool:
    """Whether everybody of the authority must have codes."""
    query = sa.select(Authority.codes_required).where(Authority.id == scope.authority_id)
    return bool(db.session.scalar(query))


def require(scope: Scope, yes: bool) -> None:
    db.session.execute(
        sa.update(Authority).where(Authority.id == scope.authority_id).values(codes_required=yes)
    )


def counts(scope: Scope) -> tuple[int, int]:
    """How many active accounts of the authority have codes, of how many."""
    row = db.session.execute(
        sa.select(sa.func.count(Account.codes_since), sa.func.count()).where(
            Account.authority_id == scope.authority_id, Account.active
        )
    ).one()
    return row[0], row[1]


def _of(scope: Scope, account_id: int) -> sa.Update:
    return sa.update(Account).where(
        Account.authority_id == scope.authority_id, Account.id == account_id
    )


def _changed(query: sa.Update, **values: object) -> bool:
    return bool(db.session.execute(query.values(**values)).rowcount == 1)  # type: ignore[attr-defined]
