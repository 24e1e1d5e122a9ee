"""The days off that an authority adds to weekends and bank holidays: read, added, taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, DayOff


@dataclass(frozen=True, slots=True)
class DayOffRow:
    """A day off with who added it; and who took it out, where somebody did."""

    public_id: str
    on: date
    title: str
    added_by: str
    added_at: datetime
    taken_out_by: str
    taken_out_at: datetime | None


def standing(scope: Scope) -> frozenset[date]:
    """Every day off of the authority that was not taken out: one query."""
    return frozenset(
        db.session.scalars(
            sa.select(DayOff.on).where(
                DayOff.authority_id == scope.authority_id, DayOff.taken_out_at.is_(None)
            )
        )
    )


def between(scope: Scope, first: date, last: date) -> list[DayOffRow]:
    """The days off from one day to another, those taken out too, by day."""
    return _rows(DayOff.on >= first, DayOff.on <= last, DayOff.authority_id == scope.authority_id)


def find(scope: Scope, public_id: str) -> DayOffRow | None:
    """A day off that stands."""
    rows = _rows(
        DayOff.authority_id == scope.authority_id,
        DayOff.public_id == public_id,
        DayOff.taken_out_at.is_(None),
    )
    return rows[0] if rows else None


def _rows(*conditions: sa.ColumnElement[bool]) -> list[DayOffRow]:
    by, out = aliased(Account), aliased(Account)
    rows = db.session.execute(
        sa.select(
            DayOff.public_id,
            DayOff.on,
            DayOff.title,
            sa.func.coalesce(by.name, ""),
            DayOff.added_at,
            sa.func.coalesce(out.name, ""),
            DayOff.taken_out_at,
        )
        .outerjoin(by, by.id == DayOff.added_by)
        .outerjoin(
            out,
            sa.and_(out.id == DayOff.taken_out_by, out.authority_id == DayOff.authority_id),
        )
        .where(*conditions)
        .order_by(DayOff.on, DayOff.id)
    )
    return [DayOffRow(*row) for row in rows]


def add(scope: Scope, on: date, title: str, at: datetime) -> str:
    """Add a day off, in the transaction under way; gives its public id."""
    made = sa.insert(DayOff).values(
        authority_id=scope.authority_id,
        on=on,
        title=title,
        added_at=at,
        added_by=scope.account_id,
    )
    return str(db.session.execute(made.returning(DayOff.public_id)).scalar_one())


def take_out(scope: Scope, public_id: str, at: datetime) -> bool:
    """Take a day off out again; False where somebody else did so first."""
    done = db.session.execute(
        sa.update(DayOff)
        .where(
            DayOff.authority_id == scope.authority_id,
            DayOff.public_id == public_id,
            DayOff.taken_out_at.is_(None),
        )
        .values(taken_out_at=at, taken_out_by=scope.account_id)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
