"""What deadlines said before, where the facts come from that they run from, and who sees which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from builders.house import House
from builders.referred import registry, submitted

from core.domain.care_typing import EPISODE
from core.store import care_rows, deadline_sources, deadlines, deadlines_earlier
from core.store.database import db
from core.store.deadlines_earlier import Moved
from core.store.scope import Scope
from core.store.sources import SourceRow
from core.usecases.care import save_row
from core.usecases.record_new import add

FIRST, AGAIN = datetime(2026, 11, 20, 9, 0), datetime(2026, 11, 23, 23, 30, 15, 250)
CARE = {"rne": "S", "ls": "C1", "cin": "N1", "place": "U6", "place_provider": "PR1"}
WORKER = "social.worker"


def asks(house: House, role: str, at: datetime) -> Scope:
    """The scope of a request at a moment."""
    return replace(house.scope(role), moment=at)


def began(house: House, child: str, on: str, at: datetime) -> Scope:
    """Say that care began on a day, in the place of what was said before."""
    scope, row = asks(house, WORKER, at), None
    found = [
        r for r in care_rows.rows(scope, child_id(house, child), EPISODE) if r.state == "in use"
    ]
    db.session.rollback()
    if found:
        row = found[0].id
    save_row(scope, child, EPISODE, row, {**CARE, "decom": on}, "The letter", True, at)
    return scope


def child_id(house: House, public_id: str) -> int:
    from core.store import children

    found = children.child(house.whole, public_id)
    db.session.rollback()
    assert found is not None
    return found.id


@pytest.fixture
def child(house: House) -> tuple[int, str]:
    return house.child(became_looked_after=None)


def of_child(house: House, role: str, child: int, on: date | None = None) -> list[Any]:
    found = deadlines.of_child(house.scope(role), registry(house), child, on)
    db.session.rollback()
    return found


@pytest.mark.clause("BEX-1.4.b")
def test_an_earlier_value_says_what_it_was_until_when_and_by_whose_change(
    house: House, child: tuple[int, str]
) -> None:
    ident, public_id = child
    began(house, public_id, "2026-10-08", FIRST)
    assert deadlines_earlier.of_child(house.whole, ident) == {}
    began(house, public_id, "2026-10-01", AGAIN)
    (fact,) = [f for f in of_child(house, WORKER, ident) if f.code == "first-ppm"]
    (was,) = deadlines_earlier.of_child(house.whole, ident)[(ident, *fact.key)]
    assert fact.due == date(2026, 10, 29)
    assert (was.due, was.anchor_date) == (date(2026, 11, 5), date(2026, 10, 8))
    assert was.why == "4 weeks from becoming looked after on 8 October 2026"
    assert (was.until, was.by) == (AGAIN, "Social Worker Of Bexley")


def test_a_change_is_told_what_it_moved_and_no_other_is(
    house: House, child: tuple[int, str]
) -> None:
    ident, public_id = child
    began(house, public_id, "2026-10-08", FIRST)
    scope = began(house, public_id, "2026-10-01", AGAIN)

    def moved(asker: Scope) -> list[Moved]:
        found = deadlines_earlier.moved_by(asker, registry(house), ident)
        db.session.rollback()
        return found

    title = "First permanence planning meeting"
    assert moved(scope) == [Moved(title, date(2026, 11, 5), date(2026, 10, 29))]
    assert moved(replace(scope, moment=FIRST)) == []
    assert moved(asks(house, "team.manager", AGAIN)) == []
    assert moved(replace(scope, moment=None)) == []
    assert moved(replace(scope, roles=frozenset({"authority.administrator"}))) == []


def test_the_source_is_who_typed_the_fact_and_on_which_day_in_london(
    house: House, child: tuple[int, str]
) -> None:
    ident, public_id = child
    began(house, public_id, "2026-06-01", datetime(2026, 6, 30, 23, 30))
    at = datetime(2026, 11, 2, 9)
    scope = asks(house, "team.manager", at)
    add(
        scope,
        public_id,
        "proceedings",
        {"issued_on": "2026-06-03", "application": "care-order"},
        at,
    )
    by_code = {
        key[3]: source for key, source in deadline_sources.of_child(house.whole, ident).items()
    }
    db.session.rollback()
    worker, manager = "Social Worker Of Bexley", "Team Manager Of Bexley"
    assert by_code["first-ppm"] == SourceRow(by=worker, on=date(2026, 7, 1))
    assert by_code["proceedings-reviewed"] == SourceRow(by=manager, on=date(2026, 11, 2))


def test_who_sees_care_alone_sees_no_deadline_of_a_case_or_of_the_record(
    house: House, child: tuple[int, str]
) -> None:
    ident, public_id = child
    began(house, public_id, "2026-10-08", FIRST)
    _, meeting = house.meeting()
    submitted(house, meeting, public_id)
    for role in (WORKER, "panel.administrator", "inspector"):
        assert {fact.code for fact in of_child(house, role, ident)} >= {
            "first-ppm",
            "referral-received",
        }
    assert of_child(house, "authority.administrator", ident) == []
    command = deadlines.as_at(replace(house.whole, on=house.today), registry(house), "0101")
    assert {fact.code for fact in of_child(house, WORKER, ident)} == {c["code"] for c in command}


def test_the_day_that_is_asked_is_not_the_day_by_which_one_sees(
    house: House, child: tuple[int, str]
) -> None:
    ident, public_id = child
    began(house, public_id, "2026-10-08", FIRST)
    assert of_child(house, WORKER, ident, date(2026, 10, 7)) == []
    assert of_child(house, WORKER, ident, date(2010, 1, 1)) == []
    (fact,) = [
        f for f in of_child(house, WORKER, ident, date(2026, 10, 8)) if f.code == "first-ppm"
    ]
    (row,) = deadlines.on_page(house.whole, [fact], date(2026, 10, 30))
    assert (row.state, row.left) == ("soon", "in 6 days")
