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
from core.domain.stated_care import StatedCare, latest_first, stated_on
from core.store.database import db
from core.store.scope import Scope
from core.store.tables.record import Entry, EntryStatement

KIND = "stated-care"
DAYS = (
    "started_on", "legal_status_since", "placement_since", "latest_review_on", "ceased_on",
)  # fmt: skip
TEXTS = ("legal_status", "placement", "provider", "ceased_why")


def stated_of(scope: Scope, child_ids: Collection[int]) -> dict[int, tuple[StatedCare, ...]]:
    """What sources state of these children's care, as core.domain.stated_care wants it: one query.

    Each kind of file gives one for each day of which it speaks and each local id of which it says
    it. What a person typed is one more, on top of what the latest file says of the same id.
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
            EntryStatement.said_of,
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
    for child_id, number, field, value, format_, as_at, stated_at, file_id, line, of in rows:
        statement = Statement(
            number, field, value, format=format_, as_at=as_at, stated_at=stated_at, said_of=of
        )
        said.setdefault(child_id, []).append((statement, RowSource.of_file(file_id, line)))
    return {child_id: _stated(statements) for child_id, statements in said.items()}


def _stated(said: list[tuple[Statement, RowSource | None]]) -> tuple[StatedCare, ...]:
    by_day: dict[tuple[str, date, str], list[tuple[Statement, RowSource | None]]] = {}
    by_child: dict[str, list[Statement]] = {}
    for statement, source in said:
        by_child.setdefault(statement.said_of, []).append(statement)
        if statement.as_at is not None and not statement.typed:
            key = (statement.said_of, statement.as_at, statement.format)
            by_day.setdefault(key, []).append((statement, source))
    found = [
        stated_care(as_at, format_, {s.field: s.value for s, _ in reversed(of)}, of[0][1], said_of)
        for (said_of, as_at, format_), of in by_day.items()
    ]
    for said_of, statements in by_child.items():
        if any(statement.typed for statement in statements):
            used = in_use(statements)
            days = (
                [s.as_at for s in statements if s.as_at]
                if said_of
                else [one.statement.as_at for one in used.values() if one.statement.as_at]
            )
            values = {field: one.value for field, one in used.items()}
            found.append(stated_care(max(days, default=date.min), "", values, said_of=said_of))
    return latest_first(found)


def stated_care(
    as_at: date,
    format_: str,
    values: dict[str, str],
    source: RowSource | None = None,
    said_of: str = "",
) -> StatedCare:
    """What one source says, from its fields as text; what is no day is left out."""
    given: dict[str, Any] = {name: values.get(name, "") for name in TEXTS}
    for name in DAYS:
        try:
            given[name] = date.fromisoformat(values[name]) if values.get(name) else None
        except ValueError:
            given[name] = None
    return StatedCare(as_at=as_at, format=format_, source=source, said_of=said_of, **given)


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
