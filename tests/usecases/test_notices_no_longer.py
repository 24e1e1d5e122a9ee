"""Notices that wait in the outbox as their meeting moves or is off: they do not go any more."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.mail import Box, Clock, mail_server, real_addresses
from builders.noticed import (
    AT,
    FIVE_BEFORE,
    LATER,
    booked,
    cancelled,
    messages,
    moved,
    rows,
    stand,
    went,
    work,
)
from builders.queries import counted
from builders.referred import full, registry
from builders.sitting import book
from conftest import TODAY, settings

import plugins.bcp
from core.app import create_app
from core.domain.sending import Fault
from core.store import inviting, notice_messages, outbox_sending
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Account, AuditRow, Booking, Meeting, Message, Notice, NoticeCopy
from core.usecases import circulation, inviting_to_meetings, noticing, taking_back
from core.usecases.inviting_to_meetings import Organizer
from core.usecases.sending import Sender

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WORKER, MANAGER = "Social Worker Of Bexley", "Team Manager Of Bexley"
CASE_BOOKED = "Case booked: the social worker or team manager presents it"
MOVED = "Not sent: the meeting moved to 17 December 2026"
CANCELLED = ("stopped", "Not sent: the meeting was cancelled")


def states() -> list[tuple[str, str]]:
    found = db.session.execute(sa.select(Message.state, Message.said).order_by(Message.id)).all()
    db.session.rollback()
    return [(state, said) for state, said in found]


def audited() -> list[tuple[str, dict[str, object], str]]:
    """What of notices was stopped or said anew: of which meeting, what and why."""
    found = db.session.execute(
        sa.select(AuditRow.subject_id, AuditRow.after, AuditRow.why)
        .where(AuditRow.did == "stop notices")
        .order_by(AuditRow.id)
    ).all()
    db.session.rollback()
    return [(of, after or {}, why) for of, after, why in found]


def test_what_waits_as_the_meeting_moves_is_stopped_and_nobody_is_told_that_it_moved(
    house: House,
) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, LATER)
    assert states() == [("stopped", MOVED), ("stopped", MOVED)]
    work(house)
    assert len(messages(house)) == 2
    assert audited() == [
        (meeting, {"to": [WORKER, MANAGER], "count": 2}, MOVED),
        (meeting, {"notices": [CASE_BOOKED], "count": 1}, noticing.NOT_TOLD),
    ]
    _, told, _ = rows(house)
    assert (told.kind, told.state, told.why) == ("moved", "stopped", noticing.NOT_TOLD)
    work(house, date(2026, 12, 10))
    assert [to for to, *_ in messages(house)[2:]] == [WORKER, MANAGER]


def test_only_those_whom_it_reached_are_told_that_it_is_off(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went(Message.to_name == WORKER)
    house.turn_to(date(2026, 11, 27))
    cancelled(house, meeting)
    assert states() == [("sent", ""), CANCELLED]
    work(house)
    (told,) = messages(house)[2:]
    assert told[:2] == (WORKER, "Called off: Permanence Panel, Thursday 3 December 2026")


@ONE_KIND
def test_what_may_have_been_sent_is_stopped_and_told_of_all_the_same(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    with writing():
        db.session.execute(sa.update(Message).values(maybe_sent_at=AT))
    house.turn_to(date(2026, 11, 27))
    cancelled(house, meeting)
    assert states() == [CANCELLED, CANCELLED]
    work(house)
    assert [to for to, *_ in messages(house)[2:]] == [WORKER, MANAGER]


@ONE_KIND
def test_that_it_moved_does_not_go_once_it_is_off_and_who_knew_of_the_first_day_is_told(
    house: House,
) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went()
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, LATER)
    work(house)
    cancelled(house, meeting)
    work(house)
    subjects = [subject for _, subject, *_ in messages(house)]
    assert subjects[2:] == (
        ["Moved: Permanence Panel, now Thursday 17 December 2026"] * 2
        + ["Called off: Permanence Panel, Thursday 3 December 2026"] * 2
    )
    assert states()[2:4] == [CANCELLED, CANCELLED]


@ONE_KIND
def test_who_was_told_of_the_first_day_alone_is_told_that_that_day_is_off(house: House) -> None:
    """The second day's notice goes at once, and waits: nobody has read of that day."""
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went()
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, date(2026, 12, 4))
    work(house)
    assert [kind for kind, _ in stand(house)] == ["notice", "notice"]
    cancelled(house, meeting)
    work(house)
    assert states()[2:4] == [CANCELLED, CANCELLED]
    off = "Called off: Permanence Panel, Thursday 3 December 2026"
    told = messages(house)[4:]
    assert [(to, subject) for to, subject, *_ in told] == [(WORKER, off), (MANAGER, off)]
    for _, _, body, *_ in told:
        assert "You were told of the Permanence Panel on Thursday 3 December 2026." in body
        assert "4 December" not in body


