"""Many rows of one table added at once, as fast as each database takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa

from core.store.database import db

BATCH = 10_000
MANY = 500
Process = Callable[[Any], Any]


def insert(
    table: type[Any],
    rows: Iterable[tuple[tuple[Any, ...], Mapping[str, Any]]],
    lead: tuple[str, ...] = (),
) -> None:
    """Add rows in the transaction under way; all have the same columns, in the same order.

    A row is the values of the ``lead`` columns and the others by name; a column that is not given
    has its default. PostgreSQL takes them as COPY, SQLite as one statement with many values:
    either takes a fraction of what statements made row by row take.
    """
    whole = iter(rows)
    first = next(whole, None)
    if first is None:
        return
    about = table.__table__
    connection = db.session.connection()
    given = [*lead, *first[1]]
    defaults = [c for c in about.columns if c.name not in given and c.default is not None]
    columns = [about.c[name] for name in given] + defaults
    values = _values(columns, defaults, chain([first], whole), connection.dialect)
    quoted = connection.dialect.identifier_preparer.quote
    name, names = quoted(about.name), ", ".join(quoted(column.name) for column in columns)
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        cursor.close()
        return
    marks = ", ".join("?" * len(columns))
    while some := list(islice(values, BATCH)):
        connection.exec_driver_sql(f"INSERT INTO {name} ({names}) VALUES ({marks})", some)


def _values(
    columns: list[sa.Column[Any]],
    defaults: list[sa.Column[Any]],
    rows: Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]],
    dialect: sa.Dialect,
) -> Iterator[tuple[Any, ...]]:
    """Each row as the driver takes it, the defaults of what is not given at its end."""
    made = [_process(column.type, dialect) for column in columns]
    processes: list[tuple[int, Process]] = [(n, p) for n, p in enumerate(made) if p is not None]
    usual: list[Any] = [column.default for column in defaults]
    fixed = None if any(d.is_callable for d in usual) else [d.arg for d in usual]
    for lead, row in rows:
        values = [*lead, *row.values()]
        values += fixed or [d.arg(None) if d.is_callable else d.arg for d in usual]
        for place, process in processes:
            if values[place] is not None:
                values[place] = process(values[place])
        yield tuple(values)


def _process(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Process | None:
    """What makes of a value what the driver takes, None where it takes it as it is."""
    if isinstance(kind, sa.Date) and dialect.name == "sqlite":
        return date.isoformat
    if isinstance(kind, sa.DateTime) and dialect.name == "sqlite":
        # Rows that are added at once are mostly of one moment.
        made = kind.dialect_impl(dialect).bind_processor(dialect)
        return lru_cache(maxsize=64)(made) if made is not None else None
    return kind.dialect_impl(dialect).bind_processor(dialect)


def grown(table: type[Any], by: int) -> None:
    """Tell PostgreSQL that a table has grown by so many rows in the transaction under way.

    Until it has counted, it takes a new table for empty and reads all of it for each row that
    points there, which makes of seconds minutes.
    """
    connection = db.session.connection()
    if by >= MANY and connection.dialect.name == "postgresql":
        quoted = connection.dialect.identifier_preparer.quote(table.__table__.name)
        connection.exec_driver_sql(f"ANALYZE {quoted}")
