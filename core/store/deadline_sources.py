"""Where the fact comes from that a kept deadline runs from: a line of a file, or who typed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.dates import london_day
from core.store.database import db
from core.store.deadlines_kept import KEYED, Key, key_of
from core.store.scope import Scope
from core.store.sources import SourceRow, sourced
from core.store.tables import DeadlineRow, EntryStatement, Episode, Review

Typed = dict[tuple[int, str], date]


def of_child(scope: Scope, child_id: int) -> dict[Key, SourceRow]:
    """The sources of a child's deadlines, by what tells these apart: one query, or two.

    Only of a child whom the caller has seen. A day of this system's own, such as that of a
    meeting that was held here, has none.
    """
    row = DeadlineRow
    columns = (*(getattr(row, name) for name in KEYED), row.anchor_date, row.typed_by)
    found = [
        (key, anchor, typed_by, source)
        for (*key, anchor, typed_by), source in sourced(scope, row, child_id, columns, (row.id,))
        if source is not None
    ]
    typed = _typed(scope, child_id) if any(source.by for *_, source in found) else {}
    return {
        key_of(key): replace(source, on=typed.get((typed_by, str(anchor)))) if source.by else source
        for key, anchor, typed_by, source in found
    }


def _typed(scope: Scope, child_id: int) -> Typed:
    """When each day was typed of a child, by who typed it and the day as ISO text: one query."""
    stated = (
        _stated(scope, child_id, Episode, Episode.decom),
        _stated(scope, child_id, Episode, Episode.dec),
        _stated(scope, child_id, Review, Review.held_on),
        _stated(scope, child_id, EntryStatement, EntryStatement.value),
    )
    found: Typed = {}
    for account_id, day, at in db.session.execute(sa.union_all(*stated)):
        found[account_id, day] = max(found.get((account_id, day), date.min), london_day(at))
    return found


def _stated(scope: Scope, child_id: int, table: Any, day: Any) -> sa.Select[Any]:
    return sa.select(table.typed_by, sa.cast(day, sa.String), table.stated_at).where(
        table.authority_id == scope.authority_id,
        table.child_id == child_id,
        table.typed_by.is_not(None),
        table.replaced_at.is_(None),
        table.stated_at.is_not(None),
        day.is_not(None),
    )
