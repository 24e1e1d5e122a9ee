"""What imports have brought into the record: which years, and up to which day they tell."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from core.domain.stated_care import LIST_8
from core.store.database import db
from core.store.imports import RunState
from core.store.scope import Scope
from core.store.tables import ImportRun


def years_applied(scope: Scope, table: str = "episodes") -> frozenset[int]:
    """The collection years whose Episodes, or whose Reviews, have been applied."""
    rows = db.session.execute(
        sa.select(ImportRun.year, ImportRun.counts).where(
            ImportRun.authority_id == scope.authority_id,
            ImportRun.state == RunState.APPLIED,
            ImportRun.year.is_not(None),
        )
    )
    return frozenset(year for year, counts in rows if counts.get(table))


def told_until(scope: Scope) -> date | None:
    """The day as at which the last return of reviews was that has been applied."""
    days = db.session.execute(
        sa.select(ImportRun.as_at, ImportRun.counts).where(
            ImportRun.authority_id == scope.authority_id,
            ImportRun.state == RunState.APPLIED,
            ImportRun.as_at.is_not(None),
        )
    )
    returned = (as_at for as_at, counts in days if counts.get("reviews"))
    return max(filter(None, returned), default=None)


def last_list(scope: Scope) -> date | None:
    """The day of the latest list of children in care that has been applied."""
    counts = db.session.scalars(
        sa.select(ImportRun.counts).where(
            ImportRun.authority_id == scope.authority_id, ImportRun.state == RunState.APPLIED
        )
    )
    days = (
        date.fromisoformat(told["lists_as_at"])
        for told in counts
        if LIST_8 in told.get("lists", ())
    )
    return max(days, default=None)
