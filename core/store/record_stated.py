"""What files state of the record, set by set: entries found or to be made, their statements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from core.domain.record import KINDS
from core.domain.record.listed import values_of
from core.domain.record.recorded import Recorded, agree, plan_in_use, plan_otherwise
from core.domain.record.statements import Source, Statement, said_again
from core.domain.record.summary import Summary, summary
from core.store import record_prepared, record_summary
from core.store.care import batches
from core.store.database import db
from core.store.record_prepared import Prepared, Said, Stated, StatedChange
from core.store.scope import Scope
from core.store.tables.columns import random_id
from core.store.tables.record import Entry, EntryStatement

__all__ = ["Prepared", "StatedChange", "StatedRow", "prepare", "preview", "put"]

Key = tuple[int, str, str]
"""The child, the kind and the key by which an entry is found."""
NEW = 1 << 62
"""The first number of what has no id yet: it comes after everything that has one."""
NOT_YET = datetime.fromordinal(1)


@dataclass(frozen=True, slots=True)
class StatedRow:
    """One field of one entry of a child as a file has it: ``value`` is text, a day as ISO.

    ``key`` tells the child's entries of a kind apart within the file ("" for a single kind). An
    entry whose rows hold the fields that name its kind (``Kind.key``) is found by those values
    instead, whatever the key: that is how it meets what was typed. A row without a value says
    nothing and is left. ``child_id`` is below 0 for a child who is to be added, ``said_of`` the
    local id in the file where that record was merged into this child's.
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
    said_of: str = ""


@dataclass(slots=True)
class _Entry:
    """An entry with what is said of it now, and what is to be written; ``id`` 0 is a new one."""

    child_id: int
    kind: str
    key: str
    id: int = 0
    parent_id: int | None = None
    taken_out: bool = False
    said: list[Statement] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    new: list[tuple[StatedRow, str]] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)

    @property
    def by_file(self) -> bool:
        return any(not said.typed for said in self.said)

    def after(self) -> tuple[Statement, ...]:
        kept = [said for said in self.said if said.id not in self.replaced]
        added = [
            Statement(
                NEW + number, row.field, value, format=row.format, as_at=row.as_at,
                said_of=row.said_of,
            )
            for number, (row, value) in enumerate(self.new)
        ]  # fmt: skip
        return (*kept, *added)

    def to_write(self) -> Stated:
        said = tuple(
            Said(row.field, value, row.format, row.as_at, row.import_file_id, row.line, row.said_of)
            for row, value in self.new
        )
        public_id = "" if self.id else random_id()
        return Stated(self.child_id, self.kind, self.key, self.id, public_id, said)


def put(scope: Scope, rows: Iterable[StatedRow], at: datetime) -> set[int]:
    """Store what files state, in the transaction under way; gives the ids of children changed.

    For few rows: what takes long is worked out beforehand with ``prepare``, before a transaction
    that keeps others waiting.
    """
    listed = list(rows)
    record_summary.lock(scope, {row.child_id for row in listed})
    prepared = prepare(scope, listed)
    record_prepared.write(scope, prepared, at, {})
    return prepared.touched


def preview(scope: Scope, rows: Iterable[StatedRow]) -> list[StatedChange]:
    """The values in use that ``put`` of these rows would change; "" for one that is not there.

    Nothing of an entry that a person took out is in use, before or after.
    """
    return list(prepare(scope, rows).changes)


def prepare(
    scope: Scope, rows: Iterable[StatedRow], alive: Callable[[], None] = lambda: None
) -> Prepared:
    """Work out what stating these rows writes; reads the record, holds no lock, writes nothing.

    What the same kind of file said of the same field for the same day is replaced where it says
    otherwise now; where it is said already, nothing is written. So the same files again, or files
    of several days in any order, give the same record. Two rows that differ are both kept. What
    lists show of the children changed is worked out anew. ``alive`` is called now and then.
    ValueError for a kind or field that there is not, or a part of another entry.
    """
    by_child: dict[int, list[StatedRow]] = {}
    for row in rows:
        kind = KINDS.get(row.kind)
        if kind is None or kind.part_of or kind.field(row.field) is None:
            raise ValueError(f"No file can state the field {row.field!r} of a {row.kind!r}")
        by_child.setdefault(row.child_id, []).append(row)
    stated: list[Stated] = []
    replaced: list[int] = []
    summaries: list[tuple[int, Summary | None]] = []
    changes: list[StatedChange] = []
    for batch in batches(by_child):
        alive()
        there = _there(scope, [child_id for child_id in batch if child_id > 0])
        for child_id in batch:
            of_child = there.get(child_id, [])
            changed = _changed(by_child.pop(child_id), of_child)
            if not changed:
                continue
            stated += [entry.to_write() for entry in changed if entry.new]
            replaced += [number for entry in changed for number in entry.replaced]
            of_child += [entry for entry in changed if not entry.id]
            summaries.append((child_id, _summary(of_child)))
            if child_id > 0:
                plans = _plans(of_child)
                changes += [change for entry in changed for change in _changes(entry, plans)]
    return Prepared(tuple(stated), tuple(replaced), tuple(summaries), tuple(changes))


