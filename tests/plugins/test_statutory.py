"""The statutory clocks: in time, late, unknown, and at the edges of months and working weeks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from builders.dated import assessed, child, day, dues, run, said, typed

from core.domain.courses import ChildDates
from core.domain.due import Due
from core.domain.procedure.local import figures
from core.domain.record import KINDS
from core.testing import ProcedureContract
from plugins.statutory import PROCEDURE


class TestContract(ProcedureContract):
    procedure = PROCEDURE
    root = Path(__file__).parents[2]


def clocks(one: ChildDates, code: str) -> list[Due]:
    return dues(one, code, PROCEDURE)


def clock(one: ChildDates, code: str) -> Due:
    (found,) = clocks(one, code)
    return found


UNKNOWN_START = run("", "2026-04-01", known=False)


def test_they_are_always_on_and_nobody_sets_their_figures() -> None:
    assert PROCEDURE.always and PROCEDURE.authority is None
    assert figures(PROCEDURE) == ()
    assert {c.seen_words for c in PROCEDURE.clauses.values()} == {
        "seen in the legislation",
        "seen in secondary guidance",
    }


def test_what_began_before_the_regulations_is_not_counted_by_them() -> None:
    assert clocks(child("2011-03-31"), "review-1") == []
    assert clock(child("2011-04-01"), "review-1").due == date(
        2011, 5, 5
    )  # Easter, a wedding, and early May


@pytest.mark.clause("CPPCR-4-2")
@pytest.mark.parametrize(
    ("done", "on", "state"),
    [
        ("2026-12-24", "2026-12-24", "met"),
        ("2026-12-01", "2026-12-10", "met"),
        ("2026-12-29", "2026-12-29", "met late"),
        ("", "2026-12-24", "soon"),
        ("", "2026-12-25", "unknown"),
        ("2027-01-04", "2026-12-25", "late"),
    ],
)
def test_the_care_plan_is_due_in_ten_working_days_unless_it_was_prepared_before(
    done: str, on: str, state: str
) -> None:
    recorded = [assessed("care-plan", done)] if done else []
    due = clock(child("2026-12-10", recorded=recorded), "care-plan")
    assert due.due == date(2026, 12, 24) and said(due, on) == state
    assert due.why.endswith("on 10 December 2026 (CPPCR-4-2)")


@pytest.mark.clause("CPPCR-33-1")
def test_the_first_review_is_due_in_twenty_working_days_around_christmas() -> None:
    due = clock(child("2026-12-10"), "review-1")
    assert due.due == date(2027, 1, 12)  # Christmas Day, Boxing Day (moved) and New Year's Day
    assert due.why == (
        "by 12 January 2027: 20 working days from becoming looked after on 10 December 2026 "
        "(CPPCR-33-1)"
    )
    held = child("2026-12-10", reviews=["2027-01-13"])
    assert said(clock(held, "review-1"), "2027-01-12") == "soon"
    assert said(clock(held, "review-1"), "2027-01-13") == "met late"


@pytest.mark.clause("CPPCR-33-1")
def test_the_second_review_runs_from_when_the_first_was_really_held() -> None:
    due = clock(child("2026-10-01", reviews=["2026-11-30"]), "review-2")
    assert due.due == date(2027, 2, 28) and not due.latest
    waiting = clock(child("2026-10-01"), "review-2")
    assert waiting.latest and waiting.due == date(2027, 1, 29)
    assert "at the latest by" in waiting.why
    met = child("2026-10-01", reviews=["2026-10-20", "2027-01-20"])
    assert said(clock(met, "review-2"), "2027-01-20") == "met"
    assert said(clock(met, "review-2"), "2027-01-19") == "soon"


@pytest.mark.clause("CPPCR-33-1")
def test_without_the_day_care_began_the_reviews_are_unknown_and_say_so() -> None:
    for code in ("review-1", "review-2"):
        due = clock(child(UNKNOWN_START, reviews=["2026-04-20"]), code)
        assert due.due is None and said(due, "2026-11-23") == "unknown"
        assert "earliest day in hand" in due.why
        assert due.enter == "care.episode"


@pytest.mark.clause("CPPCR-33-2")
def test_later_reviews_follow_within_six_months_each_from_the_last() -> None:
    reviews = ["2025-06-10", "2025-08-31", "2026-03-03"]
    found = clocks(child("2025-05-20", reviews=reviews), "review-n")
    assert [due.due for due in found] == [date(2026, 2, 28), date(2026, 9, 3)]
    assert said(found[0], "2026-03-03") == "met late"
    assert said(found[1], "2026-08-20") == "soon" and said(found[1], "2026-09-04") == "late"
    assert clocks(child("2025-05-20", reviews=reviews[:1]), "review-n") == []


@pytest.mark.clause("CPPCR-33-2")
def test_a_review_that_is_surely_not_the_first_counts_also_where_the_first_is_not_known() -> None:
    known = clocks(child(UNKNOWN_START, reviews=["2026-04-20", "2026-10-20"]), "review-n")
    assert [due.due for due in known] == [date(2027, 4, 20)]
    one = clock(child(UNKNOWN_START, reviews=["2026-04-20"]), "review-n")
    assert said(one, "2026-11-23") == "unknown"


def test_nothing_runs_on_after_care_has_ended() -> None:
    due = clock(child(run("", "2026-10-01", "2026-10-12")), "review-1")
    assert said(due, "2026-10-11") == "running" and said(due, "2026-10-12") == "stopped"


FOSTERED = (run("U6", "2023-01-10", "2024-02-01"), run("U4", "2024-02-01"))


@pytest.mark.clause("SI-2015-495")
def test_a_settled_foster_placement_has_a_review_meeting_a_year() -> None:
    match = typed("match", **{"matched_on": "2024-01-20", "for": "long-term-fostering"})
    matched = child(
        "2023-01-10", placements=FOSTERED, recorded=[match], reviews=["2023-09-01", "2024-02-29"]
    )
    due = clock(matched, "review-ltf")
    assert due.due == date(2025, 2, 28)  # no 29 February then
    unmatched = child("2023-01-10", placements=FOSTERED, reviews=["2023-09-01", "2024-02-29"])
    assert clocks(unmatched, "review-ltf") == []


@pytest.mark.clause("SI-2015-495")
@pytest.mark.parametrize(("reviewed", "runs"), [("2015-03-31", 0), ("2015-04-01", 1)])
def test_a_settled_placement_is_counted_from_reviews_since_april_2015(
    reviewed: str, runs: int
) -> None:
    match = typed("match", **{"matched_on": "2015-01-20", "for": "long-term-fostering"})
    fostered = (run("U4", "2015-01-10"),)
    one = child("2015-01-10", placements=fostered, recorded=[match], reviews=[reviewed])
    assert len(clocks(one, "review-ltf")) == runs


def test_a_settled_review_tells_of_a_match_and_so_is_of_the_record() -> None:
    rules = {rule.code: rule.of_record for rule in PROCEDURE.deadlines}
    assert rules["review-ltf"] and not rules["review-n"]


@pytest.mark.clause("SI-2015-495")
def test_a_match_with_carers_of_before_is_no_proof_and_a_move_ends_the_clock() -> None:
    match = typed("match", **{"matched_on": "2024-03-01", "for": "long-term-fostering"})
    moved = (
        run("U4", "2024-02-01", "2024-09-01"),
        run("U4", "2024-09-01", "2025-01-10"),
        run("U6", "2025-01-10"),
    )
    reviews = ["2024-02-20", "2024-05-01", "2024-10-01"]
    found = clocks(child("2024-02-01", placements=moved, recorded=[match], reviews=reviews),
                   "review-ltf")  # fmt: skip
    assert [due.anchor_date for due in found] == [date(2024, 5, 1)]
    unmet = clock(
        child("2024-02-01", placements=moved, recorded=[match], reviews=reviews[:2]), "review-ltf"
    )
    assert unmet.stopped_on == date(2024, 9, 1)


@pytest.mark.clause("CPPCR-7")
def test_the_initial_health_assessment_is_due_in_time_for_the_first_review() -> None:
    due = clock(
        child("2026-10-01", recorded=[assessed("health-initial", "2026-10-29")]), "health-initial"
    )
    assert due.due == date(2026, 10, 29) and said(due, "2026-10-29") == "met"
    late = child("2026-10-01", recorded=[assessed("health-initial", "2026-11-02")])
    assert said(clock(late, "health-initial"), "2026-10-30") == "late"
    assert said(clock(late, "health-initial"), "2026-11-02") == "met late"
    early = clock(child("2026-10-01", reviews=["2026-10-20"]), "health-initial")
    assert early.due == date(2026, 10, 19)
    assert early.reason == "before the first review on 20 October 2026"
    reviewed_late = clock(child("2026-10-01", reviews=["2026-11-20"]), "health-initial")
    assert reviewed_late.due == date(2026, 10, 29)
    assert said(clock(child("2026-10-01"), "health-initial"), "2026-10-30") == "unknown"
    assert said(clock(child(UNKNOWN_START), "health-initial"), "2026-10-30") == "unknown"


@pytest.mark.clause("CPPCR-7")
def test_what_a_list_says_is_the_initial_one_only_where_it_can_be_no_other() -> None:
    early = child("2026-01-05", recorded=[assessed("health", "2026-01-30")])
    assert said(clock(early, "health-initial"), "2026-02-01") == "met"
    later = clock(
        child("2025-01-06", recorded=[assessed("health", "2026-01-30")]), "health-initial"
    )
    assert said(later, "2025-01-20") == "running" and said(later, "2026-11-23") == "unknown"
    assert later.missing.startswith("no initial health assessment is recorded")
    assert later.enter == "record.assessment"


@pytest.mark.clause("CPPCR-7")
@pytest.mark.parametrize(
    ("born", "last", "due"),
    [
        ("2021-03-02", "2026-03-01", "2026-09-01"),
        ("2021-03-01", "2026-03-01", "2027-03-01"),
        ("2024-01-01", "2025-08-31", "2026-02-28"),
        ("2010-01-01", "2024-02-29", "2025-02-28"),
    ],
)
def test_health_is_reviewed_in_six_months_under_five_and_in_twelve_from_five(
    born: str, last: str, due: str
) -> None:
    recorded = [assessed("health-initial", last)]
    one = clock(child("2024-02-01", born=born, recorded=recorded), "health-review")
    assert one.due == day(due)
    words = {
        "2021-03-02": "6 months from the last health assessment on 1 March 2026, at the age of 4"
    }
    assert words.get(born, "") in one.why


@pytest.mark.clause("CPPCR-7")
def test_each_health_assessment_begins_the_next_and_without_a_birthday_none_is_known() -> None:
    recorded = [assessed("health-initial", "2025-02-20"), assessed("health-review", "2026-03-01")]
    found = clocks(child("2025-02-01", recorded=recorded), "health-review")
    assert [due.due for due in found] == [date(2026, 2, 20), date(2027, 3, 1)]
    assert said(found[0], "2026-11-23") == "met late"
    unborn = clock(child("2025-02-01", born="", recorded=recorded[:1]), "health-review")
    assert said(unborn, "2026-11-23") == "unknown" and unborn.enter == "identity"
    nothing = clock(child("2025-02-01"), "health-review")
    assert nothing.latest and nothing.due == date(2026, 2, 28)
    assert said(nothing, "2026-02-01") == "running"
    assert said(nothing, "2026-03-01") == "unknown"
    assert "no health assessment is recorded" in nothing.missing


@pytest.mark.clause("PEP")
def test_the_education_plan_is_due_before_the_first_review_or_ten_days_after_an_emergency() -> None:
    usual = clock(child("2026-10-01"), "pep")
    assert usual.due == date(2026, 10, 28) and usual.latest
    reviewed = clock(child("2026-10-01", reviews=["2026-10-20"]), "pep")
    assert reviewed.due == date(2026, 10, 19)
    emergency = typed("emergency", placed_on="2026-10-01", out_of_area="no")
    urgent = clock(child("2026-10-01", recorded=[emergency]), "pep")
    assert urgent.due == date(2026, 10, 15)
    done = child("2026-10-01", recorded=[emergency, assessed("pep", "2026-10-16")])
    assert said(clock(done, "pep"), "2026-10-16") == "met late"
    assert said(clock(child(UNKNOWN_START), "pep"), "2026-10-16") == "unknown"


@pytest.mark.clause("PEP")
def test_every_emergency_placement_has_its_education_plan_in_ten_working_days() -> None:
    first = typed("emergency", placed_on="2026-10-01", out_of_area="no")
    second = typed("emergency", placed_on="2026-12-01", out_of_area="no")
    twice = child("2026-10-01", recorded=[first, second], reviews=["2026-10-20"])
    assert clock(twice, "pep").due == date(2026, 10, 15)
    counted, again = clocks(twice, "pep-emergency")
    assert said(counted, "2026-10-16") == "not applicable"
    assert again.due == date(2026, 12, 15) and said(again, "2026-12-16") == "unknown"
    later = child("2026-09-01", recorded=[second], reviews=["2026-09-20"])
    assert clock(later, "pep").due == date(2026, 9, 19)
    assert clock(later, "pep-emergency").due == date(2026, 12, 15)


@pytest.mark.clause("CA-32-1-a-ii")
def test_care_proceedings_are_concluded_in_twenty_six_weeks() -> None:
    issued = {"application": "care-order", "issued_on": "2026-02-02"}
    due = clock(child("2026-01-05", recorded=[typed("proceedings", **issued)]), "proceedings")
    assert due.due == date(2026, 8, 3) and said(due, "2026-08-04") == "late"
    ended = typed("proceedings", **issued, ended_on="2026-08-03", order="care-order")
    assert said(clock(child("2026-01-05", recorded=[ended]), "proceedings"), "2026-08-04") == "met"


@pytest.mark.clause("CA-32-1-a-ii")
def test_other_applications_have_no_such_limit_and_an_interim_order_asks_for_the_issue() -> None:
    other = typed("proceedings", application="contact", issued_on="2026-02-02")
    assert clocks(child("2026-01-05", recorded=[other]), "proceedings") == []
    interim = clock(child("2026-01-05", statuses=[run("C1", "2026-01-05")]), "proceedings")
    assert said(interim, "2026-03-01") == "unknown" and interim.enter == "record.proceedings"
    tracker = typed("proceedings", issued_on="2026-02-02")
    assert clock(child("2026-01-05", recorded=[tracker]), "proceedings").due == date(2026, 8, 3)


@pytest.mark.clause("CPPCR-40")
@pytest.mark.parametrize(
    ("care", "on"),
    [
        (["2024-01-10"], "2026-02-28"),
        ([run("", "2024-03-01", "2024-05-01"), "2026-02-20"], "2026-03-22"),
        (["2026-02-01"], "2026-05-03"),
        ([run("", "2024-06-01", "2024-12-01"), "2027-01-04"], "2027-01-04"),
        ([run("", "2026-01-01", known=False)], None),
        ([run("", "2025-01-01", known=False)], "2026-02-28"),
        ([run("", "2026-02-01", "2026-05-03")], ""),
    ],
)
def test_a_child_is_eligible_at_sixteen_after_thirteen_weeks_since_fourteen(
    care: list[object], on: str | None
) -> None:
    found = clocks(child(*care, born="2010-02-28"), "eligible-child")  # type: ignore[arg-type]
    assert [due.due for due in found] == ([] if on == "" else [day(on) if on else None])
    if on:
        assert said(found[-1], on) == "met"
    if on is None:
        assert said(found[0], "2026-11-23") == "unknown"


@pytest.mark.clause("CPPCR-40")
@pytest.mark.parametrize(
    ("left", "on"), [("2022-05-31", "2024-06-03"), ("2022-05-30", "2024-06-04")]
)
def test_who_was_born_on_29_february_is_fourteen_on_the_first_of_march(left: str, on: str) -> None:
    one = child(run("", "2021-01-10", left), "2024-06-03", born="2008-02-29")
    due = clock(one, "eligible-child")
    assert due.due == day(on) and due.begins == day(on)


@pytest.mark.clause("CPPCR-42")
def test_the_needs_assessment_is_due_three_months_from_becoming_eligible() -> None:
    due = clock(child("2024-01-10", born="2009-11-30"), "pathway-assessment")
    assert due.due == date(2026, 2, 28) and said(due, "2026-02-28") == "soon"
    assert said(due, "2026-03-01") == "unknown"
    assert due.missing.startswith("no needs assessment for the pathway plan is recorded")
    assert not due.there(date(2025, 11, 29))
    after = [assessed("pathway-assessment", "2026-03-02")]
    late = clock(child("2024-01-10", born="2009-11-30", recorded=after), "pathway-assessment")
    assert said(late, "2026-03-01") == "late"
    done = [assessed("pathway-assessment", "2025-11-01")]
    early = clock(child("2024-01-10", born="2009-11-30", recorded=done), "pathway-assessment")
    assert said(early, "2025-12-01") == "met"


@pytest.mark.clause("CPPCR-43")
def test_the_pathway_plan_stands_on_the_record_and_no_day_is_made_up_for_it() -> None:
    what = KINDS["assessment"].field("what")
    assert what is not None and what.choices["pathway-plan"] == "Pathway plan"
    assert PROCEDURE.deadline("pathway-plan") is None
