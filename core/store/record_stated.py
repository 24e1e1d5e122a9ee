"""What files state of the record, set by set: entries found or made, and their statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

import sqlalchemy as sa

from core.domain.record import KINDS
from core.domain.record.statements import Statement, in_use
from core.store import bulk, record_summary
from core.store.care import batches
from core.store.database import db
from core.store.scope import Scope
from core.store.tables.columns import random_id
from core.store.tables.record import Entry, EntryStatement

MOST_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class StatedRow:
    """One field of one entry of a child as a file has it: ``value`` is text, a day as ISO.

    ``key`` tells the child's entries of a kind apart within the file ("" for a single kind). An
    entry whose rows hold the fields that name its kind (``Kind.key``) is found by those values
    instead, whatever the key: that is how it meets what was typed. A row without a value says
    nothing and is left.
    """

    child_id: int
    kind: str
    key: str
    field: str
    value: str
    format: str
    as_at: date
    import_file_id: int | None = None
    line: int | None = None


class StatedChange(NamedTuple):
    """A value in use that rows would change; ``key`` is the one that the rows gave."""

    child_id: int
    kind: str
    key: str
    field: str
    before: str
    after: str


@dataclass(slots=True)
class _Entry:
    """An entry with what is said of it now, and what is to be written; ``id`` 0 is a new one."""

    child_id: int
    kind: str
    key: str
    id: int = 0
    taken_out: bool = False
    said: list[Statement] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    new: list[tuple[StatedRow, str]] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)

    @property
    def by_file(self) -> bool:
        return any(not said.typed for said in self.said)

    def after(self) -> list[Statement]:
        added = [
            Statement(
                0, row.field, value, format=row.format, as_at=row.as_at, file="file", line=row.line
            )
            for row, value in self.new
        ]
        return [said for said in self.said if said.id not in self.replaced] + added


def put(scope: Scope, rows: Iterable[StatedRow], at: datetime) -> set[int]:
    """Store what files state, in the transaction under way; gives the ids of children changed.

    What the same kind of file said of the same field for the same day is replaced where it says
    otherwise now; where it is said already, nothing is written. So the same files again, or files
    of several days in any order, give the same record. Two rows that differ are both kept. What
    lists show of the children changed is worked out anew. ValueError for a kind or field that
    there is not, or a part of another entry.
    """
    touched: set[int] = set()
    for entries in _worked_out(scope, rows, lock=True):
        changed = [entry for entry in entries if entry.new or entry.replaced]
        _add_entries(scope, [entry for entry in changed if not entry.id], at)
        _replace(scope, [number for entry in changed for number in entry.replaced], at)
        statements: list[dict[str, object]] = [
            {
                "authority_id": scope.authority_id,
                "child_id": entry.child_id,
                "entry_id": entry.id,
                "field": row.field,
                "value": value,
                "format": row.format,
                "as_at": row.as_at,
                "stated_at": at,
                "import_file_id": row.import_file_id,
                "import_line": row.line,
            }
            for entry in changed
            for row, value in entry.new
        ]
        for some in _some(statements):
            db.session.execute(sa.insert(EntryStatement.__table__), some)  # type: ignore[arg-type]
        touched |= {entry.child_id for entry in changed}
    record_summary.put(scope, touched)
    return touched


def preview(scope: Scope, rows: Iterable[StatedRow]) -> list[StatedChange]:
    """The values in use that ``put`` of these rows would change; "" for one that is not there.

    Nothing of an entry that a person took out is in use, before or after.
    """
    changes: list[StatedChange] = []
    for entries in _worked_out(scope, rows):
        for entry in entries:
            if entry.taken_out or not (entry.new or entry.replaced):
                continue
            before, after = in_use(entry.said), in_use(entry.after())
            for name, key in entry.keys.items():
                was = before[name].value if name in before else ""
                becomes = after[name].value if name in after else ""
                if was != becomes:
                    changes.append(
                        StatedChange(entry.child_id, entry.kind, key, name, was, becomes)
                    )
    return changes


def _worked_out(
    scope: Scope, rows: Iterable[StatedRow], *, lock: bool = False
) -> Iterator[list[_Entry]]:
    """The entries that the rows are of, with what is to be written, some children at a time."""
    by_child: dict[int, list[StatedRow]] = {}
    for row in rows:
        kind = KINDS.get(row.kind)
        if kind is None or kind.part_of or kind.field(row.field) is None:
            raise ValueError(f"No file can state the field {row.field!r} of a {row.kind!r}")
        by_child.setdefault(row.child_id, []).append(row)
    for batch in batches(by_child):
        if lock:
            record_summary.lock(scope, batch)
        stated = [row for child_id in batch for row in by_child[child_id]]
        known = _known(scope, batch, {row.kind for row in stated})
        found: dict[tuple[int, str, str], _Entry] = {}
        for group, of_entry in _grouped(stated).items():
            entry = found.get(group)
            if entry is None:
                entry = found[group] = known.get(group) or _Entry(*group)
            _state(entry, of_entry)
        yield list(found.values())


def _grouped(
    rows: Iterable[StatedRow],
) -> Mapping[tuple[int, str, str], list[StatedRow]]:
    """Rows by child, kind and the key by which their entry is found."""
    given: dict[tuple[int, str, str], list[StatedRow]] = {}
    for row in rows:
        given.setdefault((row.child_id, row.kind, row.key), []).append(row)
    grouped: dict[tuple[int, str, str], list[StatedRow]] = {}
    for (child_id, code, key), group in given.items():
        kind = KINDS[code]
        named = kind.key_of({row.field: row.value for row in group})
        key = "" if kind.single else named or kind.as_key([key])
        grouped.setdefault((child_id, code, key), []).extend(group)
    return grouped


def _state(entry: _Entry, rows: Iterable[StatedRow]) -> None:
    """Work out what the rows of an entry add to what is said of it, and what they replace."""
    stated: dict[tuple[str, str, date], dict[str, StatedRow]] = {}
    for row in rows:
        declared = KINDS[row.kind].field(row.field)
        value = row.value.replace("\x00", "").strip()
        value = declared.as_kept(value) if declared is not None else value
        if value:
            stated.setdefault((row.field, row.format, row.as_at), {}).setdefault(value, row)
            entry.keys.setdefault(row.field, row.key)
    for (name, format_, as_at), values in stated.items():
        there = {
            said.value: said.id
            for said in entry.said
            if (said.field, said.format, said.as_at) == (name, format_, as_at)
        }
        entry.new += [(row, value) for value, row in values.items() if value not in there]
        entry.replaced += [number for value, number in there.items() if value not in values]


def _known(
    scope: Scope, child_ids: list[int], kinds: set[str]
) -> dict[tuple[int, str, str], _Entry]:
    """The entries there are by child, kind and key, with what stands of them: two queries.

    One that was taken out is found only where a file stated it, and no other has its key: the
    file says again what a person has judged. Of several, one that a file stated comes first, then
    one that is not over, then the first that was made: so the same file finds the same again.
    """
    entries = {
        row.id: _Entry(row.child_id, row.kind, row.match_key, row.id, row.taken_out_at is not None)
        for row in db.session.execute(
            sa.select(Entry.id, Entry.child_id, Entry.kind, Entry.match_key, Entry.taken_out_at)
            .where(
                Entry.authority_id == scope.authority_id,
                Entry.child_id.in_(child_ids),
                Entry.kind.in_(sorted(kinds)),
            )
            .order_by(Entry.id)
        )
    }
    for row in db.session.execute(
        sa.select(
            EntryStatement.entry_id,
            EntryStatement.id,
            EntryStatement.field,
            EntryStatement.value,
            EntryStatement.format,
            EntryStatement.as_at,
            EntryStatement.stated_at,
        )
        .where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.child_id.in_(child_ids),
            EntryStatement.replaced_at.is_(None),
        )
        .order_by(EntryStatement.id)
    ):
        if (entry := entries.get(row.entry_id)) is not None:
            entry.said.append(
                Statement(
                    row.id,
                    row.field,
                    row.value,
                    format=row.format,
                    as_at=row.as_at,
                    stated_at=row.stated_at,
                )
            )
    found: dict[tuple[int, str, str], _Entry] = {}
    for entry in sorted(entries.values(), key=_first):
        if not entry.taken_out or entry.by_file:
            found.setdefault((entry.child_id, entry.kind, entry.key), entry)
    return found


def _first(entry: _Entry) -> tuple[bool, bool, bool, int]:
    over = any(said.typed and said.field == "ended_on" for said in entry.said)
    return entry.taken_out, not entry.by_file, over, entry.id


def _add_entries(scope: Scope, entries: list[_Entry], at: datetime) -> None:
    """Add entries and give each its id: one insert and one query."""
    made = {random_id(): entry for entry in entries}
    for some in _some(
        [
            {
                "authority_id": scope.authority_id,
                "public_id": public_id,
                "child_id": entry.child_id,
                "kind": entry.kind,
                "match_key": entry.key,
                "made_at": at,
            }
            for public_id, entry in made.items()
        ]
    ):
        db.session.execute(sa.insert(Entry.__table__), some)  # type: ignore[arg-type]
        for row in db.session.execute(
            sa.select(Entry.id, Entry.public_id).where(
                Entry.authority_id == scope.authority_id,
                Entry.public_id.in_([str(one["public_id"]) for one in some]),
            )
        ):
            made[row.public_id].id = row.id
    bulk.grown(Entry, len(entries))


def _replace(scope: Scope, numbers: list[int], at: datetime) -> None:
    for batch in batches(numbers):
        db.session.execute(
            sa.update(EntryStatement)
            .where(EntryStatement.authority_id == scope.authority_id, EntryStatement.id.in_(batch))
            .values(replaced_at=at)
        )


def _some(rows: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    left = iter(rows)
    while some := list(islice(left, MOST_AT_ONCE)):
        yield some
