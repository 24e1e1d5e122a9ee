"""Calendars follow the meetings: moved, cancelled, another person in the seat, a case booked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from builders.agenda import book, case
from builders.house import AT, BODY, POSTS, House
from builders.mail import DOMAIN, messages, queue, real_addresses
from builders.queries import counted
from icalendar import Calendar

from core.domain.meeting import Person, Presence
from core.registry import Registry
from core.store import outbox_read
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import (
    Account,
    AuditRow,
    Child,
    Invitation,
    Meeting,
    Message,
    NamedAccess,
    PostHolder,
)
from core.usecases import cancelling, inviting, inviting_to_meetings, moving
from core.usecases.attendance import Mark, mark_seat
from core.usecases.cancelling import Cancel
from core.usecases.inviting_to_meetings import Organizer
from core.usecases.moving import Move

BY = Organizer("London Borough of Bexley", f"permanence@{DOMAIN}", "https://p.test")
ADMIN = "panel.administrator"
PANEL = date(2026, 12, 3)
LATER = AT + timedelta(minutes=5)


def registry(house: House) -> Registry:
    found: Registry = house.app.extensions["permanence"].registry
    return found


def whole(house: House) -> Scope:
    return Scope.of_authority(house.authority_id, house.today)


def follow(house: House, at: datetime = LATER) -> int:
    """Follow the meetings; gives how many calendars were told something."""
    return inviting_to_meetings.follow(whole(house), registry(house), BY, at)


def went() -> None:
    """All that waits is sent."""
    with writing():
        db.session.execute(
            sa.update(Message).where(Message.state == "waiting").values(state="sent", sent_at=LATER)
        )


def body(house: House, role: str) -> str:
    """The words of the last message to somebody."""
    found = db.session.scalars(
        sa.select(Message.body)
        .where(Message.account_id == house.accounts[role])
        .order_by(Message.id.desc())
    ).first()
    db.session.rollback()
    return str(found)


def latest(house: House, role: str) -> tuple[str, str, int]:
    """The last message to somebody: its subject, method and sequence."""
    row = db.session.execute(
        sa.select(Message.subject, Message.method, Message.calendar)
        .where(Message.account_id == house.accounts[role])
        .order_by(Message.id.desc())
        .limit(1)
    ).one()
    db.session.rollback()
    calendar = Calendar.from_ical(row.calendar)
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == row.method
    return row.subject, row.method, event["SEQUENCE"]


def sitting() -> set[str]:
    return {role for role, _ in POSTS.values()}


def told(house: House) -> set[str]:
    """The roles of those to whom something waits to be sent."""
    names = {account_id: role for role, account_id in house.accounts.items()}
    rows = db.session.scalars(sa.select(Message.account_id).where(Message.state == "waiting")).all()
    db.session.rollback()
    return {names[one] for one in rows if one is not None}


def test_who_sits_is_asked_once_and_nobody_else(house: House) -> None:
    house.meeting(PANEL)
    assert follow(house) == len(sitting())
    assert told(house) == sitting()
    assert follow(house) == 0
    subject, method, sequence = latest(house, "panel.chair")
    assert (subject, method, sequence) == (
        "Invitation: Permanence Panel, 3 December 2026", "REQUEST", 0,
    )  # fmt: skip


def test_no_message_names_a_child(house: House) -> None:
    meeting_id, _ = house.meeting(PANEL)
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, meeting_id)
    book(house, meeting_id, case_id)
    follow(house)
    for words in messages(Message.subject, Message.body, Message.calendar):
        assert not any("Thistlewick" in one or "Orlin" in one or "0101" in one for one in words)


@pytest.mark.parametrize(
    ("place", "stands"),
    [
        ("Room 3, Civic Offices", True),
        ("Orlin's school", False),
        ("The Thistlewick-Reed home, 4 Mill Lane", False),
        ("ORLIN THISTLEWICK’S CARERS", False),
        ("The Thistlewicks’ house, 4 High Road", False),
        ("Quenby Hall", True),
        ("The home of Quenby Hallowmere", False),
    ],
)
def test_a_place_that_names_a_child_is_in_no_message(
    house: House, place: str, stands: bool
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, meeting_id)
    book(house, meeting_id, case_id)
    house.child("0102", "Quenby", "Hallowmere")
    with writing():
        db.session.execute(
            sa.update(Meeting).where(Meeting.public_id == meeting).values(place=place)
        )
    follow(house)
    assert set(messages(Message.body.contains(place), Message.calendar.contains("LOCATION"))) == {
        (stands, stands)
    }
    points = {
        "The place stands on the page of the meeting:" in one for one in messages(Message.body)
    }
    assert points == {not stands}


def test_a_case_brings_its_referrer_their_manager_and_who_is_invited(house: House) -> None:
    meeting_id, _ = house.meeting(PANEL)
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, meeting_id)
    _, booking = book(house, meeting_id, case_id)
    inviting.invite(house.scope(ADMIN), booking, public_id_of(house, "iro"), AT)
    follow(house)
    assert told(house) == {*sitting(), "social.worker", "team.manager", "iro"}
    went()
    inviting.end(house.scope(ADMIN), booking, public_id_of(house, "iro"), AT)
    follow(house)
    assert told(house) == {"iro"}
    assert latest(house, "iro") == (
        "No longer asked to come: Permanence Panel, 3 December 2026", "CANCEL", 1,
    )  # fmt: skip


def test_of_a_case_with_a_closed_child_only_who_is_named_is_brought(house: House) -> None:
    meeting_id, _ = house.meeting(PANEL)
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, meeting_id)
    _, booking = book(house, meeting_id, case_id)
    inviting.invite(house.scope(ADMIN), booking, public_id_of(house, "iro"), AT)
    with writing():
        db.session.execute(sa.update(Child).values(closed_to="restricted"))
        db.session.execute(
            sa.insert(NamedAccess).values(
                authority_id=house.authority_id,
                child_id=child_id,
                account_id=house.accounts["team.manager"],
                since=date(2026, 1, 1),
            )
        )
    follow(house)
    assert told(house) == {*sitting(), "team.manager"}


def public_id_of(house: House, role: str) -> str:
    found = db.session.execute(
        sa.select(Account.public_id).where(Account.id == house.accounts[role])
    ).scalar_one()
    db.session.rollback()
    return str(found)


def move(house: House, meeting: str, move: Move) -> None:
    scope = house.scope(ADMIN)
    seen = moving.preview(scope, registry(house), meeting, move).mark
    db.session.rollback()
    moving.move_meeting(scope, registry(house), meeting, move, seen, AT)


def test_a_meeting_that_moves_is_told_anew_with_a_higher_number(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    follow(house)
    went()
    move(house, meeting, Move(date(2026, 12, 10), time(14, 0), "Room 2", "Flooded"))
    assert follow(house) == len(sitting())
    assert latest(house, "legal") == (
        "Changed: Permanence Panel, 10 December 2026", "REQUEST", 1,
    )  # fmt: skip
    body = messages(Message.body)[-1]
    assert "Thursday 10 December 2026, 14:00 to" in body
    assert "It was to be on\nThursday 3 December 2026" in body
    assert "Flooded" not in body
    uids = {
        event["UID"]
        for text in messages(Message.calendar)
        for event in Calendar.from_ical(text).walk("VEVENT")
    }
    assert uids == {f"{meeting}@permanence"}


def test_what_had_not_gone_out_is_stopped_and_only_the_new_is_sent(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    follow(house)
    move(house, meeting, Move(PANEL, time(14, 0), "", "The hall is taken"))
    follow(house)
    by_state = messages(Message.state, Message.said)
    assert by_state.count(("stopped", "Not sent: what came later says it anew")) == len(sitting())
    assert [state for state, _ in by_state].count("waiting") == len(sitting())
    assert latest(house, "legal")[0] == "Invitation: Permanence Panel, 3 December 2026"


def cancel(house: House, meeting: str) -> None:
    scope, why = house.scope(ADMIN), Cancel("Nobody can come")
    seen = cancelling.preview(scope, registry(house), meeting, why).mark
    db.session.rollback()
    cancelling.cancel_meeting(scope, registry(house), meeting, why, seen, LATER)


def test_a_cancelled_meeting_is_taken_back_where_it_was_told(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    follow(house)
    went()
    queue(house, "a notice of it", meeting_id=meeting_id)
    cancel(house, meeting)
    assert follow(house, LATER + timedelta(minutes=1)) == len(sitting())
    assert latest(house, "adoption") == (
        "Cancelled: Permanence Panel, 3 December 2026", "CANCEL", 1,
    )  # fmt: skip
    notice = [row for row in messages(Message.subject, Message.state, Message.said)
              if row[0] == "a notice of it"]  # fmt: skip
    assert body(house, "adoption").startswith(
        "This meeting is cancelled: the Permanence Panel on\nThursday 3 December 2026, 10:00 to "
    )
    assert "You are asked" not in body(house, "adoption")
    assert notice == [("a notice of it", "stopped", "Not sent: the meeting was cancelled")]
    audited = db.session.scalars(
        sa.select(AuditRow.after).where(
            AuditRow.did == "stop notices", AuditRow.subject_id == meeting
        )
    ).all()
    assert [row["count"] for row in audited if row] == [1]
    ended = db.session.scalars(sa.select(Invitation.ended)).all()
    db.session.rollback()
    assert ended == [True] * len(sitting())
    assert follow(house, LATER + timedelta(minutes=2)) == 0


def test_a_meeting_cancelled_before_anything_went_tells_nobody(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    follow(house)
    cancel(house, meeting)
    follow(house, LATER + timedelta(minutes=1))
    assert set(messages(Message.state, Message.said)) == {
        ("stopped", "Not sent: the meeting was cancelled")
    }


def test_apologies_free_a_calendar_and_a_substitute_is_asked(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    follow(house)
    went()
    iro = Person("Iro Of Bexley", house.accounts["iro"], grade="practitioner")
    mark_seat(
        house.scope(ADMIN), registry(house), meeting,
        Mark("legal", Presence.EXPECTED, iro, 0), AT,
    )  # fmt: skip
    follow(house)
    assert told(house) == {"legal", "iro"}
    assert latest(house, "legal") == (
        "No longer asked to come: Permanence Panel, 3 December 2026", "CANCEL", 1,
    )  # fmt: skip
    assert body(house, "legal").startswith(
        "You are no longer asked to come to the Permanence Panel"
    )
    assert "You are asked" not in body(house, "legal")
    assert latest(house, "iro")[1:] == ("REQUEST", 0)


def test_who_holds_the_post_from_the_day_is_asked_and_who_held_it_is_not(house: House) -> None:
    house.meeting(PANEL)
    follow(house)
    went()
    with writing():
        db.session.execute(
            sa.update(PostHolder)
            .where(PostHolder.account_id == house.accounts["legal"], PostHolder.body_code == BODY)
            .values(account_id=house.accounts["kinship"])
        )
    follow(house)
    assert told(house) == {"legal", "kinship"}
    assert latest(house, "legal")[1:] == ("CANCEL", 1)


def test_another_address_is_told_anew(house: House) -> None:
    real_addresses(house)
    house.meeting(PANEL)
    follow(house)
    went()
    with writing():
        db.session.execute(
            sa.update(Account)
            .where(Account.id == house.accounts["legal"])
            .values(email=f"law@{DOMAIN}")
        )
    assert follow(house) == 1
    assert messages(Message.address)[-1] == f"law@{DOMAIN}"
    assert latest(house, "legal") == (
        "Your invitation, sent anew: Permanence Panel, 3 December 2026", "REQUEST", 1,
    )  # fmt: skip
    body = messages(Message.body)[-1]
    assert "Thursday 3 December 2026, 10:00 to" in body and "sent anew" in body
    assert "is now on" not in body and "It was to be on" not in body


def address(house: House, role: str, email: str) -> None:
    with writing():
        who = sa.update(Account).where(Account.id == house.accounts[role])
        db.session.execute(who.values(email=email))


def last_body(house: House, role: str) -> str:
    found = messages(Message.body, Message.account_id)
    return str([body for body, account in found if account == house.accounts[role]][-1])


def test_an_address_mended_while_a_move_waits_says_that_it_moved(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    follow(house)
    went()
    move(house, meeting, Move(date(2026, 12, 10), time(14, 0), "", "Flooded"))
    follow(house)
    address(house, "legal", "law@bexley.example")
    assert follow(house) == 1
    assert latest(house, "legal") == (
        "Changed: Permanence Panel, 10 December 2026", "REQUEST", 2,
    )  # fmt: skip
    body = last_body(house, "legal")
    assert "is now on\nThursday 10 December 2026" in body
    assert "It was to be on\nThursday 3 December 2026" in body and "anew" not in body


def test_moved_twice_before_it_is_told_names_the_day_that_was_told(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    follow(house)
    went()
    for on in (date(2026, 12, 10), date(2026, 12, 17)):
        move(house, meeting, Move(on, time(14, 0), "", "Flooded"))
        follow(house)
    assert latest(house, "legal")[0] == "Changed: Permanence Panel, 17 December 2026"
    body = last_body(house, "legal")
    assert "It was to be on\nThursday 3 December 2026" in body and "10 December" not in body


def test_cancelled_while_a_move_waits_names_the_day_that_was_told(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    follow(house)
    went()
    move(house, meeting, Move(date(2026, 12, 10), time(14, 0), "", "Flooded"))
    follow(house)
    cancel(house, meeting)
    follow(house)
    assert latest(house, "legal") == (
        "Cancelled: Permanence Panel, 3 December 2026", "CANCEL", 2,
    )  # fmt: skip
    went()
    assert follow(house) == 0


def test_another_name_is_told_to_nobody_and_stands_in_what_is_told_next(house: House) -> None:
    _, meeting = house.meeting(PANEL)
    follow(house)
    went()
    with writing():
        who = sa.update(Account).where(Account.id == house.accounts["legal"])
        db.session.execute(who.values(name="Lora Marchbanks"))
    assert follow(house) == 0
    move(house, meeting, Move(date(2026, 12, 10), time(14, 0), "", "Flooded"))
    follow(house)
    assert latest(house, "legal")[0] == "Changed: Permanence Panel, 10 December 2026"
    calendars = [one.replace("\r\n ", "") for one in messages(Message.calendar)]
    assert sum("Lora Marchbanks" in one for one in calendars) == 1


def test_an_address_mended_before_anything_went_is_an_invitation_like_any_other(
    house: House,
) -> None:
    house.meeting(PANEL)
    follow(house)
    with writing():
        who = sa.update(Account).where(Account.id == house.accounts["legal"])
        db.session.execute(who.values(email="law@bexley.example"))
    assert follow(house) == 1
    assert latest(house, "legal")[0] == "Invitation: Permanence Panel, 3 December 2026"


def test_what_has_begun_or_gone_by_or_is_far_off_is_left_alone(house: House) -> None:
    house.meeting(house.today, state="open")
    house.meeting(house.today - timedelta(days=1))
    house.meeting(house.today + timedelta(days=2), state="closed")
    house.meeting(house.today + timedelta(days=400))
    assert follow(house) == 0
    house.meeting(house.today + timedelta(days=100))
    scope = whole(house)
    assert inviting_to_meetings.follow(scope, registry(house), BY, LATER, demo=True) == 0
    assert follow(house) == len(sitting())


def test_it_takes_no_more_queries_for_more_meetings(house: House) -> None:
    house.meeting(PANEL)
    follow(house)
    few = counted(lambda: follow(house))
    for n in range(1, 12):
        house.meeting(PANEL + timedelta(days=n))
    follow(house)
    assert counted(lambda: follow(house)) == few <= 16


def test_who_was_told_stands_on_the_page_of_the_meeting(house: House) -> None:
    meeting_id, public_id = house.meeting(PANEL)
    follow(house)
    went()
    rows = outbox_read.told_of_meeting(house.scope(ADMIN), meeting_id)
    assert {row.name for row in rows} == {
        f"{role.replace('.', ' ').title()} Of Bexley" for role in sitting()
    }
    db.session.rollback()
    page = house.client(ADMIN).get(f"/meetings/{public_id}").get_data(as_text=True)
    assert "Told: who, when and what (5)" in page
