"""The procedures that an authority follows: from when until when, in its order, and who said so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Account, EnabledProcedure


@dataclass(frozen=True, slots=True)
class Enabled:
    """A procedure followed from a day up to before another (None: no end); first place first."""

    id: int
    code: str
    position: int
    since: date
    until: date | None
    by: str
    at: datetime | None
    why: str

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until > day)

    @property
    def never(self) -> bool:
        """Whether it ended before it began."""
        return self.until is not None and self.until <= self.since


def every(scope: Scope) -> list[Enabled]:
    """Every procedure that is, was or will be followed, in the authority's order: one query."""
    rows = db.session.execute(
        sa.select(
            EnabledProcedure.id,
            EnabledProcedure.code,
            EnabledProcedure.position,
            EnabledProcedure.since,
            EnabledProcedure.until,
            sa.func.coalesce(Account.name, ""),
            EnabledProcedure.made_at,
            EnabledProcedure.why,
        )
        .outerjoin(
            Account,
            sa.and_(
                Account.id == EnabledProcedure.made_by,
                Account.authority_id == EnabledProcedure.authority_id,
            ),
        )
        .where(EnabledProcedure.authority_id == scope.authority_id)
        .order_by(EnabledProcedure.position, EnabledProcedure.since, EnabledProcedure.id)
    )
    return [Enabled(*row) for row in rows]


def codes(scope: Scope, on: date | None = None) -> list[str]:
    """The procedures followed on a day, the scope's unless another is given, in their order."""
    query = sa.select(EnabledProcedure.code).where(
        EnabledProcedure.authority_id == scope.authority_id,
        held(EnabledProcedure, on or scope.on),
    )
    return list(db.session.scalars(query.order_by(EnabledProcedure.position)))


def add(scope: Scope, code: str, position: int, since: date, why: str, at: datetime) -> None:
    """Follow a procedure from a day on, in the transaction under way.

    One that was to begin on that very day and never did begins after all.
    """
    values = {
        "position": position,
        "until": None,
        "made_by": scope.account_id,
        "made_at": at,
        "why": why,
    }
    key = {"authority_id": scope.authority_id, "code": code, "since": since}
    there = (getattr(EnabledProcedure, name) == value for name, value in key.items())
    done = db.session.execute(sa.update(EnabledProcedure).where(*there).values(**values))
    if not done.rowcount:  # type: ignore[attr-defined]
        db.session.execute(sa.insert(EnabledProcedure).values(**key, **values))


def end(scope: Scope, row_id: int, until: date) -> None:
    """Follow a procedure no longer from a day on."""
    _change(scope, row_id, until=until)


def place(scope: Scope, row_id: int, position: int) -> None:
    """Give a procedure its place in the order."""
    _change(scope, row_id, position=position)


def _change(scope: Scope, row_id: int, **values: object) -> None:
    db.session.execute(
        sa.update(EnabledProcedure)
        .where(EnabledProcedure.authority_id == scope.authority_id, EnabledProcedure.id == row_id)
        .values(**values)
    )
