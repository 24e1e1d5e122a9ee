"""When planning began and by what, what asks for the plan next, and two plans side by side."""

from __future__ import annotations

from datetime import date

import pytest
from builders.dated import child, dues, ppm, run, typed

from core.domain.courses import ChildDates
from core.domain.tracking import Track, track
from plugins.ppm_guidance import PROCEDURES

PPM2, PPM10 = PROCEDURES


def stands(one: ChildDates) -> Track:
    return track(one, dues(one, "plan-tracked", PPM2) + dues(one, "plan-tracked-alone", PPM2))


@pytest.mark.clause("PPM2-1")
@pytest.mark.parametrize(
    ("entered", "on", "trigger"),
    [
        ((), date(2026, 3, 2), "looked-after"),
        (
            (typed("gateway", held_on="2026-01-12", determination="pre-proceedings"),),
            date(2026, 1, 12),
            "pre-proceedings",
        ),
        ((ppm("2026-02-02"),), date(2026, 2, 2), "pre-proceedings"),
        (
            (typed("gateway", held_on="2026-01-12", determination="issue"),),
            date(2026, 3, 2),
            "looked-after",
        ),
        (
            (typed("gateway", held_on="2026-04-12", determination="pre-proceedings"),),
            date(2026, 3, 2),
            "looked-after",
        ),
    ],
)
def test_planning_begins_with_pre_proceedings_or_care_the_earlier_of_the_two(
    entered: tuple[object, ...], on: date, trigger: str
) -> None:
    found = stands(child("2026-03-02", recorded=entered))  # type: ignore[arg-type]
    assert (found.planning_on, found.trigger, found.planning_known) == (on, trigger, True)


@pytest.mark.clause("PPM2-1")
def test_a_start_that_is_not_known_is_not_said_to_be_and_no_care_has_none() -> None:
    found = stands(child(run("", "2026-04-01", known=False)))
    assert (found.planning_known, found.trigger) == (False, "looked-after")
    assert stands(child()) == Track()
    before = typed("gateway", held_on="2026-01-12", determination="pre-proceedings")
    assert stands(child(recorded=[before])).planning_on == date(2026, 1, 12)


def test_a_second_period_of_care_has_its_own_start_of_planning() -> None:
    again = child(run("E4A", "2020-01-06", "2021-02-01"), "2026-03-02", recorded=[
        typed("gateway", held_on="2019-11-04", determination="pre-proceedings"),
        ppm("2020-01-20"),
    ])  # fmt: skip
    found = stands(again)
    assert (found.planning_on, found.met_on, found.secured_on) == (date(2026, 3, 2), None, None)


@pytest.mark.clause("PPM2-2.4")
def test_what_asks_for_the_plan_next_is_kept_until_it_is_secured() -> None:
    met = [ppm("2026-02-02"), typed("plan-tracked", tracked_on="2026-03-09", words="On its way")]
    found = stands(child("2026-01-20", recorded=met))
    assert (found.met_on, found.tracked_on) == (date(2026, 2, 2), date(2026, 3, 9))
    assert found.tracked_due == date(2026, 4, 20)
    order = typed("adoption", order_on="2026-04-01")
    ended = stands(child("2026-01-20", recorded=[*met, order]))
    assert (ended.secured_on, ended.secured_by) == (date(2026, 4, 1), "adoption-order")
    assert ended.tracked_until == date(2026, 4, 1)


@pytest.mark.clause("PPM2-3.8")
def test_section_20_is_from_day_to_day() -> None:
    statuses = [run("V2", "2026-01-20", "2026-05-01"), run("C1", "2026-05-01")]
    found = stands(child("2026-01-20", statuses=statuses))
    assert (found.section_20_on, found.section_20_until) == (date(2026, 1, 20), date(2026, 5, 1))


@pytest.mark.clause("PPM2-4.2")
@pytest.mark.parametrize(
    ("aim", "primary", "differs"),
    [
        ("long-term-fostering", "adoption", True),
        ("adoption", "adoption", False),
        ("sgo", "sgo-existing-carer", False),
        ("long-term-fostering", "", False),
    ],
)
def test_a_care_plan_that_says_another_thing_than_the_permanence_plan_differs(
    aim: str, primary: str, differs: bool
) -> None:
    plan = [typed("plan", primary=primary, identified_on="2026-02-01")] if primary else []
    said = typed("care-plan-aim", review_on="2026-02-16", aim=aim)
    found = stands(child("2026-01-20", recorded=[*plan, said]))
    assert (found.aim, found.aim_on, found.differs) == (aim, date(2026, 2, 16), differs)
