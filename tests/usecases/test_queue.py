"""The queue behind a full agenda: its order, what breaks, places given, and where it moves on."""

from __future__ import annotations

import threading
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.queries import counted
from builders.referred import AT, accepted, case_of, full, needs_the_panel, registry, submitted

from core.domain.case import CaseState
from core.domain.finding import Refused
from core.store import deadlines, items
from core.store.database import db, writing
from core.store.tables import Booking, Meeting, PanelCase
from core.usecases import acceptance, queueing, tabling, taking_back
from core.usecases import meetings as running
from core.usecases.queueing import Queue, give_place, queues_of

CHAIR, ADMIN, WORKER = "panel.chair", "panel.administrator", "social.worker"
PANEL, NEXT = date(2026, 12, 3), date(2026, 12, 17)

pytestmark = pytest.mark.clause("BEX-1.13")


def queue(house: House, meeting_id: int, role: str = CHAIR) -> Queue:
    found = queues_of(house.scope(role), registry(house), [meeting_id])[meeting_id]
    db.session.rollback()
    return found


def waiting(house: House, meeting_id: int) -> list[str]:
    found = queues_of(house.scope(CHAIR), registry(house), [meeting_id])
    db.session.rollback()
    return [one.case.public_id for one in found[meeting_id].waits] if found else []


def item_of(house: House, case: str) -> str:
    found = db.session.scalar(
        sa.select(Booking.public_id).where(Booking.case_id == case_of(house, case).id)
    )
    db.session.rollback()
    return str(found)


def three_waiting(house: House, meeting: str) -> list[str]:
    """Three who wait behind a full agenda, in the order in which the chair accepted them."""
    full(house, meeting)
    made = []
    for number, name in enumerate(("Ada", "Bryn", "Cleo")):
        child = house.child(f"080{number}", name, "Fogbottom")[1]
        at = datetime(2026, 11, 23, 10, number)
        made.append(accepted(house, meeting, child, at=at)[0])
    return made


