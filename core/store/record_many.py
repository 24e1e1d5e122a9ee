"""Entries that were typed, written many at once, with the audit a row for each child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.domain.dates import london_day
from core.store import audit_chain
from core.store.care import batches
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Child
from core.store.tables.columns import random_id
from core.store.tables.record import Entry, EntryStatement


@dataclass(frozen=True, slots=True)
class Row:
    """One entry with what an account (``by``) typed of it at a moment."""

    child_id: int
    kind: str
    key: str
    values: Mapping[str, str]
    by: int
    at: datetime
    parent_id: int | None = None


def add(scope: Scope, rows: Sequence[Row]) -> list[int]:
    """Add entries and their statements in the transaction under way; gives ids in their order."""
    if not rows:
        return []
    names = [random_id() for _ in rows]
    db.session.execute(
        sa.insert(Entry.__table__),  # type: ignore[arg-type]
        [
            {
                "authority_id": scope.authority_id,
                "public_id": name,
                "child_id": row.child_id,
                "kind": row.kind,
                "match_key": row.key,
                "parent_id": row.parent_id,
                "made_at": row.at,
            }
            for name, row in zip(names, rows, strict=True)
        ],
    )
    ids: dict[str, int] = {}
    for batch in batches({row.child_id for row in rows}):
        found = db.session.execute(
            sa.select(Entry.public_id, Entry.id).where(
                Entry.authority_id == scope.authority_id, Entry.child_id.in_(batch)
            )
        )
        for public_id, number in found:
            ids[public_id] = number
    statements = [
        {
            "authority_id": scope.authority_id,
            "child_id": row.child_id,
            "entry_id": ids[name],
            "field": field,
            "value": value,
            "typed_by": row.by,
            "format": "",
            "as_at": london_day(row.at),
            "stated_at": row.at,
        }
        for name, row in zip(names, rows, strict=True)
        for field, value in row.values.items()
    ]
    if statements:
        db.session.execute(sa.insert(EntryStatement.__table__), statements)  # type: ignore[arg-type]
    return [ids[name] for name in names]


def audited(scope: Scope, rows: Iterable[Row]) -> None:
    """Write to the audit, for each child, how many entries of each kind were added."""
    kinds: dict[int, Counter[str]] = {}
    latest: dict[int, datetime] = {}
    for row in rows:
        kinds.setdefault(row.child_id, Counter())[row.kind] += 1
        latest[row.child_id] = max(row.at, latest.get(row.child_id, row.at))
    public: dict[int, str] = {}
    for batch in batches(kinds):
        found = db.session.execute(
            sa.select(Child.id, Child.public_id).where(
                Child.authority_id == scope.authority_id, Child.id.in_(batch)
            )
        )
        for number, public_id in found:
            public[number] = public_id
    audit_chain.add(
        [
            {
                "authority_id": scope.authority_id,
                "at": latest[child_id],
                "account_id": scope.account_id,
                "did": "add to record",
                "subject": "child",
                "subject_id": public[child_id],
                "before": None,
                "after": dict(of_kind),
                "why": "",
            }
            for child_id, of_kind in kinds.items()
        ]
    )
