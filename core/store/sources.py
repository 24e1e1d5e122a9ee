"""Where a stored fact comes from: a line of a file as at a day, or who typed it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.domain.dates import london_day
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, ImportFile, ImportRun


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Where a fact comes from: a line of a file as at a day, or who typed it."""

    file: str = ""
    line: int | None = None
    as_at: date | None = None
    by: str = ""
    on: date | None = None


def sourced(
    scope: Scope, table: Any, child_id: int, columns: tuple[Any, ...], order: tuple[Any, ...]
) -> list[tuple[tuple[Any, ...], SourceRow | None]]:
    """Rows of a child from a table whose facts have a source, each with it: one query."""
    stated = table.stated_at if hasattr(table, "stated_at") else sa.null()
    rows = db.session.execute(
        sa.select(
            *columns,
            ImportFile.name,
            table.import_line,
            ImportRun.as_at,
            ImportRun.asked_at,
            Account.name,
            stated,
        )
        .select_from(table)
        .outerjoin(ImportFile, same(ImportFile, table.import_file_id))
        .outerjoin(ImportRun, same(ImportRun, ImportFile.run_id))
        .outerjoin(Account, same(Account, table.typed_by))
        .where(table.authority_id == scope.authority_id, table.child_id == child_id)
        .order_by(*order)
    )
    count = len(columns)
    return [(tuple(row[:count]), _source(*row[count:])) for row in rows]


def _source(
    file: str | None,
    line: int | None,
    as_at: date | None,
    asked: datetime | None,
    by: str | None,
    stated: Any,
) -> SourceRow | None:
    """No file speaks of a day after that of its import: a year of a return may not be over."""
    if file:
        as_at = min(as_at, london_day(asked)) if as_at and asked else as_at
        return SourceRow(file=file, line=line, as_at=as_at)
    return SourceRow(by=by, on=london_day(stated) if stated else None) if by else None


def same(table: Any, key: Any) -> sa.ColumnElement[bool]:
    """Joined by the id, and of the same authority as the row that points at it."""
    return sa.and_(table.id == key, table.authority_id == key.class_.authority_id)