@ONE_KIND
def test_who_was_told_of_one_day_and_invited_for_another_reads_that_neither_stands(
    house: House,
) -> None:
    def invite() -> None:
        organizer = Organizer("Bexley", "permanence@bexley.example", "https://p.test")
        whole = Scope.of_authority(house.authority_id, house.today)
        inviting_to_meetings.follow(whole, registry(house), organizer, AT)

    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    invite()
    went()
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, LATER)
    invite()
    went(Message.kind == inviting.ASKED)
    work(house)
    cancelled(house, meeting)
    work(house)
    found = [(to, body) for to, subject, body, *_ in messages(house) if subject[:6] == "Called"]
    told = "You were told of the Permanence Panel on Thursday 3 December 2026"
    assert [to for to, _ in found] == [WORKER, MANAGER]
    for _, body in found:
        assert body.startswith(
            f"{told}, and invited for Thursday 17 December 2026. Neither day stands: the meeting "
            "was cancelled.\n\nThere is nothing more to do for them."
        )


@ONE_KIND
def test_moved_and_moved_back_before_it_was_told_nobody_reads_that_it_moved(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went(Message.to_name == WORKER)
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, LATER)
    work(house)
    moved(house, meeting, date(2026, 12, 3))
    work(house)
    there = [one for one in messages(house) if one[4] == "waiting"]
    assert [to for to, *_ in there] == [WORKER, MANAGER]
    for _, subject, body, *_ in there:
        assert "3 December" in subject + body
        assert "moved" not in subject + body and "17 December" not in body


@ONE_KIND
def test_whom_nothing_reached_reads_of_the_day_alone_and_who_was_told_of_both(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went(Message.to_name == WORKER)
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, date(2026, 12, 4))
    work(house)
    bodies = {to: body for to, _, body, *_ in messages(house)[2:]}
    assert "It was to be on Thursday 3 December 2026: the meeting has moved." in bodies[WORKER]
    assert "4 December" in bodies[MANAGER] and "3 December" not in bodies[MANAGER]


@ONE_KIND
def test_that_it_moved_names_the_day_of_which_each_was_told_last(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went()
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, LATER)
    work(house)
    went(Message.to_name == WORKER)
    moved(house, meeting, date(2026, 12, 18))
    work(house)
    bodies = {to: body for to, _, body, *_ in messages(house)[4:]}
    assert "It was to be on Thursday 17 December 2026" in bodies[WORKER]
    assert "It was to be on Thursday 3 December 2026" in bodies[MANAGER]
    moved(house, meeting, LATER)
    work(house)
    assert [to for to, *_ in messages(house)[6:]] == [MANAGER]


@ONE_KIND
def test_who_was_told_that_it_moved_is_told_that_the_second_day_is_off(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went()
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, LATER)
    work(house)
    went()
    house.turn_to(date(2026, 12, 10))
    work(house)
    cancelled(house, meeting)
    work(house)
    assert states()[4:6] == [CANCELLED, CANCELLED]
    off = "Called off: Permanence Panel, Thursday 17 December 2026"
    assert [(to, subject) for to, subject, *_ in messages(house)[6:]] == [
        (WORKER, off), (MANAGER, off),
    ]  # fmt: skip


def test_one_under_way_as_the_meeting_moves_does_not_come_back_after_its_correction(
    house: House,
) -> None:
    real_addresses(house)
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    lease = "the one that is cut off"
    clock, box = Clock(datetime(2026, 11, 27, 9, 0)), Box()
    with mail_server(box) as server:
        with writing():
            taken = outbox_sending.take(clock(), lease, clock() + timedelta(hours=1), "a.test")
        assert taken is not None
        house.turn_to(date(2026, 11, 27))
        moved(house, meeting, LATER)
        work(house, at=clock())
        with writing():
            back = clock() + timedelta(minutes=30)
            outbox_sending.put_back(taken, lease, Fault.SERVER, "421 Away", back, None)
        clock.goes_on(minutes=1)
        sender = Sender(server, "https://permanence.test")
        sender.send_due(clock)
        clock.goes_on(hours=1)
        sender.send_due(clock)
    assert [str(one["Subject"])[:6] for one in box.taken] == ["Moved:"]


