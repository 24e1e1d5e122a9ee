"""What is said of children beside their returns: names, teams, siblings, and their workers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.store import deadline_marks
from core.store.care import NO_EPISODES_SUMMARY, batches
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Allocation, CareSummary, Child, IdentityFact


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
    if not {"born", "birth_expected"}.isdisjoint(rows[0]):
        deadline_marks.touched(scope, children)
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


def say(scope: Scope, sayings: Iterable[tuple[int, str, str, int | None]], at: datetime) -> None:
    """Keep who said what of children's identities: (child, field, value, account that typed it).

    What was typed of the same field before stands no longer.
    """
    rows: list[dict[str, Any]] = [
        {
            "authority_id": scope.authority_id,
            "child_id": child_id,
            "field": field,
            "value": value,
            "typed_by": account_id,
            "as_at": scope.on,
            "stated_at": at,
        }
        for child_id, field, value, account_id in sayings
    ]
    for batch in batches({row["child_id"] for row in rows}):
        db.session.execute(
            sa.update(IdentityFact)
            .where(
                IdentityFact.authority_id == scope.authority_id,
                IdentityFact.child_id.in_(batch),
                IdentityFact.field.in_(sorted({row["field"] for row in rows})),
                IdentityFact.typed_by.is_not(None),
                IdentityFact.replaced_at.is_(None),
            )
            .values(replaced_at=at)
        )
    if rows:
        db.session.execute(sa.insert(IdentityFact), rows)