def test_a_sixth_case_waits_behind_the_agenda_and_is_not_lost(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    full(house, meeting)
    case, stands = accepted(house, meeting, house.child("0801", "Wren", "Fogbottom")[1])
    assert (stands.queued, stands.place, stands.on) == (True, 1, PANEL)
    now = case_of(house, case)
    assert (now.state, now.queued_at) == (CaseState.QUEUED, AT)
    found = queue(house, meeting_id)
    assert [one.case.names for one in found.waits] == ["Wren Fogbottom"]
    assert found.most is not None and found.most.clauses == ("BEX-1.13",)
    assert found.free == 0
    assert items.booked_cases(house.whole, meeting_id) == 5
    db.session.rollback()


def test_they_wait_in_the_order_in_which_they_were_accepted(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    made = three_waiting(house, meeting)
    found = queue(house, meeting_id)
    assert [one.case.public_id for one in found.waits] == made
    assert [one.case.place for one in found.waits] == [1, 2, 3]


def test_a_place_that_frees_is_for_the_first_who_waits(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    booked = full(house, meeting)
    first, _ = accepted(house, meeting, house.child("0801")[1])
    chair = house.scope(CHAIR)
    with pytest.raises(Refused, match="The agenda is full") as refused:
        give_place(chair, registry(house), meeting, first, "", AT)
    assert refused.value.findings[0].clauses == ("BEX-1.13",)
    taking_back.withdraw_item(chair, registry(house), item_of(house, booked[0]), "Gone", AT)
    assert queue(house, meeting_id).free == 1
    late, stands = accepted(house, meeting, house.child("0802")[1])
    assert (stands.queued, stands.place) == (True, 2)
    assert give_place(chair, registry(house), meeting, first, "", AT) == 5
    now = case_of(house, first)
    assert (now.state, now.queued_at) == (CaseState.BOOKED, None)
    assert waiting(house, meeting_id) == [late]


def test_another_than_the_first_is_taken_with_a_reason(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    made = three_waiting(house, meeting)
    chair = house.scope(CHAIR)
    on_it = items.of_meeting(chair, meeting_id)[0].public_id
    db.session.rollback()
    later = items.other_meetings(chair, items.find(chair, on_it), chair.on)[0].public_id
    db.session.rollback()
    tabling.table_case(chair, registry(house), on_it, later, "No time", AT)
    with pytest.raises(Refused, match="before 2 others") as refused:
        give_place(chair, registry(house), meeting, made[2], " ", AT)
    assert refused.value.findings[0].field == f"why-{made[2]}"
    give_place(chair, registry(house), meeting, made[2], "Her birthday is near", AT)
    assert waiting(house, meeting_id) == made[:2]


def test_only_the_chair_gives_places_and_only_to_who_waits(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    case = submitted(house, meeting, house.child()[1])
    for role in (ADMIN, WORKER):
        with pytest.raises(Refused, match="Only who chairs"):
            give_place(house.scope(role), registry(house), meeting, case, "", AT)
    with pytest.raises(Refused, match="does not wait for a place"):
        give_place(house.scope(CHAIR), registry(house), meeting, case, "", AT)


def test_the_chair_sends_back_or_defers_who_waits(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    next_id, later = house.meeting(NEXT)
    made = three_waiting(house, meeting)
    chair = house.scope(CHAIR)
    acceptance.send_back(chair, registry(house), made[0], "Say what is sought", AT)
    assert (case_of(house, made[0]).state, case_of(house, made[0]).queued_at) == ("returned", None)
    acceptance.defer(chair, registry(house), made[1], later, "The aunt is away", AT)
    assert waiting(house, meeting_id) == [made[2]]
    assert waiting(house, next_id) == [made[1]]
    assert queue(house, next_id).free == 5


def test_whose_deadline_breaks_is_said_with_its_reason(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    full(house, meeting)
    _, child = house.child("0801", "Wren", "Fogbottom")
    case, _ = accepted(house, meeting, child)
    needs_the_panel(house, child)
    (waits,) = queue(house, meeting_id).waits
    due = date(2026, 12, 10)
    assert case == waits.case.public_id
    assert [(one.who, one.title, one.due) for one in waits.breaks] == [
        ("Wren Fogbottom", "Residential placement before panel", due),
    ]  # Her first permanence planning meeting is due that day too: the panel is none.
    assert waits.anyway == ()
    first = waits.breaks[0]
    assert first.clauses == ("BEX-1.1.e",)
    assert first.why.startswith("by 10 December 2026: 28 days from the start of the residential")


def hold(house: House, meeting_id: int, meeting: str) -> queueing.WaitsOn:
    """Close a meeting on its day, whatever was to be heard there tabled by nobody: heard."""
    house.turn_to(PANEL)
    with writing():
        db.session.execute(
            sa.update(Booking).where(Booking.meeting_id == meeting_id).values(state="heard")
        )
    return running.close(house.scope(ADMIN), meeting, datetime(2026, 12, 3, 12))


def test_as_the_meeting_closes_the_queue_moves_on_to_the_next_with_its_papers_date(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    next_id, _ = house.meeting(NEXT)
    made = three_waiting(house, meeting)
    moved = hold(house, meeting_id, meeting)
    assert (moved.cases, moved.to) == (3, NEXT)
    assert waiting(house, meeting_id) == []
    assert waiting(house, next_id) == made
    facts = deadlines.of_case(house.scope(CHAIR), registry(house), case_of(house, made[0]).id)
    db.session.rollback()
    assert [(fact.code, fact.due) for fact in facts] == [("referral-received", date(2026, 12, 14))]
    assert queueing.words(moved) == (
        "3 cases in the queue moved on to the meeting of 17 December 2026."
    )
    late, stands = accepted(
        house, next_public(house, next_id), house.child("0850")[1], at=datetime(2026, 12, 4, 9)
    )
    assert (stands.queued, stands.place) == (True, 4)


def next_public(house: House, meeting_id: int) -> str:
    found = db.session.scalar(sa.select(Meeting.public_id).where(Meeting.id == meeting_id))
    db.session.rollback()
    return str(found)


def test_without_a_later_meeting_the_queue_waits_until_one_is_made(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    made = three_waiting(house, meeting)
    moved = hold(house, meeting_id, meeting)
    assert (moved.cases, moved.to) == (3, None)
    assert waiting(house, meeting_id) == made
    assert queue(house, meeting_id).meeting.over
    next_id, _ = house.meeting(NEXT)
    with writing():
        again = queueing.move_on(house.scope(ADMIN), "BEX", "permanence-panel", AT)
    assert again.to == NEXT
    assert waiting(house, next_id) == made


@pytest.mark.parametrize("people", [6])
def test_of_several_who_accept_the_last_places_at_once_the_rest_wait_and_none_is_lost(
    house: House, people: int
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    for number in range(3):
        accepted(house, meeting, house.child(f"070{number}")[1])
    cases = [submitted(house, meeting, house.child(f"071{n}")[1]) for n in range(people)]
    scopes = [house.scope((CHAIR, "head.of.service")[n % 2]) for n in range(people)]
    gate, ends = threading.Barrier(people), [""] * people
    db.session.remove()

    def go(number: int) -> None:
        with house.app.app_context():
            try:
                gate.wait(30)
                done = acceptance.accept(scopes[number], registry(house), cases[number], AT)
                ends[number] = f"{'queued' if done.queued else 'booked'} {done.place}"
            except Exception as error:
                ends[number] = repr(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ends) == ["booked 4", "booked 5", "queued 1", "queued 2", "queued 3", "queued 4"]
    states = db.session.execute(
        sa.select(PanelCase.state, sa.func.count()).group_by(PanelCase.state)
    ).all()
    db.session.rollback()
    assert dict(map(tuple, states)) == {"booked": 5, "queued": 4}


def test_of_two_who_give_one_place_one_does(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    made = three_waiting(house, meeting)
    first = items.of_meeting(house.scope(CHAIR), meeting_id)[0].public_id
    db.session.rollback()
    taking_back.withdraw_item(house.scope(CHAIR), registry(house), first, "Gone", AT)
    scopes = [house.scope(CHAIR), house.scope("head.of.service")]
    gate, ends = threading.Barrier(2), ["", ""]
    db.session.remove()

    def go(number: int) -> None:
        with house.app.app_context():
            try:
                gate.wait(30)
                why = "She turns 18 soon"
                give_place(scopes[number], registry(house), meeting, made[number], why, AT)
                ends[number] = "given"
            except Refused as refusal:
                ends[number] = str(refusal)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ends) == ["The agenda is full: the place is taken", "given"]
    assert len(waiting(house, meeting_id)) == 2
    assert items.booked_cases(house.whole, meeting_id) == 5
    db.session.rollback()


def test_who_does_not_see_a_case_learns_its_place_alone(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    made = three_waiting(house, meeting)
    _, own = house.child("0899", "Dell", "Marblethorpe", worker="team.manager", team="Other team")
    case = submitted(house, meeting, own, role="team.manager")
    acceptance.accept(house.scope(CHAIR), registry(house), case, datetime(2026, 11, 23, 11))
    found = queue(house, meeting_id, WORKER)
    assert [one.case.seen for one in found.waits] == [True, True, True, False]
    last = found.waits[-1].case
    assert (last.public_id, last.names, last.referrer, last.place) == ("", "", "", 4)
    assert found.hidden == 1 and len(made) == 3


def test_queues_take_as_many_queries_for_three_as_for_one(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    full(house, meeting)
    scope, counts = house.scope(CHAIR), []
    for number in range(3):
        accepted(house, meeting, house.child(f"080{number}")[1])
        counts.append(counted(lambda: queues_of(scope, registry(house), [meeting_id])))
    assert len(set(counts)) == 1 and counts[0] <= 8