def _changed(rows: Iterable[StatedRow], there: Iterable[_Entry]) -> list[_Entry]:
    """The entries of one child that its rows change, those that are new among them."""
    known: dict[Key, list[_Entry]] = {}
    for entry in sorted(there, key=_first):
        known.setdefault((entry.child_id, entry.kind, entry.key), []).append(entry)
    found: dict[int, _Entry] = {}
    for (key, said_of), of_entry in _grouped(rows).items():
        like = known.setdefault(key, [])
        met = _met(_fitting(like, of_entry), said_of)
        entry = met or _Entry(*key)
        if met is None:
            like.append(entry)
        _state(entry, of_entry)
        found[id(entry)] = entry
    return [entry for entry in found.values() if entry.new or entry.replaced]


def _changes(entry: _Entry, plans: _Plans) -> Iterable[StatedChange]:
    """What the rows of an entry change, or say otherwise than what stays in use."""
    if entry.taken_out:
        return
    before, after = (values_of(entry.kind, said) for said in (entry.said, entry.after()))
    beside = entry.kind == "plan" and plans.is_beside(entry)
    for name, key in entry.keys.items():
        was = before[name].value if name in before else ""
        becomes = after[name].value if name in after else ""
        if plans.then is not None and entry is plans.otherwise:
            stays = plans.then.value(name)
            if not (stays and agree("plan", name, becomes, stays)):
                yield StatedChange(entry.child_id, entry.kind, key, name, stays, becomes, True)
            continue
        if beside:
            if was != becomes:
                yield StatedChange(entry.child_id, entry.kind, key, name, was, becomes, beside=True)
            continue
        if plans.used is not None and entry is plans.in_use:
            was = plans.used.value(name)
        if was != becomes:
            yield StatedChange(entry.child_id, entry.kind, key, name, was, becomes)
        elif name in after and after[name].statement.typed:
            for value in dict.fromkeys(value for row, value in entry.new if row.field == name):
                if not agree(entry.kind, name, value, becomes):
                    yield StatedChange(entry.child_id, entry.kind, key, name, was, value, True)


@dataclass(frozen=True, slots=True)
class _Plans:
    """The plan in use before rows are stated, and the one then, with its entry; the entry of the
    plan that a file says otherwise then."""

    used: Recorded | None
    then: Recorded | None
    in_use: _Entry | None
    otherwise: _Entry | None

    def is_beside(self, entry: _Entry) -> bool:
        """Whether a plan neither is nor was in use, where another is in use."""
        was = self.used is not None and entry.id == self.used.id
        return self.in_use is not None and entry is not self.in_use and not was


def _plans(entries: Iterable[_Entry]) -> _Plans:
    """Of a child's entries, those of plans; one that is new comes after all that are there."""
    standing = [entry for entry in entries if entry.kind == "plan" and not entry.taken_out]
    used = plan_in_use(
        Recorded(entry.id, "", entry.kind, NOT_YET, tuple(entry.said))
        for entry in standing
        if entry.id
    )
    after = [
        Recorded(entry.id or NEW + number, "", entry.kind, NOT_YET, entry.after())
        for number, entry in enumerate(standing)
    ]
    will_be, otherwise = plan_in_use(after), plan_otherwise(after)
    return _Plans(
        used,
        will_be,
        next((e for e, plan in zip(standing, after, strict=True) if plan is will_be), None),
        next((e for e, plan in zip(standing, after, strict=True) if plan is otherwise), None),
    )


def _summary(entries: Iterable[_Entry]) -> Summary | None:
    """What lists show of a child once all is written, from every entry of that child."""
    standing = [
        Recorded(entry.id or NEW + number, "", entry.kind, NOT_YET, entry.after(), entry.parent_id)
        for number, entry in enumerate(entries)
        if not entry.taken_out
    ]
    return summary(standing) if standing else None


