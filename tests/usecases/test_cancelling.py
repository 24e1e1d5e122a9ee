"""Cancelling a meeting: every case of it goes somewhere, and it is told where."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime, time

import pytest
import sqlalchemy as sa
from builders.agenda import book, case, decide
from builders.house import House
from builders.reckoned import from_nothing, kept, same_as_from_nothing
from builders.referred import accepted, needs_the_panel

from core.domain.finding import Moved, Refused
from core.registry import Registry
from core.store import cases, invitees, meeting_days, queues, referrals_waiting, waiting
from core.store.database import db, writing
from core.store.tables import (
    AuditRow,
    Booking,
    CaseInvitee,
    DeadlineRow,
    Decision,
    Meeting,
    PanelCase,
)
from core.usecases import cancelling, changed, meetings, tabling
from core.usecases.acceptance import accept, defer
from core.usecases.adding_meeting import NewMeeting, add_meeting
from core.usecases.cancelling import WAIT, Cancel
from core.usecases.changes import Changes
from core.usecases.queueing import give_place
from core.usecases.standing import standing

AT = datetime(2026, 11, 23, 9, 0)
ADMIN, CHAIR = "panel.administrator", "panel.chair"
PANEL, NEXT, THIRD = date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 17)
WHY = "The chair is on a jury."


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


def shown(
    house: House, meeting: str, rule: str = WAIT, each: Mapping[str, str] | None = None
) -> Changes:
    cancel = Cancel(WHY, rule, each or {})
    found = cancelling.preview(house.scope(ADMIN), registry(house), meeting, cancel)
    db.session.rollback()
    return found


def cancelled(
    house: House,
    meeting: str,
    rule: str = WAIT,
    each: Mapping[str, str] | None = None,
    seen: str | None = None,
) -> Changes:
    seen = shown(house, meeting, rule, each).mark if seen is None else seen
    cancel = Cancel(WHY, rule, each or {})
    scope = house.scope(ADMIN)
    return cancelling.cancel_meeting(scope, registry(house), meeting, cancel, seen, AT)


def booked(house: House, meeting_id: int, number: int, state: str = "booked") -> tuple[int, str]:
    child, _ = house.child(f"01{number:02}", f"Ada{number}", "Quillfeather")
    made = case(house, child, meeting_id, state)
    if state == "booked":
        book(house, meeting_id, made[0], number)
    return made


def rows(query: sa.Select) -> list[tuple[object, ...]]:
    found = [tuple(row) for row in db.session.execute(query).all()]
    db.session.rollback()
    return found


def of_case(case_id: int) -> tuple[object, ...]:
    query = sa.select(PanelCase.state, PanelCase.meeting_id).where(PanelCase.id == case_id)
    return rows(query)[0]


def bookings(case_id: int) -> list[tuple[object, ...]]:
    return rows(
        sa.select(Booking.meeting_id, Booking.item, Booking.state)
        .where(Booking.case_id == case_id)
        .order_by(Booking.id)
    )


@pytest.mark.clause("SOM-9")
def test_by_the_first_rule_cases_go_back_to_waiting_for_the_next_meeting(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    next_id, _ = house.meeting(NEXT)
    house.meeting(THIRD)
    on_agenda, public_id = booked(house, meeting_id, 1)
    waits, _ = booked(house, meeting_id, 2, "submitted")
    draft, _ = booked(house, meeting_id, 3, "draft")
    goes = {change.public_id: change.goes for change in shown(house, meeting).cases}
    assert goes[public_id] == "Waits for a place at the meeting of Thursday 10 December 2026"
    cancelled(house, meeting)
    assert of_case(on_agenda) == ("queued", next_id)
    assert bookings(on_agenda) == [(meeting_id, "cases", "tabled")]
    assert of_case(waits) == ("submitted", next_id)
    assert of_case(draft) == ("draft", next_id)
    due = sa.select(DeadlineRow.due).where(
        DeadlineRow.case_id == on_agenda, DeadlineRow.code == "referral-received"
    )
    assert rows(due) == [(date(2026, 12, 7),)]
    row = rows(sa.select(Meeting.state, Meeting.cancelled_why).where(Meeting.id == meeting_id))
    assert row == [("cancelled", WHY)]
    next_public = rows(sa.select(Meeting.public_id).where(Meeting.id == next_id))[0][0]
    scope = house.scope(CHAIR)
    assert give_place(scope, registry(house), str(next_public), public_id, "", AT) == 1


def test_a_rule_for_all_books_them_on_a_chosen_meeting_and_one_may_go_another_way(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    third_id, third = house.meeting(THIRD)
    first, _ = booked(house, meeting_id, 1)
    other, other_public = booked(house, meeting_id, 2)
    cancelled(house, meeting, third, {other_public: WAIT})
    assert of_case(first) == ("booked", third_id)
    assert bookings(first) == [(meeting_id, "cases", "tabled"), (third_id, "cases", "booked")]
    why = rows(sa.select(Booking.why).where(Booking.meeting_id == third_id))[0][0]
    assert why == f"From the cancelled meeting of 3 December 2026: {WHY}"
    assert of_case(other)[0] == "queued"


@pytest.mark.clause("BEX-1.24")
def test_what_returns_is_booked_on_the_next_meeting_and_told_where_that_is_after_its_day(
    house: House,
) -> None:
    first, _ = house.meeting(date(2026, 11, 19), "closed")
    meeting_id, meeting = house.meeting(PANEL)
    child, _ = house.child()
    case_id, public_id = case(house, child, first, "heard")
    heard, _ = book(house, first, case_id, state="heard")
    decision = decide(house, first, case_id, heard, date(2026, 11, 19))
    back, _ = book(house, meeting_id, case_id, item="previous")
    with writing():
        db.session.execute(
            sa.update(Booking).where(Booking.id == back).values(from_decision_id=decision)
        )
        db.session.execute(
            sa.update(Decision).values(return_by=PANEL, return_meeting_id=meeting_id)
        )
    alone = shown(house, meeting)
    assert [f.field for f in alone.faults] == [f"case-{public_id}"]
    with pytest.raises(Refused, match="make a date first"):
        cancelled(house, meeting)
    next_id, _ = house.meeting(NEXT)
    (change,) = shown(house, meeting).cases
    assert change.goes == "Returns on Thursday 10 December 2026"
    assert [says.code for says in change.says] == ["return-by"]
    cancelled(house, meeting)
    assert bookings(case_id)[1:] == [(meeting_id, "previous", "tabled"),
                                     (next_id, "previous", "booked")]  # fmt: skip
    assert of_case(case_id) == ("heard", first)
    assert rows(sa.select(Decision.return_meeting_id)) == [(next_id,)]


@pytest.mark.clause("BEX-1.12")
def test_who_may_not_sit_at_the_other_meeting_because_of_a_case_is_told(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, next_public = house.meeting(NEXT)
    child, _ = house.child()
    made = case(house, child, meeting_id, referrer="panel.member")
    book(house, meeting_id, made[0])
    (change,) = shown(house, meeting, next_public).cases
    (says,) = change.says
    assert says.message.startswith("Panel Member Of Bexley refers this case")
    assert says.clauses == ("BEX-1.12",)


@pytest.mark.clause("BEX-1.13")
def test_a_full_agenda_takes_no_more_and_the_case_may_wait_instead(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    next_id, next_public = house.meeting(NEXT)
    for number in range(1, 5):
        booked(house, next_id, number)
    first, _ = booked(house, meeting_id, 5)
    second, second_public = booked(house, meeting_id, 6)
    full = shown(house, meeting, next_public)
    assert [f.field for f in full.faults] == [f"case-{second_public}"]
    assert full.faults[0].clauses == ("BEX-1.13",)
    with pytest.raises(Refused):
        cancelled(house, meeting, next_public)
    cancelled(house, meeting, next_public, {second_public: WAIT})
    assert of_case(first) == ("booked", next_id)
    assert of_case(second) == ("queued", next_id)


def test_without_a_later_meeting_what_waits_stays_until_one_is_made_or_it_is_deferred(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    on_agenda, _ = booked(house, meeting_id, 1)
    draft, _ = booked(house, meeting_id, 2, "draft")
    waits, public_id = booked(house, meeting_id, 3, "submitted")
    goes = [change.goes for change in shown(house, meeting).cases]
    assert goes == [
        "Waits for a place: no later meeting is made",
        "Waits for the chair: no later meeting is made",
        "Asks for no meeting: its referrer chooses another",
    ]
    cancelled(house, meeting)
    assert of_case(on_agenda) == ("queued", meeting_id)
    assert of_case(waits) == ("submitted", meeting_id)
    assert of_case(draft) == ("draft", None)
    due = sa.select(DeadlineRow.due).where(
        DeadlineRow.case_id == on_agenda, DeadlineRow.code == "referral-received"
    )
    assert rows(due) == [(None,)]
    left = referrals_waiting.waiting(house.scope(CHAIR), None, (), left_behind=False).decide
    db.session.rollback()
    assert [(r.over, r.cancelled) for r in left] == [(True, True)]
    with pytest.raises(Refused, match="is cancelled: defer"):
        accept(house.scope(CHAIR), registry(house), public_id, AT)
    new = NewMeeting("BEX:permanence-panel", date(2026, 12, 1), time(10, 0))
    earlier, words = add_meeting(house.scope(ADMIN), registry(house), new, AT)
    assert words == "1 case in the queue moved on to the meeting of 1 December 2026."
    scope = house.scope(CHAIR)
    assert defer(scope, registry(house), public_id, earlier, "Sooner", AT) == date(2026, 12, 1)


def test_those_of_the_agenda_wait_before_those_who_waited_behind_it_in_their_order(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    next_id, _ = house.meeting(NEXT)
    behind = booked(house, meeting_id, 1, "queued")
    with writing():
        db.session.execute(sa.update(PanelCase).values(queued_at=datetime(2026, 11, 20, 9, 0)))
    agenda = [booked(house, meeting_id, n)[1] for n in (2, 3)]
    cancelled(house, meeting)
    row = queues.of_meetings(house.whole, [next_id])[next_id]
    db.session.rollback()
    assert [one.public_id for one in row] == [*agenda, behind[1]]


@pytest.mark.parametrize("rule", ["", "nowhere"])
def test_where_the_cases_go_and_why_have_to_be_said(house: House, rule: str) -> None:
    _, meeting = house.meeting(PANEL)
    changes = cancelling.preview(house.scope(ADMIN), registry(house), meeting, Cancel("  ", rule))
    db.session.rollback()
    assert [f.field for f in changes.faults] == ["why", "rule"]


def test_a_referral_that_came_meanwhile_is_shown_before_it_is_cancelled(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    seen = shown(house, meeting).mark
    _, public_id = booked(house, meeting_id, 1, "submitted")
    with pytest.raises(Moved) as caught:
        cancelled(house, meeting, seen=seen)
    assert [change.public_id for change in caught.value.now.cases] == [public_id]
    assert rows(sa.select(Meeting.state).where(Meeting.id == meeting_id)) == [("planned",)]


def test_of_an_acceptance_and_a_cancellation_at_once_one_gives_way_and_nothing_is_lost(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    case_id, public_id = booked(house, meeting_id, 1, "submitted")
    seen = shown(house, meeting).mark
    admin, chair, outcomes = house.scope(ADMIN), house.scope(CHAIR), []
    barrier = threading.Barrier(2)

    def at_once(what: str, act: Callable[[], object]) -> None:
        with house.app.app_context():
            barrier.wait()
            try:
                act()
                outcomes.append(what)
            except Refused:
                pass
            finally:
                db.session.remove()

    cancel = Cancel(WHY, WAIT)
    acts = {
        "accepted": lambda: accept(chair, registry(house), public_id, AT),
        "cancelled": lambda: cancelling.cancel_meeting(
            admin, registry(house), meeting, cancel, seen, AT
        ),
    }
    threads = [threading.Thread(target=at_once, args=act) for act in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state, at = of_case(case_id)
    held = rows(sa.select(Meeting.state).where(Meeting.id == at))[0][0]
    on_agenda = [state for _, _, state in bookings(case_id)]
    assert outcomes and held == "planned"
    assert (state, on_agenda) in [("booked", ["booked"]), ("submitted", [])]


def test_nothing_is_done_at_a_cancelled_meeting_and_nothing_goes_there(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    next_id, next_public = house.meeting(NEXT)
    _, tabled_public = booked(house, next_id, 1)
    item = rows(sa.select(Booking.public_id))[0][0]
    cancelled(house, meeting)
    house.turn_to(PANEL)
    with pytest.raises(Refused, match="The meeting is cancelled"):
        meetings.close(house.scope(ADMIN), meeting, AT)
    with pytest.raises(Refused, match="The meeting is cancelled"):
        meetings.read_statement(house.scope(ADMIN), meeting, AT)
    now = standing(house.scope(ADMIN), registry(house), meeting_id)
    assert not now.may_decide and not now.on_hold
    with pytest.raises(Refused, match="Choose the meeting"):
        tabling.table_case(house.scope(CHAIR), registry(house), item, meeting, "Later", AT)
    coming = meeting_days.to_come(house.whole, "BEX", "permanence-panel")
    assert [one.public_id for one in coming] == [next_public]
    assert [m.public_id for m in waiting.next_meetings(house.scope(ADMIN))] == [next_public]
    assert waiting.to_close(house.scope(ADMIN), None) == []
    db.session.rollback()


def test_a_cancelled_agenda_gives_no_sight_of_its_cases_any_more(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL, circulated=True)
    _, public_id = booked(house, meeting_id, 1)
    house.meeting(NEXT)
    assert cases.case_by_public_id(house.scope("panel.member"), public_id) is not None
    db.session.rollback()
    cancelled(house, meeting)
    assert cases.case_by_public_id(house.scope("panel.member"), public_id) is None
    assert cases.case_by_public_id(house.scope(CHAIR), public_id) is not None
    db.session.rollback()


def test_who_is_invited_to_a_case_stays_invited_to_it(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, third = house.meeting(THIRD)
    case_id, _ = booked(house, meeting_id, 1)
    with writing():
        invitees.invite(house.scope(ADMIN), case_id, house.accounts["kinship"])
    cancelled(house, meeting, third)
    (invitation,) = invitees.own(house.scope("kinship"))
    db.session.rollback()
    assert invitation.held_on == THIRD
    assert rows(sa.select(CaseInvitee.until)) == [(None,)]


@pytest.mark.clause("BEX-1.6", "BEX-1.18")
def test_the_preview_says_when_what_is_not_in_yet_is_due_now(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    booked(house, meeting_id, 1, "draft")
    (change,) = shown(house, meeting).cases
    (says,) = change.says
    assert says.message.startswith(
        "Not in yet. Referral with the panel administrator: now by 7 Dec"
    )
    assert says.clauses == ("BEX-1.6", "BEX-1.18")


@pytest.mark.clause("BEX-1.1.e")
def test_the_preview_says_what_passes_before_the_new_meeting(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    _, child = house.child("0801", "Wren", "Fogbottom")
    public_id, _ = accepted(house, meeting, child)
    needs_the_panel(house, child)
    (change,) = shown(house, meeting).cases
    assert "passes unless a meeting is made in time" in change.says[0].message
    house.meeting(NEXT)
    assert [s.message for c in shown(house, meeting).cases for s in c.says] == []
    with writing():
        db.session.execute(sa.update(Meeting).where(Meeting.held_on == NEXT).values(held_on=THIRD))
    (change,) = shown(house, meeting).cases
    (says,) = change.says
    assert change.public_id == public_id and says.clauses == ("BEX-1.1.e",)
    assert says.message.startswith(
        "Wren Fogbottom: Residential placement before panel passes before the new meeting, by 10"
    )
    cancelled(house, meeting)
    kept = rows(sa.select(AuditRow.after).where(AuditRow.did == "cancel meeting"))[0][0]
    assert "Residential placement" in str(kept) and "Fogbottom" not in str(kept)


def test_the_preview_says_who_is_of_age_there_and_who_is_no_longer(house: House) -> None:
    first_id, first = house.meeting(PANEL)
    second_id, second = house.meeting(THIRD)
    child, _ = house.child(born=date(2008, 12, 8))
    made = case(house, child, first_id)
    book(house, first_id, made[0])
    (change,) = shown(house, first).cases
    assert [(str(s.kind), s.message) for s in change.says] == [
        ("new", "Turns 18 on 8 December 2026, before the panel of 17 December 2026")
    ]
    cancelled(house, first, second)
    _, again = house.meeting(date(2026, 12, 4))
    (change,) = shown(house, second, again).cases
    assert [(str(s.kind), s.message) for s in change.says] == [
        ("no longer", "Turns 18 on 8 December 2026, before the panel of 17 December 2026")
    ]


def test_the_audit_and_the_page_of_changes_say_where_each_case_went(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    house.meeting(NEXT)
    _, public_id = booked(house, meeting_id, 1)
    cancelled(house, meeting)
    (kept,) = changed.of_meeting(house.scope(ADMIN), meeting)
    db.session.rollback()
    assert (kept.what, kept.why, kept.by) == ("Cancelled", WHY, "Panel Administrator Of Bexley")
    assert [(c.names, c.goes) for c in kept.cases] == [
        ("Ada1 Quillfeather", "Waits for a place at the meeting of Thursday 10 December 2026")
    ]
    (row,) = rows(
        sa.select(AuditRow.subject_id, AuditRow.why).where(AuditRow.did == "meeting cancelled")
    )
    assert row == (public_id, WHY)


def test_what_was_due_before_a_cancelled_meeting_is_no_longer_dated(house: House) -> None:
    """Also of a referral that nobody moves, as no later meeting is made, and of a withdrawn one."""
    meeting_id, meeting = house.meeting(PANEL)
    states = ("submitted", "queued", "withdrawn", "draft", "booked")
    for number, state in enumerate(states, 1):
        booked(house, meeting_id, number, state)
    from_nothing(house)
    assert {row["due"] for row in kept(house) if row["case_id"]} == {date(2026, 11, 30)}
    cancelled(house, meeting)
    rows = [row for row in same_as_from_nothing(house) if row["case_id"]]
    assert len(rows) == len(states)
    assert {(row["due"], row["missing"]) for row in rows} == {
        (None, "no panel has been chosen for this referral")
    }
