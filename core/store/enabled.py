"""The procedures that an authority follows: from when until when, in its order, and who said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import held
from core.store.tables import Account, AuditRow, EnabledProcedure

#: What is done to what an authority follows, as the audit says it.
DONE = ("enable", "end", "change first day", "take last day back", "move")


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


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to a procedure that is followed, with what stood before it and after."""

    did: str
    code: str
    at: datetime
    by: str
    why: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


_EVERY = (
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
    .where(EnabledProcedure.authority_id == sa.bindparam("authority_id"))
    .order_by(EnabledProcedure.position, EnabledProcedure.since, EnabledProcedure.id)
)
"""Made once, because nearly every page asks it."""


def every(scope: Scope) -> list[Enabled]:
    """Every procedure that is, was or will be followed, in the authority's order: one query."""
    rows = db.session.execute(_EVERY, {"authority_id": scope.authority_id})
    return [Enabled(*row) for row in rows]


def codes(scope: Scope, on: date | None = None) -> list[str]:
    """The procedures followed on a day, the scope's unless another is given, in their order."""
    query = sa.select(EnabledProcedure.code).where(
        EnabledProcedure.authority_id == scope.authority_id,
        held(EnabledProcedure, on or scope.on),
    )
    return list(db.session.scalars(query.order_by(EnabledProcedure.position)))


def changes(scope: Scope, codes: Iterable[str], most: int = 200) -> list[Change]:
    """The latest changes of these procedures, the last one first, as the audit has them: one query.

    Those that were set up with the authority have none of their beginning.
    """
    rows = db.session.execute(
        sa.select(
            AuditRow.did,
            AuditRow.subject_id,
            AuditRow.at,
            sa.func.coalesce(Account.name, "").label("by"),
            AuditRow.why,
            AuditRow.before,
            AuditRow.after,
        )
        .outerjoin(Account, Account.id == AuditRow.account_id)
        .where(
            AuditRow.authority_id == scope.authority_id,
            AuditRow.subject == "procedure",
            AuditRow.subject_id.in_(sorted({code[:40] for code in codes})),
            AuditRow.did.in_(DONE),
        )
        .order_by(AuditRow.at.desc(), AuditRow.id.desc())
        .limit(most)
    )
    found = []
    for row in rows:
        after = row.after or {}
        code = str(after.get("procedure", row.subject_id))
        found.append(Change(row.did, code, row.at, row.by, row.why, row.before or {}, after))
    return found


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


def end(scope: Scope, row_id: int, until: date | None) -> None:
    """Follow a procedure no longer from a day on; None has no end."""
    _change(scope, row_id, until=until)


def begin_on(scope: Scope, row: Enabled, since: date) -> None:
    """Follow a procedure from another first day on.

    One that was to begin on that very day and never did makes way: the audit keeps what it was.
    """
    db.session.execute(
        sa.delete(EnabledProcedure).where(
            EnabledProcedure.authority_id == scope.authority_id,
            EnabledProcedure.code == row.code,
            EnabledProcedure.since == since,
            EnabledProcedure.until <= EnabledProcedure.since,
        )
    )
    _change(scope, row.id, since=since)


def place(scope: Scope, row_id: int, position: int) -> None:
    """Give a procedure its place in the order."""
    _change(scope, row_id, position=position)


def _change(scope: Scope, row_id: int, **values: object) -> None:
    db.session.execute(
        sa.update(EnabledProcedure)
        .where(EnabledProcedure.authority_id == scope.authority_id, EnabledProcedure.id == row_id)
        .values(**values)
    )
