"""Many entries of the records of many children, written at once: for made-up data and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.record import KINDS
from core.store import authorities, record_many, record_summary, returns
from core.store.database import writing
from core.store.record_many import Row
from core.store.scope import Scope


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry as an account (``by``) typed it at a moment; ``parts`` are those of a plan."""

    child_id: int
    kind: str
    values: Mapping[str, str]
    by: int
    at: datetime
    parts: tuple[NewEntry, ...] = ()


def add_many(scope: Scope, entries: Iterable[NewEntry]) -> int:
    """Add entries in one transaction, a bounded number of statements; gives how many.

    The caller vouches for the values: nothing is merged, closed or refused here. The audit has
    one row a child. ValueError for a kind or a field that there is not.
    """
    listed = list(entries)
    wholes = [_row(entry) for entry in listed]
    with writing():
        authorities.lock(scope)
        ids = record_many.add(scope, wholes)
        parts = [
            _row(part, whole)
            for whole, entry in zip(ids, listed, strict=True)
            for part in entry.parts
        ]
        record_many.add(scope, parts)
        record_summary.put(scope, {row.child_id for row in wholes})
        record_many.audited(scope, [*wholes, *parts])
        returns.move_record(scope)
    return len(wholes) + len(parts)


def _row(entry: NewEntry, parent_id: int | None = None) -> Row:
    kind = KINDS.get(entry.kind)
    if kind is None or any(kind.field(code) is None for code in entry.values):
        raise ValueError(f"There is no such entry: {entry.kind} with {sorted(entry.values)}")
    values = {
        field.code: field.as_kept(entry.values[field.code])
        for field in kind.fields
        if entry.values.get(field.code)
    }
    key = kind.key_of(values)
    return Row(entry.child_id, entry.kind, key, values, entry.by, entry.at, parent_id)
