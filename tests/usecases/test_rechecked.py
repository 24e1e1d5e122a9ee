"""The checks of what is booked onto a meeting, asked again."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.agenda import book, case, decide
from builders.house import House

from core.domain.finding import Strength
from core.registry import Registry
from core.store.database import db, writing
from core.store.tables import Booking, Child, Decision, PanelCase
from core.usecases.rechecked import ItemFindings, recheck

ADMIN = "panel.administrator"
PANEL = date(2026, 12, 3)


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


def rechecked(house: House, meeting_id: int, role: str = ADMIN) -> tuple[ItemFindings, ...]:
    found = recheck(house.scope(role), registry(house), meeting_id)
    db.session.rollback()
    return found


def submitted(case_id: int, at: datetime) -> None:
    with writing():
        db.session.execute(
            sa.update(PanelCase).where(PanelCase.id == case_id).values(submitted_at=at)
        )


@pytest.mark.clause("BEX-1.6")
def test_a_referral_that_came_after_its_day_is_late_and_one_in_time_is_not(house: House) -> None:
    meeting_id, _ = house.meeting(PANEL)
    for number, at in enumerate((datetime(2026, 11, 30, 23, 59), datetime(2026, 12, 1, 0, 1))):
        child, _ = house.child(f"010{number}")
        case_id, _ = case(house, child, meeting_id)
        book(house, meeting_id, case_id, number)
        submitted(case_id, at)
    in_time, late = rechecked(house, meeting_id)
    assert in_time.findings == ()
    (finding,) = late.findings
    assert finding.message == (
        "Late: the referral was due by 30 November 2026 and came on 1 December 2026"
    )
    assert finding.clauses == ("BEX-1.6", "BEX-1.18") and finding.strength is Strength.WARNS


def test_a_draft_is_late_once_its_day_is_over_and_nothing_else_is_asked_of_it(house: House) -> None:
    meeting_id, _ = house.meeting(PANEL)
    child, _ = house.child()
    case(house, child, meeting_id, "draft")
    assert [one.findings for one in rechecked(house, meeting_id)] == [()]
    house.turn_to(date(2026, 12, 1))
    (draft,) = rechecked(house, meeting_id)
    assert [f.message for f in draft.findings] == [
        "Late: the referral was due by 30 November 2026 and is not in"
    ]
    assert draft.booking_id is None and draft.names == "Orlin Thistlewick"


@pytest.mark.clause("BEX-1.13")
def test_the_sixth_case_and_a_referral_that_waits_behind_five_are_told_of_the_full_agenda(
    house: House,
) -> None:
    meeting_id, _ = house.meeting(PANEL)
    for number in range(7):
        child, _ = house.child(f"010{number}")
        case_id, _ = case(house, child, meeting_id, "booked" if number < 6 else "submitted")
        if number < 6:
            book(house, meeting_id, case_id, number)
    found = rechecked(house, meeting_id)
    full = [[f.code for f in one.findings] for one in found]
    assert full == [[], [], [], [], [], ["most-cases"], ["most-cases"]]


@pytest.mark.clause("BEX-1.24")
def test_a_case_that_returns_after_its_day_is_found(house: House) -> None:
    first, _ = house.meeting(date(2026, 11, 19), "closed")
    meeting_id, _ = house.meeting(PANEL)
    child, _ = house.child()
    case_id, _ = case(house, child, first, "heard")
    heard, _ = book(house, first, case_id, state="heard")
    decided = decide(house, first, case_id, heard, date(2026, 11, 19))
    back, _ = book(house, meeting_id, case_id, item="previous")
    with writing():
        db.session.execute(sa.update(Booking).where(Booking.id == back).values(
            from_decision_id=decided))  # fmt: skip
        db.session.execute(
            sa.update(Decision).where(Decision.id == decided).values(return_by=date(2026, 12, 2))
        )
    (returning,) = rechecked(house, meeting_id)
    (finding,) = returning.findings
    assert "to return by 2 December 2026" in finding.message
    assert finding.code == "return-by" and finding.clauses == ("BEX-1.24",)


def test_a_case_that_is_not_the_askers_to_see_is_there_without_its_children(house: House) -> None:
    meeting_id, _ = house.meeting(PANEL)
    child, _ = house.child()
    case_id, _ = case(house, child, meeting_id)
    book(house, meeting_id, case_id)
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == child).values(closed_to="restricted"))
    (one,) = rechecked(house, meeting_id)
    assert not one.seen and one.case_public_id == one.booking_public_id == one.names == ""
    assert recheck(House(house.app, house.today, "TOY", "toyshire").scope(ADMIN),
                   registry(house), meeting_id) == ()  # fmt: skip
    db.session.rollback()
