"""The people of an authority as lists and pages show them: who they are, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.naming import folded
from core.store.database import db
from core.store.paging import pages_of
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import (
    Account,
    AccountRole,
    AccountSession,
    AuditRow,
    Placing,
    PostHolder,
    Service,
    Team,
)

PAGE = 50
HISTORY = 50
SUSPENDED, INVITED, ACTIVE = "suspended", "invited", "active"
STATES = (ACTIVE, INVITED, SUSPENDED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a list is to show; ``words`` are each looked for in name, e-mail and number."""

    words: tuple[str, ...] = ()
    role: str = ""
    team_id: int | None = None
    service_id: int | None = None
    state: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in the list, with the roles and places of today."""

    id: int
    public_id: str
    name: str
    email: str
    job: str
    staff_number: str
    state: str
    roles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A role, a place or a post: what it is (codes), from when, and the day it ends, if any."""

    id: int
    what: tuple[str, ...]
    since: date
    until: date | None

    def now(self, on: date) -> bool:
        return self.since <= on and (self.until is None or self.until > on)

    def to_come(self, on: date) -> bool:
        return self.since > on and (self.until is None or self.until > self.since)


@dataclass(frozen=True, slots=True)
class PersonOfStaff:
    """Somebody's account in full; ``state`` is one of STATES."""

    id: int
    public_id: str
    version: int
    name: str
    email: str
    staff_number: str
    job: str
    grade: str
    state: str
    last_signed_in: datetime | None

    @property
    def active(self) -> bool:
        return self.state != SUSPENDED


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody as one of many to choose from."""

    id: int
    public_id: str
    name: str
    email: str
    job: str
    staff_number: str
    active: bool
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Happened:
    """One change of somebody's account: what was done, by whom, with before and after."""

    at: datetime
    did: str
    by: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    why: str


def _state() -> sa.ColumnElement[str]:
    return sa.case(
        (sa.not_(Account.active), SUSPENDED), (Account.password_hash == "", INVITED), else_=ACTIVE
    )


