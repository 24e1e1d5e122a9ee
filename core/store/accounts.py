"""Accounts as they sign in: found by e-mail or session, with the roles and posts of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import (
    Account,
    AccountRole,
    Authority,
    Placing,
    PostHolder,
    Service,
    Team,
)
from core.store.tables.columns import random_id


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in, with what a page shows of them and the scope of what they ask."""

    session_id: str
    name: str
    authority_name: str
    scope: Scope

    @property
    def roles(self) -> frozenset[str]:
        return self.scope.roles


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check a password."""

    account_id: int
    authority_id: int
    session_id: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the same authority, to choose from in a list."""

    id: int
    public_id: str
    name: str
    job: str


def credentials(email: str) -> Credentials | None:
    """Find an active account by e-mail, whatever its authority: nobody is signed in yet."""
    row = db.session.execute(
        sa.select(
            Account.id,
            Account.authority_id,
            Account.public_id,
            Account.session_key,
            Account.password_hash,
        ).where(sa.func.lower(Account.email) == email.strip().lower(), Account.active)
    ).first()
    if row is None:
        return None
    return Credentials(
        row.id, row.authority_id, f"{row.public_id}:{row.session_key}", row.password_hash
    )


def signed_in(session_id: str, on: date) -> SignedIn | None:
    """The person of a session, or None where it has been ended."""
    public_id, _, key = session_id.partition(":")
    row = db.session.execute(
        sa.select(
            Account.id,
            Account.authority_id,
            Account.name,
            Account.grade,
            Authority.name.label("authority"),
        )
        .join(Authority, Authority.id == Account.authority_id)
        .where(Account.public_id == public_id, Account.session_key == key, Account.active)
    ).first()
    if row is None:
        return None
    none = sa.literal("")
    roles = sa.select(sa.literal("role"), AccountRole.role, none, none).where(
        AccountRole.authority_id == row.authority_id,
        AccountRole.account_id == row.id,
        held(AccountRole, on),
    )
    posts = sa.select(
        sa.literal("post"), PostHolder.post_code, PostHolder.procedure_code, PostHolder.body_code
    ).where(
        PostHolder.authority_id == row.authority_id,
        PostHolder.account_id == row.id,
        held(PostHolder, on),
    )
    held_now = db.session.execute(roles.union_all(posts)).all()
    return SignedIn(
        session_id,
        row.name,
        row.authority,
        Scope(
            authority_id=row.authority_id,
            on=on,
            account_id=row.id,
            name=row.name,
            grade=row.grade,
            roles=frozenset(code for kind, code, _, _ in held_now if kind == "role"),
            posts=frozenset(
                (procedure, body, code)
                for kind, code, procedure, body in held_now
                if kind == "post"
            ),
        ),
    )


def end_sessions(scope: Scope) -> None:
    """End the sessions of the asker's account, in the transaction under way."""
    db.session.execute(
        sa.update(Account)
        .where(Account.authority_id == scope.authority_id, Account.id == scope.account_id)
        .values(session_key=random_id())
    )


def scope_of(scope: Scope, account_id: int, on: date) -> Scope:
    """The scope that an account of the same authority has on a day."""
    row = db.session.execute(
        sa.select(Account.public_id, Account.session_key).where(
            Account.authority_id == scope.authority_id, Account.id == account_id
        )
    ).one()
    found = signed_in(":".join(row), on)
    if found is None:
        raise LookupError("the account is not active")
    return found.scope


def colleagues(
    scope: Scope,
    account_ids: Iterable[int] | None = None,
    *,
    roles: Iterable[str] | None = None,
) -> list[Colleague]:
    """The active accounts of the asker's authority by name; with ``roles``, who holds one today."""
    query = (
        sa.select(Account.id, Account.public_id, Account.name, Account.job)
        .where(Account.authority_id == scope.authority_id, Account.active)
        .order_by(Account.name, Account.id)
    )
    if account_ids is not None:
        query = query.where(Account.id.in_(list(account_ids)))
    if roles is not None:
        query = query.where(
            sa.exists().where(
                AccountRole.authority_id == scope.authority_id,
                AccountRole.account_id == Account.id,
                AccountRole.role.in_(sorted(roles)),
                held(AccountRole, scope.on),
            )
        )
    return [Colleague(*row) for row in db.session.execute(query)]


def team_of(scope: Scope, account_id: int | None) -> str:
    """The team (or service) in which somebody works on the scope's day; "" where none is known."""
    row = db.session.execute(
        sa.select(sa.func.coalesce(Team.name, Service.name))
        .select_from(Placing)
        .outerjoin(Team, Team.id == Placing.team_id)
        .outerjoin(Service, Service.id == Placing.service_id)
        .where(
            Placing.authority_id == scope.authority_id,
            Placing.account_id == account_id,
            held(Placing, scope.on),
        )
        .order_by(Placing.team_id.is_(None), Placing.id)
    ).first()
    return row[0] if row else ""
