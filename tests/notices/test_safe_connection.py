"""The connection to the mail server kept private: TLS and STARTTLS with self-made certificates."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from builders.mail import free_port, raw_server

from core.domain.sending import Fault
from core.notices import mail
from core.notices.mail import NotSent
from core.settings import Smtp

CERTIFICATES = Path(__file__).parents[1] / "certificates"
SENDER = "permanence@toyshire.test"
SAFE = pytest.mark.parametrize("security", ["tls", "starttls"])


class Taken:
    """What came, and whether the connection was private then."""

    def __init__(self) -> None:
        self.private: list[bool] = []

    async def handle_DATA(self, server: Any, _session: Any, _envelope: Any) -> str:
        self.private.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 Taken"


@contextmanager
def server(security: str, certificate: str = "localhost") -> Iterator[tuple[Smtp, Taken]]:
    """A mail server with a certificate: from the beginning, after STARTTLS, or without."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem", CERTIFICATES / "key.pem")
    taken, port = Taken(), free_port()
    more: dict[str, Any] = {
        "tls": {"ssl_context": context},
        "starttls": {"tls_context": context, "require_starttls": True},
        "none": {},
    }[security]
    controller = Controller(taken, hostname="127.0.0.1", port=port, **more)
    # It would look at itself with a context that trusts no certificate made here.
    touch = partial(socket.create_connection, ("127.0.0.1", port), 2)
    controller._trigger_server = lambda: touch().close()  # type: ignore[method-assign]
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    controller.start()
    try:
        yield Smtp("127.0.0.1", port, security, SENDER, timeout=3), taken
    finally:
        controller.stop()


def trust(monkeypatch: pytest.MonkeyPatch, certificate: str) -> None:
    """What an administrator does whose mail server has a certificate of its own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / f"{certificate}.pem"))


def send(to: Smtp) -> str:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Hello"
    message.set_content("Hello\n.\n.hello\n")
    with mail.connected(to) as connection:
        return connection().send(message, "ada@toyshire.test")


@SAFE
def test_with_a_certificate_that_is_trusted_it_goes_privately(
    security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, "localhost")
    with server(security) as (to, taken):
        assert send(to) == "250 Taken"
    assert taken.private == [True]


@SAFE
def test_a_certificate_that_nobody_signed_is_not_trusted_and_says_so(security: str) -> None:
    with server(security) as (to, taken), pytest.raises(NotSent) as wrong:
        send(to)
    assert wrong.value.fault is Fault.SERVER and not wrong.value.unsure
    assert "certificate is not to be trusted: self-signed certificate" in wrong.value.said
    assert taken.private == []


@SAFE
def test_a_certificate_of_another_name_is_not_trusted_and_says_so(
    security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, "elsewhere")
    with server(security, "elsewhere") as (to, taken), pytest.raises(NotSent) as wrong:
        send(to)
    assert wrong.value.fault is Fault.SERVER
    assert "127.0.0.1" in wrong.value.said and "not valid for" in wrong.value.said
    assert taken.private == []


def test_a_server_that_does_not_offer_starttls_is_given_nothing() -> None:
    with server("none") as (plain, taken), pytest.raises(NotSent) as wrong:
        send(Smtp("127.0.0.1", plain.port, "starttls", SENDER, timeout=3))
    assert wrong.value.fault is Fault.SERVER and taken.private == []


def test_a_name_and_password_are_not_given_before_the_connection_is_private() -> None:
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        for line in connection.makefile("rb"):
            heard.append(line)
            connection.sendall(b"250-hello\r\n250 AUTH PLAIN LOGIN\r\n")

    with raw_server(talk) as plain, pytest.raises(NotSent):
        send(Smtp(plain.host, plain.port, "starttls", SENDER, "user", "secret", timeout=1))
    assert heard and not any(b"AUTH" in line or b"secret" in line for line in heard)


@SAFE
def test_a_handshake_that_never_ends_is_broken_off(security: str) -> None:
    def talk(connection: socket.socket) -> None:
        if security == "starttls":
            connection.sendall(b"220 hello\r\n")
            connection.recv(100)
            connection.sendall(b"250-hello\r\n250 STARTTLS\r\n")
            connection.recv(100)
            connection.sendall(b"220 go on\r\n")
        connection.recv(2_000)
        connection.sendall(b"\x16\x03\x03\x40\x00")
        connection.recv(1)

    with raw_server(talk) as slow, pytest.raises(NotSent) as wrong:
        send(Smtp(slow.host, slow.port, security, SENDER, timeout=1))
    assert wrong.value.fault is Fault.SERVER
