"""One child's record: who they are, their care over time, and what was brought to panel of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen, held
from core.store.tables import (
    Account,
    AdoptionDecision,
    Allocation,
    AsylumStatus,
    CareSummary,
    Child,
    IdentityFact,
    ImportFile,
    ImportRun,
    LegalStatus,
    PeriodOfCare,
    Placement,
    Review,
    Service,
    Team,
)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where a fact comes from: a line of a file as at a day, or who typed it."""

    file: str = ""
    line: int | None = None
    as_at: date | None = None
    by: str = ""
    on: date | None = None


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


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """What one source says of a child's identity."""

    field: str
    value: str
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    start: date
    start_known: bool
    end: date | None
    end_reason: str
    short_breaks: bool
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class LegalStatusRow:
    code: str
    start: date
    start_known: bool
    end: date | None
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class PlacementRow:
    code: str
    provider: str
    start: date
    start_known: bool
    end: date | None
    temporary: bool
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    held_on: date
    code: str
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class AsylumRow:
    ceases: date | None
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    decided_on: date
    ceased_on: date | None
    ceased_reason: str
    source: SourceRow | None


@dataclass(frozen=True, slots=True)
class CareRecord:
    """A child's care over time, the latest first."""

    periods: tuple[PeriodRow, ...]
    legal_statuses: tuple[LegalStatusRow, ...]
    placements: tuple[PlacementRow, ...]
    reviews: tuple[ReviewRow, ...]
    asylum: tuple[AsylumRow, ...]
    adoption_decisions: tuple[AdoptionRow, ...]


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
        .outerjoin(Team, _same(Team, Child.team_id))
        .outerjoin(Service, _same(Service, Team.service_id))
        .outerjoin(
            CareSummary,
            sa.and_(
                CareSummary.authority_id == Child.authority_id, CareSummary.child_id == Child.id
            ),
        )
        .where(children_seen(scope), Child.public_id == public_id)
    ).first()
    return ChildRow(*row) if row else None


def siblings(scope: Scope, of: ChildRow) -> Siblings:
    """The children of the same sibling group: those seen by name, the others by their number."""
    if not of.sibling_group:
        return Siblings()
    seen = children_seen(scope).label("seen")
    rows = db.session.execute(
        sa.select(
            seen,
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            Child.birth_expected,
        )
        .where(
            Child.authority_id == scope.authority_id,
            Child.sibling_group == of.sibling_group,
            Child.id != of.id,
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


def identity(scope: Scope, child_id: int) -> list[IdentityRow]:
    """What every source says of a child's identity, in the order in which it was read."""
    return [
        IdentityRow(facts[0], facts[1], source)
        for facts, source in _sourced(
            scope,
            IdentityFact,
            child_id,
            (IdentityFact.field, IdentityFact.value),
            (IdentityFact.field, IdentityFact.id),
        )
    ]


def care(scope: Scope, child_id: int) -> CareRecord:
    """A child's care over time with the source of each fact: six queries."""

    def rows(table: Any, kind: Any, *columns: Any, latest: Any) -> tuple[Any, ...]:
        order = (latest.desc(), table.id.desc())
        return tuple(
            kind(*facts, source)
            for facts, source in _sourced(scope, table, child_id, columns, order)
        )

    return CareRecord(
        periods=rows(
            PeriodOfCare,
            PeriodRow,
            PeriodOfCare.start,
            PeriodOfCare.start_known,
            PeriodOfCare.end,
            PeriodOfCare.end_reason,
            PeriodOfCare.short_breaks,
            latest=PeriodOfCare.start,
        ),
        legal_statuses=rows(
            LegalStatus,
            LegalStatusRow,
            LegalStatus.code,
            LegalStatus.start,
            LegalStatus.start_known,
            LegalStatus.end,
            latest=LegalStatus.start,
        ),
        placements=rows(
            Placement,
            PlacementRow,
            Placement.code,
            Placement.provider,
            Placement.start,
            Placement.start_known,
            Placement.end,
            Placement.temporary,
            latest=Placement.start,
        ),
        reviews=rows(Review, ReviewRow, Review.held_on, Review.code, latest=Review.held_on),
        asylum=rows(AsylumStatus, AsylumRow, AsylumStatus.ceases, latest=AsylumStatus.year),
        adoption_decisions=rows(
            AdoptionDecision,
            AdoptionRow,
            AdoptionDecision.decided_on,
            AdoptionDecision.ceased_on,
            AdoptionDecision.ceased_reason,
            latest=AdoptionDecision.decided_on,
        ),
    )


def _sourced(
    scope: Scope, table: Any, child_id: int, columns: tuple[Any, ...], order: tuple[Any, ...]
) -> list[tuple[tuple[Any, ...], SourceRow | None]]:
    """Rows of a child from a table whose facts have a source, each with it: one query."""
    rows = db.session.execute(
        sa.select(*columns, ImportFile.name, table.import_line, ImportRun.as_at, Account.name)
        .select_from(table)
        .outerjoin(ImportFile, _same(ImportFile, table.import_file_id))
        .outerjoin(ImportRun, _same(ImportRun, ImportFile.run_id))
        .outerjoin(Account, _same(Account, table.typed_by))
        .where(table.authority_id == scope.authority_id, table.child_id == child_id)
        .order_by(*order)
    )
    count = len(columns)
    return [(tuple(row[:count]), _source(*row[count:])) for row in rows]


def _source(
    file: str | None, line: int | None, as_at: date | None, by: str | None
) -> SourceRow | None:
    if file:
        return SourceRow(file=file, line=line, as_at=as_at)
    return SourceRow(by=by) if by else None


def _same(table: Any, key: Any) -> sa.ColumnElement[bool]:
    """Joined by the id, and of the same authority as the row that points at it."""
    return sa.and_(table.id == key, table.authority_id == key.class_.authority_id)
