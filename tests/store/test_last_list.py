"""The day of the latest list of children in care is known from the imports, not from every row."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from builders.house import House

from core.store import applied
from core.store.database import db, writing
from core.store.imports import RunState
from core.store.tables import ImportRun

AT = datetime(2026, 11, 23, 9, 0)


def run(house: House, state: str, as_at: str, *lists: str) -> None:
    with writing():
        db.session.execute(
            sa.insert(ImportRun).values(
                authority_id=house.authority_id,
                state=state,
                asked_at=AT,
                changed_at=AT,
                counts={"lists_as_at": as_at, "lists": list(lists)} if as_at else {},
            )
        )


def test_the_latest_list_of_children_in_care_that_was_applied(house: House) -> None:
    assert applied.last_list(house.whole) is None
    run(house, RunState.APPLIED, "2026-09-30", "annex-a-10", "annex-a-8")
    run(house, RunState.APPLIED, "2026-08-31", "annex-a-8")
    run(house, RunState.APPLIED, "2026-10-31", "case-list")
    run(house, RunState.READY, "2026-11-20", "annex-a-8")
    run(house, RunState.APPLIED, "")
    other = House(house.app, house.today, "TOY", "toyshire")
    run(other, RunState.APPLIED, "2026-11-21", "annex-a-8")
    assert applied.last_list(house.whole) == date(2026, 9, 30)
    db.session.rollback()
