"""The people of an authority: accounts added, their posts held, and where they work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, AccountRole, Placing, PostHolder, Service, Team


def email_taken(email: str) -> bool:
    """Whether any account of any authority has this e-mail."""
    query = sa.select(Account.id).where(sa.func.lower(Account.email) == email.lower())
    return db.session.execute(query).first() is not None


def add(
    scope: Scope,
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    password_hash: str,
    grade: str,
    job: str,
    since: date,
) -> int:
    """Add an account with its roles, in the transaction under way; gives its id."""
    account_id = int(
        db.session.execute(
            sa.insert(Account)
            .values(
                authority_id=scope.authority_id,
                email=email,
                name=name,
                grade=grade,
                job=job,
                password_hash=password_hash,
            )
            .returning(Account.id)
        ).scalar_one()
    )
    for role in roles:
        db.session.execute(
            sa.insert(AccountRole).values(
                authority_id=scope.authority_id, account_id=account_id, role=role, since=since
            )
        )
    return account_id


def hold_post(
    scope: Scope,
    account_id: int,
    procedure: str,
    body: str,
    post: str,
    since: date,
    until: date | None,
) -> None:
    """Give somebody a post, in the transaction under way; ``body`` is "" for an office."""
    db.session.execute(
        sa.insert(PostHolder).values(
            authority_id=scope.authority_id,
            procedure_code=procedure,
            body_code=body,
            post_code=post,
            account_id=account_id,
            since=since,
            until=until,
        )
    )


def place(scope: Scope, account_id: int, service: str, team: str, since: date) -> None:
    """Say where somebody works: in a team, or without one across a service."""
    service_id, team_id = find_team(scope, service or team, team)
    db.session.execute(
        sa.insert(Placing).values(
            authority_id=scope.authority_id,
            account_id=account_id,
            team_id=team_id,
            service_id=None if team_id else service_id,
            since=since,
        )
    )


def find_team(scope: Scope, service: str, team: str) -> tuple[int, int | None]:
    """The ids of a service and a team by name, made where they are not there."""
    service_id = _find_or_make(scope, Service, service)
    if not team:
        return service_id, None
    return service_id, _find_or_make(scope, Team, team, service_id=service_id)


def _find_or_make(scope: Scope, table: type[Service] | type[Team], name: str, **more: int) -> int:
    found = db.session.execute(
        sa.select(table.id).where(table.authority_id == scope.authority_id, table.name == name)
    ).scalar()
    if found is not None:
        return int(found)
    made = sa.insert(table).values(authority_id=scope.authority_id, name=name, **more)
    return int(db.session.execute(made.returning(table.id)).scalar_one())
