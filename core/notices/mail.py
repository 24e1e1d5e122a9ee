"""The mail server: one connection for several messages, and what is wrong where it is not taken."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from core.domain.sending import Fault
from core.settings import Smtp

DOTS = re.compile(rb"(?m)^\.")
GO_ON, READY = 354, 250
STEPS = 4
"""Everything that is asked for at once takes so many timeouts at most, however slowly it drips."""
SIGN_IN = frozenset({530, 534, 535, 538})
MOST_SAID = 500
NONSENSE = "It broke off, or said what no mail server says"


class NotSent(Exception):
    """A message that was not taken, or a server that takes none: ``said`` is its own words.

    ``unsure``: it broke off once the whole message was given, and may have been sent.
    """

    def __init__(self, fault: Fault, said: str, *, unsure: bool = False) -> None:
        super().__init__(said)
        self.fault, self.said, self.unsure = fault, said, unsure


class Connection:
    """A connection to the mail server, signed in. Use ``connected``."""

    def __init__(self, client: smtplib.SMTP, server: Smtp) -> None:
        self._client, self._server = client, server

    def send(self, message: EmailMessage, address: str) -> str:
        """Give it one message; gives what it said. Raises NotSent."""
        whole = DOTS.sub(b"..", message.as_bytes())
        given = False
        try:
            with _within(self._client, self._server):
                _taken(self._client.mail(self._server.sender), Fault.SERVER)
                _taken(self._client.rcpt(address), Fault.ADDRESS)
                code, said = self._client.docmd("DATA")
                if code != GO_ON:
                    raise _refusal(code, said, Fault.MESSAGE)
                given = True
                self._client.send(whole + b".\r\n")
                code, said = self._client.getreply()
                if not 200 <= code < 300 and not 400 <= code < 600:
                    # "Go on" is no answer to a whole message: whether it was taken is not known.
                    raise ValueError(f"{code}, once the message was given")
                return _taken((code, said), Fault.MESSAGE)
        except NotSent:
            self._begin_anew()
            raise
        except BROKEN as fault:
            self.end()
            raise NotSent(Fault.LATER, _words(fault), unsure=given) from fault

    def _begin_anew(self) -> None:
        """Make it ready for another message; where it does not say so it is ended: out of step."""
        try:
            with _within(self._client, self._server):
                code, _ = self._client.rset()
        except BROKEN:
            code = 0
        if code != READY:
            self.end()

    @property
    def is_open(self) -> bool:
        return self._client.sock is not None

    def end(self) -> None:
        """Break it off."""
        with suppress(*BROKEN):
            self._client.close()


BROKEN = (OSError, smtplib.SMTPException, ValueError)
"""A connection that breaks, is refused, is not in order, or says what no mail server says."""


@contextmanager
def connected(server: Smtp) -> Iterator[Callable[[], Connection]]:
    """Gives what opens a connection, or gives the one that is open; it is ended with the block.

    What is given raises NotSent (SERVER) where there is none to be had.
    """
    held: list[Connection] = []

    def connection() -> Connection:
        if not held or not held[0].is_open:
            held[:] = [_connect(server)]
        return held[0]

    try:
        yield connection
    finally:
        for one in held:
            with suppress(*BROKEN), _within(one._client, server):
                one._client.quit()
            one.end()


def _connect(server: Smtp) -> Connection:
    client = _client(server)
    # What SMTP_SSL and STARTTLS check the certificate against, where connect() is called apart.
    client._host = server.host  # type: ignore[attr-defined]
    try:
        with _within(client, server):
            _taken(client.connect(server.host, server.port), Fault.SERVER)
            _taken(client.ehlo(), Fault.SERVER)
            if server.security == "starttls":
                client.starttls(context=ssl.create_default_context())
                _taken(client.ehlo(), Fault.SERVER)
            if server.user:
                client.login(server.user, server.password)
    except NotSent:
        client.close()
        raise
    except BROKEN as fault:
        client.close()
        raise NotSent(Fault.SERVER, _words(fault)) from fault
    return Connection(client, server)


def _client(server: Smtp) -> smtplib.SMTP:
    name = server.sender.rpartition("@")[2]  # else it would ask the network for one
    if server.security == "tls":
        safe = ssl.create_default_context()
        return smtplib.SMTP_SSL(timeout=server.timeout, local_hostname=name, context=safe)
    return smtplib.SMTP(timeout=server.timeout, local_hostname=name)


@contextmanager
def _within(client: smtplib.SMTP, server: Smtp) -> Iterator[None]:
    """Break the connection off where all of it takes too long, though each step is in time."""

    def late() -> None:
        if client.sock is not None:
            with suppress(OSError):
                client.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(STEPS * server.timeout, late)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _taken(answer: tuple[int, bytes], fault: Fault) -> str:
    """What the server said where it said yes; ``fault`` is what is wrong where it said no."""
    code, said = answer
    if 200 <= code < 400:
        return _said(code, said)
    raise _refusal(code, said, fault)


def _refusal(code: int, said: bytes | str, fault: Fault) -> NotSent:
    words = _said(code, said)
    if code in SIGN_IN or code == 421 or not 400 <= code < 600:
        return NotSent(Fault.SERVER, words)
    if code < 500 and fault is not Fault.SERVER:
        return NotSent(Fault.LATER, words)
    return NotSent(fault, words)


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return (f"{code} {shown}" if code > 0 else f"{NONSENSE}: {shown}")[:MOST_SAID]


def _words(fault: Exception) -> str:
    """What broke, in words."""
    if isinstance(fault, smtplib.SMTPResponseException):
        return _said(fault.smtp_code, fault.smtp_error)
    if isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError):
        return "It did not answer in time"
    if isinstance(fault, ConnectionRefusedError):
        return "It cannot be reached: the connection was refused"
    if isinstance(fault, socket.gaierror):
        return "Its name is not known"
    if isinstance(fault, ssl.SSLCertVerificationError):
        return f"Its certificate is not to be trusted: {fault.verify_message}"[:MOST_SAID]
    if isinstance(fault, ssl.SSLError):
        return f"The connection is not safe: {fault.reason or fault}"[:MOST_SAID]
    return _said(0, str(fault) or type(fault).__name__)
