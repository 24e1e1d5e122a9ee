"""A referral taken back: by its referrer, off an agenda by the chair, for one child, made again."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import docx
import pytest
import sqlalchemy as sa
from builders import agenda as put
from builders.house import House
from builders.referred import AT, accepted, case_of, full, registry, submitted

from core.domain.case import CaseState
from core.domain.due import State
from core.domain.finding import Refused
from core.store import agenda, answers, cases, deadlines, items, meetings, taken_back
from core.store.database import db
from core.store.tables import AuditRow, Booking
from core.usecases import acceptance, decision, papers, taking_back
from core.usecases.opening import UnderWay
from core.usecases.starting_again import start_again

CHAIR, ADMIN, WORKER = "panel.chair", "panel.administrator", "social.worker"


def item_of(house: House, case: str) -> str:
    found = db.session.scalar(
        sa.select(Booking.public_id).where(Booking.case_id == case_of(house, case).id)
    )
    db.session.rollback()
    assert found is not None
    return str(found)


def states(house: House, case: str) -> set[State]:
    facts = deadlines.of_case(house.whole, registry(house), case_of(house, case).id)
    db.session.rollback()
    return {fact.state(house.today) for fact in facts}


def did(house: House, case: str) -> list[str]:
    rows = db.session.scalars(
        sa.select(AuditRow.did).where(AuditRow.subject_id == case).order_by(AuditRow.id)
    ).all()
    db.session.rollback()
    return list(rows)


def test_only_the_referrer_withdraws_and_says_why(house: House) -> None:
    _, meeting = house.meeting()
    case = submitted(house, meeting, house.child()[1])
    with pytest.raises(Refused, match="Only whoever made this referral"):
        taking_back.withdraw(house.scope("iro"), case, "No", AT)
    with pytest.raises(Refused, match="Say why"):
        taking_back.withdraw(house.scope(WORKER), case, "  ", AT)
    taking_back.withdraw(house.scope(WORKER), case, "The family moved away", AT)
    now = case_of(house, case)
    assert (now.state, now.withdrawn_at) == (CaseState.WITHDRAWN, AT)
    assert now.withdrawal_why == "The family moved away"
    assert states(house, case) == {State.STOPPED}


def test_of_what_is_on_an_agenda_the_referrer_asks_and_the_chair_decides(house: House) -> None:
    _, meeting = house.meeting()
    case, _ = accepted(house, meeting, house.child()[1])
    worker, chair = house.scope(WORKER), house.scope(CHAIR)
    with pytest.raises(Refused, match="accepted, and on the agenda"):
        taking_back.withdraw(worker, case, "No longer needed", AT)
    with pytest.raises(Refused, match="Nobody asks"):
        taking_back.keep(chair, registry(house), case, "It is needed", AT)
    taking_back.ask(worker, case, "The aunt has come forward", AT)
    (asked,) = taken_back.asked(chair)
    assert (asked.public_id, asked.why) == (case, "The aunt has come forward")
    with pytest.raises(Refused, match="Only who chairs"):
        taking_back.keep(house.scope(ADMIN), registry(house), case, "No", AT)
    with pytest.raises(Refused, match="Say why it stays"):
        taking_back.keep(chair, registry(house), case, "", AT)
    taking_back.keep(chair, registry(house), case, "The panel can hear of the aunt", AT)
    now = case_of(house, case)
    assert (now.state, now.withdrawal_asked_at) == (CaseState.BOOKED, None)
    assert now.chair_words == "The panel can hear of the aunt"
    assert taken_back.asked(chair) == []


@pytest.mark.parametrize("role", [CHAIR, ADMIN])
def test_who_chairs_or_runs_the_meeting_takes_a_case_off_its_agenda(
    house: House, role: str
) -> None:
    meeting_id, meeting = house.meeting()
    case, _ = accepted(house, meeting, house.child()[1])
    item = item_of(house, case)
    with pytest.raises(Refused, match="Say why"):
        taking_back.withdraw_item(house.scope(role), registry(house), item, " ", AT)
    with pytest.raises(Refused, match="300 characters or fewer"):
        taking_back.withdraw_item(house.scope(role), registry(house), item, "x" * 301, AT)
    taking_back.withdraw_item(house.scope(role), registry(house), item, "Returned home", AT)
    now = case_of(house, case)
    assert (now.state, now.withdrawn_at, now.withdrawal_why) == (
        CaseState.WITHDRAWN,
        AT,
        "Returned home",
    )
    assert states(house, case) == {State.STOPPED}
    assert items.booked_cases(house.whole, meeting_id) == 0
    held = meetings.find(house.whole, meeting)
    assert held is not None
    (booked,) = agenda.bookings(house.scope(CHAIR), held)
    db.session.rollback()
    assert (booked.state, booked.why) == (
        "withdrawn",
        "Withdrawn on 23 November 2026: Returned home",
    )
    (mine,) = taken_back.mine_lately(house.scope(WORKER))
    assert (mine.public_id, mine.why) == (case, "Returned home")
    assert did(house, case)[-1] == "withdraw"


def test_nobody_else_takes_a_case_off_and_nothing_is_decided_of_it_afterwards(
    house: House,
) -> None:
    _, meeting = house.meeting()
    case, _ = accepted(house, meeting, house.child()[1])
    item = item_of(house, case)
    with pytest.raises(Refused, match="Only who chairs or runs"):
        taking_back.withdraw_item(house.scope(WORKER), registry(house), item, "Mine", AT)
    taking_back.withdraw_item(house.scope(CHAIR), registry(house), item, "Gone", AT)
    with pytest.raises(Refused, match="withdrawn already"):
        taking_back.withdraw_item(house.scope(CHAIR), registry(house), item, "Again", AT)
    with pytest.raises(Refused, match="withdrawn from the agenda"):
        decision.save_draft(house.scope(CHAIR), registry(house), item, {}, {}, AT)


def test_of_two_who_withdraw_and_table_at_once_one_does(house: House) -> None:
    _, meeting = house.meeting()
    house.meeting(date(2026, 12, 17))
    case, _ = accepted(house, meeting, house.child()[1])
    item = item_of(house, case)
    taking_back.withdraw_item(house.scope(ADMIN), registry(house), item, "Gone", AT)
    assert not items.settle(house.whole, items_id(house, item), "tabled", "Later")
    db.session.rollback()
    assert case_of(house, case).state is CaseState.WITHDRAWN


def items_id(house: House, item: str) -> int:
    row = items.find(house.whole, item)
    assert row is not None
    return row.id


@pytest.mark.clause("BEX-1.13")
def test_a_withdrawn_case_frees_its_place(house: House) -> None:
    meeting_id, meeting = house.meeting()
    for number in range(5):
        case, _ = accepted(house, meeting, house.child(f"030{number}")[1])
    taking_back.withdraw_item(
        house.scope(CHAIR), registry(house), item_of(house, case), "Not needed", AT
    )
    _, next_one = accepted(house, meeting, house.child("0309")[1])
    assert (next_one.place, next_one.queued) == (5, False)
    assert items.booked_cases(house.whole, meeting_id) == 5


def test_one_child_of_a_sibling_group_is_withdrawn_and_the_case_goes_on(house: House) -> None:
    meeting_id, meeting = house.meeting()
    first_id, first = house.child("0101", "Orlin", sibling_group="T")
    second_id, second = house.child("0102", "Perrin", sibling_group="T")
    case, _ = accepted(house, meeting, first, second)
    item = item_of(house, case)
    chair = house.scope(CHAIR)
    with pytest.raises(Refused, match="Choose which child"):
        taking_back.withdraw_child(chair, registry(house), item, "nobody", "Gone", AT)
    taking_back.withdraw_child(chair, registry(house), item, second, "Adopted", AT)
    assert case_of(house, case).state is CaseState.BOOKED
    held = meetings.find(chair, meeting)
    assert held is not None
    (booked,) = agenda.bookings(chair, held)
    assert booked.names == "Orlin Thistlewick"
    assert [child.withdrawn_why for child in booked.children] == ["", "Adopted"]
    theirs = {
        child_id: {
            fact.state(house.today)
            for fact in deadlines.of_child(chair, registry(house), child_id)
            if fact.case_id is not None
        }
        for child_id in (first_id, second_id)
    }
    db.session.rollback()
    assert theirs == {first_id: {State.MET}, second_id: {State.STOPPED}}
    with pytest.raises(Refused, match="withdrawn from the case already"):
        taking_back.withdraw_child(chair, registry(house), item, second, "Adopted", AT)
    taking_back.withdraw_child(chair, registry(house), item, first, "Adopted too", AT)
    assert case_of(house, case).state is CaseState.WITHDRAWN
    assert items.booked_cases(house.whole, meeting_id) == 0
    db.session.rollback()


def test_the_minutes_say_what_was_withdrawn_and_why(house: House) -> None:
    _, meeting = house.meeting()
    case, _ = accepted(house, meeting, house.child()[1])
    taking_back.withdraw_item(
        house.scope(CHAIR), registry(house), item_of(house, case), "Returned home", AT
    )
    made = papers.minutes(house.scope(CHAIR), registry(house), meeting, AT)
    db.session.rollback()
    assert made is not None
    text = "\n".join(p.text for p in docx.Document(BytesIO(made[1])).paragraphs)
    assert "Withdrawn on 23 November 2026: Returned home" in text


def test_a_withdrawn_referral_is_made_again_from_its_answers(house: House) -> None:
    _, meeting = house.meeting()
    first_id, first = house.child("0101", "Orlin", sibling_group="T")
    second_id, second = house.child("0102", "Perrin", sibling_group="T")
    old = submitted(house, meeting, first, second)
    worker = house.scope(WORKER)
    with pytest.raises(Refused, match="submitted, and waits for the chair"):
        start_again(worker, registry(house), old, AT)
    taking_back.withdraw(worker, old, "Too early", AT)
    house.turn_to(date(2026, 11, 25))
    new = start_again(house.scope(WORKER), registry(house), old, AT)
    made = case_of(house, new)
    assert (made.state, made.meeting_id, made.referrer_id) == (
        CaseState.DRAFT,
        None,
        house.accounts[WORKER],
    )
    assert cases.child_ids(house.whole, made.id) == {first_id, second_id}
    before, after = (
        {str(p): a.value for p, a in answers.load(house.whole, case_of(house, one).id).items()}
        for one in (old, new)
    )
    db.session.rollback()
    assert after == before | {"date": "2026-11-25"}
    assert case_of(house, old).state is CaseState.WITHDRAWN
    assert did(house, new) == ["open"]
    with pytest.raises(UnderWay) as refused:
        start_again(house.scope(WORKER), registry(house), old, AT)
    assert [there.public_id for there in refused.value.there] == [new]
    again = start_again(house.scope(WORKER), registry(house), old, AT, all_the_same=True)
    assert again not in (old, new)


def test_a_returning_case_is_taken_off_an_agenda_and_its_decision_stands(house: House) -> None:
    held_id, _ = house.meeting(date(2026, 11, 19), "closed")
    next_id, _ = house.meeting()
    child_id, _ = house.child()
    case_id, public_id = put.case(house, child_id, held_id, "heard")
    booking_id, _ = put.book(house, held_id, case_id, state="heard")
    put.decide(house, held_id, case_id, booking_id, date(2026, 11, 19))
    _, item = put.book(house, next_id, case_id, item="previous")
    taking_back.withdraw_item(house.scope(CHAIR), registry(house), item, "Nothing to review", AT)
    now = case_of(house, public_id)
    assert (now.state, now.withdrawn_at) == (CaseState.HEARD, None)
    assert did(house, public_id)[-1] == "take off the agenda"


def test_what_waits_for_the_chair_can_be_withdrawn_while_it_is_in_a_queue(house: House) -> None:
    _, meeting = house.meeting()
    full(house, meeting)
    case, stands = accepted(house, meeting, house.child()[1])
    assert stands.queued
    taking_back.withdraw(house.scope(WORKER), case, "Moved away", AT)
    now = case_of(house, case)
    assert (now.state, now.queued_at) == (CaseState.WITHDRAWN, None)
    with pytest.raises(Refused, match="withdrawn"):
        acceptance.accept(house.scope(CHAIR), registry(house), case, AT)
