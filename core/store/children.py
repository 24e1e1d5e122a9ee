"""One child's record: who they are, how care stands, their siblings and who works with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.sight import What
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen, held
from core.store.sources import same
from core.store.tables import (
    Account,
    Allocation,
    CareSummary,
    Child,
    Service,
    Team,
)


@dataclass(frozen=True, slots=True)
class ChildRow:
    """Who a child is and how their care stands; codes are "" where nothing is recorded."""

    id: int
    public_id: str
    local_id: str
    given_name: str
    family_name: str
    born: date | None
    birth_expected: bool
    sex: str
    ethnicity: str
    disability: str
    upn: str
    languages: str
    sibling_group: str | None
    team: str
    service: str
    status: str
    became_looked_after: date | None
    became_looked_after_known: bool
    ceased: date | None
    legal_status: str
    legal_status_since: date | None
    placement: str
    base_placement: str
    latest_review: date | None
    flags: str


@dataclass(frozen=True, slots=True)
class SiblingRow:
    """A brother or sister whom the asker sees too."""

    public_id: str
    local_id: str
    given_name: str
    family_name: str
    born: date | None
    birth_expected: bool


@dataclass(frozen=True, slots=True)
class Siblings:
    """Those whom the asker sees, and how many more there are."""

    seen: tuple[SiblingRow, ...] = ()
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class AllocatedRow:
    """Who works with a child, as "worker" or "iro", and since when."""

    relation: str
    name: str
    since: date


def child(scope: Scope, public_id: str) -> ChildRow | None:
    """The child of a public id, or None where there is none or the asker does not see them."""
    row: Any = db.session.execute(
        sa.select(
            Child.id,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            Child.birth_expected,
            Child.sex,
            Child.ethnicity,
            Child.disability,
            Child.upn,
            Child.languages,
            Child.sibling_group,
            sa.func.coalesce(Team.name, ""),
            sa.func.coalesce(Service.name, ""),
            sa.func.coalesce(CareSummary.status, ""),
            CareSummary.became_looked_after,
            sa.func.coalesce(CareSummary.became_looked_after_known, sa.false()),
            CareSummary.ceased,
            sa.func.coalesce(CareSummary.legal_status, ""),
            CareSummary.legal_status_since,
            sa.func.coalesce(CareSummary.placement, ""),
            sa.func.coalesce(CareSummary.base_placement, ""),
            CareSummary.latest_review,
            sa.func.coalesce(CareSummary.flags, ""),
        )
        .select_from(Child)
        .outerjoin(Team, same(Team, Child.team_id))
        .outerjoin(Service, same(Service, Team.service_id))
        .outerjoin(
            CareSummary,
            sa.and_(
                CareSummary.authority_id == Child.authority_id, CareSummary.child_id == Child.id
            ),
        )
        .where(children_seen(scope), Child.public_id == public_id)
    ).first()
    return ChildRow(*row) if row else None


def may_change(scope: Scope, public_id: str, what: What = What.RECORD) -> bool:
    """Whether the asker works with a child, rather than sees them for one case or one hour."""
    query = sa.select(Child.id).where(
        children_seen(scope, what, What.CHANGE), Child.public_id == public_id
    )
    return db.session.execute(query).first() is not None


def for_one_case(scope: Scope, public_id: str) -> bool:
    """Whether the asker sees a child for the sake of single cases: nobody's address is shown so."""
    query = sa.select(Child.id).where(
        children_seen(scope, What.CASES, What.PEOPLE), Child.public_id == public_id
    )
    return db.session.execute(query).first() is None


def siblings(scope: Scope, of: ChildRow) -> Siblings:
    """The children of the same sibling group: those seen by name, the others by their number."""
    if not of.sibling_group:
        return Siblings()
    seen = children_seen(scope).label("seen")
    rows = db.session.execute(
        sa.select(
            seen,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            Child.birth_expected,
        )
        .where(
            Child.authority_id == scope.authority_id,
            Child.sibling_group == of.sibling_group,
            Child.id != of.id,
            Child.merged_into_id.is_(None),
        )
        .order_by(Child.born, Child.given_name, Child.id)
    ).all()
    known = tuple(SiblingRow(*row[1:]) for row in rows if row.seen)
    return Siblings(known, len(rows) - len(known))


def allocated(scope: Scope, child_id: int) -> list[AllocatedRow]:
    """Who works with a child on the scope's day, the latest first."""
    rows = db.session.execute(
        sa.select(Allocation.relation, Account.name, Allocation.since)
        .join(Account, Account.id == Allocation.account_id)
        .where(
            Allocation.authority_id == scope.authority_id,
            Allocation.child_id == child_id,
            held(Allocation, scope.on),
        )
        .order_by(Allocation.relation, Allocation.since.desc(), Account.name)
    )
    return [AllocatedRow(*row) for row in rows]
