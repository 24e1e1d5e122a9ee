"""Every row of every table, read as one snapshot or loaded into empty tables, with its ids.

A row is a list of what JSON has, in the order of the table's columns; what stands in a JSON column
is its own text, so that it comes back letter by letter, whichever database it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from core.store.database import db, writing

BATCH = 1_000
NO_RECORD = "alembic_version"


class TablesDiffer(Exception):
    """The rows do not fit the tables; says which."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table's name and its columns in order."""

    name: str
    columns: tuple[str, ...]


class Snapshot:
    """The whole database as it is at one moment, whatever is written meanwhile."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._tables = {table.name: table for table in _reflected(connection)}

    def shapes(self) -> list[TableShape]:
        return [_shape(table) for _, table in sorted(self._tables.items())]

    def rows(self, name: str) -> Iterator[list[Any]]:
        """The rows of a table by their key, a thousand at a time."""
        table = self._tables[name]
        columns = [_as_text(column) for column in table.columns]
        query = sa.select(*columns).order_by(*table.primary_key.columns)
        answer = self._connection.execution_options(yield_per=BATCH).execute(query)
        for row in answer:
            yield [_plain(value) for value in row]

    def ends(self) -> list[tuple[int, int, str]]:
        """The end of each chain of the audit: chain, position, hash."""
        head = self._tables.get("audit_head")
        if head is None:
            return []
        query = sa.select(head.c.chain, head.c.position, head.c.hash).order_by(head.c.chain)
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query)]

    def papers(self) -> Iterator[str]:
        """The names under which the files of papers are stored."""
        versions = self._tables.get("paper_version")
        if versions is None:
            return
        query = sa.select(versions.c.stored_as).where(versions.c.stored_as != "").distinct()
        yield from self._connection.execution_options(yield_per=BATCH).scalars(query)


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Read everything as of one moment; writers are not kept waiting."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield Snapshot(connection)


def filled() -> list[str]:
    """The tables in which there is anything."""
    with db.engine.connect() as connection:
        return [
            table.name
            for table in _reflected(connection)
            if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        ]


class Loading:
    """Rows on their way into empty tables, in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._tables = {table.name: table for table in _reflected(connection)}

    def check(self, shapes: Iterable[TableShape]) -> None:
        """Refuse rows of other tables than there are, or with other columns."""
        theirs = {shape.name: frozenset(shape.columns) for shape in shapes}
        ours = {name: frozenset(table.columns.keys()) for name, table in self._tables.items()}
        for name in sorted(theirs.keys() | ours.keys()):
            if theirs.get(name) != ours.get(name):
                raise TablesDiffer(f"the table {name[:80]} is not the one that is here")

    def load(self, shape: TableShape, rows: Iterable[Sequence[Any]]) -> int:
        """Put rows into a table; gives how many."""
        table = self._tables[shape.name]
        columns = [table.c[name] for name in shape.columns]
        values = {
            column.name: sa.cast(sa.bindparam(f"v{number}", type_=sa.Text), column.type)
            if _is_json(column) and self._connection.dialect.name == "postgresql"
            else sa.bindparam(f"v{number}", type_=sa.Text if _is_json(column) else column.type)
            for number, column in enumerate(columns)
        }
        statement = sa.insert(table).values(values)
        count, batch = 0, list[dict[str, Any]]()
        for row in rows:
            if len(row) != len(columns):
                raise TablesDiffer(f"a row of the table {shape.name} is not whole")
            batch.append(
                {
                    f"v{number}": _value(column, value)
                    for number, (column, value) in enumerate(zip(columns, row, strict=True))
                }
            )
            count += 1
            if len(batch) == BATCH:
                self._connection.execute(statement, batch)
                batch = []
        if batch:
            self._connection.execute(statement, batch)
        return count


@contextmanager
def loading() -> Iterator[Loading]:
    """Load in one transaction, in any order of tables; afterwards new rows get new ids."""
    with writing():
        connection = db.session.connection()
        resting = _rest_references(connection)
        yield Loading(connection)
        _continue_ids(connection)
        for statement in resting:
            connection.exec_driver_sql(statement)


def _rest_references(connection: sa.Connection) -> list[str]:
    """Let references be checked once everything is there; gives what puts them back."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        return []
    found = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "
        "FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).all()
    for table, name, _ in found:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {said}" for table, name, said in found]


def _continue_ids(connection: sa.Connection) -> None:
    """Have PostgreSQL count on from the highest id; SQLite does by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in _reflected(connection):
        for column in table.primary_key.columns:
            quoted = connection.dialect.identifier_preparer.format_table(table)
            sequence = connection.scalar(
                sa.select(sa.func.pg_get_serial_sequence(quoted, column.name))
            )
            highest = connection.scalar(sa.select(sa.func.max(column))) if sequence else None
            if highest is not None:
                connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _reflected(connection: sa.Connection) -> list[sa.Table]:
    metadata = sa.MetaData()
    metadata.reflect(connection, only=lambda name, _: name != NO_RECORD)
    return list(metadata.tables.values())


def _shape(table: sa.Table) -> TableShape:
    return TableShape(table.name, tuple(table.columns.keys()))


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON)


def _as_text(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """A column as it is read: of a JSON one its text, with NULL and JSON's null kept apart."""
    if not _is_json(column):
        return column
    return sa.cast(column, sa.Text).label(column.name)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


def _value(column: sa.Column[Any], value: Any) -> Any:
    """A value as its column takes it; ``TablesDiffer`` for one of another kind."""
    kind: Any = str if _is_json(column) else column.type.python_type
    if value is None:
        return None
    if isinstance(value, str) and kind in (date, datetime, time):
        try:
            return kind.fromisoformat(value)
        except ValueError:
            pass
    elif type(value) is kind:
        return value
    raise TablesDiffer(f"the column {column.name} of {column.table.name} has another kind")
