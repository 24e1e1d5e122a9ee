"""How plans are watched and what suggests a meeting, as it is written: rows of children."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, fields

import sqlalchemy as sa

from core.domain.record.statements import Statement
from core.domain.suggesting import Earlier, Suggestion, moves_of
from core.domain.tracking import Track
from core.store import bulk
from core.store.care import batches
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Entry, EntryStatement, PlanSuggestion, PlanTrack

FACTS = tuple(field.name for field in fields(Track))


def put(
    scope: Scope,
    child_ids: Iterable[int],
    tracks: Mapping[int, Track],
    suggested: Mapping[int, Collection[Suggestion]],
) -> None:
    """Have exactly these rows of these children, in the transaction under way.

    Four statements a batch, however many the children.
    """
    lead = ("authority_id",)
    for batch in batches(sorted(set(child_ids))):
        for table in (PlanTrack, PlanSuggestion):
            db.session.execute(
                sa.delete(table).where(
                    table.authority_id == scope.authority_id, table.child_id.in_(batch)
                )
            )
        of_tracks = (
            ((scope.authority_id,), {"child_id": child_id, **asdict(tracks[child_id])})
            for child_id in batch
            if child_id in tracks
        )
        bulk.insert(PlanTrack, of_tracks, lead)
        of_suggestions = (
            ((scope.authority_id,), {"child_id": child_id, **asdict(one)})
            for child_id in batch
            for one in suggested.get(child_id, ())
        )
        bulk.insert(PlanSuggestion, of_suggestions, lead)


#: Of which field of which kind of entry it counts what was said before.
MOVED, CHANGED = ("plan-step", "due_on"), ("plan", "primary")


def earlier(scope: Scope, child_ids: Collection[int]) -> Earlier:
    """How often the day of each step of these children's plans was moved, and what was ever said
    of the primary option of each plan: one query.

    Everything that was ever said is read, also what was replaced since.
    """
    said: dict[tuple[str, str], dict[int, list[Statement]]] = {MOVED: {}, CHANGED: {}}
    for row in db.session.execute(
        sa.select(
            EntryStatement.entry_id,
            Entry.kind,
            EntryStatement.id,
            EntryStatement.field,
            EntryStatement.value,
            EntryStatement.format,
            EntryStatement.as_at,
            EntryStatement.stated_at,
            EntryStatement.replaced_at,
            EntryStatement.said_of,
        )
        .join(Entry, Entry.id == EntryStatement.entry_id)
        .where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.child_id.in_(sorted(child_ids)),
            sa.or_(
                *(sa.and_(Entry.kind == k, EntryStatement.field == f) for k, f in (MOVED, CHANGED))
            ),
            Entry.taken_out_at.is_(None),
        )
    ):
        statement = Statement(
            row.id,
            row.field,
            row.value,
            format=row.format,
            as_at=row.as_at,
            stated_at=row.stated_at,
            replaced_at=row.replaced_at,
            said_of=row.said_of,
        )
        said[row.kind, row.field].setdefault(row.entry_id, []).append(statement)
    found = ((entry_id, moves_of(statements)) for entry_id, statements in said[MOVED].items())
    moves = {entry_id: moves for entry_id, moves in found if moves is not None}
    return Earlier(moves, said[CHANGED])
