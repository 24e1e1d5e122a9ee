"""The audit's rows read as they lie in the database: what nobody could have written is read too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from core.store.database import db
from core.store.tables import AuditHead, AuditRow

BATCH = 5_000
MOMENT = 'YYYY-MM-DD"T"HH24:MI:SS.US'
UNREADABLE = (TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``values`` is None where it does not hold what a row of the audit can hold."""

    id: int
    position: int
    hash: str
    authority_id: object
    values: Mapping[str, Any] | None


@contextmanager
def one_moment() -> Iterator[None]:
    """Read all that follows as it stood at one moment, text that is none as it lies there."""
    db.session.rollback()
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield
        return
    driver: Any = db.session.connection().connection.driver_connection
    driver.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def rows(chain: object, names: Sequence[str]) -> Iterator[Row]:
    """The rows of a chain in their order, a batch at a time; ``names`` are the values read."""
    position, hash = _untyped(AuditRow.position), _untyped(AuditRow.hash)
    query = sa.select(AuditRow.id, position, hash, *(_as_it_lies(name) for name in names))
    after: tuple[object, int] | None = None
    while True:
        which = [_untyped(AuditRow.chain) == _given(chain)]
        if after is not None:
            which.append(sa.tuple_(position, AuditRow.id) > sa.tuple_(*map(_given, after)))
        found = db.session.execute(
            query.where(*which).order_by(AuditRow.position, AuditRow.id).limit(BATCH)
        ).all()
        if not found:
            return
        for row in found:
            yield _row(row, names)
        after = (found[-1][1], found[-1][0])


def chains() -> list[Any]:
    """Every chain of which there is a row; one that is no number is none that was written."""
    return list(db.session.scalars(sa.select(_untyped(AuditRow.chain)).distinct()))


def heads() -> list[tuple[int, Any, Any]]:
    """Where each chain ends, as it was noted: the chain, its position and its hash."""
    found = db.session.execute(
        sa.select(AuditHead.chain, _untyped(AuditHead.position), _untyped(AuditHead.hash))
    )
    return [(chain, position, hash) for chain, position, hash in found]


def _row(row: sa.Row[Any], names: Sequence[str]) -> Row:
    read: Sequence[Any] = tuple(row)
    id, position, hash = read[:3]
    named = dict(zip(names, read[3:], strict=True))
    return Row(
        id,
        position if type(position) is int else 0,
        hash if type(hash) is str else "",
        named["authority_id"],
        _values(named),
    )


def _values(named: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        return {
            **named,
            "at": datetime.fromisoformat(named["at"]),
            "before": _of_json(named["before"]),
            "after": _of_json(named["after"]),
        }
    except UNREADABLE:
        return None


def _of_json(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _as_it_lies(name: str) -> sa.ColumnElement[Any]:
    """A column as text or number, whatever lies in it: made into a value in the program."""
    column = getattr(AuditRow, name)
    if db.session.get_bind().dialect.name == "postgresql":
        if name == "at":
            return sa.func.to_char(column, MOMENT)
        if name in ("before", "after"):
            return sa.cast(column, sa.Text)
    return _untyped(column)


def _untyped(column: Any) -> sa.ColumnElement[Any]:
    """A column whose values are given as the driver has them."""
    return sa.type_coerce(column, sa.types.NullType())


def _given(value: object) -> sa.ColumnElement[Any]:
    """A value read so, asked for again."""
    return sa.bindparam(None, value, sa.BigInteger())