def _conditions(scope: Scope, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [Account.authority_id == scope.authority_id]
    if wanted.words:
        found.append(Account.id.in_(_with_words(scope, wanted.words)))
    if wanted.role:
        found.append(
            sa.exists().where(
                AccountRole.authority_id == scope.authority_id,
                AccountRole.account_id == Account.id,
                AccountRole.role == wanted.role,
                held(AccountRole, scope.on),
            )
        )
    placed = sa.exists().where(
        Placing.authority_id == scope.authority_id,
        Placing.account_id == Account.id,
        held(Placing, scope.on),
    )
    if wanted.team_id is not None:
        found.append(placed.where(Placing.team_id == wanted.team_id))
    if wanted.service_id is not None:
        teams = sa.select(Team.id).where(
            Team.authority_id == scope.authority_id, Team.service_id == wanted.service_id
        )
        found.append(
            placed.where(
                sa.or_(Placing.service_id == wanted.service_id, Placing.team_id.in_(teams))
            )
        )
    if wanted.state:
        found.append(_state() == wanted.state)
    return found


def _with_words(scope: Scope, words: Sequence[str]) -> list[int]:
    """The accounts with each of these words in name, e-mail, staff number or job."""
    # Compared here: SQLite has small letters for A to Z alone.
    rows = db.session.execute(
        sa.select(Account.id, Account.name, Account.email, Account.staff_number, Account.job).where(
            Account.authority_id == scope.authority_id
        )
    )
    wanted = [folded(word) for word in words]
    return [
        account_id
        for account_id, *texts in rows
        if all(any(word in text for text in map(folded, texts)) for word in wanted)
    ]


def listed(scope: Scope, wanted: Wanted) -> tuple[list[Listed], int]:
    """One page of people by name, and how many there are: four queries, with words one more."""
    conditions = _conditions(scope, wanted)
    count = db.session.execute(
        sa.select(sa.func.count()).select_from(Account).where(*conditions)
    ).scalar_one()
    page = min(wanted.page, pages_of(count, PAGE))
    rows = db.session.execute(
        sa.select(
            Account.id,
            Account.public_id,
            Account.name,
            Account.email,
            Account.job,
            Account.staff_number,
            _state(),
        )
        .where(*conditions)
        .order_by(Account.name, Account.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    ids = [row.id for row in rows]
    roles, places = _roles_now(scope, ids), _places_now(scope, ids)
    return [
        Listed(*row, tuple(roles.get(row.id, ())), tuple(places.get(row.id, ()))) for row in rows
    ], count


def _roles_now(scope: Scope, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for account_id, role in db.session.execute(
        sa.select(AccountRole.account_id, AccountRole.role)
        .where(
            AccountRole.authority_id == scope.authority_id,
            AccountRole.account_id.in_(ids),
            held(AccountRole, scope.on),
        )
        .order_by(AccountRole.id)
    ):
        if role not in found.setdefault(account_id, []):
            found[account_id].append(role)
    return found


def places_now(scope: Scope) -> dict[int, list[str]]:
    """Where everybody of the authority works today, by account: team, or service. One query."""
    return _places_now(scope, None)


def _places_now(scope: Scope, ids: Sequence[int] | None) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for account_id, place in db.session.execute(
        sa.select(Placing.account_id, sa.func.coalesce(Team.name, Service.name))
        .outerjoin(Team, Team.id == Placing.team_id)
        .outerjoin(Service, Service.id == Placing.service_id)
        .where(
            Placing.authority_id == scope.authority_id,
            sa.true() if ids is None else Placing.account_id.in_(ids),
            held(Placing, scope.on),
        )
        .order_by(Placing.id)
    ):
        if place not in found.setdefault(account_id, []):
            found[account_id].append(place)
    return found


def person(scope: Scope, public_id: str) -> PersonOfStaff | None:
    """Somebody of the asker's authority, or None."""
    last = (
        sa.select(sa.func.max(AccountSession.started_at))
        .where(
            AccountSession.authority_id == scope.authority_id,
            AccountSession.account_id == Account.id,
        )
        .correlate(Account)
        .scalar_subquery()
    )
    row: Any = db.session.execute(
        sa.select(
            Account.id,
            Account.public_id,
            Account.version,
            Account.name,
            Account.email,
            Account.staff_number,
            Account.job,
            Account.grade,
            _state(),
            last,
        ).where(Account.authority_id == scope.authority_id, Account.public_id == public_id)
    ).first()
    return PersonOfStaff(*row) if row else None


def roles(scope: Scope, account_id: int) -> list[Held]:
    """Every role that somebody holds, held or will hold, the latest first: (role,)."""
    rows = db.session.execute(
        sa.select(AccountRole.id, AccountRole.role, AccountRole.since, AccountRole.until)
        .where(AccountRole.authority_id == scope.authority_id, AccountRole.account_id == account_id)
        .order_by(AccountRole.since.desc(), AccountRole.id.desc())
    )
    return [Held(row.id, (row.role,), row.since, row.until) for row in rows]


def placings(scope: Scope, account_id: int) -> list[Held]:
    """Everywhere that somebody works, the latest first: (team, service), team "" for a service."""
    of_team = aliased(Service)
    rows = db.session.execute(
        sa.select(
            Placing.id,
            sa.func.coalesce(Team.name, ""),
            sa.func.coalesce(Service.name, of_team.name, ""),
            Placing.since,
            Placing.until,
        )
        .outerjoin(Team, Team.id == Placing.team_id)
        .outerjoin(of_team, of_team.id == Team.service_id)
        .outerjoin(Service, Service.id == Placing.service_id)
        .where(Placing.authority_id == scope.authority_id, Placing.account_id == account_id)
        .order_by(Placing.since.desc(), Placing.id.desc())
    )
    return [Held(key, (team, service), since, until) for key, team, service, since, until in rows]


def posts(scope: Scope, account_id: int) -> list[Held]:
    """Every post, the latest first: (procedure, body, post), the body "" for an office."""
    rows = db.session.execute(
        sa.select(
            PostHolder.id,
            PostHolder.procedure_code,
            PostHolder.body_code,
            PostHolder.post_code,
            PostHolder.since,
            PostHolder.until,
        )
        .where(PostHolder.authority_id == scope.authority_id, PostHolder.account_id == account_id)
        .order_by(PostHolder.since.desc(), PostHolder.id.desc())
    )
    return [
        Held(key, (code, body, post), since, until) for key, code, body, post, since, until in rows
    ]


def history(scope: Scope, public_id: str) -> list[Happened]:
    """The latest changes of somebody's account, roles and places, the newest first."""
    rows = db.session.execute(
        sa.select(
            AuditRow.at,
            AuditRow.did,
            sa.func.coalesce(Account.name, "The command line"),
            AuditRow.before,
            AuditRow.after,
            AuditRow.why,
        )
        .outerjoin(Account, Account.id == AuditRow.account_id)
        .where(
            AuditRow.authority_id == scope.authority_id,
            AuditRow.subject == "account",
            AuditRow.subject_id == public_id,
            AuditRow.did != "look",
        )
        .order_by(AuditRow.id.desc())
        .limit(HISTORY)
    )
    return [
        Happened(at, did, by, before or {}, after or {}, why)
        for at, did, by, before, after, why in rows
    ]


def everybody(scope: Scope) -> list[Colleague]:
    """Every account of the authority by name, with the roles of today: two queries."""
    roles: dict[int, set[str]] = {}
    for account_id, role in db.session.execute(
        sa.select(AccountRole.account_id, AccountRole.role).where(
            AccountRole.authority_id == scope.authority_id, held(AccountRole, scope.on)
        )
    ):
        roles.setdefault(account_id, set()).add(role)
    rows = db.session.execute(
        sa.select(
            Account.id,
            Account.public_id,
            Account.name,
            Account.email,
            Account.job,
            Account.staff_number,
            Account.active,
        )
        .where(Account.authority_id == scope.authority_id)
        .order_by(Account.name, Account.id)
    )
    return [Colleague(*row, frozenset(roles.get(row.id, ()))) for row in rows]


def by_id(scope: Scope, account_id: int) -> str:
    """The public id of an account of the asker's authority."""
    return str(
        db.session.execute(
            sa.select(Account.public_id).where(
                Account.authority_id == scope.authority_id, Account.id == account_id
            )
        ).scalar_one()
    )
