"""Care as lists of children in care state it, read back for the derivation, set by set."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.child import ChildFacts
from core.domain.episode import RowSource
from core.domain.record.statements import Statement, in_use
from core.domain.ssda903_codes import TEMPORARY
from core.domain.stated_care import LIST_8, StatedCare, latest_first, stated_on
from core.store.database import db
from core.store.scope import Scope
from core.store.tables.record import Entry, EntryStatement

KIND = "stated-care"
DAYS = (
    "started_on", "legal_status_since", "placement_since", "latest_review_on", "ceased_on",
)  # fmt: skip
TEXTS = ("legal_status", "placement", "provider", "ceased_why")


def source_of(file_id: int | None, line: int | None) -> RowSource | None:
    """Where a stored statement was read, as core.store.care has it."""
    return RowSource(f"{file_id:012d}", line or 0) if file_id is not None else None


def stated_of(scope: Scope, child_ids: Collection[int]) -> dict[int, tuple[StatedCare, ...]]:
    """What sources state of these children's care, as core.domain.stated_care wants it: one query.

    Each kind of file gives one for each day of which it speaks. What a person typed is one more,
    on top of what the latest file says.
    """
    rows = db.session.execute(
        sa.select(
            EntryStatement.child_id,
            EntryStatement.id,
            EntryStatement.field,
            EntryStatement.value,
            EntryStatement.format,
            EntryStatement.as_at,
            EntryStatement.stated_at,
            EntryStatement.import_file_id,
            EntryStatement.import_line,
        )
        .join(Entry, Entry.id == EntryStatement.entry_id)
        .where(
            EntryStatement.authority_id == scope.authority_id,
            EntryStatement.child_id.in_(child_ids),
            EntryStatement.replaced_at.is_(None),
            Entry.kind == KIND,
            Entry.taken_out_at.is_(None),
        )
        .order_by(EntryStatement.child_id, EntryStatement.id)
    )
    said: dict[int, list[tuple[Statement, RowSource | None]]] = {}
    for child_id, number, field, value, format_, as_at, stated_at, file_id, line in rows:
        statement = Statement(
            number, field, value, format=format_, as_at=as_at, stated_at=stated_at
        )
        said.setdefault(child_id, []).append((statement, source_of(file_id, line)))
    return {child_id: _stated(statements) for child_id, statements in said.items()}


def _stated(said: list[tuple[Statement, RowSource | None]]) -> tuple[StatedCare, ...]:
    by_day: dict[tuple[date, str], list[tuple[Statement, RowSource | None]]] = {}
    for statement, source in said:
        if statement.as_at is not None and not statement.typed:
            by_day.setdefault((statement.as_at, statement.format), []).append((statement, source))
    found = [
        stated_care(as_at, format_, {s.field: s.value for s, _ in reversed(of)}, of[0][1])
        for (as_at, format_), of in by_day.items()
    ]
    if any(statement.typed for statement, _ in said):
        used = in_use(statement for statement, _ in said)
        days = [one.statement.as_at for one in used.values() if one.statement.as_at]
        found.append(
            stated_care(max(days, default=date.min), "", {f: u.value for f, u in used.items()})
        )
    return latest_first(found)


def stated_care(
    as_at: date, format_: str, values: dict[str, str], source: RowSource | None = None
) -> StatedCare:
    """What one source says, from its fields as text; what is no day is left out."""
    given: dict[str, Any] = {name: values.get(name, "") for name in TEXTS}
    for name in DAYS:
        try:
            given[name] = date.fromisoformat(values[name]) if values.get(name) else None
        except ValueError:
            given[name] = None
    return StatedCare(as_at=as_at, format=format_, source=source, **given)


def last_list(scope: Scope) -> date | None:
    """The day of the latest list of children in care that has been imported."""
    return db.session.execute(
        sa.select(sa.func.max(EntryStatement.as_at)).where(
            EntryStatement.authority_id == scope.authority_id, EntryStatement.format == LIST_8
        )
    ).scalar_one()


def derived_rows(child: ChildFacts, on: date) -> tuple[dict[str, Any], ...]:
    """The period, legal status and placement of a child of whom only lists tell, None each else."""
    listed = stated_on(child, on) if not child.episodes else None
    if listed is None or listed.start is None:
        return ()
    origin = {
        "import_file_id": int(listed.source.file) if listed.source else None,
        "import_line": listed.source.line if listed.source else None,
        "typed_by": None,
    }
    period = {
        "start": listed.start,
        "start_known": listed.start_known,
        "end": listed.ceased,
        "end_reason": listed.ceased_why,
        "short_breaks": False,
        **origin,
    }
    legal = {
        "code": listed.legal_status,
        "start": listed.legal_status_since or listed.start,
        "start_known": listed.legal_status_since is not None,
        "end": listed.ceased,
        **origin,
    }
    placed = {
        "code": listed.placement,
        "provider": listed.provider,
        "start": listed.placement_since or listed.start,
        "start_known": listed.placement_since is not None,
        "end": listed.ceased,
        "temporary": listed.placement in TEMPORARY,
        **origin,
    }
    return (
        period,
        legal if listed.legal_status else {},
        placed if listed.placement else {},
    )
