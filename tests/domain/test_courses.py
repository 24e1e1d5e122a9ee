"""What is dated of a child: plans without their days, years not in hand, decisions reversed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders.dated import child, dues, ppm, run, typed

from core.domain.care_days import Told
from core.domain.courses import ChildDates, Decided, of_child
from core.domain.dated import Dated, Origin
from core.domain.due import State
from plugins import bcp, ppm_guidance, statutory

LAW = statutory.PROCEDURE


@pytest.mark.parametrize(
    ("values", "unknown"),
    [
        ({"primary": "adoption"}, {"plan.identified"}),
        ({"primary": "adoption", "state": "agreed"}, {"plan.identified", "plan.agreed_on"}),
        ({"primary": "adoption", "identified_on": "2026-05-01"}, set()),
        ({"primary": "other"}, set()),
        ({}, set()),
    ],
)
def test_a_plan_recorded_without_its_day_is_neither_late_nor_in_time(
    values: dict[str, str], unknown: set[str]
) -> None:
    recorded = [typed("plan", **values)] if values else []
    (course,) = of_child(child("2026-03-01", recorded=recorded))
    assert {anchor for anchor in course.unknown if anchor.startswith("plan.")} == unknown


def from_return(start: str, *years: int, until: date | None = None) -> ChildDates:
    """A child whose care is said by a return, with the years whose reviews are in hand.

    The last of them is as at its 31 March, or as at ``until``.
    """
    one = child(start)
    period = replace(one.periods[0], origin=Origin(file_id=1, line=2))
    told = until or max((date(year, 3, 31) for year in years), default=None)
    return replace(one, periods=(period,), told=Told(years, told))


@pytest.mark.parametrize(
    ("years", "state"), [((2024,), State.UNKNOWN), ((2024, 2025), State.LATE), ((), State.UNKNOWN)]
)
def test_a_review_after_the_last_return_in_hand_is_not_late_but_not_known(
    years: tuple[int, ...], state: State
) -> None:
    (first,) = dues(from_return("2024-03-25", *years), "review-1", LAW)
    assert first.due == date(2024, 4, 24)
    assert first.state(date(2024, 6, 1)) is state


@pytest.mark.parametrize(
    ("until", "state"), [(date(2024, 4, 23), State.UNKNOWN), (date(2024, 4, 24), State.LATE)]
)
def test_a_return_of_a_year_that_goes_on_tells_of_reviews_up_to_its_day(
    until: date, state: State
) -> None:
    (first,) = dues(from_return("2024-03-25", 2024, 2025, until=until), "review-1", LAW)
    assert first.state(date(2024, 6, 1)) is state


@pytest.mark.parametrize(
    ("held", "state"),
    [
        ((), State.UNKNOWN),
        (("2024-04-24",), State.MET),
        (("2024-04-25",), State.UNKNOWN),
        (("2024-04-10", "2024-04-25"), State.MET),
    ],
)
def test_a_review_in_time_shows_that_the_first_was_whichever_that_was(
    held: tuple[str, ...], state: State
) -> None:
    reviews = tuple(Dated(date.fromisoformat(on)) for on in held)
    one = replace(from_return("2024-03-25", 2025), reviews=reviews)
    (first,) = dues(one, "review-1", LAW)
    assert first.state(date(2024, 6, 1)) is state
    assert ("that was by" in first.reason) is (state is State.MET)


@pytest.mark.parametrize(("second", "state"), [("2024-07-25", "met"), ("2024-07-26", "unknown")])
def test_two_reviews_in_time_show_that_the_second_was_by_what_runs_from_the_start(
    second: str, state: str
) -> None:
    reviews = tuple(Dated(date.fromisoformat(on)) for on in ("2024-06-20", second))
    one = replace(from_return("2024-03-25", 2025), reviews=reviews)
    (local,) = dues(one, "review-2", bcp.PROCEDURE)
    (law,) = dues(one, "review-2", LAW)
    assert (local.state(date(2024, 8, 1)), law.state(date(2024, 8, 1))) == (state, "unknown")


def test_a_reversed_agency_decision_leaves_the_placement_order_until_that_is_revoked() -> None:
    reversed_ = Decided(date(2025, 1, 6), date(2026, 2, 2))
    stands = replace(
        child("2024-06-03", statuses=[run("E1", "2025-09-01")]), decisions=(reversed_,)
    )
    (due,) = dues(stands, "authority-to-place", LAW)
    assert due.due == date(2025, 12, 1)
    assert due.state(date(2026, 3, 2)) is State.LATE
    revoked = replace(stands, statuses=(run("E1", "2025-09-01"), run("C2", "2025-11-03")))
    (due,) = dues(revoked, "authority-to-place", LAW)
    assert due.stopped_on == date(2025, 11, 3)


def test_a_planning_meeting_after_permanence_was_secured_asks_for_no_other() -> None:
    standard = next(p for p in ppm_guidance.PROCEDURES if p.code == "PPM10")
    recorded = [typed("plan", primary="adoption", achieved_on="2025-10-01"), ppm("2026-01-15")]
    (only,) = dues(child("2024-06-03", recorded=recorded), "next-ppm", standard)
    assert only.state(date(2026, 7, 1)) is State.NOT_APPLICABLE
    assert only.not_for == "permanence was secured on 1 October 2025"
