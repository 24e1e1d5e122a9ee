"""The law's reviews of a child authorised to be placed, or placed, for adoption."""

from __future__ import annotations

from datetime import date

import pytest
from builders.dated import child, dues, run, said, typed

from core.domain.courses import ChildDates
from core.domain.due import Due
from plugins.statutory import PROCEDURE


def clocks(one: ChildDates, code: str) -> list[Due]:
    return dues(one, code, PROCEDURE)


def clock(one: ChildDates, code: str) -> Due:
    (found,) = clocks(one, code)
    return found


ORDERED = [run("C1", "2025-01-06", "2025-08-31"), run("E1", "2025-08-31")]


@pytest.mark.clause("AAR-36")
def test_authorised_and_not_placed_is_reviewed_at_three_months_then_every_six() -> None:
    reviews = ["2025-02-01", "2025-11-30", "2026-05-10"]
    one = child("2025-01-06", statuses=ORDERED, reviews=reviews)
    found = clocks(one, "authority-to-place")
    assert [due.due for due in found] == [date(2025, 11, 30), date(2026, 5, 30), date(2026, 11, 10)]
    assert [said(due, "2026-11-01") for due in found] == ["met", "met", "soon"]
    placed = typed("adoption", placed_on="2025-10-01")
    stopped = clock(child("2025-01-06", statuses=ORDERED, recorded=[placed]), "authority-to-place")
    assert said(stopped, "2025-10-01") == "stopped"


@pytest.mark.clause("AAR-36")
def test_a_child_placed_on_the_day_of_the_order_never_waits_for_a_placement() -> None:
    placed = typed("adoption", placement_order_on="2025-08-31", placed_on="2025-08-31")
    due = clock(child("2025-01-06", recorded=[placed]), "authority-to-place")
    assert said(due, "2025-12-24") == "stopped" and due.not_for.endswith("the day of the order")
    before = typed("adoption", placement_order_on="2025-08-31", placed_on="2025-08-01")
    early = clock(child("2025-01-06", recorded=[before]), "authority-to-place")
    assert said(early, "2025-12-24") == "not applicable"
    lost = [run("E1", "2025-04-01", known=False)]
    unknown = clock(child(run("", "2025-04-01", known=False), statuses=lost), "authority-to-place")
    assert "the day of the placement order" in unknown.why


@pytest.mark.clause("AAR-36")
def test_once_placed_reviews_follow_at_four_weeks_three_months_and_every_six() -> None:
    reviews = ["2025-10-29", "2026-01-31", "2026-07-31"]
    placements = [run("U6", "2025-01-06", "2025-10-01"), run("A6", "2025-10-01")]
    one = child("2025-01-06", placements=placements, reviews=reviews)
    found = clocks(one, "placed-for-adoption")
    assert [due.due for due in found] == [
        date(2025, 10, 29), date(2026, 1, 29), date(2026, 7, 31), date(2027, 1, 31),
    ]  # fmt: skip
    assert [said(due, "2026-11-23") for due in found] == ["met", "met late", "met", "running"]


BROKE_DOWN = [
    run("U6", "2025-01-06", "2025-10-01"),
    run("A6", "2025-10-01", "2026-01-31"),
    run("U6", "2026-01-31"),
]


@pytest.mark.clause("AAR-36")
def test_a_placement_for_adoption_that_ends_is_reviewed_no_more_and_the_child_waits_again() -> None:
    one = child("2025-01-06", statuses=ORDERED, placements=BROKE_DOWN, reviews=["2025-10-20"])
    assert [said(due, "2026-01-31") for due in clocks(one, "placed-for-adoption")] == [
        "met",
        "stopped",
    ]
    again = clock(one, "authority-to-place-after")
    assert again.due == date(2026, 4, 30) and said(again, "2026-05-01") == "late"
    assert again.why == (
        "by 30 April 2026: 3 months from the end of the placement for adoption on 31 January 2026 "
        "(AAR-36)"
    )
    reviewed = child(
        "2025-01-06", statuses=ORDERED, placements=BROKE_DOWN, reviews=["2025-10-20", "2026-03-31"]
    )
    found = clocks(reviewed, "authority-to-place-after")
    assert [due.due for due in found] == [date(2026, 4, 30), date(2026, 9, 30)]


@pytest.mark.clause("AAR-36")
def test_after_a_placement_ended_nothing_is_due_without_an_order_or_once_placed_again() -> None:
    revoked = [*ORDERED[:1], run("E1", "2025-08-31", "2026-01-20"), run("C2", "2026-01-20")]
    over = child("2025-01-06", statuses=revoked, placements=BROKE_DOWN)
    assert said(clock(over, "authority-to-place-after"), "2026-02-01") == "not applicable"
    elsewhere = [*BROKE_DOWN[:2], run("U6", "2026-01-31", "2026-03-01"), run("A6", "2026-03-01")]
    placed = typed("adoption", placed_on="2025-10-01")
    for recorded in ([], [placed]):
        one = child("2025-01-06", statuses=ORDERED, placements=elsewhere, recorded=recorded)
        assert said(clock(one, "authority-to-place-after"), "2026-03-01") == "stopped"
        assert clocks(one, "placed-for-adoption")[-1].anchor_date == date(2026, 3, 1)
