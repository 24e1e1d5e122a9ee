"""What stands beside what, and what no longer holds: plans dropped, orders and placements again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from builders.dated import BANK_HOLIDAYS, assessed, child, dues, every, ppm, run, typed

from core.domain.care_days import Told
from core.domain.courses import ChildDates
from core.domain.dated import Dated, Origin
from core.domain.dates import Calendar, Period, Unit
from core.domain.due import State
from core.domain.procedure import Procedure
from core.domain.record.recorded import Recorded
from plugins import bcp, bexley, ppm_guidance, somerset, statutory

LAW = statutory.PROCEDURE
TEN_DAYS = Period(10, Unit.WORKING_DAYS)


def plan(identified: str, ended: str = "", **more: str) -> Recorded:
    said = {"primary": "adoption", "identified_on": identified, "agreed_on": identified}
    return typed("plan", **said, **({"ended_on": ended} if ended else {}), **more)


@pytest.mark.clause("BCP-1.1", "BEX-0.2")
@pytest.mark.parametrize(
    ("ended", "again", "met"),
    [
        ("", "", "2026-01-10"),
        ("2026-02-01", "", None),
        ("2026-02-01", "2026-02-01", "2026-02-01"),
        ("2026-04-20", "", None),
        ("2026-04-21", "", "2026-01-10"),
    ],
)
def test_a_plan_that_was_dropped_before_the_second_review_is_none_at_it(
    ended: str, again: str, met: str | None
) -> None:
    plans = [plan("2026-01-10", ended), *([plan(again)] if again else [])]
    one = child("2026-01-05", reviews=["2026-02-02", "2026-04-20"], recorded=plans)
    for code, procedure in (("plan-identified", bcp), ("plan-agreed", bexley)):
        (due,) = dues(one, code, procedure.PROCEDURE, LAW)
        assert str(due.met_on or None) == str(met)


SECURED = {
    "plan": {"primary": "adoption", "state": "achieved", "achieved_on": "2025-09-01"},
    "match": {"for": "long-term-fostering", "matched_on": "2025-09-01"},
}


@pytest.mark.clause("PPM10-3", "PPM2-2.4")
@pytest.mark.parametrize("kind", SECURED)
@pytest.mark.parametrize(("code", "number"), [("next-ppm", 1), ("plan-tracked", 0)])
def test_what_had_secured_permanence_and_broke_down_asks_for_meetings_again(
    kind: str, code: str, number: int
) -> None:
    met = [ppm("2025-08-01"), ppm("2026-03-16")]
    broke = typed(kind, **SECURED[kind], ended_on="2026-01-12")
    standard = ppm_guidance.PROCEDURES[number]
    first, late, again = dues(child("2025-05-05", recorded=[broke, *met]), code, standard)
    assert (first.stopped_on, first.ends) == (date(2025, 9, 1), date(2026, 1, 12))
    assert (late.met_on, again.anchor_date) == (date(2026, 3, 16), date(2026, 3, 16))
    assert again.state(date(2026, 3, 17)) is State.RUNNING
    stands = typed(kind, **SECURED[kind])
    (only,) = dues(child("2025-05-05", recorded=[stands, *met]), code, standard)
    assert only.stopped_on == date(2025, 9, 1)
    # Without a further meeting it is due again from the day on which it broke down.
    stopped, resumed = dues(child("2025-05-05", recorded=[broke, met[0]]), code, standard)
    asked = date(2026, 6, 30)
    assert not stopped.there(asked) and stopped.state(date(2025, 12, 1)) is State.STOPPED
    assert resumed.begins == date(2026, 1, 12) and resumed.state(asked) is State.LATE


def test_a_new_interim_order_without_its_proceedings_is_not_known_beside_the_known_ones() -> None:
    ended = typed("proceedings", issued_on="2024-01-15", ended_on="2024-06-03")
    orders = [run("C1", "2024-02-01", "2024-06-03"), run("C1", "2025-03-03")]
    one = child("2024-01-08", statuses=orders, recorded=[ended])
    first, second = dues(one, "proceedings", LAW)
    assert (first.met_on, second.due, second.begins) == (date(2024, 6, 3), None, date(2025, 3, 3))
    assert "interim care order of 3 March 2025" in second.missing
    assert second.state(date(2025, 4, 1)) is State.UNKNOWN
    issued = typed("proceedings", issued_on="2025-02-20")
    assert len(dues(replace(one, entries=(ended, issued)), "proceedings", LAW)) == 2


@pytest.mark.parametrize("procedure", [LAW, ppm_guidance.PROCEDURES[0]], ids=["STAT", "PPM2"])
def test_of_two_proceedings_each_has_its_own_end(procedure: Procedure) -> None:
    two = [
        typed("proceedings", issued_on="2024-01-15"),
        typed("proceedings", issued_on="2025-06-02", ended_on="2025-10-01"),
    ]
    first, second = dues(child("2024-01-08", recorded=two), "proceedings", procedure)
    assert first.state(date(2025, 12, 1)) is State.LATE
    assert second.met_on == date(2025, 10, 1)


def test_a_second_emergency_placement_of_which_the_area_is_not_said_is_not_known() -> None:
    two = [
        typed("emergency", placed_on="2025-03-03", out_of_area="yes", notified_on="2025-03-04"),
        typed("emergency", placed_on="2025-06-02"),
    ]
    first, second = dues(child("2025-01-06", recorded=two), "out-of-area", LAW)
    assert first.met_on == date(2025, 3, 4)
    assert "2 June 2025" in second.missing and second.begins == date(2025, 6, 2)


def test_a_placement_order_of_an_unknown_day_does_not_hide_the_one_that_is_known() -> None:
    orders = [
        run("E1", "2024-05-06", "2024-11-04", known=False),
        run("C2", "2024-11-04", "2025-06-02"),
        run("E1", "2025-06-02"),
    ]
    known, unknown = dues(child("2024-05-06", statuses=orders), "authority-to-place", LAW)
    assert known.due == date(2025, 9, 2)
    assert unknown.missing == "the day of the placement order"
    assert unknown.stopped_on == date(2024, 11, 4)


def test_a_second_placement_order_of_the_returns_stands_beside_the_first_of_the_record() -> None:
    orders = [
        run("E1", "2024-05-06", "2024-11-04"),
        run("C2", "2024-11-04", "2025-06-02"),
        run("E1", "2025-06-02"),
    ]
    said = typed("adoption", placement_order_on="2024-05-03")
    one = child("2024-01-08", statuses=orders, recorded=[said])
    first, second = dues(one, "authority-to-place", LAW)
    assert (first.due, first.stopped_on) == (date(2024, 8, 3), date(2024, 11, 4))
    assert second.due == date(2025, 9, 2)


def test_without_a_day_of_birth_becoming_eligible_is_not_known() -> None:
    one = child("2024-01-08", born="")
    for code in ("eligible-child", "pathway-assessment"):
        (due,) = dues(one, code, LAW)
        assert (due.missing, due.enter) == ("the date of birth is not known", "identity")
    assert not dues(replace(one, unborn=True), "eligible-child", LAW)


@pytest.mark.clause("SOM-3.7.a")
def test_a_child_placed_for_adoption_has_been_matched() -> None:
    one = child(
        "2024-01-08", statuses=[run("E1", "2025-01-06")], placements=[run("A5", "2025-03-03")]
    )
    (due,) = dues(one, "adoption-no-match", somerset.PROCEDURE)
    assert due.state(date(2025, 8, 1)) is State.MET


@pytest.mark.parametrize("end", ["2026-02-10", "2026-02-20", ""])
def test_what_is_dated_on_the_day_a_period_begins_is_of_that_period(end: str) -> None:
    again = child(run("", "2024-01-08", end), "2026-02-10")
    dated = replace(
        again,
        entries=(
            assessed("care-plan", "2026-02-10"),
            typed("proceedings", issued_on="2026-02-10"),
            typed("emergency", placed_on="2026-02-10", out_of_area="yes"),
        ),
    )
    assert dues(dated, "care-plan", LAW)[-1].met_on == date(2026, 2, 10)
    for code in ("proceedings", "out-of-area"):
        (due,) = dues(dated, code, LAW)
        assert due.anchor_date == date(2026, 2, 10)


def test_what_was_planned_between_two_periods_of_care_years_ago_is_not_of_the_new_one() -> None:
    again = child(run("", "2015-01-06", "2015-06-06"), "2026-01-05")
    old = replace(again, entries=(assessed("care-plan", "2015-08-01"), plan("2016-02-01")))
    assert dues(old, "care-plan", LAW)[-1].met_on is None
    assert dues(old, "plan-identified", bcp.PROCEDURE)[-1].met_on is None


@pytest.mark.clause("BEX-1.1.e")
def test_a_residential_placement_that_ended_asks_for_no_panel_any_more() -> None:
    one = child(
        "2026-01-05",
        placements=[
            run("K2", "2026-02-02", "2026-02-09"),
            run("K2", "2026-02-09", "2026-03-16"),
            run("U6", "2026-03-16"),
        ],
    )
    first, second = dues(one, "residential-reviewed", bexley.PROCEDURE)
    assert first.state(date(2026, 2, 9)) is State.STOPPED
    assert second.state(date(2026, 3, 10)) is State.LATE
    assert second.state(date(2026, 3, 16)) is State.STOPPED


@pytest.mark.clause("BEX-0.2")
def test_nothing_comes_back_from_late_as_what_it_runs_to_happens_after_that_day() -> None:
    one = child("2026-01-05", reviews=["2026-01-30"])
    late = replace(one, reviews=(*one.reviews, Dated(date(2026, 8, 20))))
    for dated in (one, late):
        there = every(dated, "plan-agreed", bexley.PROCEDURE, LAW)
        on = date(2026, 6, 1)
        assert [due.state(on) for due in there if due.there(on)] == [State.LATE]


OFFICES_CLOSED = Calendar(BANK_HOLIDAYS.days_off, frozenset({date(2026, 2, 4), date(2026, 2, 7)}))


def test_a_day_off_of_the_authority_makes_its_own_dates_later_and_never_the_laws() -> None:
    one = child("2026-01-26")
    (law,) = dues(one, "care-plan", LAW, calendar=OFFICES_CLOSED)
    assert (law.due, law.reason) == (
        date(2026, 2, 9),
        "10 working days from the first placement (becoming looked after) on 26 January 2026",
    )
    local = replace(
        bcp.PROCEDURE,
        deadlines=tuple(
            replace(rule, anchor="became-looked-after", latest="", or_earlier=(), period=TEN_DAYS)
            for rule in bcp.PROCEDURE.deadlines
            if rule.code == "review-2"
        ),
    )
    (own,) = dues(one, "review-2", local, LAW, calendar=OFFICES_CLOSED)[:1]
    assert (own.due, own.reason) == (
        date(2026, 2, 10),
        "10 working days, leaving out 4 February 2026 (a day off here), from becoming looked after "
        "on 26 January 2026",
    )


def test_nothing_runs_beyond_the_18th_birthday() -> None:
    one = child("2026-11-02", born="2008-11-30")
    (first,) = dues(one, "review-1", LAW)
    assert first.due == date(2026, 11, 30)
    assert first.state(date(2026, 11, 29)) is State.SOON
    assert first.state(date(2026, 11, 30)) is State.STOPPED


def test_what_began_before_a_procedure_was_followed_does_not_wait_for_its_day() -> None:
    one = child(run("", "2017-03-02", known=False))
    followed = replace(bcp.PROCEDURE, in_force_from=date(2026, 11, 22))
    assert dues(one, "review-2", followed) == []
    since = replace(bcp.PROCEDURE, in_force_from=date(2017, 3, 2))
    assert [due.state(date(2026, 12, 1)) for due in dues(one, "review-2", since)] == [State.UNKNOWN]


def from_file(start: str, *reviews: str, told: Told) -> ChildDates:
    one = child(start, reviews=reviews)
    period = replace(one.periods[0], origin=Origin(file_id=1, line=2))
    return replace(one, periods=(period,), told=told)


@pytest.mark.parametrize(
    ("years", "state"), [((2018, 2019), State.LATE), ((2018, 2020), State.UNKNOWN)]
)
def test_a_review_due_in_a_year_whose_return_is_not_in_hand_is_not_known(
    years: tuple[int, ...], state: State
) -> None:
    told = Told(years, date(2020, 3, 31))
    one = from_file("2017-08-01", "2017-08-24", "2017-10-24", told=told)
    last = dues(one, "review-n", LAW)[-1]
    assert last.due == date(2018, 4, 24)
    assert last.state(date(2018, 6, 30)) is state
    assert ("that return is not in hand" in last.missing) is (state is State.UNKNOWN)


def test_a_list_of_children_in_care_tells_of_the_time_up_to_its_day() -> None:
    told = Told((2018,), date(2018, 3, 31), listed=date(2018, 4, 30))
    one = from_file("2017-08-01", "2017-08-24", "2017-10-24", told=told)
    assert dues(one, "review-n", LAW)[-1].state(date(2018, 6, 30)) is State.LATE


@pytest.mark.parametrize(
    ("kept", "state"), [("2026-03-17", State.UNKNOWN), ("2026-03-16", State.LATE)]
)
def test_a_meeting_due_before_meetings_were_recorded_here_is_not_known(
    kept: str, state: State
) -> None:
    told = Told(kept_since=date.fromisoformat(kept))
    one = replace(child("2026-01-05"), told=told)
    (due,) = dues(one, "first-ppm", ppm_guidance.PROCEDURES[1])
    assert due.state(date(2026, 4, 1)) is state
    assert (due.enter == "record.earlier-meeting") is (state is State.UNKNOWN)


def test_what_repeats_says_from_what_each_time_runs() -> None:
    one = child("2024-01-08", statuses=[run("E1", "2025-01-06")], reviews=["2025-03-03"])
    first, again = dues(one, "authority-to-place", LAW)
    assert (first.anchor, again.anchor) == ("placement-order", "review")
    assert again.anchor_date == date(2025, 3, 3)


def test_a_day_off_on_the_day_it_starts_is_not_said_to_be_left_out() -> None:
    closed = Calendar(BANK_HOLIDAYS.days_off, frozenset({date(2026, 5, 6)}))
    (due,) = dues(child("2026-05-06"), "care-plan", LAW, calendar=closed)
    assert closed.left_out(date(2026, 5, 6), due.due or date.max) == ()
    assert closed.left_out(date(2026, 5, 5), date(2026, 5, 20)) == (date(2026, 5, 6),)
    assert closed.left_out(date(2026, 5, 7), date(2026, 5, 1)) == (date(2026, 5, 6),)
