"""Bexley's procedure keeps the contract; what it declares is what its protocol says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import holidays
import pytest

from core.domain.case import CaseFacts, CaseState
from core.domain.dates import Calendar
from core.domain.due import State
from core.domain.procedure.bodies import AgendaKind
from core.domain.procedure.checks import Step
from core.domain.procedure.membership import Attendance, Attendee
from core.domain.reckoning import due_from
from core.testing import ProcedureContract
from plugins.bexley import PROCEDURE
from plugins.bexley.timetable import REFERRAL_RECEIVED

PANEL = PROCEDURE.bodies[0]
HEAD = frozenset({"head-of-service"})
BANK_HOLIDAYS = Calendar.without(
    holidays.country_holidays("GB", subdiv="ENG", years=range(2026, 2029))
)


class TestContract(ProcedureContract):
    procedure = PROCEDURE
    root = Path(__file__).parents[2]


def member(post: str, *, present: bool = True, **more: object) -> Attendee:
    return Attendee(name=f"The {post}", post=post, present=present, **more)  # type: ignore[arg-type]


def chair(post: str = "chair", **more: object) -> Attendee:
    return member(post, offices=HEAD, **more)


def messages(attendance: Attendance) -> list[str]:
    return [finding.message for finding in PANEL.findings(attendance)]


@pytest.mark.clause("BEX-1.2")
def test_the_chair_and_two_others_are_quorate() -> None:
    who = chair()
    assert messages(Attendance((who, member("adoption"), member("legal")), who)) == []
    found = PANEL.findings(Attendance((who, member("adoption")), who))
    assert [finding.clauses for finding in found] == [("BEX-1.2",)]
    assert "1 other member is here" in found[0].message


@pytest.mark.clause("BEX-1.2")
def test_leaving_breaks_the_quorum_for_what_follows() -> None:
    who = chair()
    there = (who, member("adoption"), member("legal", left=True))
    assert any("Not quorate" in message for message in messages(Attendance(there, who)))


@pytest.mark.clause("BEX-1.2")
def test_a_ninth_member_is_refused_and_the_chair_is_one_of_eight() -> None:
    who = chair()
    posts = [post.code for post in PANEL.posts if not post.chairs]
    assert len(posts) == 7
    eight = (who, *(member(post) for post in posts))
    assert messages(Attendance(eight, who)) == []
    assert any("At most 8" in m for m in messages(Attendance((*eight, member("guest")), who)))


@pytest.mark.clause("BEX-1.2", "BEX-1.11")
def test_who_takes_the_place_of_a_chair_who_left_is_no_ninth_and_beside_the_chair_is() -> None:
    seven = tuple(member(post.code) for post in PANEL.posts if not post.chairs)
    who, vice = chair(), chair("vice-chair")
    gone, vice_gone = chair(left=True), chair("vice-chair", left=True)
    assert messages(Attendance((*seven, gone, vice), vice)) == []
    assert messages(Attendance((*seven, who, vice_gone), who)) == []
    assert not any("At most" in m for m in messages(Attendance((*seven, gone, vice_gone))))
    assert any("9 are marked" in m for m in messages(Attendance((*seven, who, vice), who)))
    left = (*seven[:-1], replace(seven[-1], left=True))
    assert any("9 are marked" in m for m in messages(Attendance((*left, who, vice), who)))


@pytest.mark.clause("BEX-1.11")
def test_without_chair_and_vice_the_panel_is_on_hold_until_leave_is_given() -> None:
    other_head = Attendee("Another head", None, True, offices=HEAD)
    there = (other_head, member("adoption"), member("legal"))
    held = messages(Attendance(there))
    assert any("Deputy Director" in message for message in held)
    assert messages(Attendance(there, other_head, leave_to_proceed=True)) == []


@pytest.mark.clause("BEX-1.11")
def test_while_chair_or_vice_is_expected_the_panel_is_not_on_hold_yet() -> None:
    there = (member("adoption"), member("legal"))
    vice = chair("vice-chair", present=False, expected=True)
    assert any("no chair yet" in m for m in messages(Attendance((*there, vice))))
    assert not any("On hold" in m for m in messages(Attendance((*there, vice))))
    away = chair("vice-chair", present=False)
    stand_in = chair("vice-chair", present=False, expected=True, substitute=True)
    for gone in (away, stand_in):
        assert any("On hold" in m for m in messages(Attendance((*there, gone))))


@pytest.mark.clause("BEX-1.11")
def test_only_a_head_of_service_chairs_and_the_substantive_chair_comes_first() -> None:
    who, vice, manager = chair(), chair("vice-chair"), member("adoption")
    there = (who, vice, manager, member("legal"))
    assert PANEL.chairing is not None
    assert PANEL.chairing.usual_chair(Attendance(there)) == who
    assert PANEL.chairing.usual_chair(Attendance((vice, manager))) == vice
    assert any("cannot chair" in m for m in messages(Attendance(there, manager)))
    assert any("chairs before" in m for m in messages(Attendance(there, vice)))


def test_a_substitute_in_the_chairs_post_is_not_the_usual_chair() -> None:
    assert PANEL.chairing is not None
    stand_in = chair(substitute=True)
    assert PANEL.chairing.usual_chair(Attendance((stand_in,))) is None


@pytest.mark.clause("BEX-1.13", "BEX-1.1.a")
def test_the_agenda_has_the_eight_items_in_order() -> None:
    assert [item.kind for item in PANEL.agenda] == [
        AgendaKind.PURPOSE,
        AgendaKind.STATEMENT,
        AgendaKind.INTRODUCTIONS,
        AgendaKind.PREVIOUS,
        AgendaKind.CASES,
        AgendaKind.REVIEW,
        AgendaKind.OTHER_BUSINESS,
        AgendaKind.NEXT_DATE,
    ]
    assert "seven principles" in PANEL.agenda[0].text


@pytest.mark.clause("BEX-1.13")
def test_a_sixth_case_is_refused() -> None:
    assert PANEL.most_cases is not None
    assert PANEL.most_cases.findings(4) == ()
    assert PANEL.most_cases.findings(5)[0].clauses == ("BEX-1.13",)


@pytest.mark.clause("BEX-1.14")
def test_a_case_may_take_twenty_five_minutes() -> None:
    assert PANEL.timing is not None
    assert PANEL.timing.minutes == 25


@pytest.mark.clause("BEX-1.6", "BEX-1.18")
@pytest.mark.parametrize(
    ("panel", "due"),
    [
        (date(2026, 11, 24), date(2026, 11, 19)),  # Tuesday: Monday, Friday, Thursday
        (date(2026, 12, 3), date(2026, 11, 30)),  # Thursday: Wednesday, Tuesday, Monday
        (date(2026, 12, 29), date(2026, 12, 22)),  # 25 December, and 28 for Boxing Day
        (date(2027, 3, 30), date(2027, 3, 23)),  # Good Friday and Easter Monday
    ],
)
def test_a_referral_is_due_three_working_days_before_panel(panel: date, due: date) -> None:
    reckoned = due_from(REFERRAL_RECEIVED, panel, BANK_HOLIDAYS)
    assert reckoned.due == due
    assert reckoned.state(due) is State.SOON
    assert reckoned.state(date.fromordinal(due.toordinal() + 1)) is State.LATE
    assert "3 working days before the panel" in reckoned.why
    assert "BEX-1.6" in reckoned.why


@pytest.mark.clause("BEX-1.6")
def test_without_a_panel_the_deadline_is_unknown_and_says_what_is_missing() -> None:
    reckoned = due_from(REFERRAL_RECEIVED, None, BANK_HOLIDAYS)
    assert reckoned.state(date(2026, 11, 23)) is State.UNKNOWN
    assert "no panel has been chosen" in reckoned.why


@pytest.mark.clause("BEX-1.5")
def test_a_referral_without_a_criterion_is_refused() -> None:
    found = PROCEDURE.checked(Step.SUBMIT, CaseFacts(CaseState.DRAFT))
    assert [finding.clauses for finding in found] == [("BEX-1.5",)]
    assert PROCEDURE.checked(Step.SUBMIT, CaseFacts(CaseState.DRAFT, ("drift",))) == ()


@pytest.mark.parametrize("letter", "abcdefgh")
def test_every_outcome_of_1_23_is_declared_and_makes_something(letter: str) -> None:
    clause = f"BEX-1.23.{letter}"
    (outcome,) = (o for o in PROCEDURE.outcomes if clause in o.clauses)
    assert outcome.follow_ons


def test_four_outcomes_are_referrals_to_a_forum() -> None:
    forums = {o.makes_referral.forum for o in PROCEDURE.outcomes if o.makes_referral}
    assert forums == {
        "agency-decision-maker",
        "adoption-team",
        "legal-planning-meeting",
        "resource-panel",
    }


@pytest.mark.clause("BEX-0.3")
def test_the_seven_principles_are_there_in_the_documents_words() -> None:
    principles = PROCEDURE.statement("principles")
    assert principles is not None
    assert len(principles.text) == 7
    assert principles.text[6] == (
        "To prepare children and young people for adulthood and independent living"
    )
