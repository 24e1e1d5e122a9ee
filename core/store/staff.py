"""The accounts of an authority as they are changed: added, suspended, given what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.store import teams
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held, lasts_beyond
from core.store.tables import Account, AccountRole, Placing, PostHolder
from core.store.teams import Kind


def email_taken(email: str, *, but: int | None = None) -> bool:
    """Whether any account of any authority has this e-mail, ``but`` one account."""
    return authority_of_email(email, but=but) is not None


def authority_of_email(email: str, *, but: int | None = None) -> int | None:
    """The authority that has an account with this e-mail, ``but`` one account; None for none."""
    query = sa.select(Account.authority_id).where(
        sa.func.lower(Account.email) == email.lower(), Account.id != (but or 0)
    )
    return db.session.scalar(query.limit(1))


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
    staff_number: str = "",
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
                staff_number=staff_number,
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


def staff_number_of(scope: Scope, staff_number: str, *, but: int | None = None) -> str | None:
    """The name of whoever of the authority has a staff number already, ``but`` one account."""
    # Compared here: SQLite has small letters for A to Z alone.
    rows = db.session.execute(
        sa.select(Account.name, Account.staff_number)
        .where(
            Account.authority_id == scope.authority_id,
            Account.staff_number != "",
            Account.id != (but or 0),
        )
        .order_by(Account.id)
    )
    wanted = staff_number.casefold()
    return next((name for name, number in rows if number.casefold() == wanted), None)


def save(scope: Scope, account_id: int, seen: int, **values: Any) -> bool:
    """Save an account as it was seen, in the transaction under way; false where it has moved on."""
    done = db.session.execute(
        sa.update(Account)
        .where(
            Account.authority_id == scope.authority_id,
            Account.id == account_id,
            Account.version == seen,
        )
        .values(version=seen + 1, **values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def give_role(scope: Scope, account_id: int, role: str, since: date, until: date | None) -> None:
    """Give somebody a role, in the transaction under way."""
    db.session.execute(
        sa.insert(AccountRole).values(
            authority_id=scope.authority_id,
            account_id=account_id,
            role=role,
            since=since,
            until=until,
        )
    )


def place_in(
    scope: Scope,
    account_id: int,
    team_id: int | None,
    service_id: int | None,
    since: date,
    until: date | None,
) -> None:
    """Say where somebody works, by the id of a team or of a service."""
    db.session.execute(
        sa.insert(Placing).values(
            authority_id=scope.authority_id,
            account_id=account_id,
            team_id=team_id,
            service_id=service_id,
            since=since,
            until=until,
        )
    )


HOLDINGS: dict[str, type[AccountRole] | type[Placing] | type[PostHolder]] = {
    "role": AccountRole,
    "place": Placing,
    "post": PostHolder,
}


def end(scope: Scope, account_id: int, kind: str, row_id: int, until: date) -> bool:
    """End a role, a place or a post of somebody on a day, in the transaction under way.

    ``kind`` is a name of HOLDINGS. One that was to begin later never does; false where there is
    no such thing to end.
    """
    table = HOLDINGS[kind]
    done = db.session.execute(
        sa.update(table)
        .where(
            table.authority_id == scope.authority_id,
            table.account_id == account_id,
            table.id == row_id,
        )
        .values(until=sa.case((table.since > until, table.since), else_=until))
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def end_everything(scope: Scope, account_id: int, until: date) -> dict[str, frozenset[int]]:
    """End every role, place and post that lasts beyond a day; gives the ids of each kind.

    One that was to begin later never does; one that never would is left as it is.
    """
    return {
        kind: frozenset(
            db.session.scalars(
                sa.update(table)
                .where(
                    table.authority_id == scope.authority_id,
                    table.account_id == account_id,
                    lasts_beyond(table, until),
                )
                .values(until=sa.case((table.since > until, table.since), else_=until))
                .returning(table.id)
                .execution_options(synchronize_session=False)
            )
        )
        for kind, table in HOLDINGS.items()
    }


ADMINISTERS = "authority.administrator"


def first_day_without_administrator(scope: Scope) -> date | None:
    """The first day from the scope's on which nobody who can sign in administers; None: never."""
    rows = db.session.execute(
        sa.select(AccountRole.since, AccountRole.until)
        .join(Account, Account.id == AccountRole.account_id)
        .where(
            AccountRole.authority_id == scope.authority_id,
            AccountRole.role == ADMINISTERS,
            Account.active,
            Account.password_hash != "",
            sa.or_(AccountRole.until.is_(None), AccountRole.until > scope.on),
        )
        .order_by(AccountRole.since)
    ).all()
    day = scope.on
    for since, until in rows:
        if since > day:
            return day
        if until is None:
            return None
        day = max(day, until)
    return day


def has_role(scope: Scope, account_id: int, roles: Iterable[str]) -> bool:
    """Whether somebody active holds one of these roles on the scope's day."""
    query = sa.select(AccountRole.id).join(Account, Account.id == AccountRole.account_id)
    found = query.where(
        AccountRole.authority_id == scope.authority_id,
        AccountRole.account_id == account_id,
        AccountRole.role.in_(sorted(roles)),
        held(AccountRole, scope.on),
        Account.active,
    )
    return db.session.execute(found).first() is not None


def find_team(scope: Scope, service: str, team: str) -> tuple[int, int | None]:
    """The ids of a service and a team by name, made (or open again) where they are not there."""
    service_id = find_or_make(scope, "service", service)
    return service_id, find_or_make(scope, "team", team, service_id) if team else None


def find_or_make(scope: Scope, kind: Kind, name: str, service_id: int | None = None) -> int:
    """The id of a service or a team by name, made (or open again) where it is not there.

    Names are compared as where they are typed. A team that is there stays in its service.
    """
    there = teams.by_name(scope, kind, name)
    if there is None:
        return teams.add(scope, name, service_id)
    row_id, ended = there
    if ended:
        teams.reopened(scope, kind, row_id)
    return row_id
