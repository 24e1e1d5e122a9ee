"""What files state of the record, worked out beforehand: plain values, and how they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.domain.record.summary import Summary
from core.store import bulk, deadline_marks
from core.store.care import batches
from core.store.database import db
from core.store.scope import Scope
from core.store.tables.record import Entry, EntryStatement, RecordSummary

SUMMARY = tuple(field.name for field in fields(Summary))


class Said(NamedTuple):
    """One statement to add; ``value`` is as it is kept."""

    field: str
    value: str
    format: str
    as_at: date
    import_file_id: int | None
    line: int | None
    said_of: str


@dataclass(frozen=True, slots=True)
class Stated:
    """An entry, with the statements that are added to it.

    ``id`` 0 is one that is to be made, with this ``public_id``, which is "" otherwise.
    """

    child_id: int
    kind: str
    key: str
    id: int
    public_id: str
    said: tuple[Said, ...]


class StatedChange(NamedTuple):
    """A value in use that rows would change; ``key`` is the one that the rows gave.

    With ``otherwise`` what is in use, ``before``, stays, and the rows say ``after``: beside what a
    person typed, and of a plan that is then said beside the plan in use. With ``beside`` it is a
    value of a plan that does not become the plan in use, and with which none disagrees.
    """

    child_id: int
    kind: str
    key: str
    field: str
    before: str
    after: str
    otherwise: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that stating rows writes; a child who is to be added has a number below 0.

    ``replaced`` are ids of statements. ``summaries`` are those of each child changed, None for one
    of whom no entry stands; ``changes`` are of children who are there, for a preview.
    """

    stated: tuple[Stated, ...] = ()
    replaced: tuple[int, ...] = ()
    summaries: tuple[tuple[int, Summary | None], ...] = ()
    changes: tuple[StatedChange, ...] = ()

    @property
    def touched(self) -> set[int]:
        return {child_id for child_id, _ in self.summaries}


def write(scope: Scope, prepared: Prepared, at: datetime, added: Mapping[int, int]) -> None:
    """Write what was prepared, in the transaction under way; ``added`` gives ids of new children.

    Nothing of the record is read, but the ids of the entries made: the caller knows that nothing
    on which the work rests has moved since.
    """
    ids = _add_entries(scope, prepared, at, added)
    own = scope.authority_id
    bulk.insert(
        EntryStatement,
        (
            ((own, child_id, entry_id, at, *said), {})
            for child_id, entry_id, of_entry in _with_ids(prepared, ids, added)
            for said in of_entry
        ),
        (
            "authority_id", "child_id", "entry_id", "stated_at", "field", "value", "format",
            "as_at", "import_file_id", "import_line", "said_of",
        ),
    )  # fmt: skip
    for batch in batches(prepared.replaced):
        db.session.execute(
            sa.update(EntryStatement)
            .where(EntryStatement.authority_id == own, EntryStatement.id.in_(batch))
            .values(replaced_at=at)
        )
    _put_summaries(scope, prepared, added)


def _with_ids(
    prepared: Prepared, made: Iterator[int], added: Mapping[int, int]
) -> Iterator[tuple[int, int, tuple[Said, ...]]]:
    for one in prepared.stated:
        yield added.get(one.child_id, one.child_id), one.id or next(made), one.said


def _add_entries(
    scope: Scope, prepared: Prepared, at: datetime, added: Mapping[int, int]
) -> Iterator[int]:
    """Add the entries that are new and give their ids in that order: one insert, two queries."""
    new = [one for one in prepared.stated if not one.id]
    if not new:
        return iter(())
    own = Entry.authority_id == scope.authority_id
    last = db.session.execute(sa.select(sa.func.max(Entry.id))).scalar_one() or 0
    bulk.insert(
        Entry,
        (
            (
                (scope.authority_id, one.public_id, added.get(one.child_id, one.child_id), one.kind,
                 one.key, at),
                {},
            )
            for one in new
        ),
        ("authority_id", "public_id", "child_id", "kind", "match_key", "made_at"),
    )  # fmt: skip
    bulk.grown(Entry, len(new))
    rows = db.session.execute(sa.select(Entry.public_id, Entry.id).where(own, Entry.id > last))
    made = {row[0]: row[1] for row in rows}
    return iter([made[one.public_id] for one in new])


def _put_summaries(scope: Scope, prepared: Prepared, added: Mapping[int, int]) -> None:
    for batch in batches([child_id for child_id in prepared.touched if child_id > 0]):
        db.session.execute(
            sa.delete(RecordSummary).where(
                RecordSummary.authority_id == scope.authority_id,
                RecordSummary.child_id.in_(batch),
            )
        )
    deadline_marks.touched(scope, (added.get(child_id, child_id) for child_id in prepared.touched))
    put_summaries(
        scope,
        (
            (added.get(child_id, child_id), found)
            for child_id, found in prepared.summaries
            if found is not None
        ),
    )


def put_summaries(scope: Scope, found: Iterator[tuple[int, Summary]]) -> None:
    """Add the summaries of children who have none, in the transaction under way."""

    def row(child_id: int, summary: Summary) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
        return (scope.authority_id, child_id, *(getattr(summary, name) for name in SUMMARY)), {}

    bulk.insert(RecordSummary, (row(*one) for one in found), ("authority_id", "child_id", *SUMMARY))
