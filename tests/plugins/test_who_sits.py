"""Who sits on the bodies of Somerset, of BCP and of both PPM standards, as their clauses say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import plugins.bexley
import plugins.ppm_guidance
from core.domain.meeting import usual_chair
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.membership import (
    Attendance,
    Attendee,
    InternalOnly,
    Quorum,
    SameGradeSubstitute,
)
from plugins.bcp import PROCEDURE as BCP
from plugins.somerset import PROCEDURE as SOM

PPM2, PPM10 = plugins.ppm_guidance.PROCEDURES
ALL = (SOM, BCP, PPM2, PPM10, plugins.bexley.PROCEDURE)


def body(procedure: Procedure) -> Body:
    return procedure.bodies[0]


def titles(one: Body, clause: str) -> list[str]:
    return [post.title for post in one.posts if clause in post.clauses]


def invited(one: Body, clause: str) -> list[str]:
    return [guest.title for guest in one.invited if clause in guest.clauses]


@pytest.mark.clause("SOM-8.1")
def test_somerset_has_seven_core_posts_each_to_be_filled() -> None:
    panel = body(SOM)
    assert titles(panel, "SOM-8.1") == [
        "Operations Manager CLA",
        "Family Finding SW",
        "IRO Manager",
        "Children’s Finance Manager",
        "Virtual School Head",
        "Foster Carer Representative",
        "Operations Manager Leaving Care",
    ]
    assert not any(post.optional for post in panel.posts if "SOM-8.1" in post.clauses)


@pytest.mark.clause("SOM-8.2")
def test_somersets_optional_members_may_stay_away_and_some_are_several() -> None:
    panel = body(SOM)
    optional = [post for post in panel.posts if post.optional]
    assert [post.title for post in optional] == titles(panel, "SOM-8.2")
    assert [post.title for post in optional if post.several] == ["All other Operations Managers"]
    assert len(optional) == 3


def test_somerset_names_no_chair_and_no_quorum_and_the_authority_sets_both() -> None:
    panel = body(SOM)
    (chair,) = panel.order
    assert not chair.laid_down and panel.order_laid_down == ()
    assert not any(isinstance(rule, Quorum) for rule in panel.membership)


@pytest.mark.clause("SOM-8.3", "SOM-8.4", "SOM-5")
def test_somersets_substitutes_invitees_and_the_two_who_decide_in_an_emergency() -> None:
    panel = body(SOM)
    (rule,) = panel.membership
    assert isinstance(rule, SameGradeSubstitute) and rule.clauses == ("SOM-8.3",)
    assert list(rule.posts) == [post.code for post in panel.posts if "SOM-8.1" in post.clauses]
    assert invited(panel, "SOM-8.4") == ["The child’s social worker", "The child’s team manager"]
    assert [office.code for office in SOM.offices] == ["deputy-director", "strategic-manager"]
    assert all(office.clauses == ("SOM-5",) for office in SOM.offices)


@pytest.mark.clause("SOM-9")
def test_somerset_meets_every_second_thursday() -> None:
    schedule = body(SOM).schedule
    assert schedule is not None and schedule.pattern is not None
    days = list(schedule.pattern.days(date(2026, 11, 23), date(2026, 12, 31)))
    assert days == [date(2026, 11, 26), date(2026, 12, 10), date(2026, 12, 24)]
    assert "County Hall, Taunton" in schedule.title


@pytest.mark.clause("BCP-3.1")
def test_bcp_has_three_core_posts_the_first_chairs_and_nobody_is_from_outside() -> None:
    panel = body(BCP)
    assert titles(panel, "BCP-3.1") == [
        "Service Manager - Children in Care (chair)",
        "Service Manager for the IRO Service",
        "Administrative support",
    ]
    (first,) = panel.order_laid_down
    assert first.code == "chair"
    assert [isinstance(rule, InternalOnly) for rule in panel.membership] == [True]


def test_bcps_iro_manager_takes_the_chair_by_our_reading_and_says_so() -> None:
    first, second = body(BCP).order
    assert (first.reading, second.code) == ("", "independent-reviewing")
    assert "where the chair is absent" in second.reading


def chairs(procedure: Procedure, *there: Attendee) -> str:
    """The post of whoever takes the chair without being named."""
    found = usual_chair(body(procedure), Attendance(there))
    return (found.post or "") if found else ""


def test_in_bcp_the_iro_manager_chairs_before_a_substitute_in_the_chairs_seat() -> None:
    stand_in = Attendee("Bo Wren", "chair", True, substitute=True)
    manager = Attendee("Ada Quill", "independent-reviewing", True)
    assert chairs(BCP, stand_in, manager) == "independent-reviewing"
    assert chairs(BCP, stand_in) == ""
    assert chairs(BCP, Attendee("Cy Fenn", "chair", True), manager) == "chair"


def test_in_somerset_where_no_chair_is_laid_down_a_substitute_takes_it_after_every_holder() -> None:
    stand_in = Attendee("Bo Wren", "chair", True, substitute=True)
    assert chairs(SOM, stand_in, Attendee("Ada Quill", "finance", True)) == "chair"
    panel = body(SOM)
    finance = [replace(p, chairs=2) if p.code == "finance" else p for p in panel.posts]
    by_authority = replace(SOM, bodies=(replace(panel, posts=tuple(finance)),))
    assert chairs(by_authority, stand_in, Attendee("Ada Quill", "finance", True)) == "finance"


@pytest.mark.parametrize("marked_as", [True, False])
def test_whoever_comes_with_the_case_to_a_planning_meeting_is_nobodys_substitute(
    marked_as: bool,
) -> None:
    manager = Attendee("Bo Wren", "team-manager", True, substitute=marked_as)
    for procedure in (PPM2, PPM10):
        assert chairs(procedure, manager) == "team-manager"
    assert chairs(PPM2, manager, replace(manager, post="service-manager")) == "service-manager"


@pytest.mark.clause("BCP-3.2")
def test_bcps_four_service_managers_come_for_the_children_they_answer_for() -> None:
    guests = invited(body(BCP), "BCP-3.2")
    assert [title.partition(", ")[2] for title in guests[:4]] == [
        "In-House Fostering",
        "Assessment Service",
        "Children and Families First",
        "Child Health and Disability Team (CHAD)",
    ]
    assert guests[4:] == ["The relevant team manager", "The child’s social worker"]


@pytest.mark.clause("BCP-4.1")
def test_bcp_meets_every_thursday() -> None:
    schedule = body(BCP).schedule
    assert schedule is not None and schedule.pattern is not None
    days = list(schedule.pattern.days(date(2026, 11, 23), date(2026, 12, 5)))
    assert days == [date(2026, 11, 26), date(2026, 12, 3)]


@pytest.mark.clause("PPM2-5.1", "PPM2-5.2", "PPM2-5.3", "PPM2-5.5")
def test_who_attends_under_the_two_week_standard_comes_with_the_child() -> None:
    meeting = body(PPM2)
    codes = [post.code for post in meeting.posts]
    assert codes == [
        "service-manager",
        "team-manager",
        "case-supervisor",
        "social-worker",
        "fostering",
        "adoption",
    ]
    assert all(post.from_case for post in meeting.posts)
    assert [guest.code for guest in meeting.invited] == [
        "adoption",
        "reviewing-officer",
        "family-finding",
        "solicitor",
    ]


def test_its_chair_is_our_reading_the_service_manager_and_else_the_team_manager() -> None:
    meeting = body(PPM2)
    assert [post.code for post in meeting.order] == ["service-manager", "team-manager"]
    assert meeting.order_laid_down == () and all(post.reading for post in meeting.order)


@pytest.mark.clause("PPM10-4", "PPM10-5", "PPM10-6")
def test_the_team_manager_chairs_under_the_ten_week_standard_and_five_services_come() -> None:
    meeting = body(PPM10)
    (first,) = meeting.order_laid_down
    assert first.code == "team-manager" and first.from_case
    assert invited(meeting, "PPM10-4") == [
        "Kinship",
        "Fostering",
        "Child in Care team",
        "Strengthening Family Connections",
        "Adoption West",
    ]
    assert invited(meeting, "PPM10-5") == ["The child’s parents"]
    assert invited(meeting, "PPM10-6") == ["The child’s foster carers"]


@pytest.mark.parametrize("procedure", ALL, ids=lambda procedure: procedure.code)
def test_posts_of_a_body_have_each_a_code_and_a_place_of_their_own(procedure: Procedure) -> None:
    for one in procedure.bodies:
        codes = [post.code for post in one.posts]
        order = [post.chairs for post in one.order]
        assert len(codes) == len(set(codes))
        assert order == list(range(1, len(order) + 1))
