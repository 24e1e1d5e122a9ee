"""When planning meetings are held by each standard, and what else the two-week one has due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from builders.dated import child, dues, ppm, run, said, typed

from core.domain.courses import ChildDates
from core.domain.due import Due
from core.domain.procedure import Procedure
from core.domain.procedure.local import Setting, applied, figures
from core.domain.record import KINDS
from core.domain.record.recorded import Recorded
from plugins.bexley import PROCEDURE as BEX
from plugins.ppm_guidance import PROCEDURES
from plugins.statutory import PROCEDURE as STAT

PPM2, PPM10 = PROCEDURES
UNKNOWN_START = run("", "2026-04-01", known=False)


def only(one: ChildDates, code: str, *procedures: Procedure) -> Due:
    (found,) = dues(one, code, *procedures)
    return found


@pytest.mark.clause("PPM2-2.1")
def test_the_first_meeting_is_held_within_two_weeks() -> None:
    due = only(child("2026-12-18"), "first-ppm", PPM2)
    assert due.due == date(2027, 1, 1)  # weeks take no notice of holidays
    assert said(due, "2027-01-01") == "soon" and said(due, "2027-01-02") == "late"
    held = only(child("2026-12-18", recorded=[ppm("2027-01-02")]), "first-ppm", PPM2)
    assert said(held, "2027-01-02") == "met late"
    assert said(only(child(UNKNOWN_START), "first-ppm", PPM2), "2027-01-02") == "unknown"


@pytest.mark.clause("PPM10-2")
def test_the_first_meeting_is_within_ten_weeks_or_before_the_second_review_if_that_is_sooner() -> (
    None
):
    due = only(child("2026-12-24"), "first-ppm", PPM10, STAT)
    assert due.due == date(2027, 3, 4)
    assert due.why.startswith(
        "by 4 March 2027: 10 weeks from becoming looked after on 24 December 2026"
    )
    early = child("2026-08-31", reviews=["2026-09-14", "2026-10-20"])
    sooner = only(early, "first-ppm", PPM10, STAT)
    assert sooner.due == date(2026, 10, 19) and "before the second review" in sooner.why


@pytest.mark.clause("PPM10-2")
def test_while_the_second_review_is_not_held_it_counts_by_its_latest_lawful_day() -> None:
    reviewed = child("2026-08-31", reviews=["2026-09-01"])
    due = only(reviewed, "first-ppm", PPM10, STAT)
    assert due.due == date(2026, 11, 9)  # ten weeks: the review is due by 1 December
    assert said(only(child(UNKNOWN_START), "first-ppm", PPM10, STAT), "2026-11-23") == "unknown"


@pytest.mark.clause("PPM10-3")
def test_meetings_follow_every_ten_weeks_until_permanence_is_secured() -> None:
    met = [ppm("2026-02-02"), ppm("2026-04-14")]
    found = dues(child("2026-01-05", recorded=met), "next-ppm", PPM10)
    assert [due.due for due in found] == [date(2026, 4, 13), date(2026, 6, 23)]
    assert said(found[0], "2026-04-14") == "met late" and said(found[1], "2026-06-24") == "late"
    matched = typed("match", **{"matched_on": "2026-06-01", "for": "long-term-fostering"})
    secured = dues(child("2026-01-05", recorded=[*met, matched]), "next-ppm", PPM10)
    assert said(secured[1], "2026-05-31") == "running" and said(secured[1], "2026-06-01") == (
        "stopped"
    )
    assert dues(child("2026-01-05"), "next-ppm", PPM10) == []


@pytest.mark.clause("BEX-1.4.b", "PPM10-2")
def test_bexleys_four_weeks_stand_in_for_the_ten_and_name_what_they_replace() -> None:
    due = only(child("2026-12-24"), "first-ppm", BEX, PPM10, STAT)
    assert due.due == date(2027, 1, 21) and due.rule.clauses == ("BEX-1.4.b",)
    assert due.instead_of == ("PPM10-2",)
    assert [d.rule.clauses for d in dues(child("2026-12-24"), "first-ppm", PPM10, BEX)] == [
        ("PPM10-2",)
    ]


@pytest.mark.clause("PPM2-2.3")
@pytest.mark.parametrize(
    ("agreed", "on", "state"),
    [
        ("2026-04-20", "2026-04-20", "met"),
        ("2026-04-21", "2026-05-05", "soon"),
        ("2026-04-21", "2026-05-06", "late"),
        ("2026-01-20", "2026-05-06", "late"),
        ("2026-10-15", "2026-10-15", "met late"),
    ],
)
def test_only_a_plan_agreed_at_a_review_from_the_second_on_meets_four_months(
    agreed: str, on: str, state: str
) -> None:
    plan = typed("plan", primary="sgo", identified_on="2026-01-15", agreed_on=agreed)
    reviews = ["2026-01-20", "2026-04-20", "2026-10-15"]
    due = only(child("2026-01-05", recorded=[plan], reviews=reviews), "plan-agreed", PPM2)
    assert due.due == date(2026, 5, 5) and said(due, on) == state


def test_four_months_from_the_last_of_october_end_with_february() -> None:
    assert only(child("2026-10-31"), "plan-agreed", PPM2).due == date(2027, 2, 28)
    assert only(child("2027-10-31"), "plan-agreed", PPM2).due == date(2028, 2, 29)


def ordered(*reviews: str, **adoption: str) -> ChildDates:
    order = typed("adoption", placement_order_on="2025-08-31", **adoption)
    return child("2025-01-06", reviews=reviews, recorded=[order])


def asked(*days: str, reviews: tuple[str, ...] = ()) -> ChildDates:
    """A placement order, reviews on why the child is not placed, and those that did not ask it."""
    order = typed("adoption", placement_order_on="2025-08-31")
    return child("2025-01-06", reviews=reviews, recorded=[order, *map(reviewed, days)])


@pytest.mark.clause("PPM2-2.8")
def test_after_a_placement_order_reviews_are_at_three_and_six_months_then_every_six() -> None:
    one = asked("2025-11-20", "2026-02-10", "2026-08-01")
    at_3 = only(one, "authority-to-place", PPM2)
    assert at_3.due == date(2025, 11, 30) and said(at_3, "2025-12-01") == "met"
    again = dues(one, "authority-to-place-again", PPM2)
    assert [due.due for due in again] == [date(2026, 2, 28), date(2026, 8, 10), date(2027, 2, 1)]
    assert [said(due, "2026-11-23") for due in again] == ["met", "met", "running"]
    between = only(asked("2026-02-20"), "authority-to-place-again", PPM2)
    assert said(between, "2026-03-01") == "late"  # that was the review at 3 months, and late


@pytest.mark.clause("PPM2-2.8")
def test_a_review_held_late_meets_every_date_that_had_passed_and_the_next_runs_from_it() -> None:
    one = asked("2026-11-22")
    at_3 = only(one, "authority-to-place", PPM2)
    at_6, after = dues(one, "authority-to-place-again", PPM2)
    for due in (at_3, at_6):
        assert said(due, "2026-11-21") == "late" and said(due, "2026-11-22") == "met late"
    assert (at_6.due, after.due) == (date(2026, 2, 28), date(2027, 5, 22))
    order = typed("adoption", placement_order_on="2025-08-31")
    doubt = child("2025-01-06", recorded=[order, reviewed("2026-11-22", "may-not-be")])
    assert only(doubt, "ppm-before-review", PPM2).due == date(2027, 5, 21)


@pytest.mark.clause("PPM2-2.8")
def test_a_review_that_does_not_ask_why_the_child_is_not_placed_meets_neither() -> None:
    plain = ordered("2025-11-20", "2026-02-10")
    assert said(only(plain, "authority-to-place", PPM2), "2025-12-01") == "late"
    assert said(only(plain, "authority-to-place-again", PPM2), "2026-03-01") == "late"
    both = asked("2025-11-20", reviews=("2025-11-25",))
    assert said(only(both, "authority-to-place-again", PPM2), "2026-03-01") == "late"


@pytest.mark.clause("PPM2-2.8")
def test_the_law_stands_beside_it_and_neither_replaces_the_other() -> None:
    found = dues(ordered("2025-11-20"), "authority-to-place", STAT, PPM2)
    assert {due.rule.clauses for due in found} == {("AAR-36",), ("PPM2-2.8",)}
    assert all(due.instead_of == () for due in found)
    placed = ordered(placed_on="2025-12-01")
    assert said(only(placed, "authority-to-place-again", PPM2), "2025-12-01") == "stopped"
    early = ordered(placed_on="2025-08-30")
    assert said(only(early, "authority-to-place", PPM2), "2025-12-01") == "not applicable"


@pytest.mark.clause("PPM2-3.1")
def test_proceedings_have_twenty_six_weeks_and_hold_the_guardians_views_and_parallel_planning() -> (
    None
):
    issued = typed("proceedings", issued_on="2026-02-02", parallel="yes")
    due = only(child("2026-01-05", recorded=[issued]), "proceedings", PPM2)
    assert due.due == date(2026, 8, 3)
    assert "parallel" in KINDS["proceedings"].by_code
    assert "guardian" in KINDS["view"].by_code["whose"].choices
    assert KINDS["view"].by_code["said_on"].required


@pytest.mark.clause("PPM2-2.4")
def test_the_plan_is_tracked_every_six_weeks_which_is_set_here_and_may_be_set_otherwise() -> None:
    met = [ppm("2026-02-02"), ppm("2026-03-17")]
    found = dues(child("2026-01-20", recorded=met), "plan-tracked", PPM2)
    assert [due.due for due in found] == [date(2026, 3, 16), date(2026, 4, 28)]
    assert found[0].why == (
        "by 16 March 2026: 6 weeks from the last permanence planning meeting on 2 February 2026 "
        "(set here, not by the procedure) (PPM2-2.4)"
    )
    assert said(found[0], "2026-03-17") == "met late" and said(found[1], "2026-04-29") == "late"
    matched = typed("match", **{"matched_on": "2026-04-01", "for": "long-term-fostering"})
    secured = dues(child("2026-01-20", recorded=[*met, matched]), "plan-tracked", PPM2)
    assert said(secured[1], "2026-04-01") == "stopped"
    (figure,) = (one for one in figures(PPM2) if one.rule == "plan-tracked")
    assert figure.value == "6 weeks" and not figure.laid_down
    set_there = Setting(
        "PPM2", "", "plan-tracked", "period", "4 weeks", date(2026, 1, 1), "", "",
        datetime(2026, 1, 1, tzinfo=UTC), "s",
    )  # fmt: skip
    own = applied(PPM2, {figure.key: set_there})
    first = dues(child("2026-01-20", recorded=met), "plan-tracked", own)[0]
    assert first.due == date(2026, 3, 2)
    assert "(set by the authority, instead of 6 weeks)" in first.why
    assert "set here" not in first.why


def doubted(on: str) -> Recorded:
    return typed("adoption", doubted_on=on, doubt_words="No family is found")


def reviewed(on: str, viable: str = "yes") -> Recorded:
    return typed("placement-order-review", reviewed_on=on, why_not="No match", viable=viable)


ORDERED = {"statuses": [run("C2", "2026-01-05"), run("E1", "2026-06-01")]}


@pytest.mark.clause("PPM2-2.8")
def test_each_review_after_a_placement_order_asks_why_the_child_is_not_placed() -> None:
    first = only(child("2026-01-05", **ORDERED), "authority-to-place", PPM2)
    assert first.due == date(2026, 9, 1) and first.rule.asks_entry == "placement-order-review"
    there = child("2026-01-05", **ORDERED, recorded=[reviewed("2026-08-30")])
    assert only(there, "authority-to-place", PPM2).met_on == date(2026, 8, 30)
    again = dues(there, "authority-to-place-again", PPM2)
    assert [due.due for due in again] == [date(2026, 12, 1)]
    both = [reviewed("2026-08-30"), reviewed("2026-11-30")]
    again = dues(child("2026-01-05", **ORDERED, recorded=both), "authority-to-place-again", PPM2)
    assert [due.due for due in again] == [date(2026, 12, 1), date(2027, 5, 30)]


@pytest.mark.clause("PPM2-2.8")
@pytest.mark.parametrize(
    ("recorded", "due"),
    [
        ([doubted("2026-07-10")], "2026-08-31"),  # the day before the review at 3 months
        ([doubted("2026-08-31")], "2026-08-31"),
        ([doubted("2026-09-14")], "2026-09-14"),  # the review is late: at once
        ([reviewed("2026-08-30", "may-not-be")], "2026-11-30"),
        ([reviewed("2026-08-30", "no")], "2026-11-30"),
        ([reviewed("2026-08-20"), doubted("2026-08-25")], "2026-11-30"),
    ],
)
def test_a_meeting_is_due_before_the_next_review_where_adoption_may_not_be_viable(
    recorded: list[Recorded], due: str
) -> None:
    found = only(child("2026-01-05", **ORDERED, recorded=recorded), "ppm-before-review", PPM2)
    assert found.due == date.fromisoformat(due) and found.rule.asks_for
    assert "adoption was marked as perhaps not viable on" in found.why and "PPM2-2.8" in found.why
    held = ppm("2026-10-05")
    met = only(
        child("2026-01-05", **ORDERED, recorded=[*recorded, held]), "ppm-before-review", PPM2
    )
    assert met.met_on == date(2026, 10, 5)


@pytest.mark.clause("PPM2-2.8")
def test_no_meeting_is_due_where_adoption_is_viable_and_unknown_is_said() -> None:
    viable = child("2026-01-05", **ORDERED, recorded=[reviewed("2026-08-30")])
    assert dues(viable, "ppm-before-review", PPM2) == []
    unordered = only(
        child("2026-01-05", recorded=[doubted("2026-07-10")]), "ppm-before-review", PPM2
    )
    assert said(unordered, "2026-08-01") == "unknown" and "placement order" in unordered.missing


def given_up(on: str, **more: str) -> Recorded:
    """Marked as relinquished on a day."""
    one = typed("adoption", relinquished="yes", **more)
    said_then = tuple(replace(said, as_at=date.fromisoformat(on)) for said in one.statements)
    return replace(one, statements=said_then)


@pytest.mark.clause("PPM2-4.1")
@pytest.mark.parametrize(
    ("plan", "marked", "due"),
    [
        ({"state": "provisional"}, "2026-06-15", "2026-06-15"),
        ({"agreed_on": "2026-07-01"}, "2026-06-15", "2026-06-15"),
        ({}, "2026-05-20", "2026-06-01"),  # marked first: adoption is the plan only later
        ({"ended_on": "2026-08-03"}, "2026-06-15", "2026-06-15"),
    ],
)
def test_family_finding_begins_at_once_where_adoption_is_the_plan_for_a_relinquished_child(
    plan: dict[str, str], marked: str, due: str
) -> None:
    adoption = typed("plan", primary="adoption", identified_on="2026-06-01", **plan)
    one = only(child("2026-05-04", recorded=[adoption, given_up(marked)]), "family-finding", PPM2)
    assert one.due == one.anchor_date == date.fromisoformat(due)
    assert said(one, "2026-06-16") == "late"
    assert "on the day of adoption becoming the plan of a relinquished child" in one.why
    begun = given_up(marked, family_finding_on="2026-06-10")
    met = only(child("2026-05-04", recorded=[adoption, begun]), "family-finding", PPM2)
    assert str(met.state(date(2026, 6, 16))).startswith("met")


@pytest.mark.clause("PPM2-4.1")
def test_there_is_no_family_finding_without_the_mark_or_without_adoption_as_the_plan() -> None:
    adoption = typed("plan", primary="adoption", identified_on="2026-06-01")
    assert dues(child("2026-05-04", recorded=[adoption]), "family-finding", PPM2) == []
    other = typed("plan", primary="sgo", contingencies="adoption", identified_on="2026-06-01")
    marked = given_up("2026-06-15")
    assert dues(child("2026-05-04", recorded=[other, marked]), "family-finding", PPM2) == []
    over = typed("plan", primary="adoption", identified_on="2026-06-01", ended_on="2026-06-15")
    assert dues(child("2026-05-04", recorded=[over, marked]), "family-finding", PPM2) == []


def step(of: Recorded, **values: str) -> Recorded:
    return replace(typed("plan-step", what="Rehabilitation plan", **values), parent_id=of.id)


@pytest.mark.clause("PPM2-3.5")
def test_a_return_home_drifts_28_days_after_a_step_was_due() -> None:
    home = typed("plan", primary="return-home", identified_on="2026-05-04")
    late = step(home, due_on="2026-06-01")
    due = only(child("2026-01-05", recorded=[home, late]), "return-home-drift", PPM2)
    assert due.due == date(2026, 6, 29) and said(due, "2026-06-30") == "late"
    assert "set here, not by the procedure" in due.why
    raised = typed("return-home-delay", raised_on="2026-06-20", plan_words="Weekly meetings")
    met = only(child("2026-01-05", recorded=[home, late, raised]), "return-home-drift", PPM2)
    assert said(met, "2026-06-30") == "met"
    done = step(home, due_on="2026-06-01", done_on="2026-06-01")
    assert dues(child("2026-01-05", recorded=[home, done]), "return-home-drift", PPM2) == []
    beside = step(home, due_on="2026-06-01", plan="contingency")
    assert dues(child("2026-01-05", recorded=[home, beside]), "return-home-drift", PPM2) == []
    after = step(home, due_on="2026-06-01", done_on="2026-06-20")
    met = only(child("2026-01-05", recorded=[home, after]), "return-home-drift", PPM2)
    assert met.met_on == date(2026, 6, 20)
    over = replace(
        typed("plan", primary="return-home", identified_on="2026-05-04", ended_on="2026-06-10"),
        id=home.id,
    )
    stopped = only(child("2026-01-05", recorded=[over, late]), "return-home-drift", PPM2)
    assert said(stopped, "2026-06-30") == "stopped"
    undated = replace(typed("plan", primary="return-home", state="ended"), id=home.id)
    stopped = only(child("2026-01-05", recorded=[undated, late]), "return-home-drift", PPM2)
    assert stopped.stopped_on == date(2026, 11, 23)  # the day on which it was said
    other = typed("plan", primary="sgo", identified_on="2026-05-04")
    away = step(other, due_on="2026-06-01")
    assert dues(child("2026-01-05", recorded=[other, away]), "return-home-drift", PPM2) == []


@pytest.mark.clause("PPM2-3.5")
def test_the_second_stage_is_ten_working_days_after_the_first() -> None:
    raised = typed("return-home-delay", raised_on="2026-06-01", plan_words="Weekly meetings")
    due = only(child("2026-01-05", recorded=[raised]), "return-home-continues", PPM2)
    assert due.due == date(2026, 6, 15) and "set here, not by the procedure" in due.why
    assert "10 working days from raising the delay on 1 June 2026" in due.why
    over = typed(
        "return-home-delay", raised_on="2026-06-01", plan_words="Weekly", ended_on="2026-06-08"
    )
    stopped = only(child("2026-01-05", recorded=[over]), "return-home-continues", PPM2)
    assert said(stopped, "2026-06-16") == "stopped"
