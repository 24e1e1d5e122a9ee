"""A fact corrected backwards moves everything that depends on it, and what was said stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.reckoned import kept, same_as_from_nothing, with_the_law

from core.domain.care_typing import EPISODE, REVIEW
from core.store import care_rows
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import DeadlineEarlier
from core.usecases.care import save_row
from core.usecases.record_new import add

FIRST = datetime(2026, 11, 20, 9, 0)
CORRECTED, BACK = FIRST + timedelta(days=1), FIRST + timedelta(days=2)
CARE = {"rne": "S", "ls": "C1", "cin": "N1", "place": "U6", "place_provider": "PR1"}
WHY = "The letter says so"
Moved = dict[str, tuple[date, date, int | None, datetime]]


def asks(house: House, role: str, at: datetime) -> Scope:
    return replace(house.scope(role), moment=at)


@pytest.fixture
def child(house: House) -> tuple[int, str]:
    """A child in care since 8 October 2026, once reviewed, with proceedings of their own day."""
    with_the_law(house)
    ident, public_id = house.child(became_looked_after=None)
    worker = asks(house, "social.worker", FIRST)
    save_row(worker, public_id, EPISODE, None, {**CARE, "decom": "2026-10-08"}, WHY, True, FIRST)
    held = {"held_on": "2026-10-26", "code": "PN1"}
    save_row(worker, public_id, REVIEW, None, held, WHY, True, FIRST)
    issued = {"application": "care-order", "issued_on": "2026-10-12"}
    add(worker, public_id, "proceedings", issued, FIRST)
    return ident, public_id


def began(house: House, child: tuple[int, str], on: str, at: datetime) -> None:
    """The team manager says that care began on another day."""
    (row,) = [r for r in care_rows.rows(house.whole, child[0], EPISODE) if r.state == "in use"]
    db.session.rollback()
    scope = asks(house, "team.manager", at)
    save_row(scope, child[1], EPISODE, row.id, {**CARE, "decom": on}, WHY, True, at)


def by_code(house: House, run: int = 1) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in kept(house) if row["run"] == run}


def earlier(house: House, at: datetime) -> Moved:
    """By code, from when to when a deadline was moved, by whom and at which moment."""
    row = DeadlineEarlier
    found = db.session.execute(
        sa.select(row.code, row.anchor_date, row.due, row.replaced_by, row.replaced_at, row.run)
        .where(row.replaced_at == at)
        .order_by(row.id)
    ).all()
    db.session.rollback()
    return {r.code: (r.anchor_date, r.due, r.replaced_by, r.replaced_at) for r in found if r.run}


def test_what_runs_from_it_moves_and_says_what_it_said_until_when_and_by_whose_change(
    house: House, child: tuple[int, str]
) -> None:
    before = by_code(house)
    began(house, child, "2026-09-01", CORRECTED)
    after, moved = by_code(house), earlier(house, CORRECTED)
    manager = house.accounts["team.manager"]
    latest = moved.pop("health-review")  # Chained to the initial one, which has no day yet.
    assert (latest[1], after["health-review"]["anchor_date"]) == (
        before["health-review"]["due"],
        after["health-initial"]["due"],
    )
    assert set(moved) == {"first-ppm", "review-1", "care-plan", "health-initial"}
    for code, (anchor, due, who, when) in moved.items():
        assert (anchor, due) == (before[code]["anchor_date"], before[code]["due"])
        assert (who, when) == (manager, CORRECTED)
        assert after[code]["anchor_date"] == date(2026, 9, 1)
        assert after[code]["due"] < due
    assert after["review-1"]["due"] == date(2026, 9, 29)
    same_as_from_nothing(house)


def test_what_does_not_depend_on_it_stays_as_it_was(house: House, child: tuple[int, str]) -> None:
    before = by_code(house)
    began(house, child, "2026-09-01", CORRECTED)
    after = by_code(house)
    for code in ("proceedings", "proceedings-reviewed", "review-2"):
        assert before[code] == after[code]


def test_the_latest_possible_day_that_was_there_before_moves_too(
    house: House, child: tuple[int, str]
) -> None:
    assert by_code(house, 0)["review-2"]["due"] == date(2027, 2, 5)
    began(house, child, "2026-09-01", CORRECTED)
    latest = by_code(house, 0)["review-2"]
    assert (latest["due"], latest["ends"]) == (date(2026, 12, 29), date(2026, 10, 26))


def test_correcting_it_once_more_moves_it_back_and_keeps_both(
    house: House, child: tuple[int, str]
) -> None:
    before = kept(house)
    began(house, child, "2026-09-01", CORRECTED)
    began(house, child, "2026-10-08", BACK)
    by_another = {"typed_by": None}
    assert [{**r, **by_another} for r in kept(house)] == [{**r, **by_another} for r in before]
    assert earlier(house, CORRECTED).keys() == earlier(house, BACK).keys()
    assert earlier(house, BACK)["review-1"][:2] == (date(2026, 9, 1), date(2026, 9, 29))


def test_what_becomes_known_and_what_happens_at_last_are_no_corrections(house: House) -> None:
    with_the_law(house)
    _, public_id = house.child(became_looked_after=None)
    worker, iro = (asks(house, role, CORRECTED) for role in ("social.worker", "iro"))
    save_row(worker, public_id, EPISODE, None, {**CARE, "decom": "2026-10-08"}, WHY, True, FIRST)
    assert by_code(house)["review-2"]["latest"]
    held = {"held_on": "2026-10-26", "code": "PN1"}
    save_row(iro, public_id, REVIEW, None, held, WHY, True, CORRECTED)
    assert not by_code(house)["review-2"]["latest"]
    assert by_code(house)["review-2"]["due"] == date(2027, 1, 26)
    assert "review-2" not in earlier(house, CORRECTED)
