"""What is said of children beside their returns: names, teams, siblings, and their workers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.store.care import NO_EPISODES_SUMMARY
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Allocation, CareSummary, Child


def without_episodes(scope: Scope, child_ids: Collection[int]) -> None:
    """Give children of whom no episode is known their place in the lists."""
    rows = [
        {"authority_id": scope.authority_id, "child_id": child_id, **NO_EPISODES_SUMMARY}
        for child_id in child_ids
    ]
    if rows:
        db.session.execute(sa.insert(CareSummary), rows)


def describe(scope: Scope, children: Mapping[int, Mapping[str, Any]]) -> None:
    """Set what is said of children, by id; one statement for all of them."""
    rows = [{"at": child_id, **values} for child_id, values in children.items()]
    if not rows:
        return
    columns: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "at"}
    table = Child.__table__
    statement = (
        sa.update(table)  # type: ignore[arg-type]
        .where(table.c.authority_id == scope.authority_id, table.c.id == sa.bindparam("at"))
        .values(version=table.c.version + 1, **columns)
    )
    db.session.connection().execute(statement, rows)


def allocate(scope: Scope, allocations: Iterable[tuple[int, int, str, date]]) -> None:
    """Say who works with whom: (child, account, relation, since)."""
    rows = [
        {
            "authority_id": scope.authority_id,
            "child_id": child_id,
            "account_id": account_id,
            "relation": relation,
            "since": since,
        }
        for child_id, account_id, relation, since in allocations
    ]
    if rows:
        db.session.execute(sa.insert(Allocation), rows)
