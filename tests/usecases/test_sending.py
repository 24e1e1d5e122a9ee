"""Sending: each message at least once, whatever the mail server does, and nobody's twice."""

from __future__ import annotations

import socket
import time
from datetime import timedelta

import pytest
from builders.house import House
from builders.mail import (
    DOMAIN,
    Box,
    Clock,
    free_port,
    mail_server,
    messages,
    queue,
    raw_server,
    real_addresses,
    settings_of,
)

from core.domain.sending import MOST_TRIES, PAUSES, Fault, MessageState, pause_after
from core.store import outbox_sending
from core.store.database import writing
from core.store.tables import Message
from core.usecases.sending import Sender

URL = "https://permanence.toyshire.test"


def test_what_waits_goes_out_in_one_connection_as_it_was_written(house: House) -> None:
    real_addresses(house)
    queue(house, "one", "two", "three")
    box, clock = Box(), Clock()
    with mail_server(box) as server:
        assert Sender(server, URL).send_due(clock) == 3
        assert Sender(server, URL).send_due(clock) == 0
    assert box.connections == 1
    assert [message["Subject"] for message in box.taken] == ["one", "two", "three"]
    first = box.taken[0]
    assert first["To"] == f"Panel Chair Of Bexley <panel.chair@{DOMAIN}>"
    assert first["From"].addresses[0].addr_spec == f"permanence@{DOMAIN}"
    assert first["Auto-Submitted"] == "auto-generated"
    text = first.get_content()
    assert f"{URL}/meetings/abc" in text
    assert "Permanence service of" in text
    assert first["Message-ID"].endswith(f"@{DOMAIN}>")
    assert messages(Message.message_id) == box.ids()
    assert set(messages(Message.state, Message.lease)) == {("sent", "")}


def test_what_is_for_later_waits_for_its_moment(house: House) -> None:
    real_addresses(house)
    clock = Clock()
    queue(house, "later", not_before=clock() + timedelta(hours=1))
    box = Box()
    with mail_server(box) as server:
        sender = Sender(server, URL)
        assert sender.send_due(clock) == 0
        clock.goes_on(hours=1)
        assert sender.send_due(clock) == 1


def test_an_address_that_is_refused_for_good_holds_up_nobody(house: House) -> None:
    real_addresses(house)
    queue(house, "refused", role="iro")
    queue(house, "taken")
    box, clock = Box(), Clock()
    box.on_rcpt = lambda address: "550 5.1.1 No such user" if "iro" in address else None
    with mail_server(box) as server:
        assert Sender(server, URL).send_due(clock) == 1
        clock.goes_on(days=1)
        assert Sender(server, URL).send_due(clock) == 0
    assert messages(Message.state, Message.fault, Message.said)[0] == (
        MessageState.FAILED,
        Fault.ADDRESS,
        "550 5.1.1 No such user",
    )
    assert messages(Message.state)[1] == MessageState.SENT


def test_refused_for_now_is_tried_again_after_pauses_that_grow(house: House) -> None:
    real_addresses(house)
    queue(house, "greylisted")
    box, clock = Box(), Clock()
    box.on_rcpt = lambda _address: "451 4.7.1 Try again"
    tried = []
    with mail_server(box) as server:
        sender = Sender(server, URL)
        for _ in range(200):
            sender.send_due(clock)
            tried.append(messages(Message.tries)[0])
            clock.goes_on(minutes=1)
        assert [tried.index(n) for n in range(1, 6)] == [0, 1, 6, 21, 81]
        box.on_rcpt = lambda _address: None
        clock.goes_on(hours=1)
        assert sender.send_due(clock) == 1
    assert len(box.taken) == 1


def test_it_is_given_up_after_two_days_and_says_so(house: House) -> None:
    real_addresses(house)
    queue(house, "never")
    box, clock = Box(), Clock()
    box.on_rcpt = lambda _address: "452 4.2.2 Full"
    began = clock()
    with mail_server(box) as server:
        sender = Sender(server, URL)
        while messages(Message.state)[0] == MessageState.WAITING:
            sender.send_due(clock)
            clock.goes_on(hours=1)
    assert clock() - began > timedelta(days=1)
    assert messages(Message.state, Message.tries, Message.fault) == [
        (MessageState.FAILED, MOST_TRIES, Fault.LATER)
    ]


