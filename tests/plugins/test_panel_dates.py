"""What the panels of Bexley, BCP and Somerset have due of a child, and of a meeting itself."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from builders.dated import BANK_HOLIDAYS, child, day, dues, panel, run, said, typed

from core.domain.courses import ChildDates
from core.domain.due import Due
from core.domain.meeting_due import of_meeting
from core.domain.procedure import Procedure
from plugins.bcp import PROCEDURE as BCP
from plugins.bexley import PROCEDURE as BEX
from plugins.somerset import PROCEDURE as SOM
from plugins.statutory import PROCEDURE as STAT

UNKNOWN_START = run("", "2026-04-01", known=False)


def only(one: ChildDates, code: str, *procedures: Procedure) -> Due:
    (found,) = dues(one, code, *procedures)
    return found


def plan(**more: str) -> object:
    return typed("plan", **{"primary": "sgo", **more})


@pytest.mark.clause("BEX-0.2")
def test_a_plan_is_agreed_by_the_second_review_and_an_identified_one_does_not_do() -> None:
    reviews = ["2026-01-20", "2026-04-20"]
    identified = typed("plan", primary="sgo", identified_on="2026-01-15")
    due = only(child("2026-01-05", reviews=reviews, recorded=[identified]), "plan-agreed", BEX)
    assert due.due == date(2026, 4, 20)
    assert said(due, "2026-04-20") == "soon" and said(due, "2026-04-21") == "late"
    agreed = typed("plan", primary="sgo", agreed_on="2026-03-01")
    met = only(child("2026-01-05", reviews=reviews, recorded=[agreed]), "plan-agreed", BEX)
    assert said(met, "2026-04-20") == "met"


@pytest.mark.clause("BEX-0.2")
def test_before_the_second_review_it_is_due_by_the_latest_lawful_day_or_not_known() -> None:
    waiting = only(child("2026-01-05", reviews=["2026-01-31"]), "plan-agreed", BEX, STAT)
    assert waiting.latest and waiting.due == date(2026, 4, 30)
    unknown = only(child(UNKNOWN_START, reviews=["2026-04-20"]), "plan-agreed", BEX, STAT)
    assert said(unknown, "2026-11-23") == "unknown" and unknown.missing


@pytest.mark.clause("BEX-1.4.f")
def test_by_week_ten_of_proceedings_a_panel_has_reviewed_the_plan() -> None:
    issued = typed("proceedings", issued_on="2026-09-01")
    due = only(child("2026-08-01", recorded=[issued]), "proceedings-reviewed", BEX)
    assert due.due == date(2026, 11, 10)
    before = child("2026-08-01", recorded=[issued], heard=[panel("2026-08-31")])
    assert said(only(before, "proceedings-reviewed", BEX), "2026-11-11") == "late"
    met = child("2026-08-01", recorded=[issued], heard=[panel("2026-11-10")])
    assert said(only(met, "proceedings-reviewed", BEX), "2026-11-11") == "met"
    over = typed("proceedings", issued_on="2026-09-01", ended_on="2026-10-01")
    ended = only(child("2026-08-01", recorded=[over]), "proceedings-reviewed", BEX)
    assert said(ended, "2026-11-11") == "stopped"


@pytest.mark.clause("BEX-1.1.e")
def test_a_residential_placement_is_before_panel_within_28_days() -> None:
    placements = [run("U6", "2026-01-05", "2026-02-01"), run("K2", "2026-02-01")]
    due = only(child("2026-01-05", placements=placements), "residential-reviewed", BEX)
    assert due.due == date(2026, 3, 1) and said(due, "2026-03-02") == "late"
    heard = child("2026-01-05", placements=placements, heard=[panel("2026-02-24")])
    assert said(only(heard, "residential-reviewed", BEX), "2026-03-02") == "met"
    fostered = child("2026-01-05", placements=placements[:1])
    assert dues(fostered, "residential-reviewed", BEX) == []


@pytest.mark.clause("BCP-1.1")
def test_the_second_review_is_by_four_months_beside_the_day_that_the_law_gives() -> None:
    one = child("2026-10-31", reviews=["2026-11-20"])
    found = {due.rule.clauses[0]: due for due in dues(one, "review-2", STAT, BCP)}
    assert found["BCP-1.1"].due == date(2027, 2, 28)
    assert found["CPPCR-33-1"].due == date(2027, 2, 20)
    assert said(only(child(UNKNOWN_START), "review-2", BCP), "2026-11-23") == "unknown"


@pytest.mark.clause("BCP-1.1")
@pytest.mark.parametrize(
    ("second", "identified", "primary", "on", "state"),
    [
        ("2026-03-10", "2026-03-10", "sgo", "2026-03-10", "met"),
        ("2026-03-10", "2026-03-11", "sgo", "2026-03-11", "met late"),
        ("2026-03-10", "2026-03-01", "other", "2026-03-11", "late"),
        ("2026-06-01", "2026-05-05", "sgo", "2026-05-05", "met"),
        ("2026-06-01", "2026-05-06", "sgo", "2026-05-06", "met late"),
        ("", "2026-04-29", "sgo", "2026-04-29", "met late"),
        ("", "2026-04-28", "sgo", "2026-04-28", "met"),
    ],
)
def test_a_plan_is_identified_by_the_second_review_or_by_four_months_if_sooner(
    second: str, identified: str, primary: str, on: str, state: str
) -> None:
    recorded = [typed("plan", primary=primary, identified_on=identified)]
    reviews = ["2026-01-28", *([second] if second else [])]
    one = child("2026-01-05", reviews=reviews, recorded=recorded)
    assert said(only(one, "plan-identified", BCP, STAT), on) == state


@pytest.mark.clause("BCP-1.1")
def test_a_review_without_a_plan_does_not_meet_it() -> None:
    one = child("2026-01-05", reviews=["2026-01-28", "2026-03-10"])
    assert said(only(one, "plan-identified", BCP, STAT), "2026-03-11") == "late"
    assert said(only(one, "review-2", BCP), "2026-03-11") == "met"


@pytest.mark.clause("SOM-3.7.a")
def test_a_placement_order_waits_six_months_for_a_match() -> None:
    order = {"placement_order_on": "2025-08-31"}
    due = only(child("2025-01-06", recorded=[typed("adoption", **order)]), "adoption-no-match", SOM)
    assert due.due == date(2026, 2, 28)
    assert said(due, "2026-02-28") == "soon" and said(due, "2026-03-01") == "late"
    matched = typed("adoption", **order, matched_on="2026-02-28")
    met = only(child("2025-01-06", recorded=[matched]), "adoption-no-match", SOM)
    assert said(met, "2026-03-01") == "met"
    revoked = [run("E1", "2025-08-31", "2026-01-15"), run("C2", "2026-01-15")]
    ended = only(child("2025-01-06", statuses=revoked), "adoption-no-match", SOM)
    assert said(ended, "2026-03-01") == "stopped"


@pytest.mark.clause("SOM-3.7.b")
def test_a_placement_for_adoption_waits_six_months_for_the_application() -> None:
    placements = [run("U6", "2025-01-06", "2025-09-15"), run("A6", "2025-09-15")]
    due = only(child("2025-01-06", placements=placements), "adoption-no-application", SOM)
    assert due.due == date(2026, 3, 15) and said(due, "2026-03-16") == "late"
    lodged = typed("adoption", placed_on="2025-09-15", application_on="2026-03-15")
    met = only(child("2025-01-06", recorded=[lodged]), "adoption-no-application", SOM)
    assert said(met, "2026-03-16") == "met"


def of(procedure: Procedure, held_on: str, **at: datetime) -> dict[str, Due]:
    found = of_meeting(procedure, day(held_on), BANK_HOLIDAYS, **at)
    return {due.rule.code: due for due in found}


@pytest.mark.clause("BCP-4.2")
@pytest.mark.parametrize(
    ("panel_on", "due"),
    [
        ("2026-11-26", "2026-11-23"),
        ("2026-05-07", "2026-05-01"),  # the Monday is a bank holiday: the Friday before
        ("2026-04-09", "2026-04-02"),  # Easter Monday, and Good Friday before it
        ("2026-12-31", "2026-12-24"),  # Boxing Day is kept on the Monday
    ],
)
def test_the_agenda_goes_out_on_the_monday_before_or_the_working_day_before_that(
    panel_on: str, due: str
) -> None:
    assert of(BCP, panel_on)["agenda-circulated"].due == day(due)


@pytest.mark.clause("BCP-4.2")
def test_circulating_the_agenda_meets_it() -> None:
    sent = of(BCP, "2026-11-26", circulated_at=datetime(2026, 11, 24, 9))["agenda-circulated"]
    assert said(sent, "2026-11-24") == "met late"
    assert "the Monday before the panel on 26 November 2026" in sent.why


@pytest.mark.clause("BCP-6.2")
def test_actions_are_available_in_three_working_days() -> None:
    assert of(BCP, "2026-12-24")["actions-available"].due == date(2026, 12, 31)


@pytest.mark.clause("SOM-7.1", "SOM-7.8")
def test_reports_are_in_two_weeks_before_and_the_booking_goes_out_seven_working_days_before() -> (
    None
):
    due = of(SOM, "2027-01-07")
    assert due["papers-received"].due == date(2026, 12, 24)
    assert due["booking-notice"].due == date(2026, 12, 24)
    assert of(SOM, "2026-11-26")["booking-notice"].due == date(2026, 11, 17)


@pytest.mark.clause("SOM-10.2")
def test_the_notes_are_ratified_within_five_working_days() -> None:
    due = of(SOM, "2026-12-24")["notes-ratified"]
    assert due.due == date(2027, 1, 5) and said(due, "2027-01-06") == "late"
    ratified = of(SOM, "2026-12-24", ratified_at=datetime(2027, 1, 5, 23, 59))["notes-ratified"]
    assert said(ratified, "2027-01-06") == "met"
    assert of(BEX, "2026-12-24") == {}


@pytest.mark.clause("SOM-3.7.b")
def test_a_placement_for_adoption_that_ended_waits_for_no_application() -> None:
    placements = [run("A6", "2026-01-05", "2026-04-01"), run("U6", "2026-04-01")]
    due = only(child("2026-01-05", placements=placements), "adoption-no-application", SOM)
    assert said(due, "2026-03-31") == "running" and said(due, "2026-04-01") == "stopped"
