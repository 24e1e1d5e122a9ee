"""A fact corrected backwards moves everything that depends on it, and what was said stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.reckoned import kept, registry, same_as_from_nothing, with_the_law

from core.domain.care_typing import EPISODE, REVIEW
from core.store import care_rows, deadlines_earlier, record
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import DeadlineEarlier
from core.usecases import record as change
from core.usecases.care import save_row, void_row
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


def told(house: House, child: int) -> set[tuple[str, int, date]]:
    """By code and number of its period, what the page says that a deadline was."""
    found = deadlines_earlier.of_child(house.whole, child)
    db.session.rollback()
    return {(key[3], key[4], was.due) for key, said in found.items() for was in said}


def gone(house: House, child: int) -> list[tuple[str, date, str]]:
    found = deadlines_earlier.gone(house.whole, registry(house), child)
    db.session.rollback()
    return [(one.title, was.due, was.by) for one in found for was in one.said]


def test_an_earlier_period_that_is_found_later_takes_nothing_from_the_one_there_was(
    house: House, child: tuple[int, str]
) -> None:
    began(house, child, "2026-09-01", CORRECTED)
    was = told(house, child[0])
    assert ("first-ppm", 1, date(2026, 11, 5)) in was
    before = {(r["code"], r["due"]) for r in kept(house) if r["due"]}
    scope = asks(house, "social.worker", BACK)
    ended = {**CARE, "decom": "2024-01-10", "dec": "2024-06-10", "rec": "E4A"}
    save_row(scope, child[1], EPISODE, None, ended, WHY, True, BACK)
    assert {(r["code"], r["due"]) for r in kept(house) if r["spell"] == 2 and r["due"]} <= before
    assert earlier(house, BACK) == {}
    assert told(house, child[0]) == {(code, 2, due) for code, _, due in was}
    assert gone(house, child[0]) == []
    same_as_from_nothing(house)


def test_a_period_that_is_out_keeps_what_it_said_and_has_it_again_when_it_is_entered_again(
    house: House, child: tuple[int, str]
) -> None:
    scope = asks(house, "social.worker", CORRECTED)
    ended = {**CARE, "decom": "2024-01-10", "dec": "2024-06-10", "rec": "E4A"}
    save_row(scope, child[1], EPISODE, None, ended, WHY, True, CORRECTED)
    moved = {**ended, "decom": "2024-02-10"}
    _save_in_place(house, child, "2024-01-10", moved, CORRECTED)
    was = told(house, child[0])
    assert {spell for _, spell, _ in was} == {1, 2}
    (row,) = [r for r in _episodes(house, child[0]) if r.values["decom"] == "2024-02-10"]
    void_row(asks(house, "team.manager", BACK), child[1], EPISODE, row.id, WHY, BACK)
    assert told(house, child[0]) == {(code, 1, due) for code, spell, due in was if spell == 2}
    manager = "Team Manager Of Bexley"
    title = "First permanence planning meeting"
    assert (title, date(2024, 3, 9), manager) in gone(house, child[0])
    assert (title, date(2024, 2, 7), "Social Worker Of Bexley") in gone(house, child[0])
    worker = asks(house, "social.worker", BACK)
    save_row(worker, child[1], EPISODE, None, moved, WHY, True, BACK)
    assert gone(house, child[0]) == []
    assert told(house, child[0]) == was
    same_as_from_nothing(house)


def _episodes(house: House, child: int) -> list[Any]:
    found = [r for r in care_rows.rows(house.whole, child, EPISODE) if r.state == "in use"]
    db.session.rollback()
    return found


def _save_in_place(
    house: House, child: tuple[int, str], on: str, values: dict[str, str], at: datetime
) -> None:
    (row,) = [r for r in _episodes(house, child[0]) if r.values["decom"] == on]
    scope = asks(house, "social.worker", at)
    save_row(scope, child[1], EPISODE, row.id, values, WHY, True, at)


def test_what_was_due_from_a_fact_that_is_taken_out_stays_readable(
    house: House, child: tuple[int, str]
) -> None:
    before, was = told(house, child[0]), by_code(house)["proceedings-reviewed"]["due"]
    (entry,) = [e for e in record.entries(house.whole, child[0]) if e.kind == "proceedings"]
    db.session.rollback()
    worker = asks(house, "social.worker", CORRECTED)
    change.take_out(worker, entry.public_id, entry.version, WHY, CORRECTED)
    assert "proceedings-reviewed" in earlier(house, CORRECTED)
    shown = {due for _, due, _ in gone(house, child[0])} | {d for *_, d in told(house, child[0])}
    assert was in shown
    page = house.client("social.worker").get(f"/children/{child[1]}/dates").text
    assert f"{was.day} {was:%B %Y}" in page and "Social Worker Of Bexley changed it" in page
    again = asks(house, "social.worker", BACK)
    change.put_back(again, entry.public_id, entry.version + 1, BACK)
    assert gone(house, child[0]) == [] and told(house, child[0]) == before
