"""Setting an authority up: itself, its services and teams, its people and who holds which post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.domain.finding import Finding, Refused
from core.domain.sight import ROLES
from core.registry import Registry
from core.store import audit, authorities, deadline_marks, directory, enabled, posts, staff
from core.store.database import writing
from core.store.scope import Scope
from core.usecases import reckoning
from core.usecases.passwords import hashed as hashed_password


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
    staff_number: str = ""


def create_authority(
    registry: Registry,
    code: str,
    at: datetime,
    on: date,
    *,
    name: str = "",
    procedures: tuple[str, ...] = (),
    since: date | None = None,
    demo: bool = False,
) -> Scope:
    """Make an authority with the procedures named, else those that the plugin of its code proposes.

    They are followed since that day, else from ``on``. Proposed procedures that no installed plugin
    supplies yet are left out; named ones must exist.
    """
    since = since or on
    own = registry.of_authority(code, on)
    if own is None and not name:
        raise Refused(Finding(f"No plugin is installed for {code}: give the authority a --name"))
    proposed = procedures or (own.proposes if own else ())
    unknown = [p for p in procedures if registry.edition(p, since) is None]
    if unknown:
        raise Refused(Finding(f"No installed plugin supplies {', '.join(unknown)}"))
    with writing():
        if authorities.by_code(code) is not None:
            raise Refused(Finding(f"The authority {code} is there already"))
        shown = name or (own.authority_name if own else code)
        authority_id = authorities.add(
            code, own.slug if own else code.lower(), shown, on, demo=demo
        )
        scope = Scope.of_authority(authority_id, on)
        there = [code for code in proposed if registry.edition(code, since) is not None]
        for position, followed in enumerate(there, 1):
            enabled.add(scope, followed, position, since, "", at)
        deadline_marks.now_under(scope, reckoning.fingerprint(registry))
        made = {"procedures": there, "since": since.isoformat()}
        audit.changed(scope, at, "create", "authority", code, after=made)
    return scope


def create_account(scope: Scope, new: NewAccount, at: datetime, *, since: date) -> int:
    """Make an account with its roles from a day on; gives its id."""
    email = new.email.strip().lower()
    unknown = [role for role in new.roles if role not in ROLES]
    if unknown:
        raise Refused(Finding(f"There is no role {', '.join(unknown)}"))
    with writing():
        if staff.email_taken(email):
            raise Refused(Finding(f"There is an account with the e-mail {email} already"))
        hashed = new.password_hash or (hashed_password(new.password) if new.password else "")
        account_id = staff.add(
            scope,
            email=email,
            name=new.name,
            roles=new.roles,
            password_hash=hashed,
            grade=new.grade,
            job=new.job,
            since=since,
            staff_number=new.staff_number,
        )
        if new.service or new.team:
            staff.place(scope, account_id, new.service, new.team, since)
        audit.changed(
            scope,
            at,
            "create",
            "account",
            directory.by_id(scope, account_id),
            after={"name": new.name, "email": email, "roles": list(new.roles)},
        )
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
        posts.add(scope, account_id, (procedure, body, post), since, until)
        audit.changed(
            scope,
            at,
            "give post",
            "account",
            directory.by_id(scope, account_id),
            after={"what": f"{procedure}, {body}, {post}", "first day": str(since)}
            | ({"last day": str(until)} if until else {}),
        )
