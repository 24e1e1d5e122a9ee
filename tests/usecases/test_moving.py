"""Moving a meeting: what changes is shown first, done once, told in the audit and lost nowhere."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, time

import pytest
import sqlalchemy as sa
from builders.agenda import book, case, decide
from builders.house import BODY, House
from builders.referred import accepted, needs_the_panel
from builders.referred import submitted as submitted_for

from core.domain.finding import Moved, Refused
from core.domain.meeting import Person, Presence
from core.registry import Registry
from core.store.database import db, writing
from core.store.tables import (
    AuditRow,
    Booking,
    Child,
    DeadlineRow,
    Decision,
    Meeting,
    PanelCase,
    PostHolder,
)
from core.usecases import changed, moving
from core.usecases.acceptance import accept
from core.usecases.attendance import Mark, mark_seat
from core.usecases.authority import hold_post
from core.usecases.changes import Changes
from core.usecases.moving import Move
from core.usecases.standing import NoMeeting

AT = datetime(2026, 11, 23, 9, 0)
ADMIN = "panel.administrator"
PANEL, EARLIER, LATER = date(2026, 12, 3), date(2026, 12, 1), date(2026, 12, 10)
WHY = "The hall is flooded."
MOVE = Move(LATER, time(10, 0), "", WHY)


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


def shown(house: House, meeting: str, move: Move = MOVE, role: str = ADMIN) -> Changes:
    found = moving.preview(house.scope(role), registry(house), meeting, move)
    db.session.rollback()
    return found


def moved(house: House, meeting: str, move: Move = MOVE, seen: str | None = None) -> Changes:
    seen = shown(house, meeting, move).mark if seen is None else seen
    return moving.move_meeting(house.scope(ADMIN), registry(house), meeting, move, seen, AT)


def one(query: sa.Select) -> object:
    value = db.session.execute(query).scalar()
    db.session.rollback()
    return value


def says(change: object) -> list[tuple[str, str]]:
    return [(str(one.kind), one.message) for one in change.says]


def booked(house: House, meeting_id: int, number: int, state: str = "booked") -> tuple[int, str]:
    child, _ = house.child(f"01{number:02}", f"Ada{number}", "Quillfeather")
    made = case(house, child, meeting_id, state)
    if state == "booked":
        book(house, meeting_id, made[0], number)
    return made


def submitted(case_id: int, at: datetime) -> None:
    with writing():
        db.session.execute(
            sa.update(PanelCase).where(PanelCase.id == case_id).values(submitted_at=at)
        )


@pytest.mark.clause("SOM-9")
def test_a_moved_meeting_keeps_its_cases_and_says_from_when_it_moved_and_why(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    booked(house, meeting_id, 1)
    moved(house, meeting, replace(MOVE, starts_at=time(14, 30), place="Room 9"))
    row = db.session.execute(
        sa.select(
            Meeting.held_on, Meeting.starts_at, Meeting.place, Meeting.moved_from, Meeting.moved_why
        )
    ).one()
    db.session.rollback()
    assert tuple(row) == (LATER, time(14, 30), "Room 9", PANEL, WHY)
    assert one(sa.select(Booking.meeting_id)) == meeting_id


@pytest.mark.clause("BEX-1.6")
def test_an_earlier_day_makes_a_referral_late_and_a_later_day_puts_it_in_time(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    case_id, public_id = booked(house, meeting_id, 1)
    draft_id, draft = booked(house, meeting_id, 2, "draft")
    submitted(case_id, datetime(2026, 11, 27, 12, 0))
    early = shown(house, meeting, replace(MOVE, on=EARLIER))
    by_case = {change.public_id: change for change in early.cases}
    assert says(by_case[public_id]) == [
        ("new", "Late: the referral was due by 26 November 2026 and came on 27 November 2026")
    ]
    assert by_case[public_id].says[0].clauses == ("BEX-1.6", "BEX-1.18")
    assert says(by_case[draft])[0][1].startswith("Not in yet. Referral with the panel administrator"
                                                 ": now by 26 November 2026")  # fmt: skip
    assert [s.message for s in early.of_meeting if s.code == "referral-received"] == [
        "Referral with the panel administrator: now by 26 November 2026, and was by "
        "30 November 2026"
    ]
    moved(house, meeting, replace(MOVE, on=EARLIER))
    later = shown(house, meeting)
    by_case = {change.public_id: change for change in later.cases}
    assert says(by_case[public_id]) == [
        ("no longer", "Late: the referral was due by 26 November 2026 and came on 27 November 2026")
    ]


def test_what_is_due_for_the_day_moves_with_it_in_the_record(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    case_id, _ = booked(house, meeting_id, 1)
    moved(house, meeting)
    due = sa.select(DeadlineRow.due).where(
        DeadlineRow.case_id == case_id, DeadlineRow.code == "referral-received"
    )
    assert one(due) == date(2026, 12, 7)


@pytest.mark.clause("BEX-1.24")
def test_a_case_that_is_to_return_by_a_day_is_told_when_the_meeting_moves_beyond_it(
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
        db.session.execute(sa.update(Decision).values(return_by=date(2026, 12, 4)))
    (change,) = shown(house, meeting).cases
    assert change.public_id == public_id
    assert says(change) == [
        ("new", "This case was to return by 4 December 2026: this meeting is after that day")
    ]


def test_a_child_who_is_of_age_on_the_new_day_is_told_and_named_nowhere_in_the_audit(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child, _ = house.child(born=date(2008, 12, 8))
    made = case(house, child, meeting_id)
    book(house, meeting_id, made[0])
    (change,) = shown(house, meeting).cases
    assert says(change) == [
        ("new", "Turns 18 on 8 December 2026, before the panel of 10 December 2026")
    ]
    moved(house, meeting)
    assert "Thistlewick" not in str(
        one(sa.select(AuditRow.after).where(AuditRow.did == "move with the meeting"))
    )


def test_a_move_to_before_the_18th_birthday_says_that_it_is_found_no_longer(house: House) -> None:
    meeting_id, meeting = house.meeting(LATER)
    child, _ = house.child(born=date(2008, 12, 8))
    book(house, meeting_id, case(house, child, meeting_id)[0])
    (change,) = shown(house, meeting, replace(MOVE, on=PANEL)).cases
    assert says(change) == [
        ("no longer", "Turns 18 on 8 December 2026, before the panel of 10 December 2026")
    ]


def test_a_move_says_too_that_what_the_chair_had_heard_all_the_same_is_found_no_longer(
    house: House,
) -> None:
    _, meeting = house.meeting(LATER)
    _, child = house.child(born=date(2008, 12, 8))
    public_id = submitted_for(house, meeting, child)
    accept(house.scope("panel.chair"), registry(house), public_id, AT, "She asks to be heard")
    assert shown(house, meeting, replace(MOVE, on=date(2026, 12, 11))).cases == ()
    (change,) = shown(house, meeting, replace(MOVE, on=PANEL)).cases
    assert says(change) == [
        ("no longer", "Turns 18 on 8 December 2026, before the panel of 10 December 2026")
    ]


@pytest.mark.clause("BEX-1.1.e")
def test_a_move_says_what_passes_before_the_new_day(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    _, child = house.child("0801", "Wren", "Fogbottom")
    accepted(house, meeting, child)
    needs_the_panel(house, child)
    (change,) = shown(house, meeting, replace(MOVE, on=date(2026, 12, 17))).cases
    assert [m for kind, m in says(change) if kind == "new"][0].startswith(
        "Wren Fogbottom: Residential placement before panel passes before the new meeting, by 10"
    )


def test_posts_that_nobody_holds_on_the_new_day_and_answers_for_the_old_one_are_told(
    house: House,
) -> None:
    _, meeting = house.meeting(PANEL)
    with writing():
        db.session.execute(
            sa.update(PostHolder)
            .where(PostHolder.account_id == house.accounts["legal"])
            .values(until=LATER)
        )
    mark_seat(
        house.scope(ADMIN), registry(house), meeting, Mark("adoption", Presence.APOLOGIES, None, 0),
        AT,
    )  # fmt: skip
    who = Person("Wren Marblethorpe")
    mark_seat(
        house.scope(ADMIN), registry(house), meeting, Mark("fostering", Presence.EXPECTED, who, 0),
        AT,
    )  # fmt: skip
    told = [s.message for s in shown(house, meeting).of_meeting]
    assert "Nobody holds Legal representative on 10 December 2026" in told
    assert not any("Manager, placements" in words for words in told)
    assert "Adoption Of Bexley cannot be there on 3 December 2026: ask again" in told
    assert "Wren Marblethorpe stands in on 3 December 2026: ask again" in told


@pytest.mark.clause("BEX-1.12")
def test_who_holds_a_post_on_the_new_day_and_refers_a_case_is_told_not_to_sit(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child, _ = house.child()
    made = case(house, child, meeting_id, referrer="team.manager")
    book(house, meeting_id, made[0])
    with writing():
        db.session.execute(
            sa.update(PostHolder).where(PostHolder.post_code == "fostering").values(until=LATER)
        )
    hold_post(
        house.whole, house.accounts["team.manager"], "BEX", BODY, "fostering", AT, since=LATER
    )
    told = [s.message for s in shown(house, meeting).of_meeting]
    assert any(words.startswith("Team Manager Of Bexley refers a case") for words in told)


def test_a_day_off_is_told_and_may_be_chosen(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    told = [
        s.message for s in shown(house, meeting, replace(MOVE, on=date(2026, 12, 25))).of_meeting
    ]
    assert told[0] == "Friday 25 December 2026 is a day off: Christmas Day"


def test_another_time_or_place_on_the_same_day_changes_no_check(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    booked(house, meeting_id, 1)
    move = Move(PANEL, time(11, 0), "Room 9", WHY)
    changes = shown(house, meeting, move)
    assert (changes.of_meeting, changes.cases) == ((), ())
    moved(house, meeting, move)
    assert one(sa.select(Meeting.moved_from)) is None
    assert one(sa.select(Meeting.moved_why)) == WHY


@pytest.mark.parametrize(
    ("move", "fields"),
    [
        (Move(PANEL, time(10, 0), "", WHY), ["on"]),
        (Move(date(2026, 11, 22), time(10, 0), "", ""), ["on", "why"]),
        (Move(date(2026, 12, 17), time(10, 0), "x" * 201, WHY), ["on", "place"]),
        (Move(date(2019, 12, 17), time(10, 0), "", WHY), ["on"]),
        (Move(date(2029, 11, 24), time(10, 0), "", WHY), ["on"]),
    ],
)
def test_a_move_that_cannot_be_is_refused_beside_its_fields(
    house: House, move: Move, fields: list[str]
) -> None:
    _, meeting = house.meeting(PANEL)
    house.meeting(date(2026, 12, 17))
    with pytest.raises(Refused) as caught:
        shown(house, meeting, move)
    assert [finding.field for finding in caught.value.findings] == fields


def test_a_meeting_may_move_onto_the_day_of_one_that_is_cancelled(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    house.meeting(LATER, "cancelled")
    moved(house, meeting)
    assert one(sa.select(sa.func.count()).where(Meeting.held_on == LATER)) == 2


@pytest.mark.parametrize(
    ("state", "on", "words"),
    [
        ("open", PANEL, "has begun"),
        ("closed", PANEL, "is closed"),
        ("cancelled", PANEL, "is cancelled already"),
        ("planned", date(2026, 11, 19), "is over"),
    ],
)
def test_what_has_begun_or_is_over_is_not_moved(
    house: House, state: str, on: date, words: str
) -> None:
    _, meeting = house.meeting(on, state)
    with pytest.raises(Refused) as caught:
        shown(house, meeting)
    assert words in str(caught.value)
    with pytest.raises(Refused):
        moved(house, meeting, seen="")


def test_another_authority_finds_no_such_meeting(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    other = House(house.app, house.today, "TOY", "toyshire")
    with pytest.raises(NoMeeting):
        shown(other, meeting)


def test_a_case_booked_meanwhile_is_shown_before_anything_is_moved(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    move = replace(MOVE, on=EARLIER)
    seen = shown(house, meeting, move).mark
    case_id, public_id = booked(house, meeting_id, 1)
    submitted(case_id, datetime(2026, 11, 27, 12, 0))
    with pytest.raises(Moved) as caught:
        moved(house, meeting, move, seen)
    assert [change.public_id for change in caught.value.now.cases] == [public_id]
    assert one(sa.select(Meeting.held_on)) == PANEL


def test_of_two_who_move_it_at_once_the_second_looks_again(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    seen = shown(house, meeting).mark
    outcomes: list[str] = []
    barrier = threading.Barrier(2)
    scope = house.scope(ADMIN)

    def move_it(on: date) -> None:
        with house.app.app_context():
            barrier.wait()
            try:
                moving.move_meeting(scope, registry(house), meeting, replace(MOVE, on=on), seen, AT)
                outcomes.append("moved")
            except Refused:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=move_it, args=(LATER,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved", "refused"]
    assert one(sa.select(sa.func.count()).where(AuditRow.did == "move meeting")) == 1


def test_the_audit_tells_of_the_meeting_and_of_each_case_also_of_those_not_seen(
    house: House,
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    ids = [booked(house, meeting_id, n) for n in (1, 2)]
    for case_id, _ in ids:
        submitted(case_id, datetime(2026, 11, 27, 12, 0))
    with writing():
        db.session.execute(
            sa.update(Child).where(Child.local_id == "0102").values(closed_to="restricted")
        )
    move = replace(MOVE, on=EARLIER)
    changes = shown(house, meeting, move)
    assert [change.public_id for change in changes.seen] == [ids[0][1]] and changes.hidden == 1
    moved(house, meeting, move)
    rows = db.session.execute(
        sa.select(AuditRow.subject_id, AuditRow.after, AuditRow.why).where(
            AuditRow.did == "move with the meeting"
        )
    ).all()
    db.session.rollback()
    assert {row.subject_id for row in rows} == {public_id for _, public_id in ids}
    assert all(row.why == WHY and "Late: " in row.after["checks"][0] for row in rows)
    (kept,) = changed.of_meeting(house.scope(ADMIN), meeting)
    db.session.rollback()
    assert kept.moved == (("Date", "3 December 2026", "1 December 2026"),)
    assert [c.names for c in kept.cases] == ["Ada1 Quillfeather"] and kept.hidden == 1
    assert "Quillfeather" not in str(
        one(sa.select(AuditRow.after).where(AuditRow.did == "move meeting"))
    )


def test_the_queries_of_a_preview_do_not_grow_with_the_cases(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    booked(house, meeting_id, 1)

    def count() -> int:
        counted: list[object] = []

        def heard(*arguments: object) -> None:
            counted.append(arguments)

        scope = house.scope(ADMIN)
        sa.event.listen(db.engine, "before_cursor_execute", heard)
        try:
            moving.preview(scope, registry(house), meeting, MOVE)
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", heard)
            db.session.rollback()
        return len(counted)

    few = count()
    for number in range(2, 9):
        booked(house, meeting_id, number)
    assert count() == few <= 45
