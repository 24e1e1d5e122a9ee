"""Papers as they are written: added, given versions, changed; and what their files still need."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.domain.paper import Of, Scan
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Paper, PaperVersion


def add(
    scope: Scope, of: Of, owner_id: int, *, title: str, dated: date | None, kind: str
) -> tuple[int, str]:
    """Add a paper without a version yet, in the transaction under way; its id and public id.

    Who adds it answers for it until it is signed.
    """
    column = {Of.CHILD: "child_id", Of.CASE: "case_id", Of.MEETING: "meeting_id"}[of]
    made = db.session.execute(
        sa.insert(Paper)
        .values(
            authority_id=scope.authority_id,
            title=title,
            dated=dated,
            kind=kind,
            answers_id=scope.account_id,
            **{column: owner_id},
        )
        .returning(Paper.id, Paper.public_id)
    ).one()
    return made.id, made.public_id


def add_version(scope: Scope, paper_id: int, at: datetime, **values: Any) -> tuple[int, str]:
    """Add the next version of a paper that is held, in the transaction under way.

    Gives its number and its public id.
    """
    last = db.session.execute(
        sa.select(sa.func.max(PaperVersion.number)).where(
            PaperVersion.authority_id == scope.authority_id, PaperVersion.paper_id == paper_id
        )
    ).scalar()
    made = db.session.execute(
        sa.insert(PaperVersion)
        .values(
            authority_id=scope.authority_id,
            paper_id=paper_id,
            number=(last or 0) + 1,
            added_at=at,
            added_by=scope.account_id,
            **values,
        )
        .returning(PaperVersion.number, PaperVersion.public_id)
    ).one()
    return made.number, made.public_id


def change(scope: Scope, paper_id: int, seen: int, **values: Any) -> bool:
    """Change a paper against the version seen; False where somebody else changed it first."""
    done = db.session.execute(
        sa.update(Paper)
        .where(
            Paper.authority_id == scope.authority_id, Paper.id == paper_id, Paper.version == seen
        )
        .values(version=seen + 1, **values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def stored_names() -> frozenset[str]:
    """The random names of every file that a paper has, of all authorities."""
    rows = db.session.execute(sa.select(PaperVersion.stored_as).where(PaperVersion.stored_as != ""))
    return frozenset(rows.scalars())


def waiting_for_scan(before: datetime) -> tuple[int, int, str] | None:
    """A file that no scanner could look through yet, not tried since a moment.

    Gives its authority, the id of its version and its random name.
    """
    row = db.session.execute(
        sa.select(PaperVersion.authority_id, PaperVersion.id, PaperVersion.stored_as)
        .where(
            PaperVersion.stored_as != "",
            PaperVersion.scan.in_([Scan.NOT_SCANNED, Scan.COULD_NOT]),
            sa.or_(PaperVersion.scanned_at.is_(None), PaperVersion.scanned_at < before),
        )
        .order_by(PaperVersion.id)
        .limit(1)
    ).first()
    return (row[0], row[1], row[2]) if row else None


def set_scan(scope: Scope, version_id: int, scan: Scan, at: datetime) -> str:
    """Say what the scanner found, in the transaction under way; gives the paper's public id."""
    paper_id = db.session.execute(
        sa.update(PaperVersion)
        .where(PaperVersion.authority_id == scope.authority_id, PaperVersion.id == version_id)
        .values(scan=scan, scanned_at=at)
        .returning(PaperVersion.paper_id)
    ).scalar_one()
    return db.session.execute(sa.select(Paper.public_id).where(Paper.id == paper_id)).scalar_one()
