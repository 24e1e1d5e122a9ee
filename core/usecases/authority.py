"""Setting an authority up: itself, its services and teams, its people and who holds which post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.domain.finding import Finding, Refused
from core.domain.sight import ROLES
from core.registry import Registry
from core.store import audit, authorities
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import (
    Account,
    AccountRole,
    Authority,
    EnabledProcedure,
    Placing,
    PostHolder,
    Service,
    Team,
)
from core.usecases.sign_in import hasher


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to make; ``team`` and ``service`` are names, made where they are not there."""

    email: str
    name: str
    roles: tuple[str, ...]
    password: str = ""
    password_hash: str = ""
    grade: str = ""
    job: str = ""
    team: str = ""
    service: str = ""


def create_authority(
    registry: Registry,
    code: str,
    at: datetime,
    on: date,
    *,
    name: str = "",
    procedures: tuple[str, ...] = (),
    demo: bool = False,
) -> Scope:
    """Make an authority with the procedures named, else those that the plugin of its code proposes.

    Proposed procedures that no installed plugin supplies yet are left out; named ones must exist.
    """
    own = registry.of_authority(code, on)
    if own is None and not name:
        raise Refused(Finding(f"No plugin is installed for {code}: give the authority a --name"))
    proposed = procedures or (own.proposes if own else ())
    unknown = [p for p in procedures if registry.edition(p, on) is None]
    if unknown:
        raise Refused(Finding(f"No installed plugin supplies {', '.join(unknown)}"))
    with writing():
        if authorities.by_code(code) is not None:
            raise Refused(Finding(f"The authority {code} is there already"))
        authority_id = db.session.execute(
            sa.insert(Authority)
            .values(
                code=code,
                slug=own.slug if own else code.lower(),
                name=name or (own.authority_name if own else code),
                demo=demo,
            )
            .returning(Authority.id)
        ).scalar_one()
        scope = Scope.of_authority(authority_id, on)
        for position, procedure in enumerate(proposed, 1):
            if registry.edition(procedure, on) is not None:
                db.session.execute(
                    sa.insert(EnabledProcedure).values(
                        authority_id=authority_id, code=procedure, position=position, since=on
                    )
                )
        audit.changed(scope, at, "create", "authority", code, after={"procedures": list(proposed)})
    return scope


def create_account(scope: Scope, new: NewAccount, at: datetime, *, since: date) -> int:
    """Make an account with its roles from a day on; gives its id."""
    email = new.email.strip().lower()
    unknown = [role for role in new.roles if role not in ROLES]
    if unknown:
        raise Refused(Finding(f"There is no role {', '.join(unknown)}"))
    with writing():
        taken = db.session.execute(
            sa.select(Account.id).where(sa.func.lower(Account.email) == email)
        ).first()
        if taken:
            raise Refused(Finding(f"There is an account with the e-mail {email} already"))
        hashed = new.password_hash or (hasher().hash(new.password) if new.password else "")
        account_id = db.session.execute(
            sa.insert(Account)
            .values(
                authority_id=scope.authority_id,
                email=email,
                name=new.name,
                grade=new.grade,
                job=new.job,
                password_hash=hashed,
            )
            .returning(Account.id)
        ).scalar_one()
        for role in new.roles:
            db.session.execute(
                sa.insert(AccountRole).values(
                    authority_id=scope.authority_id, account_id=account_id, role=role, since=since
                )
            )
        if new.service or new.team:
            _place(scope, account_id, new.service, new.team, since)
        audit.changed(scope, at, "create", "account", email, after={"roles": list(new.roles)})
    return account_id


def hold_post(
    scope: Scope,
    account_id: int,
    procedure: str,
    body: str,
    post: str,
    at: datetime,
    *,
    since: date,
    until: date | None = None,
) -> None:
    """Give somebody a post of a body (an office, where ``body`` is "") from a day on."""
    with writing():
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
        audit.changed(
            scope, at, "hold post", "post", post, after={"account": account_id, "body": body}
        )


def find_team(scope: Scope, service: str, team: str) -> tuple[int, int | None]:
    """The ids of a service and a team by name, made where they are not there."""
    service_id = _find_or_make(scope, Service, name=service)
    if not team:
        return service_id, None
    return service_id, _find_or_make(scope, Team, name=team, service_id=service_id)


def _place(scope: Scope, account_id: int, service: str, team: str, since: date) -> None:
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


def _find_or_make(scope: Scope, table: type[Service] | type[Team], name: str, **more: int) -> int:
    found = db.session.execute(
        sa.select(table.id).where(table.authority_id == scope.authority_id, table.name == name)
    ).scalar()
    if found is not None:
        return int(found)
    made = sa.insert(table).values(authority_id=scope.authority_id, name=name, **more)
    return int(db.session.execute(made.returning(table.id)).scalar_one())
