"""What the two-week standard has tracked, answered and approved between meetings and reviews."""

from __future__ import annotations

from datetime import date

import pytest
from builders.dated import child, dues, ppm, said, typed

from core.domain.plan_facts import EntryFacts
from plugins.ppm_guidance import PROCEDURES

PPM2, PPM10 = PROCEDURES
TRACKED = typed("plan-tracked", tracked_on="2026-03-02", words="The assessment is under way")


def answered(prospect: str, on: str) -> object:
    return typed("reunification-prospect", answered_on=on, prospect=prospect, why="As seen")


@pytest.mark.clause("PPM2-2.4")
def test_tracking_meets_what_is_due_as_a_meeting_does_and_begins_it_anew() -> None:
    found = dues(child("2026-01-20", recorded=[ppm("2026-02-02"), TRACKED]), "plan-tracked", PPM2)
    assert [due.due for due in found] == [date(2026, 3, 16), date(2026, 4, 13)]
    assert said(found[0], "2026-03-02") == "met"
    assert "6 weeks from the last planning meeting or tracking on 2 March 2026" in found[1].why
    assert dues(child("2026-01-20", recorded=[TRACKED]), "plan-tracked", PPM2) == []


@pytest.mark.clause("PPM2-4.2")
def test_after_the_first_review_the_chair_is_asked_about_reunification() -> None:
    one = child("2026-01-05", reviews=["2026-01-20"])
    (due,) = dues(one, "reunification-prospect", PPM2)
    assert due.due == date(2026, 2, 3) and "set here, not by the procedure" in due.why
    for prospect in ("yes", "no", "unclear"):
        told = child(
            "2026-01-05",
            reviews=["2026-01-20"],
            recorded=[answered(prospect, "2026-01-22")],  # type: ignore[list-item]
        )
        (met,) = dues(told, "reunification-prospect", PPM2)
        assert said(met, "2026-01-22") == "met"
    assert dues(child("2026-01-05"), "reunification-prospect", PPM2) == []


@pytest.mark.clause("PPM2-4.2")
def test_no_prospect_of_reunification_starts_the_tracking() -> None:
    no = answered("no", "2026-01-22")
    (due,) = dues(child("2026-01-05", recorded=[no]), "plan-tracked-alone", PPM2)  # type: ignore[list-item]
    assert due.due == date(2026, 3, 5) and due.rule.clauses == ("PPM2-4.2",)
    for prospect in ("yes", "unclear"):
        other = child("2026-01-05", recorded=[answered(prospect, "2026-01-22")])  # type: ignore[list-item]
        assert dues(other, "plan-tracked-alone", PPM2) == []
    met, again = dues(child("2026-01-05", recorded=[no, TRACKED]), "plan-tracked-alone", PPM2)  # type: ignore[list-item]
    assert (met.met_on, again.due) == (date(2026, 3, 2), date(2026, 4, 13))
    # A planning meeting takes it over, and an answer that says otherwise ends it.
    held = child("2026-01-05", recorded=[no, ppm("2026-02-09")])  # type: ignore[list-item]
    (over,) = dues(held, "plan-tracked-alone", PPM2)
    assert said(over, "2026-02-09") == "stopped"
    assert [d.due for d in dues(held, "plan-tracked", PPM2)] == [date(2026, 3, 23)]
    hope = child("2026-01-05", recorded=[no, answered("yes", "2026-02-09")])  # type: ignore[list-item]
    (changed,) = dues(hope, "plan-tracked-alone", PPM2)
    assert said(changed, "2026-02-09") == "stopped"
    before = child("2026-01-05", recorded=[ppm("2026-01-12"), no])  # type: ignore[list-item]
    (tracked,) = dues(before, "plan-tracked-alone", PPM2)
    assert tracked.not_for == "the plan is tracked from the planning meeting of 12 January 2026"


@pytest.mark.clause("PPM2-2.3", "PPM2-4.2")
@pytest.mark.parametrize(
    ("approved", "agreed", "state"),
    [
        ("2026-04-13", "", "late"),  # approved at a meeting before the second review
        ("2026-04-20", "", "late"),  # on the very day of the second review, and not agreed there
        ("2026-04-13", "2026-04-20", "met"),
        ("", "2026-04-20", "met"),
    ],
)
def test_a_plan_approved_at_a_meeting_is_not_yet_agreed(
    approved: str, agreed: str, state: str
) -> None:
    days = {"approved_on": approved, "agreed_on": agreed}
    plan = typed("plan", primary="sgo", identified_on="2026-01-15",
                 **{name: on for name, on in days.items() if on})  # fmt: skip
    held = [ppm("2026-04-13"), ppm("2026-04-20")]
    one = child("2026-01-05", recorded=[plan, *held], reviews=["2026-01-20", "2026-04-20"])
    (due,) = dues(one, "plan-agreed", PPM2)
    assert due.due == date(2026, 5, 5) and said(due, "2026-05-06") == state


@pytest.mark.clause("PPM2-3.6")
@pytest.mark.parametrize(
    ("step", "refused"),
    [
        ({"late_why": "awaiting-court"}, True),
        ({"late_why": "awaiting-court", "meanwhile": " "}, True),
        ({"late_why": "awaiting-court", "meanwhile": "The aunt is assessed"}, False),
        ({"late_why": "no-placement"}, False),
        ({}, False),
    ],
)
def test_awaiting_court_alone_is_no_reason_for_a_late_step(
    step: dict[str, str], refused: bool
) -> None:
    check = next(one for one in PPM2.checks if one.code == "late-step-reason")
    found = check.findings(EntryFacts("plan-step", step, ()))
    assert [(one.field, one.clauses) for one in found] == (
        [("meanwhile", ("PPM2-3.6",))] if refused else []
    )
    assert check.findings(EntryFacts("plan", step, ())) == ()


@pytest.mark.clause("PPM2-1", "PPM2-2.5", "PPM2-2.6", "PPM2-3.8", "PPM2-7")
def test_what_is_watched_has_its_clause_and_our_figures_say_that_they_are_ours() -> None:
    watched = {rule.code: rule for rule in PPM2.watches}
    assert watched["step-slipped"].days == 28 and watched["step-slipped"].moves == 2
    assert watched["step-slipped"].set_here and watched["section-20-drift"].set_here
    assert watched["plans-reviewed"].offices == ("cla-strategic-lead",)
    assert {office.code for office in PPM2.offices} == {"cla-strategic-lead"}
    assert PPM10.watches == () and PPM10.watch("plan-changed") is None
