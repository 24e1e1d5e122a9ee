"""The pages of messages: what waits and could not go, what to do, tried again and stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.mail import messages, queue, real_addresses, settings_of
from builders.queries import counted

from core.store import outbox_read
from core.store.database import db, writing
from core.store.notice_messages import SAID_ANEW
from core.store.tables import Account, AuditRow, Message

ADMIN, AUTHORITY = "panel.administrator", "authority.administrator"


@pytest.fixture(autouse=True)
def without_form_tokens(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False


def become(subject: str, **values: object) -> str:
    """Put a message into a state; gives its public id."""
    with writing():
        db.session.execute(sa.update(Message).where(Message.subject == subject).values(**values))
        which = sa.select(Message.public_id).where(Message.subject == subject)
        return db.session.scalars(which).one()


def refused(house: House) -> str:
    queue(house, "A message", role="iro")
    return become(
        "A message", state="failed", fault="address", failed_at=AT, tries=1, said="550 No such user"
    )


def read(house: House, address: str, role: str = ADMIN) -> str:
    answer = house.client(role).get(address)
    assert answer.status_code == 200
    db.session.rollback()
    return answer.get_data(as_text=True)


def test_what_was_refused_says_why_and_what_to_do_and_is_on_the_first_page(house: House) -> None:
    public_id = refused(house)
    for role in (ADMIN, AUTHORITY):
        assert "1 message could not be sent" in read(house, "/", role)
        page = read(house, f"/outbox/{public_id}", role)
        assert "550 No such user" in page
        assert "The authority administrator mends it at People: then try again" in page
        assert ("Mend the address of Iro Of Bexley" in page) is (role == AUTHORITY)
    assert "could not be sent" not in read(house, "/", "social.worker")


def test_what_was_said_anew_here_is_not_put_into_the_mail_server_s_mouth(house: House) -> None:
    queue(house, "a notice of many cases")
    public_id = become("a notice of many cases", said=SAID_ANEW)
    page = read(house, f"/outbox/{public_id}")
    assert SAID_ANEW in page and "The mail server said" not in page


def test_tried_again_it_goes_to_the_address_of_today_and_is_audited(house: House) -> None:
    public_id = refused(house)
    with writing():
        db.session.execute(
            sa.update(Account)
            .where(Account.id == house.accounts["iro"])
            .values(email="mended@bexley.example")
        )
    answer = house.client(ADMIN).post(f"/outbox/{public_id}/again")
    assert answer.status_code == 303
    assert messages(Message.state, Message.address, Message.tries) == [
        ("waiting", "mended@bexley.example", 0)
    ]
    did = db.session.scalars(sa.select(AuditRow.did).where(AuditRow.subject == "message")).all()
    db.session.rollback()
    assert did == ["try again"]


def test_it_is_stopped_with_a_reason_alone_and_what_was_typed_stays(house: House) -> None:
    public_id = refused(house)
    client = house.client(ADMIN)
    assert "Say why it is not to be sent" in client.post(
        f"/outbox/{public_id}/stop", data={"why": " "}
    ).get_data(as_text=True)
    long = "x" * 500
    answer = client.post(f"/outbox/{public_id}/stop", data={"why": long})
    assert answer.status_code == 422
    assert long in answer.get_data(as_text=True)
    assert client.post(f"/outbox/{public_id}/stop", data={"why": "Rung"}).status_code == 303
    assert messages(Message.state, Message.said) == [("stopped", "Not sent: Rung")]
    again = client.post(f"/outbox/{public_id}/again")
    assert again.status_code == 422
    assert "was sent, or stopped, meanwhile" in again.get_data(as_text=True)


def test_what_was_sent_is_neither_sent_again_nor_stopped(house: House) -> None:
    queue(house, "Gone")
    public_id = become("Gone", state="sent", sent_at=AT)
    client = house.client(ADMIN)
    assert client.post(f"/outbox/{public_id}/again").status_code == 422
    assert client.post(f"/outbox/{public_id}/stop", data={"why": "No"}).status_code == 422


def test_who_has_left_is_not_written_to_again(house: House) -> None:
    public_id = refused(house)
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts["iro"]).values(active=False)
        )
    answer = house.client(ADMIN).post(f"/outbox/{public_id}/again")
    assert answer.status_code == 422
    assert "have left" in answer.get_data(as_text=True)


def test_every_message_is_in_one_list_and_the_lists_add_up(house: House) -> None:
    queue(house, "waits", "maybe", "maybe twice", "failed", "sent", "stopped")
    become("maybe", maybe_sent_at=AT)
    become("maybe twice", maybe_sent_at=AT, state="failed", fault="cut short", failed_at=AT)
    become("failed", maybe_sent_at=AT, state="failed", fault="address", failed_at=AT)
    become("sent", maybe_sent_at=AT, state="sent", sent_at=AT)
    become("stopped", state="stopped", stopped_at=AT)
    scope = house.scope(ADMIN)
    count_of = outbox_read.counts(scope)
    assert count_of == {"failed": 1, "maybe": 2, "waiting": 1, "sent": 1, "stopped": 1}
    for name, count in count_of.items():
        rows = outbox_read.listed(scope, name, 1)
        assert [row.list for row in rows] == [name] * count
    assert outbox_read.need_somebody(scope) == {"failed": 1, "maybe": 1}
    db.session.rollback()
    assert "May have been sent" in read(house, "/outbox?list=maybe")
    assert "1 message may have been sent" in read(house, "/")


def test_a_real_authority_without_a_mail_server_is_told_so(house: House) -> None:
    assert "mailed to nobody" in read(house, "/outbox")
    real_addresses(house)
    page = read(house, "/outbox")
    assert "No mail server is set" in page
    assert "PERMANENCE_SMTP_HOST" in page
    assert "no mail server is set" not in read(house, "/")
    queue(house, "one", "two")
    for role in (ADMIN, AUTHORITY):
        assert "2 messages wait: no mail server is set" in read(house, "/", role)
    assert "no mail server is set" not in read(house, "/", "social.worker")
    settings = house.app.extensions["permanence"].settings
    with_server = replace(settings, smtp=settings_of(25))
    parts = replace(house.app.extensions["permanence"], settings=with_server)
    house.app.extensions["permanence"] = parts
    assert "no mail server is set" not in read(house, "/")


def test_what_could_not_go_of_a_meeting_that_is_over_needs_nobody(house: House) -> None:
    coming, _ = house.meeting(date(2026, 11, 24))
    gone, _ = house.meeting(date(2026, 11, 19), "closed")
    before, after = datetime(2026, 11, 18, 9, 0), datetime(2026, 11, 20, 9, 0)
    kept = (
        ("coming", coming, before, "notice"),
        ("over", gone, before, "invitation"),
        ("over too", gone, before, "notice"),
        ("its minutes", gone, after, "notice"),
        ("its paper", gone, before, "paper withdrawn"),
    )
    for name, meeting_id, at, kind in kept:
        queue(house, name, meeting_id=meeting_id)
        failed = {"state": "failed", "fault": "server", "failed_at": AT}
        become(name, kind=kind, queued_at=at, **failed)
    scope = house.scope(ADMIN)
    assert outbox_read.need_somebody(scope) == {"failed": 3}
    assert outbox_read.counts(scope)["failed"] == 5
    db.session.rollback()
    page = read(house, "/outbox?list=failed")
    assert page.count("The meeting is over, and nobody is asked to mend this") == 2
    assert "3 messages were given up" in page
    assert house.client(ADMIN).post("/outbox/again").status_code == 303
    waits = messages(Message.subject, Message.state)
    assert [name for name, state in waits if state == "failed"] == ["over", "over too"]
    assert "could not be sent" not in read(house, "/")


def test_the_queries_do_not_grow_with_the_messages(house: House) -> None:
    queue(house, "one")
    client = house.client(ADMIN)
    few = counted(lambda: client.get("/outbox"))
    queue(house, *(f"message {n}" for n in range(60)))
    assert counted(lambda: client.get("/outbox")) == few
    assert "page 2 of 2" in read(house, "/outbox?page=2")


def test_nobody_else_and_no_other_authority_reads_a_message(house: House) -> None:
    public_id = refused(house)
    for role in ("social.worker", "panel.chair", "inspector"):
        assert house.client(role).get(f"/outbox/{public_id}").status_code == 404
    other = House(house.app, house.today, "TOY", "toyshire")
    assert other.client(ADMIN).get(f"/outbox/{public_id}").status_code == 404
    assert "No message" in read(other, "/outbox")


def test_what_a_server_that_was_away_gave_up_is_tried_again_at_once(house: House) -> None:
    queue(house, "one", "two", "three", "four")
    queue(house, "of who has left", role="iro")
    for subject, fault in (("one", "server"), ("two", "later"), ("three", "address")):
        become(subject, state="failed", fault=fault, failed_at=AT, tries=50)
    become("of who has left", state="failed", fault="server", failed_at=AT, tries=50)
    with writing():
        left = sa.update(Account).where(Account.id == house.accounts["iro"]).values(active=False)
        db.session.execute(left)
        chair = sa.update(Account).where(Account.id == house.accounts["panel.chair"])
        db.session.execute(chair.values(email="now@bexley.example"))
    assert "3 messages were given up" in read(house, "/outbox?list=failed")
    answer = house.client(ADMIN).post("/outbox/again")
    assert answer.status_code == 303
    assert messages(Message.subject, Message.state, Message.tries) == [
        ("one", "waiting", 0), ("two", "waiting", 0), ("three", "failed", 50),
        ("four", "waiting", 0), ("of who has left", "failed", 50),
    ]  # fmt: skip
    assert messages(Message.address)[:2] == ["now@bexley.example"] * 2
    did = db.session.scalars(sa.select(AuditRow.did).where(AuditRow.subject == "message")).all()
    db.session.rollback()
    assert did == ["try again"] * 2
    again = house.client(ADMIN).post("/outbox/again")
    assert again.status_code == 422
    assert "None of these waits for the mail server any more" in again.get_data(as_text=True)
    assert house.client("social.worker").post("/outbox/again").status_code == 404