def _grouped(rows: Iterable[StatedRow]) -> Mapping[tuple[Key, str], list[StatedRow]]:
    """Rows by child, kind and the key by which their entry is found, and of whom they are said."""
    given: dict[tuple[Key, str], list[StatedRow]] = {}
    for row in rows:
        given.setdefault(((row.child_id, row.kind, row.key), row.said_of), []).append(row)
    grouped: dict[tuple[Key, str], list[StatedRow]] = {}
    for ((child_id, code, key), said_of), group in given.items():
        kind = KINDS[code]
        named = kind.key_of({row.field: row.value for row in group})
        key = "" if kind.single else named or kind.as_key([key])
        grouped.setdefault(((child_id, code, key), said_of), []).extend(group)
    return grouped


def _state(entry: _Entry, rows: Iterable[StatedRow]) -> None:
    """Work out what the rows of an entry add to what is said of it, and what they replace."""
    stated: dict[Source, dict[str, StatedRow]] = {}
    for row in rows:
        declared = KINDS[row.kind].field(row.field)
        value = row.value.replace("\x00", "").strip()
        value = declared.as_kept(value) if declared is not None else value
        if value:
            source = (row.said_of, row.field, row.format, row.as_at)
            stated.setdefault(source, {}).setdefault(value, row)
            entry.keys.setdefault(row.field, row.key)
    there = [((s.said_of, s.field, s.format, s.as_at), s.value, s.id) for s in entry.said]
    added, replaced = said_again(stated, there)
    entry.new += [(stated[source][value], value) for source, value in added]
    entry.replaced += replaced


def _there(scope: Scope, child_ids: list[int]) -> dict[int, list[_Entry]]:
    """Every entry of these children, by child, with what stands of each: two queries."""
    if not child_ids:
        return {}
    entries = {
        row.id: _Entry(
            row.child_id, row.kind, row.match_key, row.id, row.parent_id,
            row.taken_out_at is not None,
        )
        for row in db.session.execute(
            sa.select(
                Entry.id,
                Entry.child_id,
                Entry.kind,
                Entry.match_key,
                Entry.parent_id,
                Entry.taken_out_at,
            )
            .where(Entry.authority_id == scope.authority_id, Entry.child_id.in_(child_ids))
            .order_by(Entry.id)
        )
    }  # fmt: skip
    for row in db.session.execute(
        sa.select(
            EntryStatement.entry_id,
            EntryStatement.id,
            EntryStatement.field,
            EntryStatement.value,
            EntryStatement.format,
            EntryStatement.as_at,
            EntryStatement.stated_at,
            EntryStatement.said_of,
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
                    said_of=row.said_of,
                )
            )
    found: dict[int, list[_Entry]] = {}
    for entry in entries.values():
        found.setdefault(entry.child_id, []).append(entry)
    return found


def _fitting(like: Iterable[_Entry], rows: Iterable[StatedRow]) -> list[_Entry]:
    """Of the entries of a plan's day, those that may be the plan of these rows.

    A plan typed as another option is another plan, unless a file had said this one of it, which a
    person then corrected. One that is typed as this option comes first.
    """
    options = {row.value for row in rows if row.kind == "plan" and row.field == "primary"}
    if not options:
        return list(like)
    same: list[_Entry] = []
    open_: list[_Entry] = []
    for entry in like:
        of_typed = [said.typed for said in entry.said if _says_option(said, options)]
        if any(of_typed):
            same.append(entry)
        elif of_typed or not any(said.typed and said.field == "primary" for said in entry.said):
            open_.append(entry)
    return same + open_


def _says_option(said: Statement, options: Collection[str]) -> bool:
    return said.field == "primary" and any(agree("plan", "primary", said.value, o) for o in options)


def _met(like: Iterable[_Entry], said_of: str) -> _Entry | None:
    """The entry in which a file's rows are met, of those of their kind and key, the first first.

    One that was taken out is found only where a file stated it of the same local id, and no other
    holds what is said of that id: the file says again what a person has judged. Of several, one
    that a file stated comes first, then one that is not over, then the first that was made: so the
    same file finds the same again.
    """
    standing = [entry for entry in like if not entry.taken_out]
    own = [e for e in standing if not e.said or any(s.said_of == said_of for s in e.said)]
    judged = (
        entry
        for entry in like
        if entry.taken_out and any(not s.typed and s.said_of == said_of for s in entry.said)
    )
    return next(iter((*own, *judged, *standing)), None)


def _first(entry: _Entry) -> tuple[bool, bool, bool, int]:
    over = any(said.typed and said.field == "ended_on" for said in entry.said)
    return entry.taken_out, not entry.by_file, over, entry.id
