"""What is to go no more: overtaken by what came later, or for somebody who has left meanwhile."""

from __future__ import annotations

import socket
from datetime import timedelta

import sqlalchemy as sa
from builders.house import AT, House
from builders.mail import (
    Box,
    Clock,
    mail_server,
    messages,
    queue,
    raw_server,
    real_addresses,
)

from core.domain.sending import Fault, MessageState
from core.store import inviting, outbox, outbox_sending
from core.store.database import db, writing
from core.store.outbox import Letter
from core.store.tables import Account, Message
from core.usecases.sending import Sender

URL = "https://permanence.toyshire.test"
MINUTE = timedelta(minutes=1)


def ask(house: House, meeting_id: int, kind: str, number: int) -> None:
    """Put an invitation to a meeting, or what takes it back, into the outbox."""
    who = house.accounts["panel.chair"]
    with writing():
        letter = Letter(
            f"invitation {number}", kind, who, f"{kind} {number}", "It is", meeting_id=meeting_id
        )
        outbox.put(house.whole, [letter], AT)


def test_an_invitation_that_comes_back_does_not_go_out_after_what_took_it_back(
    house: House,
) -> None:
    real_addresses(house)
    meeting_id, _ = house.meeting(house.today + timedelta(days=7))
    ask(house, meeting_id, inviting.ASKED, 0)
    clock, box = Clock(), Box()
    box.on_data = lambda message: "451 Not now" if message["Subject"].endswith("0") else None
    with mail_server(box) as server:
        sender = Sender(server, URL)
        with writing():
            outbox_sending.take(clock(), "another", clock() + MINUTE, "toyshire.test")
        ask(house, meeting_id, inviting.TAKEN_BACK, 1)
        assert sender.send_due(clock) == 1
        clock.goes_on(minutes=2)
        box.on_data = lambda _message: None
        assert sender.send_due(clock) == 0
    assert [one["Subject"] for one in box.taken] == [f"{inviting.TAKEN_BACK} 1"]
    assert messages(Message.state, Message.said)[0] == (MessageState.STOPPED, inviting.REPLACED)


def test_an_invitation_that_could_not_be_sent_is_stopped_by_what_comes_later(house: House) -> None:
    meeting_id, _ = house.meeting(house.today + timedelta(days=7))
    ask(house, meeting_id, inviting.ASKED, 0)
    with writing():
        db.session.execute(sa.update(Message).values(state=MessageState.FAILED, failed_at=AT))
        who = (meeting_id, house.accounts["panel.chair"])
        inviting.stop_waiting(house.whole, {who: inviting.CANCELLED}, AT)
    assert messages(Message.state, Message.said) == [(MessageState.STOPPED, inviting.CANCELLED)]


def test_nobody_who_has_left_meanwhile_is_written_to(house: House) -> None:
    real_addresses(house)
    queue(house, "one", role="iro")
    queue(house, "two")
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts["iro"]).values(active=False)
        )
    box = Box()
    with mail_server(box) as server:
        assert Sender(server, URL).send_due(Clock()) == 1
    assert [one["Subject"] for one in box.taken] == ["two"]
    assert messages(Message.state, Message.said)[0] == (
        MessageState.STOPPED, "Not sent: they have left or are suspended",
    )  # fmt: skip


def test_made_up_data_is_not_shown_as_sent_to_who_has_left(house: House) -> None:
    queue(house, "one", role="iro")
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts["iro"]).values(active=False)
        )
    assert Sender(None, URL).send_due(Clock()) == 0
    assert messages(Message.state) == [MessageState.STOPPED]


def test_a_server_that_answers_a_whole_message_with_go_on_has_not_taken_it(house: House) -> None:
    real_addresses(house)
    queue(house, "one")
    answers = {b"EHLO": b"250 hello", b"DATA": b"354 go on", b".": b"354 go on"}

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        inside = False
        for line in connection.makefile("rb"):
            word = line.strip().upper()[:4]
            if inside and word != b".":
                continue
            inside = word == b"DATA"
            connection.sendall(answers.get(word, b"250 yes") + b"\r\n")

    with raw_server(talk) as server:
        assert Sender(server, URL).send_due(Clock()) == 0
    (one,) = messages(Message.state, Message.fault, Message.maybe_sent_at, Message.said)
    assert one[:2] == (MessageState.WAITING, Fault.NO_ANSWER)
    assert one[2] is not None and "354" in one[3]


def test_a_connection_out_of_step_after_a_garbled_refusal_is_ended(house: House) -> None:
    real_addresses(house)
    queue(house, "one", role="iro")
    queue(house, "two")
    opened: list[int] = []

    def talk(connection: socket.socket) -> None:
        opened.append(1)
        connection.sendall(b"220 hello\r\n")
        inside = False
        for line in connection.makefile("rb"):
            word = line.strip().upper()[:4]
            if inside and word != b".":
                continue
            inside = word == b"DATA"
            refused = word == b"RCPT" and line.upper().startswith(b"RCPT TO:<IRO@")
            answer = b"550 no such\r\n5xx" if refused else b"250 yes"
            connection.sendall((b"354 go on" if inside else answer) + b"\r\n")

    with raw_server(talk) as server:
        assert Sender(server, URL).send_due(Clock()) == 1
    assert len(opened) == 2
    assert messages(Message.state, Message.fault, Message.maybe_sent_at) == [
        (MessageState.FAILED, Fault.ADDRESS, None),
        (MessageState.SENT, Fault.NONE, None),
    ]
