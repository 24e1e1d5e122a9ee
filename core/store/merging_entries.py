"""Entries of two records of one child: what is said of the one goes to the like of the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from core.domain.record import KINDS
from core.domain.record.recorded import agree
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Entry, EntryStatement

_OF_ENTRY = (
    Entry.kind,
    Entry.match_key,
    Entry.made_at,
    Entry.taken_out_at,
    Entry.taken_out_by,
    Entry.taken_out_why,
)
"""What an entry is itself, beside what is said in it."""


def move_statements(
    scope: Scope, source: int, target: int, local_id: str, *, said_of: str = ""
) -> None:
    """Move what is said in entries to the like entries of the other child.

    An entry is like another of the same kind and key, and a plan only one of the same option; one
    that was taken out is like none, and stays taken out. What is part of a plan goes with its plan.
    One that has no like, and of which all goes, goes itself; of another the part
    that goes gets an entry of its own. No two come into the same entry.
    """
    which = [
        EntryStatement.authority_id == scope.authority_id,
        EntryStatement.child_id == source,
        EntryStatement.said_of == said_of,
    ]
    goes = sa.func.sum(sa.case((EntryStatement.said_of == said_of, 1), else_=0))
    entries = db.session.execute(
        sa.select(Entry.id, *_OF_ENTRY)
        .add_columns(goes.label("goes"), sa.func.count().label("all"))
        .join(EntryStatement, EntryStatement.entry_id == Entry.id)
        .where(Entry.authority_id == scope.authority_id, Entry.child_id == source)
        .group_by(Entry.id, *_OF_ENTRY)
        .having(goes > 0)
        .order_by(Entry.id)
    ).all()
    there, options = _like_entries(scope, target), _options(scope, source, target)
    moved: dict[int, int] = {}
    for entry in entries:
        like = _take_like(there, entry, options) if _has_like(entry) else None
        if like is None and entry.goes == entry.all:
            like = entry.id
            db.session.execute(
                sa.update(Entry)
                .where(Entry.authority_id == scope.authority_id, Entry.id == entry.id)
                .values(child_id=target)
            )
        moved[entry.id] = like or _part_of(scope, target, entry, moved.values())
    for old, new in moved.items():
        db.session.execute(
            sa.update(EntryStatement)
            .where(*which, EntryStatement.entry_id == old)
            .values(entry_id=new, child_id=target, said_of=local_id)
        )
        if new != old:
            db.session.execute(
                sa.update(Entry)
                .where(
                    Entry.authority_id == scope.authority_id,
                    Entry.parent_id == old,
                    Entry.child_id == target,
                )
                .values(parent_id=new)
            )


def _like_entries(scope: Scope, child_id: int) -> dict[tuple[str, str], list[int]]:
    """By kind and key, the entries that stand and in which something is said, the first first."""
    rows = db.session.execute(
        sa.select(Entry.kind, Entry.match_key, Entry.id)
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.child_id == child_id,
            Entry.taken_out_at.is_(None),
            sa.exists().where(EntryStatement.entry_id == Entry.id),
        )
        .order_by(Entry.id)
    )
    found: dict[tuple[str, str], list[int]] = {}
    for kind, key, entry_id in rows:
        found.setdefault((kind, key), []).append(entry_id)
    return found


def _options(scope: Scope, *child_ids: int) -> dict[int, set[str]]:
    """By plan, the options that are said of it now."""
    rows = db.session.execute(
        sa.select(EntryStatement.entry_id, EntryStatement.value)
        .join(Entry, Entry.id == EntryStatement.entry_id)
        .where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.child_id.in_(child_ids),
            EntryStatement.field == "primary",
            EntryStatement.replaced_at.is_(None),
            Entry.kind == "plan",
        )
    )
    found: dict[int, set[str]] = {}
    for entry_id, value in rows:
        found.setdefault(entry_id, set()).add(value)
    return found


def _take_like(
    there: Mapping[tuple[str, str], list[int]], entry: Any, options: Mapping[int, Collection[str]]
) -> int | None:
    """The first entry that is like this one, into which no other comes after it."""
    like = there.get((entry.kind, entry.match_key), [])
    ours = options.get(entry.id, ())
    for one in like:
        theirs = options.get(one, ())
        pairs = [(a, b) for a in ours for b in theirs]
        if not pairs or any(agree("plan", "primary", a, b) for a, b in pairs):
            like.remove(one)
            return one
    return None


def _has_like(entry: Any) -> bool:
    if entry.taken_out_at is not None:
        return False
    kind = KINDS.get(entry.kind)
    if kind is not None and kind.part_of:
        return False
    return bool(entry.match_key) or (kind is not None and kind.single)


def _part_of(scope: Scope, child_id: int, like: Any, given: Collection[int]) -> int:
    """The entry for the part that goes: one that was left empty when it came, or a new one.

    ``given`` are the entries to which others go. One left empty takes the mark of what was taken
    out, and keeps when it was made.
    """
    of_entry = {column.key: getattr(like, column.key) for column in _OF_ENTRY}
    empty = db.session.scalar(
        sa.select(sa.func.min(Entry.id)).where(
            Entry.authority_id == scope.authority_id,
            Entry.child_id == child_id,
            Entry.kind == like.kind,
            Entry.match_key == like.match_key,
            Entry.id.not_in(list(given)),
            ~sa.exists().where(EntryStatement.entry_id == Entry.id),
        )
    )
    if empty is not None:
        mark = {name: said for name, said in of_entry.items() if name.startswith("taken_out")}
        db.session.execute(
            sa.update(Entry)
            .where(Entry.authority_id == scope.authority_id, Entry.id == empty)
            .values(mark)
        )
        return int(empty)
    made = sa.insert(Entry).values(
        authority_id=scope.authority_id,
        child_id=child_id,
        **of_entry,
    )
    return int(db.session.execute(made.returning(Entry.id)).scalar_one())
