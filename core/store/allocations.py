"""Who works with a child, from when until when; what files say of it; and the child's team."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.sources import SourceRow, same, sourced
from core.store.tables import (
    Account,
    AccountRole,
    Allocation,
    AuditRow,
    Child,
    Service,
    StatedWorker,
    Team,
)

HISTORY_MOST = 200
CHANGES_MOST = 50
STAFF_MOST = 2_000


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """Somebody who works with a child; ``until`` is the first day on which they do not.

    One that ends on the day on which it was to begin never holds: it is over at once.
    """

    id: int
    relation: str
    account_id: int
    name: str
    since: date
    until: date | None

    def open_after(self, on: date) -> bool:
        """Whether it holds on some day after this one."""
        return self.until is None or self.until > max(on, self.since)


@dataclass(frozen=True, slots=True)
class StatedRow:
    """Whom the latest file names; ``name`` is the account it was matched to, "" where to none."""

    relation: str
    said: str
    as_at: date
    account_id: int | None
    name: str
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Somebody who can be allocated."""

    id: int
    public_id: str
    name: str
    job: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class TeamRow:
    id: int
    name: str
    service: str


def rows(scope: Scope, child_id: int) -> list[AllocationRow]:
    """Everybody who works or worked with a child, the latest first."""
    found = db.session.execute(
        sa.select(
            Allocation.id,
            Allocation.relation,
            Allocation.account_id,
            Account.name,
            Allocation.since,
            Allocation.until,
        )
        .join(Account, same(Account, Allocation.account_id))
        .where(Allocation.authority_id == scope.authority_id, Allocation.child_id == child_id)
        .order_by(Allocation.since.desc(), Allocation.id.desc())
        .limit(HISTORY_MOST)
    )
    return [AllocationRow(*row) for row in found]


def stated(scope: Scope, child_id: int) -> list[StatedRow]:
    """Whom files name now as working with a child."""
    whom = Account.__table__.alias("whom")
    names: dict[int, str] = {}
    columns: tuple[Any, ...] = (
        StatedWorker.relation,
        StatedWorker.said,
        StatedWorker.as_at,
        StatedWorker.account_id,
        StatedWorker.ended_at,
    )
    order = (StatedWorker.relation, StatedWorker.as_at.desc(), StatedWorker.id.desc())
    found = [
        (facts, source)
        for facts, source in sourced(scope, StatedWorker, child_id, columns, order)
        if facts[4] is None
    ]
    ids = sorted({facts[3] for facts, _ in found if facts[3] is not None})
    if ids:
        query = sa.select(whom.c.id, whom.c.name).where(
            whom.c.authority_id == scope.authority_id, whom.c.id.in_(ids)
        )
        names = {row[0]: row[1] for row in db.session.execute(query)}
    return [
        StatedRow(relation, said, as_at, account, names.get(account, ""), source)
        for (relation, said, as_at, account, _ended), source in found
    ]


def staff(scope: Scope, roles: frozenset[str]) -> list[StaffRow]:
    """The active accounts with any of these roles on the scope's day, by name."""
    found = db.session.execute(
        sa.select(Account.id, Account.public_id, Account.name, Account.job, AccountRole.role)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(
            Account.authority_id == scope.authority_id,
            AccountRole.authority_id == scope.authority_id,
            Account.active.is_(True),
            AccountRole.role.in_(sorted(roles)),
            held(AccountRole, scope.on),
        )
        .order_by(Account.name, Account.id)
        .limit(STAFF_MOST)
    )
    people: dict[int, StaffRow] = {}
    for account_id, public_id, name, job, role in found:
        before = people.get(account_id)
        held_roles = (before.roles if before else frozenset()) | {role}
        people[account_id] = StaffRow(account_id, public_id, name, job, held_roles)
    return list(people.values())


def add(
    scope: Scope, child_id: int, account_id: int, relation: str, since: date, until: date | None
) -> None:
    """Say that somebody works with a child, in the transaction under way."""
    db.session.execute(
        sa.insert(Allocation).values(
            authority_id=scope.authority_id,
            child_id=child_id,
            account_id=account_id,
            relation=relation,
            since=since,
            until=until,
        )
    )


def end(scope: Scope, allocation_id: int, until: date) -> None:
    """Say from which day somebody works with a child no longer, in the transaction under way."""
    db.session.execute(
        sa.update(Allocation)
        .where(Allocation.authority_id == scope.authority_id, Allocation.id == allocation_id)
        .values(until=until)
    )


def teams(scope: Scope) -> list[TeamRow]:
    """The teams that there are on the scope's day, by name."""
    found = db.session.execute(
        sa.select(Team.id, Team.name, Service.name)
        .join(Service, same(Service, Team.service_id))
        .where(
            Team.authority_id == scope.authority_id,
            sa.or_(Team.until.is_(None), Team.until > scope.on),
        )
        .order_by(Team.name, Team.id)
    )
    return [TeamRow(*row) for row in found]


def team_of(scope: Scope, child_id: int) -> int | None:
    """The id of a child's team."""
    return db.session.execute(
        sa.select(Child.team_id).where(
            Child.authority_id == scope.authority_id, Child.id == child_id
        )
    ).scalar()


def set_team(scope: Scope, child_id: int, team_id: int | None) -> None:
    """Put a child in a team, in the transaction under way."""
    db.session.execute(
        sa.update(Child)
        .where(Child.authority_id == scope.authority_id, Child.id == child_id)
        .values(team_id=team_id, version=Child.version + 1)
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """An allocation made or ended here: by whom, of whom as what, from or until when, and why."""

    at: datetime
    by: str
    ended: bool
    relation: str
    name: str
    on: str
    why: str


def changes(scope: Scope, public_id: str, relations: Collection[str]) -> list[Changed]:
    """What people did here about who works with a child, the latest first."""
    found = db.session.execute(
        sa.select(AuditRow.at, Account.name, AuditRow.did, AuditRow.after, AuditRow.why)
        .outerjoin(Account, same(Account, AuditRow.account_id))
        .where(
            AuditRow.authority_id == scope.authority_id,
            AuditRow.subject == "child",
            AuditRow.subject_id == public_id,
            AuditRow.did.in_(("allocate", "end allocation")),
        )
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
        .limit(CHANGES_MOST)
    )
    listed: list[Changed] = []
    for at, by, did, after, why in found:
        said = after or {}
        relation = next((one for one in relations if one in said), "")
        ended = did == "end allocation"
        on = str(said.get("until" if ended else "since", ""))
        listed.append(Changed(at, by or "", ended, relation, str(said.get(relation, "")), on, why))
    return listed