def test_a_server_down_for_a_day_loses_nothing_and_is_left_alone(house: House) -> None:
    real_addresses(house)
    queue(house, *(f"message {n}" for n in range(20)))
    clock, port = Clock(), free_port()
    sender = Sender(settings_of(port), URL)
    for _ in range(24):
        assert sender.send_due(clock) == 0
        assert sender.send_due(clock) == 0  # not asked again within the minute
        clock.goes_on(hours=1)
    states = set(messages(Message.state, Message.fault, Message.tries))
    assert states == {(MessageState.WAITING, Fault.SERVER, 24)}
    assert "refused" in messages(Message.said)[0]
    assert set(messages(Message.held_up_since)) == {Clock()()}
    queue(house, "put there today")
    box = Box()
    with mail_server(box) as server:
        clock.goes_on(minutes=2)
        again = Sender(server, URL)
        while again.send_due(clock):
            pass
    assert len(box.ids()) == len(set(box.ids())) == 21


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"200 HTTP/1.1 OK\r\n",
        b"\x00\xff\xfe nonsense\r\n",
        b"220 hello\r\n-1 what\r\n" * 3,
        b"9" * 100_000,
        b"554 No\r\n",
    ],
)
def test_a_server_that_talks_nonsense_takes_nothing_and_loses_nothing(
    house: House, said: bytes
) -> None:
    real_addresses(house)
    queue(house, "one", "two")

    def talk(connection: socket.socket) -> None:
        connection.sendall(said)

    with raw_server(talk) as server:
        assert Sender(server, URL).send_due(Clock()) == 0
    assert {state for state, _ in messages(Message.state, Message.maybe_sent_at)} == {"waiting"}
    assert all(messages(Message.said))


def test_a_server_that_drips_is_broken_off(house: House) -> None:
    real_addresses(house)
    queue(house, "one", "two")

    def talk(connection: socket.socket) -> None:
        for letter in b"220 " + b"h" * 400:
            connection.sendall(bytes([letter]))
            time.sleep(0.2)

    with raw_server(talk) as server:
        began = time.monotonic()
        assert Sender(server, URL).send_due(Clock()) == 0
        assert time.monotonic() - began < 6
    assert set(messages(Message.state, Message.tries)) == {("waiting", 1)}


def test_one_slow_message_holds_the_others_up_for_its_timeout_only(house: House) -> None:
    real_addresses(house)
    queue(house, "slow", "two", "three")
    box, clock = Box(), Clock()
    box.before_data = lambda message: time.sleep(1.5) if message["Subject"] == "slow" else None
    with mail_server(box) as server:
        sender = Sender(server, URL)
        assert sender.send_due(clock) == 2
        assert messages(Message.state, Message.maybe_sent_at.is_not(None))[0] == ("waiting", True)
        box.before_data = lambda _message: None
        clock.goes_on(minutes=1)
        assert sender.send_due(clock) == 1
    assert messages(Message.state) == ["sent"] * 3


def test_what_breaks_off_twice_after_it_was_given_is_not_given_a_third_time(house: House) -> None:
    real_addresses(house)
    queue(house, "slow")
    box, clock = Box(), Clock()
    box.before_data = lambda _message: time.sleep(1.2)
    with mail_server(box) as server:
        sender = Sender(server, URL)
        for _ in range(3):
            sender.send_due(clock)
            clock.goes_on(hours=2)
        time.sleep(0.4)
    assert messages(Message.state, Message.fault) == [(MessageState.FAILED, Fault.NO_ANSWER)]
    assert messages(Message.said) == ["It did not answer in time"]
    assert len(set(box.ids())) <= 1
    assert len(box.ids()) <= 2


def test_two_senders_at_once_take_no_message_twice(house: House) -> None:
    real_addresses(house)
    queue(house, *(f"message {n}" for n in range(6)))
    clock, taken = Clock(), []
    for n in range(6):
        with writing():
            mine = outbox_sending.take(clock(), f"sender {n % 2}", clock(), "x.test")
        assert mine is not None
        taken.append(mine.id)
    with writing():
        assert outbox_sending.take(clock(), "sender 0", clock(), "x.test") is None
        assert not outbox_sending.sent(mine, "sender 0", "", clock())
        assert outbox_sending.sent(mine, "sender 1", "", clock())
    assert len(set(taken)) == 6


def test_what_a_dead_sender_had_is_sent_again_once_with_the_same_id(house: House) -> None:
    real_addresses(house)
    queue(house, "one")
    clock, box = Clock(), Box()
    with writing():
        dead = outbox_sending.take(clock(), "dead", clock() + timedelta(minutes=1), DOMAIN)
    with mail_server(box) as server:
        sender = Sender(server, URL)
        assert sender.send_due(clock) == 0
        clock.goes_on(minutes=1)
        assert sender.send_due(clock) == 1
    assert dead is not None
    assert box.ids() == [dead.message_id]
    assert messages(Message.state, Message.maybe_sent_at.is_not(None)) == [("sent", True)]


def test_made_up_data_is_shown_and_never_mailed(house: House) -> None:
    queue(house, "one", "two")
    box, clock = Box(), Clock()
    with mail_server(box) as server:
        assert Sender(server, URL).send_due(clock) == 2
    assert not box.taken
    assert set(messages(Message.state, Message.shown_only)) == {("sent", True)}
    queue(house, "three")
    assert Sender(None, URL).send_due(clock) == 1


def test_without_a_mail_server_messages_wait(house: House) -> None:
    real_addresses(house)
    queue(house, "one")
    assert Sender(None, URL).send_due(Clock()) == 0
    assert messages(Message.state, Message.tries) == [("waiting", 0)]


def test_the_pauses_last_longer_than_a_day() -> None:
    pauses = [pause_after(n) for n in range(1, MOST_TRIES)]
    assert pauses[: len(PAUSES)] == list(PAUSES)
    assert sum(filter(None, pauses), timedelta()) > timedelta(days=1)
    assert pause_after(MOST_TRIES) is None
