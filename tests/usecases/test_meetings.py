"""Running a meeting: seats, chair, leave, and what a change leaves in the tables and the audit."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
import sqlalchemy as sa
from builders.agenda import book, case, decide
from builders.house import House

from core.domain.finding import Refused
from core.domain.meeting import Person, Presence, Seat
from core.registry import Registry
from core.store import carried, meeting_days, seats
from core.store import meetings as stored
from core.store.database import db, writing
from core.store.tables import Action, Attendance, AuditRow, Booking, Decision, Meeting, PanelCase
from core.usecases import attended
from core.usecases import meetings as running
from core.usecases.attendance import Mark, SeatClash, mark_seat
from core.usecases.chairing import Leave, record_leave, take_chair
from core.usecases.standing import NoMeeting, Standing, chairs, runs, standing

AT = datetime(2026, 12, 3, 10, 3)
ADMIN = "panel.administrator"


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


@pytest.fixture
def house(house: House) -> House:
    """The authority on the day of its panel."""
    house.turn_to(date(2026, 12, 3))
    return house


def mark(
    house: House,
    meeting: str,
    post: str,
    state: Presence = Presence.PRESENT,
    who: Person | None = None,
    seen: int = 0,
    at: datetime = AT,
    role: str = ADMIN,
) -> Standing:
    chosen = Mark(post, state, who, seen)
    return mark_seat(house.scope(role), registry(house), meeting, chosen, at)


def chairs_away(house: House, meeting: str) -> None:
    """Both who usually chair send apologies."""
    for post in ("chair", "vice-chair"):
        mark(house, meeting, post, Presence.APOLOGIES)


def account(house: House, role: str) -> Person:
    people = {person.id: person for person in seats.people(house.scope(ADMIN))}
    db.session.rollback()
    return people[house.accounts[role]]


def one(query: sa.Select) -> object:
    value = db.session.execute(query).scalar()
    db.session.rollback()
    return value


def refusal(call, *arguments: object, **more: object) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*arguments, **more)
    return caught.value


def agreed(house: House, **more: object) -> Leave:
    values = {
        "goes_ahead": True,
        "by": house.accounts["deputy.director"],
        "asked_by": "Adoption Of Bexley",
        "on": date(2026, 11, 23),
        "reason": "Both are ill.",
        **more,
    }
    return Leave(**values)


@pytest.mark.clause("BEX-1.2")
def test_a_meeting_may_decide_with_its_chair_and_two_others_and_not_with_fewer(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting()
    assert not standing(house.scope(ADMIN), registry(house), meeting_id).may_decide
    mark(house, meeting, "chair")
    assert not mark(house, meeting, "adoption").may_decide
    now = mark(house, meeting, "legal")
    assert now.may_decide and now.chair is not None
    assert now.chair.name == "Panel Chair Of Bexley"
    gone = mark(house, meeting, "legal", Presence.LEFT, seen=1)
    assert not gone.may_decide and "Not quorate" in gone.quorum
    assert standing(house.scope(ADMIN), registry(house), meeting_id) == gone
    db.session.rollback()


@pytest.mark.clause("BEX-1.2")
def test_a_ninth_member_is_refused_and_an_eighth_is_not(house: House) -> None:
    _, meeting = house.meeting()
    posts = (
        "chair", "adoption", "fostering", "legal", "placements", "independent-reviewing",
        "looked-after-children", "signs-of-safety",
    )  # fmt: skip
    held = ("chair", "adoption", "fostering", "legal")
    for number, post in enumerate(posts):
        who = None if post in held else Person(f"Substitute {number} Quillon")
        now = mark(house, meeting, post, who=who)
    assert now.may_decide and len(now.attendance.members_here) == 8
    refused = refusal(mark, house, meeting, "vice-chair")
    assert "At most 8 members" in str(refused)
    assert refused.findings[0].field == "seat-vice-chair"
    assert refused.findings[0].clauses == ("BEX-1.2",)
    assert one(sa.select(sa.func.count()).select_from(Attendance)) == 8
    mark(house, meeting, "legal", Presence.LEFT, seen=1)
    assert "At most 8" in str(refusal(mark, house, meeting, "vice-chair"))


@pytest.mark.clause("BEX-1.2", "BEX-1.11")
def test_with_eight_in_the_room_the_vice_takes_the_place_of_a_chair_who_left(house: House) -> None:
    _, meeting = house.meeting()
    mark(house, meeting, "chair")
    for post in ("adoption", "fostering", "legal"):
        mark(house, meeting, post)
    for number, post in enumerate(
        ("placements", "independent-reviewing", "looked-after-children", "signs-of-safety")
    ):
        mark(house, meeting, post, who=Person(f"Substitute {number} Quillon"))
    mark(house, meeting, "signs-of-safety", who=Person("Another Quillon"), seen=1)
    mark(house, meeting, "chair", Presence.LEFT, seen=1)
    now = mark(house, meeting, "vice-chair")
    assert now.may_decide and now.chair is not None and now.chair.post == "vice-chair"
    assert "At most 8" in str(refusal(mark, house, meeting, "chair", seen=2))
    mark(house, meeting, "vice-chair", Presence.LEFT, seen=1)
    now = mark(house, meeting, "chair", seen=2)
    assert now.chair is not None and now.chair.post == "chair"


def test_the_first_person_present_opens_the_meeting_and_the_audit_says_so(house: House) -> None:
    _, meeting = house.meeting()
    mark(house, meeting, "adoption", Presence.APOLOGIES)
    state = sa.select(Meeting.state).where(Meeting.public_id == meeting)
    assert one(state) == "planned"
    mark(house, meeting, "chair")
    assert one(state) == "open"
    did = sa.select(AuditRow.did).where(AuditRow.subject_id == meeting)
    assert one(did) == "open"


def test_arriving_and_leaving_are_timed(house: House) -> None:
    _, meeting = house.meeting()
    later = datetime(2026, 12, 3, 11, 30)
    mark(house, meeting, "adoption")
    mark(house, meeting, "adoption", Presence.LEFT, seen=1, at=later)
    times = db.session.execute(sa.select(Attendance.arrived_at, Attendance.left_at)).one()
    db.session.rollback()
    assert tuple(times) == (AT, later)
    refused = refusal(mark, house, meeting, "legal", Presence.LEFT)
    assert "was not here" in str(refused)


def test_one_person_cannot_sit_in_two_seats(house: House) -> None:
    _, meeting = house.meeting()
    mark(house, meeting, "adoption")
    adoption = account(house, "adoption")
    refused = refusal(mark, house, meeting, "placements", who=adoption)
    assert "is marked in another seat already" in str(refused)
    mark(house, meeting, "placements", who=Person("Wren Marblethorpe"))
    again = Person("wren  marblethorpe".replace("  ", " "))
    assert "another seat" in str(refusal(mark, house, meeting, "signs-of-safety", who=again))


def test_two_people_on_one_seat_clash_and_the_same_mark_twice_does_not(house: House) -> None:
    _, meeting = house.meeting()
    mark(house, meeting, "adoption", role="panel.chair")
    mark(house, meeting, "adoption")
    with pytest.raises(SeatClash) as caught:
        mark(house, meeting, "adoption", Presence.APOLOGIES)
    clash = caught.value.clash
    assert (clash.mine, clash.theirs) == (
        "Apologies: Adoption Of Bexley",
        "Present: Adoption Of Bexley",
    )
    assert (clash.who, clash.when) == ("Panel Chair Of Bexley", AT)
    assert one(sa.select(Attendance.version)) == 1


@pytest.mark.clause("BEX-1.11")
def test_a_substitute_for_the_chair_does_not_chair_by_themselves(house: House) -> None:
    _, meeting = house.meeting()
    house.account("head.of.service", email="third.head@bexley.example")
    third = account(house, "third.head")
    mark(house, meeting, "chair", who=third)
    mark(house, meeting, "adoption")
    now = mark(house, meeting, "fostering")
    assert now.chair is None and not now.on_hold and "no chair yet" in now.quorum
    now = mark(house, meeting, "vice-chair", Presence.APOLOGIES)
    assert now.chair is None and now.on_hold and not now.may_decide
    scope = house.scope(ADMIN)
    refused = refusal(take_chair, scope, registry(house), meeting, third.id, AT)
    assert "On hold" in str(refused)
    record_leave(scope, registry(house), meeting, agreed(house), AT)
    take_chair(scope, registry(house), meeting, third.id, AT)
    now = standing(scope, registry(house), now.meeting.id)
    assert now.may_decide and now.chair is not None and now.chair.name == third.name
    arrived = mark(house, meeting, "vice-chair", seen=1)
    assert arrived.chair is not None and arrived.chair.post == "vice-chair"


@pytest.mark.clause("BEX-1.11")
def test_a_decision_against_going_ahead_leaves_the_meeting_unable_to_decide(house: House) -> None:
    meeting_id, meeting = house.meeting()
    chairs_away(house, meeting)
    for post in ("adoption", "fostering", "legal"):
        mark(house, meeting, post)
    scope = house.scope(ADMIN)
    record_leave(scope, registry(house), meeting, agreed(house, goes_ahead=False), AT)
    now = standing(scope, registry(house), meeting_id)
    assert not now.may_decide and now.meeting.leave_given is False
    db.session.rollback()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"goes_ahead": None}, "whether the meeting goes ahead"),
        ({"by": None}, "who decided"),
        ({"asked_by": ""}, "who asked"),
        ({"reason": ""}, "the reason"),
        ({"on": date(2026, 12, 4)}, "not in the future"),
        ({"seen": True}, "Somebody else recorded"),
    ],
)
def test_a_decision_on_going_ahead_needs_everything(
    house: House, wrong: dict[str, object], said: str
) -> None:
    _, meeting = house.meeting()
    chairs_away(house, meeting)
    leave = agreed(house, **wrong)
    refused = refusal(record_leave, house.scope(ADMIN), registry(house), meeting, leave, AT)
    assert said in str(refused)
    assert one(sa.select(Meeting.leave_given)) is None


@pytest.mark.clause("BEX-1.11")
def test_only_the_holder_of_the_office_decides_on_going_ahead(house: House) -> None:
    _, meeting = house.meeting()
    scope = house.scope(ADMIN)
    early = refusal(record_leave, scope, registry(house), meeting, agreed(house), AT)
    assert "still expected" in str(early)
    chairs_away(house, meeting)
    leave = agreed(house, by=house.accounts["assistant.director"])
    assert "who decided" in str(refusal(record_leave, scope, registry(house), meeting, leave, AT))
    mark(house, meeting, "chair", seen=1)
    needless = refusal(record_leave, scope, registry(house), meeting, agreed(house), AT)
    assert "no decision is needed" in str(needless)


def test_closing_waits_for_every_case_and_then_nothing_changes(house: House) -> None:
    meeting_id, meeting = house.meeting()
    house.turn_to(date(2026, 12, 2))
    early = house.scope(ADMIN)
    assert "not been held yet" in str(refusal(running.close, early, meeting, AT))
    house.turn_to(date(2026, 12, 3))
    scope = house.scope(ADMIN)
    child_id, _ = house.child()
    book(house, meeting_id, case(house, child_id, meeting_id)[0])
    mark(house, meeting, "chair")
    assert "Orlin Thistlewick" in str(refusal(running.close, scope, meeting, AT))
    db.session.execute(sa.update(Booking).values(state="tabled"))
    db.session.commit()
    running.close(scope, meeting, AT)
    assert one(sa.select(Meeting.closed_at)) == AT
    for call in (
        lambda: mark(house, meeting, "adoption"),
        lambda: running.note_business(scope, meeting, "More", 1, AT),
        lambda: running.read_statement(scope, meeting, AT),
        lambda: running.close(scope, meeting, AT),
    ):
        assert "is closed" in str(refusal(call))


def test_who_reads_the_statement_first_stays_recorded(house: House) -> None:
    _, meeting = house.meeting()
    mark(house, meeting, "chair")
    running.read_statement(house.scope(ADMIN), meeting, AT)
    running.read_statement(house.scope("panel.chair"), meeting, datetime(2026, 12, 3, 11, 0))
    read = db.session.execute(sa.select(Meeting.statement_read_at, Meeting.statement_read_by)).one()
    db.session.rollback()
    assert tuple(read) == (AT, house.accounts[ADMIN])


def test_runs_a_meeting_who_administers_holds_a_chairing_post_or_is_named(house: House) -> None:
    meeting_id, meeting = house.meeting()
    now = standing(house.scope(ADMIN), registry(house), meeting_id)
    assert runs(house.scope(ADMIN), now) and not chairs(house.scope(ADMIN), now)
    assert chairs(house.scope("panel.chair"), now) and chairs(house.scope("head.of.service"), now)
    assert not runs(house.scope("deputy.director"), now)


def test_a_seat_that_the_store_did_not_save_is_a_clash(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id, meeting = house.meeting()
    monkeypatch.setattr(seats, "save", lambda *_: False)
    with pytest.raises(SeatClash):
        mark(house, meeting, "chair")
    db.session.rollback()
    assert one(sa.select(Meeting.state).where(Meeting.id == meeting_id)) == "planned"


def test_notes_that_the_store_did_not_save_are_a_clash(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, meeting = house.meeting()
    monkeypatch.setattr(stored, "save_business", lambda *_: False)
    with pytest.raises(running.NotesClash) as caught:
        running.note_business(house.scope(ADMIN), meeting, "Mine", 1, AT)
    assert caught.value.clash.mine == "Mine"
    db.session.rollback()
    noted = sa.select(sa.func.count(AuditRow.id)).where(AuditRow.did == "note business")
    assert one(noted) == 0


def test_a_body_of_one_procedure_meets_on_the_days_of_anothers_of_the_same_code(
    house: House,
) -> None:
    taken, body = date(2026, 12, 3), "permanence-panel"
    house.meeting(taken)
    assert meeting_days.days_taken(house.whole, "BEX", body, [taken]) == {taken: "planned"}
    assert meeting_days.days_taken(house.whole, "TOY", body, [taken]) == {}
    with writing():
        meeting_days.plan(house.whole, "TOY", body, [meeting_days.New(taken, "")], time(14, 0), "")
    assert meeting_days.days_taken(house.whole, "TOY", body, [taken]) == {taken: "planned"}


def test_another_authority_finds_no_such_meeting(house: House) -> None:
    meeting_id, meeting = house.meeting()
    other = House(house.app, house.today, "TOY", "toyshire")
    with pytest.raises(NoMeeting):
        standing(other.scope(ADMIN), registry(house), meeting_id)
    with pytest.raises(NoMeeting):
        mark(other, meeting, "chair")


def test_nothing_of_a_meeting_is_done_before_its_day_but_apologies_are_taken(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting()
    house.turn_to(date(2026, 12, 2))
    scope = house.scope(ADMIN)
    told = "The meeting is on 3 December 2026: it opens on its day"
    refused = refusal(mark, house, meeting, "chair")
    assert str(refused) == told and refused.findings[0].field == "seat-chair"
    assert str(refusal(running.read_statement, scope, meeting, AT)) == told
    who = house.accounts["panel.chair"]
    assert str(refusal(take_chair, scope, registry(house), meeting, who, AT)) == told
    mark(house, meeting, "adoption", Presence.APOLOGIES)
    mark(house, meeting, "adoption", Presence.EXPECTED, seen=1)
    assert one(sa.select(Meeting.state)) == "planned"
    db.session.execute(sa.update(Meeting).values(state="open"))
    db.session.commit()
    now = standing(scope, registry(house), meeting_id)
    assert not now.may_decide and told in [finding.message for finding in now.findings]
    db.session.rollback()


def test_everybody_taken_back_before_a_decision_makes_the_meeting_planned_again(
    house: House,
) -> None:
    _, meeting = house.meeting()
    mark(house, meeting, "chair")
    mark(house, meeting, "adoption")
    running.read_statement(house.scope(ADMIN), meeting, AT)
    assert mark(house, meeting, "chair", Presence.EXPECTED, seen=1).meeting.state == "open"
    now = mark(house, meeting, "adoption", Presence.EXPECTED, seen=1)
    assert now.meeting.state == "planned"
    kept = db.session.execute(sa.select(Meeting.state, Meeting.statement_read_at)).one()
    assert tuple(kept) == ("planned", None)
    did = sa.select(AuditRow.did).order_by(AuditRow.id)
    assert "take back opening" in list(db.session.execute(did).scalars())
    db.session.rollback()


def decided_here(house: House, meeting_id: int, **more: object) -> tuple[int, int]:
    """A case heard at a meeting, with an action: the case's id and the decision's."""
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, meeting_id, "heard")
    booking_id, _ = book(house, meeting_id, case_id, state="heard")
    made = decide(house, meeting_id, case_id, booking_id, date(2026, 12, 3), **more)
    return case_id, made


def test_once_something_is_decided_who_was_there_stays_recorded(house: House) -> None:
    meeting_id, meeting = house.meeting()
    mark(house, meeting, "chair")
    decided_here(house, meeting_id)
    later = datetime(2026, 12, 3, 11, 0)
    now = mark(house, meeting, "chair", Presence.EXPECTED, seen=1, at=later)
    assert now.meeting.state == "open"
    sat = attended.present(now.seats, now.meeting.held_on)
    assert [one.times for one in sat] == ["10:03 to 11:00"]


def test_every_coming_and_going_is_kept_and_said(house: House) -> None:
    meeting_id, meeting = house.meeting()
    at = {minute: datetime(2026, 12, 3, 10, minute) for minute in (0, 20, 45, 50)}
    mark(house, meeting, "adoption", at=at[0])
    mark(house, meeting, "adoption", Presence.LEFT, seen=1, at=at[20])
    mark(house, meeting, "adoption", seen=2, at=at[45])
    mark(house, meeting, "fostering", at=at[0])
    mark(house, meeting, "fostering", who=Person("Wren Marblethorpe"), seen=1, at=at[50])
    mark(house, meeting, "legal", who=Person("Ilse Candlewright"), at=at[0])
    now = standing(house.scope(ADMIN), registry(house), meeting_id)
    db.session.rollback()
    assert [a.line for a in attended.present(now.seats, now.meeting.held_on)] == [
        "Adoption Of Bexley, Manager, adoption: 10:00 to 10:20, and from 10:45",
        "Panel Member Of Bexley, Manager, fostering: 10:00 to 10:50",
        "Wren Marblethorpe, Manager, fostering, substitute for Panel Member Of Bexley: from 10:50",
        "Ilse Candlewright, Legal representative, substitute for Legal Of Bexley: from 10:00",
    ]
    assert attended.apologies(now.seats) == ("Legal Of Bexley, Legal representative",)


def test_a_seat_marked_by_mistake_leaves_no_stay(house: House) -> None:
    _, meeting = house.meeting()
    mark(house, meeting, "chair")
    mark(house, meeting, "adoption")
    mark(house, meeting, "adoption", Presence.LEFT, seen=1)
    now = mark(house, meeting, "adoption", Presence.APOLOGIES, seen=2)
    seat = now.seat("adoption")
    assert isinstance(seat, Seat) and seat.stays == () and seat.away is not None


@pytest.mark.clause("BEX-1.11")
def test_it_is_on_hold_only_once_both_who_chair_are_away_or_have_left(house: House) -> None:
    _, meeting = house.meeting()
    now = mark(house, meeting, "adoption")
    assert not now.on_hold and "Not quorate: there is no chair yet" in now.quorum
    assert not mark(house, meeting, "chair", Presence.APOLOGIES).on_hold
    assert not mark(house, meeting, "vice-chair").on_hold
    assert mark(house, meeting, "vice-chair", Presence.LEFT, seen=1).on_hold


@pytest.mark.clause("BEX-1.10", "BEX-1.18")
def test_closing_waits_for_referrals_that_the_chair_has_not_answered(house: House) -> None:
    meeting_id, meeting = house.meeting()
    mark(house, meeting, "chair")
    made = []
    for number, name in enumerate(("Ada", "Bryn"), 1):
        child_id, _ = house.child(f"010{number}", name, "Quillfeather")
        made.append(case(house, child_id, meeting_id, "submitted")[1])
    scope = house.scope(ADMIN)
    refused = refusal(running.close, scope, meeting, AT)
    assert [(f.message, f.field) for f in refused.findings] == [
        ("2 referrals submitted for this meeting still wait for the chair", "waiting"),
        (
            "Ada Quillfeather: accept it, defer it or send it back",
            f"referral-{made[0]}",
        ),
        (
            "Bryn Quillfeather: accept it, defer it or send it back",
            f"referral-{made[1]}",
        ),
    ]
    assert one(sa.select(Meeting.state)) == "open"
    db.session.execute(sa.update(PanelCase).values(state="returned"))
    db.session.commit()
    running.close(scope, meeting, AT)
    assert one(sa.select(Meeting.state)) == "closed"


@pytest.mark.clause("BEX-1.18")
def test_a_closed_meeting_keeps_what_had_come_of_its_decisions_by_then(house: House) -> None:
    before_id, _ = house.meeting(date(2026, 11, 19), "closed")
    meeting_id, meeting = house.meeting()
    mark(house, meeting, "chair")
    child_id, _ = house.child("0102", "Bryn", "Quillfeather")
    old_case, _ = case(house, child_id, before_id, "heard")
    booking_id, _ = book(house, before_id, old_case, state="heard")
    on = date(2026, 11, 19)
    old = decide(house, before_id, old_case, booking_id, on, action="Ring the aunt")
    _, new = decided_here(house, meeting_id, action="Write to the school")
    scope = house.scope(ADMIN)
    running.close(scope, meeting, AT)
    db.session.execute(
        sa.update(Action).values(progress="Rung twice", done_on=date(2026, 12, 9), done_words="Yes")
    )
    db.session.commit()
    house.turn_to(date(2026, 12, 20))
    row = stored.find(scope, meeting)
    assert row is not None
    today, earlier = carried.decided(scope, row)
    assert [(d.id, d.actions[0].done_on, d.actions[0].progress) for d in (*today, *earlier)] == [
        (new, None, ""),
        (old, None, ""),
    ]
    late, late_meeting = house.meeting(date(2026, 12, 17))
    after = stored.find(scope, late_meeting)
    assert after is not None
    assert {d.id: d.actions[0].done_words for d in carried.decided(scope, after)[1]} == {
        old: "Yes",
        new: "Yes",
    }
    db.session.rollback()


@pytest.mark.clause("BEX-1.24")
def test_a_case_that_has_returned_is_not_said_to_return_again(house: House) -> None:
    first_id, first = house.meeting(date(2026, 11, 5), "closed")
    second_id, second = house.meeting(date(2026, 11, 19), "closed")
    _, third = house.meeting()
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, first_id, "heard")
    booking_id, _ = book(house, first_id, case_id, state="heard")
    decided = decide(
        house, first_id, case_id, booking_id, date(2026, 11, 5), action="Ring the aunt"
    )
    db.session.execute(sa.update(Decision).values(return_by=date(2026, 11, 20)))
    db.session.commit()
    scope = house.scope(ADMIN)

    def returned(meeting: str) -> list[date | None]:
        row = stored.find(scope, meeting)
        assert row is not None
        found = [d.returned_on for part in carried.decided(scope, row) for d in part]
        db.session.rollback()
        return found

    assert returned(third) == [None]
    book(house, second_id, case_id, item="previous", state="heard")
    assert returned(third) == [date(2026, 11, 19)]
    assert returned(first) == [None] and decided


@pytest.mark.clause("BEX-1.19")
def test_only_a_case_still_to_hear_changes_its_place(house: House) -> None:
    meeting_id, meeting = house.meeting()
    public = []
    for number, state in enumerate(("booked", "heard", "booked", "tabled"), 1):
        child_id, _ = house.child(f"010{number}", f"Ada{number}", "Quillfeather")
        made = case(house, child_id, meeting_id)[0]
        public.append(book(house, meeting_id, made, number, state=state)[1])
    scope = house.scope("panel.chair")

    def places() -> list[int]:
        query = sa.select(Booking.public_id).where(Booking.state != "tabled")
        found = db.session.execute(query.order_by(Booking.position)).scalars()
        order = [public.index(one) + 1 for one in found]
        db.session.rollback()
        return order

    for which, state in ((1, "heard"), (3, "tabled")):
        refused = refusal(running.move_case, scope, meeting, public[which], True, AT)
        assert f"This case is {state}" in str(refused)
    assert places() == [1, 2, 3]
    running.move_case(scope, meeting, public[2], True, AT)
    assert places() == [3, 2, 1]
    running.move_case(scope, meeting, public[2], True, AT)
    assert places() == [3, 2, 1]
