"""The final care planning meeting before the final evidence, and the court's 26 weeks."""

from __future__ import annotations

from datetime import date

import pytest
from builders.dated import child, day, dues, run, said, typed

from core.domain.courses import ChildDates, Heard
from core.domain.due import Due
from core.domain.record.recorded import Recorded
from plugins import statutory
from plugins.ppm_guidance import PROCEDURES

PPM2, PPM10 = PROCEDURES
BODY = "final-care-planning-meeting"
LAW = statutory.PROCEDURE


def evidence(on: str, issued: str = "2026-02-02", **more: str) -> Recorded:
    return typed("proceedings", issued_on=issued, final_evidence_on=on, **more)


def in_court(*entries: Recorded, held: tuple[str, ...] = ()) -> ChildDates:
    heard = [Heard(BODY, day(on)) for on in held]
    return child("2026-01-05", recorded=entries, heard=heard)


def asked(one: ChildDates) -> list[Due]:
    return dues(one, "final-care-planning", PPM10)


@pytest.mark.clause("PPM10-10")
def test_entering_the_day_asks_for_the_meeting_to_be_held_before_it() -> None:
    (due,) = asked(in_court(evidence("2026-12-18")))
    assert due.due == date(2026, 12, 17) and due.rule.asks_for == BODY
    assert (
        due.why == "by 17 December 2026: before the final evidence on 18 December 2026 (PPM10-10)"
    )
    assert [said(due, on) for on in ("2026-11-01", "2026-11-19", "2026-12-17", "2026-12-18")] == [
        "running",
        "soon",
        "soon",
        "late",
    ]
    (met,) = asked(in_court(evidence("2026-12-18"), held=("2026-11-20",)))
    assert said(met, "2026-11-20") == "met"
    (late,) = asked(in_court(evidence("2026-12-18"), held=("2026-12-18",)))
    assert said(late, "2026-12-18") == "met late"


@pytest.mark.clause("PPM10-10")
def test_without_the_day_nothing_is_asked_for_and_moving_it_moves_the_meeting() -> None:
    assert asked(in_court(typed("proceedings", issued_on="2026-02-02"))) == []
    (moved,) = asked(in_court(evidence("2027-01-29")))
    assert moved.due == date(2027, 1, 28)
    (past,) = asked(in_court(evidence("2026-06-01")))
    assert said(past, "2026-11-23") == "late"
    (over,) = asked(in_court(evidence("2026-06-01", ended_on="2026-07-01")))
    assert said(over, "2026-11-23") == "stopped"


@pytest.mark.clause("PPM10-10")
def test_each_of_several_proceedings_asks_for_its_own() -> None:
    first = evidence("2026-05-11", "2026-02-02", ended_on="2026-06-01")
    second = evidence("2027-01-18", "2026-09-07")
    one, other = asked(in_court(first, second, held=("2026-05-01",)))
    assert said(one, "2026-05-01") == "met"
    assert said(other, "2026-11-23") == "running"
    assert other.due == date(2027, 1, 17)
    both = asked(in_court(first, second, held=("2026-05-01", "2027-01-04")))
    assert said(both[1], "2027-01-04") == "met"


def test_where_the_issue_is_not_known_the_courts_weeks_before_the_evidence_count() -> None:
    entry = typed("proceedings", final_evidence_on="2026-12-18")
    assert said(asked(in_court(entry, held=("2026-06-19",)))[0], "2026-11-23") == "met"
    (due,) = asked(in_court(entry, held=("2026-06-18",)))
    assert due.met_on is None


@pytest.mark.clause("PPM10-10")
def test_one_held_outside_this_system_meets_it_too() -> None:
    held = typed("earlier-meeting", meeting="final-care-planning", held_on="2026-11-20")
    (due,) = asked(in_court(evidence("2026-12-18"), held))
    assert said(due, "2026-11-20") == "met"


@pytest.mark.clause("PPM10-10", "PPM2-3.1")
@pytest.mark.parametrize(
    ("why", "state"), [("", "late"), ("E4A", "late"), ("E11", "stopped"), ("E43", "stopped")]
)
def test_proceedings_go_on_when_care_has_ended_unless_an_order_ended_both(
    why: str, state: str
) -> None:
    one = child(run(why, "2026-01-05", "2026-05-01"), recorded=[evidence("2026-06-15")])
    (meeting,), (weeks,) = asked(one), dues(one, "proceedings", PPM2)
    (by_law,) = dues(one, "proceedings", LAW)
    assert [said(due, "2026-11-23") for due in (meeting, weeks, by_law)] == [state] * 3


def test_proceedings_of_an_earlier_period_of_care_go_on_in_the_next_and_are_met_in_it() -> None:
    care = (run("", "2026-01-05", "2026-05-01"), run("", "2026-07-01"))
    one = child(*care, recorded=[evidence("2026-12-18")], heard=[Heard(BODY, day("2026-11-20"))])
    (meeting,), (weeks,) = asked(one), dues(one, "proceedings", PPM2)
    assert (said(meeting, "2026-11-23"), said(weeks, "2026-11-23")) == ("met", "late")
    assert meeting.there(day("2026-11-23")) and weeks.there(day("2026-11-23"))
    ended = evidence("2026-06-15", ended_on="2026-07-20")
    (over,) = dues(child(*care, recorded=[ended]), "proceedings", PPM2)
    assert said(over, "2026-07-20") == "met"
    before = evidence("2026-04-01", ended_on="2026-04-20")
    (gone,) = dues(child(*care, recorded=[before]), "proceedings", PPM2)
    assert not gone.there(day("2026-07-01"))


def test_proceedings_that_are_not_recorded_are_asked_for_no_longer_than_care_goes_on() -> None:
    interim = [run("C1", "2026-01-05", "2026-05-01")]
    one = child(run("", "2026-01-05", "2026-05-01"), statuses=interim)
    (weeks,) = dues(one, "proceedings", PPM2)
    assert (said(weeks, "2026-04-30"), said(weeks, "2026-05-01")) == ("unknown", "stopped")


@pytest.mark.clause("PPM10-10")
def test_it_is_held_with_the_head_of_service_and_recorded_with_rationale_and_analysis() -> None:
    body = PPM10.body(BODY)
    assert body is not None and body.of_one_child
    assert [post.code for post in body.order] == ["head-of-service"]
    assert {post.code for post in body.posts} == {
        "head-of-service",
        "social-worker",
        "team-manager",
    }
    form = PPM10.form(body.record)
    assert form is not None
    needed = {finding.field for finding in form.incomplete({})}
    assert needed == {"rationale", "analysis", "plan"}
    assert PPM2.body(BODY) is None
