"""Recorded court proceedings of all children of an authority, for what is said of many at once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Child
from core.store.tables.record import Entry, EntryStatement


def by_child(scope: Scope) -> dict[str, list[Recorded]]:
    """The proceedings that stand, by the child's local id, without names of sources: one query."""
    rows = db.session.execute(
        sa.select(
            Child.local_id,
            Entry.id,
            Entry.public_id,
            Entry.made_at,
            EntryStatement.id,
            EntryStatement.field,
            EntryStatement.value,
            EntryStatement.format,
            EntryStatement.as_at,
            EntryStatement.stated_at,
            EntryStatement.said_of,
        )
        .join(Entry, Entry.child_id == Child.id)
        .join(EntryStatement, EntryStatement.entry_id == Entry.id)
        .where(
            Child.authority_id == scope.authority_id,
            Entry.authority_id == scope.authority_id,
            EntryStatement.authority_id == scope.authority_id,
            Entry.kind == "proceedings",
            Entry.taken_out_at.is_(None),
            EntryStatement.replaced_at.is_(None),
        )
        .order_by(Entry.id)
    )
    said: dict[int, list[Statement]] = {}
    found: dict[str, dict[int, tuple[str, datetime]]] = {}
    for local_id, entry_id, public_id, made_at, number, field, value, form, as_at, at, of in rows:
        statement = Statement(
            number, field, value, format=form, as_at=as_at, stated_at=at, said_of=of
        )
        said.setdefault(entry_id, []).append(statement)
        found.setdefault(local_id, {})[entry_id] = (public_id, made_at)
    return {
        local_id: [
            Recorded(entry_id, public_id, "proceedings", made_at, tuple(said[entry_id]))
            for entry_id, (public_id, made_at) in entries.items()
        ]
        for local_id, entries in found.items()
    }
