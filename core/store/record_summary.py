"""What lists show of each child's record, stored beside it and worked out anew as it changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa

from core.domain.dated import Origin
from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement
from core.domain.record.summary import summary
from core.store import deadline_marks
from core.store.care import batches
from core.store.database import db
from core.store.record_prepared import put_summaries
from core.store.scope import Scope
from core.store.tables import Child
from core.store.tables.record import Entry, EntryStatement, RecordSummary


def lock(scope: Scope, child_ids: Collection[int]) -> None:
    """Let nobody else change these children's record until this transaction ends.

    Rows that point at the children can still be added, as nearly every change does.
    """
    for batch in batches(child_ids):
        db.session.execute(
            sa.select(Child.id)
            .where(Child.authority_id == scope.authority_id, Child.id.in_(batch))
            .order_by(Child.id)
            .with_for_update(key_share=True)
        ).all()


def put(scope: Scope, child_ids: Collection[int]) -> None:
    """Work out these children's summaries from what stands, in the transaction under way.

    Five statements for each batch of children, whatever their number. A child of whom no entry
    stands has none.
    """
    deadline_marks.touched(scope, child_ids)
    for batch in batches(child_ids):
        lock(scope, batch)
        entries = standing(scope, batch)
        db.session.execute(
            sa.delete(RecordSummary).where(
                RecordSummary.authority_id == scope.authority_id,
                RecordSummary.child_id.in_(batch),
            )
        )
        put_summaries(scope, ((one, summary(entries[one])) for one in batch if one in entries))


def put_plans(scope: Scope, plans: Mapping[int, tuple[str, date | None]]) -> None:
    """Have the summaries say how far plans are as they count, where they say otherwise: a query
    for each batch of children, and one where any of it changes."""
    own = RecordSummary.authority_id == scope.authority_id
    said = sa.select(RecordSummary.child_id, RecordSummary.plan_state, RecordSummary.plan_agreed_on)
    for batch in batches(plans):
        rows = db.session.execute(said.where(own, RecordSummary.child_id.in_(batch))).all()
        moved = [
            {"of_child": child_id, "plan_state": plans[child_id][0], "agreed": plans[child_id][1]}
            for child_id, *now in rows
            if tuple(now) != plans[child_id]
        ]
        if moved:
            db.session.connection().execute(
                sa.update(RecordSummary.__table__)  # type: ignore[arg-type]
                .where(own, RecordSummary.child_id == sa.bindparam("of_child"))
                .values(
                    plan_state=sa.bindparam("plan_state"), plan_agreed_on=sa.bindparam("agreed")
                ),
                moved,
            )


def standing(scope: Scope, child_ids: Collection[int]) -> dict[int, list[Recorded]]:
    """What stands of the record of some children, without names of files and people: two queries.

    Entries that were taken out and statements that were replaced are left out.
    """
    return standing_with_origins(scope, child_ids)[0]


def standing_with_origins(
    scope: Scope, child_ids: Collection[int]
) -> tuple[dict[int, list[Recorded]], dict[int, Origin]]:
    """What stands, and by the statements' ids where each comes from: two queries."""
    said: dict[int, list[Statement]] = {}
    origins: dict[int, Origin] = {}
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
            EntryStatement.import_file_id,
            EntryStatement.import_line,
            EntryStatement.typed_by,
        ).where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.child_id.in_(child_ids),
            EntryStatement.replaced_at.is_(None),
        )
    ):
        origins[row.id] = Origin(row.import_file_id, row.import_line, row.typed_by, row.said_of)
        said.setdefault(row.entry_id, []).append(
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
    found: dict[int, list[Recorded]] = {}
    for one in db.session.execute(
        sa.select(
            Entry.child_id, Entry.id, Entry.public_id, Entry.kind, Entry.made_at, Entry.parent_id
        )
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.child_id.in_(child_ids),
            Entry.taken_out_at.is_(None),
        )
        .order_by(Entry.id)
    ):
        found.setdefault(one.child_id, []).append(
            Recorded(
                one.id,
                one.public_id,
                one.kind,
                one.made_at,
                tuple(said.get(one.id, ())),
                one.parent_id,
            )
        )
    return found, origins
