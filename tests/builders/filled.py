"""A row in each of some tables, made of what their columns are: for what has to hold of any row."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.store.database import Base, db, writing

ON, AT = date(2026, 11, 20), datetime(2026, 11, 20, 9, 0)


def fill(authority_id: int, names: Iterable[str]) -> None:
    """Put a row into each of these tables, every column of it filled.

    What points at another table points at a row of the authority there, where there is one.
    """
    wanted = set(names)
    with writing():
        for table in Base.metadata.sorted_tables:
            if table.name in wanted:
                values = {c.name: _value(authority_id, table, c) for c in table.columns}
                values.pop("id", None)
                db.session.execute(sa.insert(table).values(**values))


def _value(authority_id: int, table: sa.Table, column: sa.Column[Any]) -> Any:
    if column.name == "authority_id":
        return authority_id
    for key in table.foreign_key_constraints:
        if column.name in key.column_keys:
            return _some(authority_id, table, key.referred_table)
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Integer):
        return 1
    if isinstance(kind, sa.DateTime):
        return AT
    if isinstance(kind, sa.Date):
        return ON
    if isinstance(kind, sa.JSON):
        return {}
    length = getattr(kind, "length", None) or 16
    return secrets.token_hex(min(length, 14) // 2)


def _some(authority_id: int, table: sa.Table, target: sa.Table) -> int | None:
    """A row to point at; nothing where it is the table itself, or that is empty."""
    if target is table:
        return None
    query = sa.select(target.c.id).where(target.c.authority_id == authority_id)
    return db.session.execute(query.order_by(target.c.id).limit(1)).scalar()
