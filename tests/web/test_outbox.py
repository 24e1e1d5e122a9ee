"""The pages of messages: what waits and could not go, what to do, tried again and stopped."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from builders.agenda import case
from builders.disputed import disputed, late_action
from builders.house import AT, House
from builders.mail import messages, queue, real_addresses, settings_of
from builders.queries import counted

from core.store import outbox, outbox_read
from core.store.database import db, writing
from core.store.notice_messages import SAID_ANEW
from core.store.outbox import Letter
from core.store.scope import Scope
from core.store.tables import Account, AuditRow, Child, Meeting, Message, NamedAccess
from core.web.clock import now

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


def needing(scope: Scope) -> dict[str, int]:
    return {name: one.count for name, one in outbox_read.need_somebody(scope).items()}


def with_server(house: House) -> None:
    parts = house.app.extensions["permanence"]
    settings = replace(parts.settings, smtp=settings_of(25))
    house.app.extensions["permanence"] = replace(parts, settings=settings)


def first_page(house: House, role: str = ADMIN) -> str:
    page = re.sub(r"<[^>]+>", " ", read(house, "/?kind=messages", role))
    return " ".join(page.split())


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
    assert needing(scope) == {"failed": 1, "maybe": 1}
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
    with_server(house)
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
    assert needing(scope) == {"failed": 3}
    assert outbox_read.counts(scope)["failed"] == 5
    db.session.rollback()
    page = read(house, "/outbox?list=failed")
    assert page.count("The meeting is over, and nobody is asked to mend this") == 2
    assert "3 messages were given up" in page
    assert house.client(ADMIN).post("/outbox/again").status_code == 303
    waits = messages(Message.subject, Message.state)
    assert [name for name, state in waits if state == "failed"] == ["over", "over too"]
    assert "could not be sent" not in read(house, "/")


def held_up(house: House, name: str, fault: str, minutes: int, **more: object) -> None:
    with_server(house)
    with house.app.app_context():
        since = now() - timedelta(minutes=minutes)
    queue(house, name, **more)
    become(name, fault=fault, tries=2, said="What it said", held_up_since=since)


def test_a_mail_server_that_is_away_for_an_hour_is_on_the_first_page(house: House) -> None:
    later, _ = house.meeting(date(2026, 12, 10))
    held_up(house, "of later", "server", 59, meeting_id=later)
    held_up(house, "put off", "later", 59)
    assert "messages wait" not in first_page(house)
    assert "message waits" not in first_page(house)
    become("of later", held_up_since=datetime(2026, 11, 22, 6, 30))
    held_up(house, "its second", "server", 5)
    for role in (ADMIN, AUTHORITY):
        page = first_page(house, role)
        said = "2 messages wait: the mail server cannot be reached, or lets nobody in Since 22 Nov"
        assert said in page and "2026 at 06:30. Ask whoever runs the service" in page
        assert "Later 1 10 December 2026" in page and "Ring" not in page
        assert "puts it off" not in page
    become("put off", held_up_since=datetime(2026, 11, 22, 6, 30))
    assert "1 message waits: the mail server puts it off" in first_page(house)
    assert "wait:" not in read(house, "/", "social.worker")


@pytest.mark.parametrize(
    ("held_on", "moved_from", "said"),
    [
        (date(2026, 11, 26), None, "26 November 2026"),
        (date(2026, 12, 10), date(2026, 11, 24), "24 November 2026"),
        (date(2026, 12, 10), date(2026, 11, 20), ""),
        (date(2026, 11, 27), None, ""),
    ],
)
def test_what_is_to_be_told_of_a_meeting_in_three_days_is_said_at_once(
    house: House, held_on: date, moved_from: date | None, said: str
) -> None:
    meeting_id, _ = house.meeting(held_on)
    with writing():
        row = sa.update(Meeting).where(Meeting.id == meeting_id)
        db.session.execute(row.values(moved_from=moved_from))
    held_up(house, "soon", "server", 0, meeting_id=meeting_id)
    page = first_page(house)
    assert ("1 message waits" in page) is bool(said)
    assert f"{said} Soon 1 message waits" in page or not said
    assert f"Ring those who are to know of the meeting on {said}" in page or not said


def test_what_could_not_go_stands_at_the_day_of_its_soonest_meeting(house: House) -> None:
    for on in (date(2026, 12, 10), date(2026, 11, 30)):
        queue(house, f"of {on}", meeting_id=house.meeting(on)[0])
        become(f"of {on}", state="failed", fault="address", failed_at=AT)
    queue(house, "of none")
    become("of none", state="failed", fault="address", failed_at=AT)
    page = first_page(house)
    assert "In the next 7 days 1 30 November 2026 3 messages could not be sent" in page


def test_the_queries_of_the_first_page_do_not_grow_with_what_waits(house: House) -> None:
    client = house.client(ADMIN)
    made = [house.meeting(date(2026, 12, n + 1))[0] for n in range(20)]
    held_up(house, "one", "server", 90)
    few = counted(lambda: client.get("/"))
    for n, meeting_id in enumerate(made):
        held_up(house, f"message {n}", "server", 90, meeting_id=meeting_id)
    assert counted(lambda: client.get("/")) <= few


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("cut short", "The service was cut short as it sent this"),
        ("no answer", "The mail server had this message and did not say that it took it"),
        ("server", "Whether this went at an earlier try is not known"),
    ],
)
def test_what_may_have_been_sent_says_what_was_cut_short(
    house: House, fault: str, said: str
) -> None:
    queue(house, "one")
    public_id = become("one", maybe_sent_at=AT, fault=fault, said="It did not answer in time")
    page = read(house, f"/outbox/{public_id}")
    assert f"{said}: it is sent once more by itself" in page
    assert "The mail server said" not in page
    assert "What went wrong with the mail server: It did not answer in time" in page


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


def of_one_child(house: House, child: tuple[int, str]) -> list[str]:
    """Messages about a case, an action, a dispute and a late action of a child."""
    case_id, public_case = case(house, child[0], None)
    bodies = [
        f"/cases/{public_case}\n",
        f"/actions/{late_action(house, child[0])}\n",
        f"/disputes/{disputed(house, child[1])}\n",
        f"/actions/{late_action(house, None, case_id=case_id)}/escalation\n",
    ]
    with writing():
        db.session.execute(sa.delete(Message))
        letters = [
            Letter(body, "test", house.accounts["iro"], f"Of a child {number}", body)
            for number, body in enumerate(bodies)
        ]
        of_case = Letter("case", "test", house.accounts["iro"], "Of a child", "-", case_id=case_id)
        outbox.put(house.whole, [*letters, of_case], AT)
    return bodies


def test_what_is_about_a_closed_record_is_shown_without_what_it_says(house: House) -> None:
    child = house.child()
    bodies = of_one_child(house, child)
    queue(house, "Another")
    with writing():
        db.session.execute(
            sa.update(Message).values(state="failed", fault="address", said="550 No")
        )
    assert "Of a child" in read(house, "/outbox")
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == child[0]).values(closed_to="sealed"))
    ids = messages(Message.public_id)
    for role in (ADMIN, AUTHORITY):
        listed = read(house, "/outbox", role)
        assert listed.count("This is about a closed record") == 5
        assert "Another" in listed and "Of a child" not in listed
        for public_id in ids[:-1]:
            page = read(house, f"/outbox/{public_id}", role)
            assert "550 No" in page and "Iro Of Bexley" in page
            assert "what it says is shown to those named for it" in page
            assert "Of a child" not in page and not any(body.strip() in page for body in bodies)
    for public_id, act in ((ids[0], {"why": "Not to be sent"}), (ids[1], {})):
        to = f"/outbox/{public_id}/{'stop' if act else 'again'}"
        assert house.client(ADMIN).post(to, data=act).status_code == 303
    assert messages(Message.state)[:2] == ["stopped", "waiting"]


def test_who_is_named_for_a_closed_record_reads_what_is_about_it(house: House) -> None:
    child = house.child()
    of_one_child(house, child)
    own = {"authority_id": house.authority_id, "child_id": child[0], "since": date(2026, 1, 1)}
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == child[0]).values(closed_to="sealed"))
        db.session.execute(sa.insert(NamedAccess).values(**own, account_id=house.accounts[ADMIN]))
    assert "This is about a closed record" not in read(house, "/outbox")
    assert "This is about a closed record" in read(house, "/outbox", AUTHORITY)