@ONE_KIND
def test_one_message_of_many_cases_goes_without_the_one_that_is_withdrawn(
    database_url: str, tmp_path: Path
) -> None:
    app = create_app(settings(tmp_path, database_url), {"bcp": plugins.bcp})
    app.testing = True
    with app.app_context():
        house = House(app, TODAY, "BCP", "bcp")
        meeting_id, meeting = house.meeting(date(2026, 12, 3))
        for number in range(7):
            child, _ = house.child(f"01{number:02}", "Ada", "Quillfeather")
            book(house, meeting_id, (child,), position=number + 1)
        house.turn_to(date(2026, 11, 30))
        circulation.circulate(
            house.scope("panel.administrator"), meeting, datetime(2026, 11, 30, 14, 0)
        )
        work(house)
        items = db.session.scalars(sa.select(Booking.public_id).order_by(Booking.id)).all()
        db.session.rollback()
        for item, left in ((items[0], "6 cases"), (items[1], "5 cases")):
            taking_back.withdraw_item(
                house.scope("panel.chair"), registry(house), item, "It is settled.", AT
            )
            work(house)
            told = [one for one in messages(house) if one[1].startswith("A case of yours")]
            assert len(told) == 3
            for _, subject, body, *_ in told:
                assert subject.endswith(f"({left})") and f"This is so of {left}:" in body
                assert body.count("\n/cases/") == int(left[0])
        assert not [one for one in messages(house) if one[1].startswith("Called off")]
        assert [(of, why) for of, _, why in audited()][:2] == [
            (meeting, notice_messages.SAID_ANEW), (meeting, noticing.NOT_TOLD),
        ]  # fmt: skip
        assert audited()[0][1]["count"] == 3
        anew = sa.select(Message).where(Message.said == notice_messages.SAID_ANEW)
        assert len(db.session.scalars(anew).all()) == 3
        gone = sa.select(sa.func.count(NoticeCopy.id)).join(Notice)
        assert db.session.scalar(gone.where(NoticeCopy.message_id.is_(None))) == 6
        db.session.remove()
        db.engine.dispose()


@ONE_KIND
def test_who_has_left_since_is_not_told_and_the_page_says_so(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went()
    with writing():
        left = sa.update(Account).where(Account.id == house.accounts["team.manager"])
        db.session.execute(left.values(active=False))
    house.turn_to(date(2026, 11, 27))
    cancelled(house, meeting)
    work(house)
    assert [to for to, *_ in messages(house)[2:]] == [WORKER]
    assert stand(house)[-1] == ("called-off", "sent")
    whys = db.session.scalars(sa.select(NoticeCopy.why).where(NoticeCopy.why != "")).all()
    assert list(whys) == [f"{MANAGER} has left or is suspended"]


@ONE_KIND
def test_that_a_case_is_off_still_goes_where_its_meeting_is_cancelled_then(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went()
    house.turn_to(date(2026, 11, 27))
    item = db.session.scalars(sa.select(Booking.public_id)).one()
    db.session.rollback()
    chair = house.scope("panel.chair")
    taking_back.withdraw_item(chair, registry(house), item, "It is settled.", AT)
    work(house)
    cancelled(house, meeting)
    with writing():
        db.session.execute(sa.update(Meeting).values(cancelled_at=AT + timedelta(hours=1)))
    assert not inviting.waits_of_cancelled(house.whole)
    with writing():
        assert inviting.stop_of_cancelled(house.whole, AT) == {}
    work(house)
    off = "Off the agenda: a case at the Permanence Panel, Thursday 3 December 2026"
    assert [(to, subject) for to, subject, *_ in messages(house)[2:]] == [
        (WORKER, off), (MANAGER, off),
    ]  # fmt: skip
    for _, _, body, *_ in messages(house)[2:]:
        assert "It is off that agenda: the case was withdrawn from the agenda." in body
        assert "This is about that case alone" in body and "nothing more to do" not in body
    assert [state for state, _ in states()[2:]] == ["waiting", "waiting"]


@ONE_KIND
def test_looking_for_what_is_needless_takes_one_query_of_each_kind(house: House) -> None:
    def look() -> None:
        with writing():
            outbox_sending.stop_needless(datetime(2026, 11, 27, 9, 0))

    booked(house)
    work(house, FIVE_BEFORE)
    assert len(states()) == 2
    one = counted(look)
    _, other = house.meeting(date(2026, 12, 4))
    full(house, other)
    work(house, date(2026, 11, 27))
    assert len(states()) == 12
    assert counted(look) == one <= 5
    assert {state for state, _ in states()} == {"waiting"}
