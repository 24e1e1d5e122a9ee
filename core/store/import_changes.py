"""What an import changes of each child, as its preview shows it, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.store import bulk, imports
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Child, ImportChange

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class RunChange:
    """One field of one child; ``public_id`` is None for a child who is not in the record yet."""

    child: str
    subject: str
    field: str
    before: str
    after: str
    file: str
    line: int | None
    public_id: str | None


@dataclass(frozen=True, slots=True)
class HowMany:
    """How many changes the asker is shown, by subject; and what they are not: of closed records.

    ``new`` of those shown are of children who are not in the record yet.
    """

    by_subject: Mapping[str, int]
    hidden: int
    hidden_children: int
    new: int = 0


def put(scope: Scope, run_id: int, found: Iterable[Mapping[str, Any]]) -> None:
    """Replace the changes of a run, in the transaction under way; each has the table's columns."""
    db.session.execute(
        sa.delete(ImportChange).where(
            ImportChange.authority_id == scope.authority_id, ImportChange.run_id == run_id
        )
    )
    own = (scope.authority_id, run_id)
    bulk.insert(ImportChange, ((own, row) for row in found), ("authority_id", "run_id"))


def _of(scope: Scope, run_id: int) -> sa.Select[Any]:
    """The changes of a run with their children, those who are not in the record yet too."""
    return (
        sa.select()
        .select_from(ImportChange)
        .outerjoin(
            Child,
            sa.and_(
                Child.authority_id == ImportChange.authority_id,
                Child.local_id == ImportChange.child,
            ),
        )
        .where(ImportChange.authority_id == scope.authority_id, ImportChange.run_id == run_id)
    )


def _shown(scope: Scope) -> sa.ColumnElement[bool]:
    """Whoever imports is shown what changes, but nothing of records that are closed to them."""
    return sa.or_(Child.id.is_(None), Child.closed_to == "", children_seen(scope))


def changes(
    scope: Scope, run_id: int, *, subject: str = "", most: int = 100, skip: int = 0
) -> list[RunChange]:
    """A page of changes, in the order in which they were found."""
    query = _listed(scope, run_id, subject).limit(most).offset(skip)
    return [RunChange(*row[1:]) for row in db.session.execute(query)]


def every(scope: Scope, run_id: int, preview: str, *, subject: str = "") -> Iterator[RunChange]:
    """All changes of a preview, a batch at a time; they end where it is made again meanwhile."""
    still = imports.is_preview(scope, run_id, preview)
    query, last = _listed(scope, run_id, subject).where(still).limit(BATCH), 0
    while rows := db.session.execute(query.where(ImportChange.id > last)).all():
        last = rows[-1].id
        yield from (RunChange(*row[1:]) for row in rows)


def _listed(scope: Scope, run_id: int, subject: str) -> sa.Select[Any]:
    """The changes that the asker is shown, in the order of their ids, which come first."""
    query = (
        _of(scope, run_id)
        .add_columns(
            ImportChange.id,
            ImportChange.child,
            ImportChange.subject,
            ImportChange.field,
            ImportChange.before,
            ImportChange.after,
            ImportChange.file,
            ImportChange.line,
            Child.public_id,
        )
        .where(_shown(scope))
        .order_by(ImportChange.id)
    )
    return query.where(ImportChange.subject == subject) if subject else query


def how_many(scope: Scope, run_id: int) -> HowMany:
    """How many changes there are by subject, and how many are of records closed to the asker."""
    shown = sa.case((_shown(scope), 1), else_=0)
    rows = db.session.execute(
        _of(scope, run_id)
        .add_columns(
            ImportChange.subject,
            shown,
            sa.func.count(),
            sa.func.sum(sa.case((Child.id.is_(None), 1), else_=0)),
        )
        .group_by(ImportChange.subject, shown)
        .order_by(ImportChange.subject)
    ).all()
    hidden = sum(number for _, seen, number, _ in rows if not seen)
    whose = 0
    if hidden:
        whose = db.session.execute(
            _of(scope, run_id)
            .add_columns(sa.func.count(sa.distinct(ImportChange.child)))
            .where(sa.not_(_shown(scope)))
        ).scalar_one()
    return HowMany(
        {subject: number for subject, seen, number, _ in rows if seen},
        hidden,
        whose,
        sum(new for _, seen, _, new in rows if seen),
    )
