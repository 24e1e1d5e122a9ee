"""Notices that follow their meetings, and go out once, on their day, to whoever they are for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.noticed import (
    AT,
    FIVE_BEFORE,
    LATER,
    PANEL,
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
from builders.referred import accepted, case_of, full, registry, submitted
from builders.sitting import book
from conftest import TODAY, settings
from flask import Flask

import plugins.bcp
import plugins.somerset
from core.app import create_app
from core.domain.dates import Calendar
from core.domain.notice_days import notice_day
from core.store import notices
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import (
    Account,
    Allocation,
    AuditRow,
    Booking,
    Child,
    Meeting,
    Message,
    NamedAccess,
    Notice,
    NoticeCopy,
)
from core.usecases import circulation, noticing, tabling, taking_back

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CHAIR, ADMIN, WORKER = "panel.chair", "panel.administrator", "social.worker"


def test_a_notice_is_there_as_a_case_is_booked_and_goes_on_its_day_at_seven(house: House) -> None:
    booked(house)
    (row,) = rows(house)
    assert (row.kind, row.state, row.due_on) == ("notice", "to come", FIVE_BEFORE)
    assert row.reason.startswith("5 working days before the panel on 3 December 2026")
    assert "set here, not by the procedure" in row.reason and row.clauses == "BEX-1.14"
    work(house, date(2026, 11, 25))
    assert messages(house) == []
    work(house, FIVE_BEFORE, datetime(2026, 11, 26, 0, 5))
    names = [to for to, *_ in messages(house)]
    assert names == ["Social Worker Of Bexley", "Team Manager Of Bexley"]
    assert {when for *_, when, _, _ in messages(house)} == {datetime(2026, 11, 26, 7, 0)}
    work(house, FIVE_BEFORE)
    work(house, PANEL)
    assert len(messages(house)) == 2 and stand(house) == [("notice", "sent")]


@ONE_KIND
def test_one_whose_day_has_gone_by_goes_at_once(house: House) -> None:
    booked(house, date(2026, 11, 26))
    (row,) = rows(house)
    assert row.due_on == date(2026, 11, 19) < house.today
    work(house)
    assert {when for *_, when, _, _ in messages(house)} == {AT}


@ONE_KIND
def test_what_was_not_sent_goes_on_the_day_of_the_meeting_that_moved(house: House) -> None:
    _, meeting, _ = booked(house)
    moved(house, meeting, LATER)
    first, second = rows(house)
    assert (first.state, first.why) == ("stopped", "the meeting moved to 17 December 2026")
    assert (second.state, second.due_on) == ("to come", date(2026, 12, 10))
    moved(house, meeting, PANEL)
    assert [row.state for row in rows(house)] == ["stopped", "stopped", "to come"]
    work(house)
    assert messages(house) == []


def test_who_was_told_is_told_at_once_that_it_moved_and_again_on_its_day(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went()
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, LATER)
    assert stand(house) == [("notice", "sent"), ("moved", "to come"), ("notice", "to come")]
    work(house)
    told = messages(house)[2:]
    assert [to for to, *_ in told] == ["Social Worker Of Bexley", "Team Manager Of Bexley"]
    assert told[0][1] == "Moved: Permanence Panel, now Thursday 17 December 2026"
    assert "It was to be on Thursday 3 December 2026: the meeting has moved." in told[0][2]
    assert "flooded" not in told[0][2]
    work(house, date(2026, 12, 10))
    assert len(messages(house)) == 6 and "has moved" in messages(house)[-1][2]


@ONE_KIND
def test_moved_twice_before_it_is_told_says_the_last_day_alone(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went()
    house.turn_to(date(2026, 11, 27))
    moved(house, meeting, LATER)
    moved(house, meeting, date(2026, 12, 18))
    work(house)
    subjects = [subject for _, subject, *_ in messages(house)[2:]]
    assert subjects == ["Moved: Permanence Panel, now Friday 18 December 2026"] * 2


def test_a_cancelled_meeting_stops_what_is_to_come_and_tells_who_was_told(house: House) -> None:
    _, meeting, _ = booked(house)
    work(house, FIVE_BEFORE)
    went()
    house.turn_to(date(2026, 11, 27))
    with writing():
        db.session.execute(
            sa.update(Allocation)
            .where(Allocation.relation == "worker")
            .values(until=date(2026, 11, 27))
        )
    cancelled(house, meeting)
    assert stand(house) == [("notice", "sent"), ("called-off", "to come")]
    work(house)
    told = messages(house)[2:]
    assert [to for to, *_ in told] == ["Social Worker Of Bexley", "Team Manager Of Bexley"]
    assert told[0][1] == "Called off: Permanence Panel, Thursday 3 December 2026"
    assert "the meeting was cancelled" in told[0][2] and "Nobody can come" not in told[0][2]
    work(house)
    assert len(messages(house)) == 4


@ONE_KIND
def test_cancelled_before_it_went_nobody_is_told_anything(house: House) -> None:
    _, meeting, _ = booked(house)
    cancelled(house, meeting)
    work(house, FIVE_BEFORE)
    assert messages(house) == []
    assert [(row.state, row.why) for row in rows(house)] == [
        ("stopped", "the meeting was cancelled")
    ]


@ONE_KIND
def test_a_case_withdrawn_from_the_agenda_is_not_told_of(house: House) -> None:
    _, _, case = booked(house)
    item = db.session.scalar(
        sa.select(Booking.public_id).where(Booking.case_id == case_of(house, case).id)
    )
    db.session.rollback()
    taking_back.withdraw_item(house.scope(CHAIR), registry(house), str(item), "It is settled.", AT)
    (row,) = rows(house)
    assert (row.state, row.why) == ("stopped", "the case was withdrawn from the agenda")


@ONE_KIND
def test_a_case_tabled_after_it_was_told_is_called_off_and_told_for_the_other(house: House) -> None:
    _, _, case = booked(house)
    work(house, FIVE_BEFORE)
    _, other = house.meeting(LATER)
    item = db.session.scalar(
        sa.select(Booking.public_id).where(Booking.case_id == case_of(house, case).id)
    )
    db.session.rollback()
    tabling.table_case(house.scope(CHAIR), registry(house), str(item), other, "No time.", AT)
    assert stand(house) == [
        ("notice", "sent"),
        ("notice", "to come"),
        ("called-off", "to come"),
    ] or stand(house) == [("notice", "sent"), ("called-off", "to come"), ("notice", "to come")]


@ONE_KIND
def test_it_goes_to_who_works_with_the_child_on_that_day_and_says_who_has_left(
    house: House,
) -> None:
    booked(house)
    house.account("social.worker", "second@bexley.example")
    with writing():
        db.session.execute(
            sa.update(Allocation)
            .where(Allocation.relation == "worker")
            .values(account_id=house.accounts["second"])
        )
        db.session.execute(
            sa.update(Account)
            .where(Account.id == house.accounts["team.manager"])
            .values(active=False)
        )
    work(house, FIVE_BEFORE)
    (row,) = rows(house)
    copies = notices.copies(house.whole, [row.id])[row.id]
    db.session.rollback()
    assert [(one.relation, one.why, one.message) for one in copies] == [
        ("social-worker", "", "waiting"),
        ("team-manager", "Team Manager Of Bexley has left or is suspended", ""),
        ("referrer", "", "waiting"),
    ]


@ONE_KIND
def test_nobody_to_send_it_to_is_said_and_it_is_not_tried_again(house: House) -> None:
    booked(house)
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id != house.accounts[CHAIR]).values(active=False)
        )
    work(house, FIVE_BEFORE)
    (row,) = rows(house)
    assert row.state == "nobody" and "has left or is suspended" in row.why
    work(house, FIVE_BEFORE)
    assert stand(house) == [("notice", "nobody")] and messages(house) == []


@ONE_KIND
def test_of_a_closed_child_only_those_who_are_named_are_told(house: House) -> None:
    booked(house)
    with writing():
        db.session.execute(sa.update(Child).values(closed_to="restricted"))
        db.session.execute(
            sa.insert(NamedAccess).values(
                authority_id=house.authority_id,
                child_id=sa.select(Child.id).scalar_subquery(),
                account_id=house.accounts[WORKER],
                since=date(2026, 1, 1),
            )
        )
    work(house, FIVE_BEFORE)
    assert [to for to, *_ in messages(house)] == ["Social Worker Of Bexley"]
    told = db.session.execute(sa.select(NoticeCopy.why).where(NoticeCopy.why != "")).scalars()
    assert list(told) == ["Team Manager Of Bexley may not see this case"]


def test_killed_in_the_middle_nothing_is_sent_and_then_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked(house)
    put = noticing.outbox.put
    for _ in range(3):

        def killed(*given: object) -> int:
            put(*given)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        monkeypatch.setattr(noticing.outbox, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            work(house, FIVE_BEFORE)
        assert stand(house) == [("notice", "to come")] and messages(house) == []
    monkeypatch.setattr(noticing.outbox, "put", put)
    work(house, FIVE_BEFORE)
    assert len(messages(house)) == 2


def test_two_at_once_send_each_once(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    full(house, meeting)
    faults: list[BaseException] = []

    def act() -> None:
        with house.app.app_context():
            try:
                work(house, FIVE_BEFORE)
            except BaseException as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    both = [threading.Thread(target=act) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert faults == []
    assert len(messages(house)) == 10 and len({key for *_, key in messages(house)}) == 10


@ONE_KIND
def test_a_referral_that_is_not_submitted_is_reminded_of_and_a_submitted_one_not(
    house: House,
) -> None:
    _, meeting = house.meeting(PANEL)
    case = submitted(house, meeting, house.child()[1])
    work(house)
    assert stand(house, "papers-due") == []
    with writing():
        db.session.execute(
            sa.text("UPDATE panel_case SET state = 'returned' WHERE public_id = :case"),
            {"case": case},
        )
    work(house)
    (row,) = rows(house, "papers-due")
    assert (row.state, row.due_on) == ("to come", FIVE_BEFORE)
    assert "3 working days before the panel on 3 December 2026" in row.reason


@ONE_KIND
def test_the_queries_of_sending_do_not_grow_with_the_cases(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    accepted(house, meeting, house.child("0700", "Ada", "Fogbottom")[1])
    on_the_day = Scope.of_authority(house.authority_id, FIVE_BEFORE)
    one = counted(lambda: noticing.work_on(on_the_day, AT))
    _, other = house.meeting(LATER)
    full(house, other)
    later = Scope.of_authority(house.authority_id, date(2026, 12, 10))
    assert counted(lambda: noticing.work_on(later, AT)) <= one
    assert len(messages(house)) == 12
    went()
    assert counted(lambda: noticing.bring_up_to_date(later, AT)) <= 8


@ONE_KIND
def test_kept_anew_after_their_tables_were_taken_away_they_are_not_sent_a_second_time(
    house: House,
) -> None:
    booked(house)
    work(house, FIVE_BEFORE)
    with writing():
        db.session.execute(sa.delete(NoticeCopy))
        db.session.execute(sa.delete(Notice))
    work(house, FIVE_BEFORE)
    assert stand(house) == [("notice", "sent")] and len(messages(house)) == 2
    copies = db.session.scalars(sa.select(NoticeCopy.message_id)).all()
    assert len(set(copies)) == 2 and None not in copies


@ONE_KIND
def test_the_sending_is_in_the_audit_of_the_case(house: House) -> None:
    _, _, case = booked(house)
    work(house, FIVE_BEFORE)
    after = db.session.scalar(
        sa.select(AuditRow.after).where(AuditRow.did == "send notice", AuditRow.subject_id == case)
    )
    assert after is not None and after["due"] == "2026-11-26"
    assert after["to"] == ["Social Worker Of Bexley", "Team Manager Of Bexley"]


@pytest.fixture
def others(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    named = {"bcp": plugins.bcp, "somerset": plugins.somerset}
    app = create_app(settings(tmp_path, database_url), named)
    app.testing = True
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def edition(meeting_id: int, name: str) -> None:
    with writing():
        db.session.execute(
            sa.update(Meeting).where(Meeting.id == meeting_id).values(procedure_edition=name)
        )


@ONE_KIND
@pytest.mark.clause("SOM-7.8")
def test_the_booking_e_mail_of_every_booked_case_goes_seven_working_days_before(
    others: Flask,
) -> None:
    house = House(others, TODAY, "SOM", "somerset")
    meeting_id, _ = house.meeting(date(2027, 1, 7))
    edition(meeting_id, "October 2016")
    for number in range(3):
        child, _ = house.child(f"010{number}", "Ada", "Quillfeather")
        book(house, meeting_id, (child,), position=number + 1)
    work(house)
    found = rows(house)
    assert {(row.state, row.due_on, row.clauses) for row in found} == {
        ("to come", date(2026, 12, 24), "SOM-7.8")
    }
    assert len(found) == 3
    assert found[0].reason == "7 working days before the panel on 7 January 2027"
    work(house, date(2026, 12, 24))
    told = messages(house)
    assert sorted({to for to, *_ in told}) == [
        "Social Worker Of Somerset",
        "Team Manager Of Somerset",
    ]
    booking = [one for one in told if "please attend" in one[1]]
    assert len(booking) == 6 and "in person or by conference call" in booking[0][2]
    assert all("Quillfeather" not in one[1] + one[2] for one in told)


@ONE_KIND
@pytest.mark.clause("BCP-4.2")
def test_the_agenda_goes_to_the_core_members_and_to_who_works_with_each_case(
    others: Flask,
) -> None:
    house = House(others, TODAY, "BCP", "bcp")
    meeting_id, meeting = house.meeting(date(2026, 12, 3))
    book(house, meeting_id, (house.child()[0],))
    work(house, date(2026, 11, 30))
    assert [to for to, *_ in messages(house)] == ["Panel Administrator Of Bcp"]
    assert "by 30 November 2026" in messages(house)[0][2]
    house.turn_to(date(2026, 11, 30))
    circulation.circulate(house.scope(ADMIN), meeting, datetime(2026, 11, 30, 14, 0))
    work(house)
    told = messages(house)[1:]
    case = [to for to, subject, *_ in told if subject.startswith("A case of yours")]
    assert case == [
        "Social Worker Of Bcp",
        "Team Manager Of Bcp",
        "Service Manager Of Bcp",
    ]
    members = [to for to, subject, *_ in told if subject.startswith("Agenda of")]
    assert "Panel Chair Of Bcp" in members
    work(house)
    assert len(messages(house)) == 1 + len(told)


@ONE_KIND
def test_who_works_with_many_cases_of_a_panel_gets_one_message_with_the_path_of_each(
    others: Flask,
) -> None:
    house = House(others, TODAY, "BCP", "bcp")
    meeting_id, meeting = house.meeting(date(2026, 12, 3))
    for number in range(12):
        child, _ = house.child(f"01{number:02}", "Ada", "Quillfeather")
        book(house, meeting_id, (child,), position=number + 1)
    house.turn_to(date(2026, 11, 30))
    circulation.circulate(house.scope(ADMIN), meeting, datetime(2026, 11, 30, 14, 0))
    work(house)
    told = [one for one in messages(house) if one[1].startswith("A case of yours")]
    assert [to for to, *_ in told] == [
        "Social Worker Of Bcp", "Team Manager Of Bcp", "Service Manager Of Bcp",
    ]  # fmt: skip
    for _, subject, body, *_ in told:
        assert subject.endswith("(12 cases)") and "Quillfeather" not in body
        assert len({line for line in body.splitlines() if line.startswith("/cases/")}) == 12
    of_cases = sa.select(sa.func.count(NoticeCopy.id)).join(
        Message, Message.id == NoticeCopy.message_id
    )
    assert db.session.scalar(of_cases.where(Message.subject.endswith("(12 cases)"))) == 36
    count = len(messages(house))
    work(house)
    assert len(messages(house)) == count


@pytest.mark.clause("BCP-4.2")
def test_the_agenda_goes_out_on_the_working_day_before_a_monday_that_is_a_day_off() -> None:
    rule = plugins.bcp.PROCEDURE.notice("circulation-due")
    assert rule is not None
    calendar = Calendar.without([date(2026, 5, 4)])
    found = notice_day(plugins.bcp.PROCEDURE, rule, date(2026, 5, 7), calendar)
    assert found is not None and found.on == date(2026, 5, 1)
    assert "a day off" in found.reason
