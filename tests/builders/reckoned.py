"""Deadlines as they are kept, and as they are worked out from nothing: the two must be the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from builders.house import AT, House

from core.registry import Registered, Registry
from core.store import authorities, deadline_marks
from core.store.database import db, writing
from core.store.deadlines_kept import COLUMNS
from core.store.tables import DeadlineRow
from core.usecases import reckoning
from plugins import ppm_guidance, statutory

Rows = list[dict[str, Any]]


def registry(house: House) -> Registry:
    found: Registry = house.app.extensions["permanence"].registry
    return found


def with_the_law(house: House) -> Registry:
    """Have the app of a house know the law's clocks and both standards of planning meetings."""
    parts = house.app.extensions["permanence"]
    more = (*statutory.register_procedures(), *ppm_guidance.register_procedures())
    made = Registry([*parts.registry, *(Registered("beside", one) for one in more)])
    house.app.extensions["permanence"] = replace(parts, registry=made)
    reckoning.attach(made)
    up_to_date(house)
    return made


def up_to_date(house: House) -> None:
    """Work out whatever waits, as the worker does."""
    db.session.rollback()
    reckoning.bring_up_to_date(house.whole, registry(house), lambda: AT, lambda _: None)


def kept(house: House) -> Rows:
    """Every deadline of the authority, as it is kept."""
    columns = [getattr(DeadlineRow, name) for name in COLUMNS]
    query = sa.select(*columns).where(DeadlineRow.authority_id == house.authority_id)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in db.session.execute(query)]
    db.session.rollback()
    return sorted(rows, key=lambda row: repr([row[name] for name in COLUMNS[:6]]))


def from_nothing(house: House) -> Rows:
    """Forget every deadline, and work them all out."""
    with writing():
        authorities.lock(house.whole)
        own = DeadlineRow.authority_id == house.authority_id
        db.session.execute(sa.delete(DeadlineRow).where(own))
        deadline_marks.mark_all(house.whole, AT)
    up_to_date(house)
    return kept(house)


def waiting(house: House) -> int:
    found = deadline_marks.waiting(house.whole)
    db.session.rollback()
    return found


def differs(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> list[Any]:
    """What one has and the other has not: nothing where they are the same."""
    one, other = ([tuple(row.items()) for row in rows] for rows in (before, after))
    return [row for row in one if row not in other] + [row for row in other if row not in one]


def same_as_from_nothing(house: House) -> Rows:
    """Assert that nothing waits, and that what is kept is what is worked out from nothing."""
    assert waiting(house) == 0
    before = kept(house)
    assert differs(before, from_nothing(house)) == []
    keys = [tuple(row[name] for name in COLUMNS[:6]) for row in before]
    assert len(keys) == len(set(keys))
    return before
