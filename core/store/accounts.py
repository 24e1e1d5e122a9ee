"""Accounts as they sign in: found by e-mail or session, with the roles and posts of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import (
    Account,
    AccountRole,
    AccountSession,
    Authority,
    Cover,
    Placing,
    PostHolder,
    Service,
    Team,
)


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
    public_id: str
    email: str
    name: str
    authority_name: str
    password_hash: str
    codes_secret: str
    codes_since: datetime | None
    codes_used: str
    codes_required: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the same authority, to choose from in a list."""

    id: int
    public_id: str
    name: str
    job: str


def credentials(email: str) -> Credentials | None:
    """Find an active account by e-mail, whatever its authority: nobody is signed in yet."""
    return _credentials(sa.func.lower(Account.email) == email.strip().lower())


def lock(scope: Scope, account_id: int) -> None:
    """Hold an account until the transaction ends: it is held before its links and sessions."""
    db.session.execute(
        sa.select(Account.id)
        .where(Account.authority_id == scope.authority_id, Account.id == account_id)
        .with_for_update(key_share=True)
    )


def credentials_of(account_id: int) -> Credentials | None:
    """What an active account signs in with."""
    return _credentials(Account.id == account_id)


def _credentials(which: sa.ColumnElement[bool]) -> Credentials | None:
    row = db.session.execute(
        sa.select(
            Account.id,
            Account.authority_id,
            Account.public_id,
            Account.email,
            Account.name,
            Authority.name,
            Account.password_hash,
            Account.codes_secret,
            Account.codes_since,
            Account.codes_used,
            Authority.codes_required,
        )
        .join(Authority, Authority.id == Account.authority_id)
        .where(which, Account.active)
    ).first()
    return Credentials(*row) if row is not None else None


def signed_in(session_id: str, on: date) -> SignedIn | None:
    """The person of a session ("<account>:<key>"), or None where it has been ended.

    A session of somebody without one-time codes is none where their authority requires them.
    """
    public_id, _, key = session_id.partition(":")
    return _person(
        session_id,
        on,
        sa.and_(
            Account.public_id == public_id,
            sa.or_(Authority.codes_required.is_(False), Account.codes_since.is_not(None)),
            sa.exists().where(
                AccountSession.authority_id == Account.authority_id,
                AccountSession.account_id == Account.id,
                AccountSession.key == key,
                AccountSession.ended_at.is_(None),
            ),
        ),
    )


def _held_now() -> sa.CompoundSelect[str, str, str, str]:
    """The roles and posts of an account on a day, and the roles of those for whom it stands in."""
    authority_id = sa.bindparam("authority_id", type_=sa.Integer)
    account_id = sa.bindparam("account_id", type_=sa.Integer)
    on, none = sa.bindparam("on", type_=sa.Date), sa.literal("")
    roles = sa.select(sa.literal("role"), AccountRole.role, none, none).where(
        AccountRole.authority_id == authority_id,
        AccountRole.account_id == account_id,
        held(AccountRole, on),
    )
    posts = sa.select(
        sa.literal("post"), PostHolder.post_code, PostHolder.procedure_code, PostHolder.body_code
    ).where(
        PostHolder.authority_id == authority_id,
        PostHolder.account_id == account_id,
        held(PostHolder, on),
    )
    covers = (
        sa.select(sa.literal("cover"), AccountRole.role, sa.cast(Cover.away_id, sa.String), none)
        .join(Cover, Cover.away_id == AccountRole.account_id)
        .where(
            AccountRole.authority_id == authority_id,
            Cover.authority_id == authority_id,
            Cover.covered_by_id == account_id,
            held(AccountRole, on),
            held(Cover, on),
        )
    )
    return roles.union_all(posts, covers)


_HELD_NOW = _held_now()
"""Made once, because every page asks it."""


def _person(session_id: str, on: date, which: sa.ColumnElement[bool]) -> SignedIn | None:
    row = db.session.execute(
        sa.select(
            Account.id,
            Account.authority_id,
            Account.name,
            Account.grade,
            Authority.name.label("authority"),
        )
        .join(Authority, Authority.id == Account.authority_id)
        .where(which, Account.active)
    ).first()
    if row is None:
        return None
    who = {"authority_id": row.authority_id, "account_id": row.id, "on": on}
    held_now = db.session.execute(_HELD_NOW, who).all()
    away: dict[int, set[str]] = {}
    for kind, code, account_id, _ in held_now:
        if kind == "cover":
            away.setdefault(int(account_id), set()).add(code)
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
            covers=tuple((who, frozenset(codes)) for who, codes in sorted(away.items())),
        ),
    )


def password_changed_at(scope: Scope) -> datetime | None:
    """When the asker last chose a password; None where that is not known."""
    return db.session.scalar(
        sa.select(Account.password_changed_at).where(
            Account.authority_id == scope.authority_id, Account.id == scope.account_id
        )
    )


def set_password(
    scope: Scope, account_id: int, password_hash: str, at: datetime, *, before: str | None = None
) -> bool:
    """Keep a new password of an active account; false where ``before`` is no longer the hash."""
    query = sa.update(Account).where(
        Account.authority_id == scope.authority_id, Account.id == account_id, Account.active
    )
    if before is not None:
        query = query.where(Account.password_hash == before)
    done = db.session.execute(query.values(password_hash=password_hash, password_changed_at=at))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def keep_rehashed(scope: Scope, account_id: int, password_hash: str, *, before: str) -> None:
    """Keep the same password under a dearer hash, where it was not changed meanwhile."""
    db.session.execute(
        sa.update(Account)
        .where(
            Account.authority_id == scope.authority_id,
            Account.id == account_id,
            Account.password_hash == before,
        )
        .values(password_hash=password_hash)
    )


def scope_of(scope: Scope, account_id: int, on: date) -> Scope:
    """The scope that an account of the same authority has on a day."""
    own = sa.and_(Account.authority_id == scope.authority_id, Account.id == account_id)
    found = _person("", on, own)
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
