"""Mail servers for tests: one that takes what it is given, and some that are not in order."""

from __future__ import annotations

import email
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import sqlalchemy as sa
from aiosmtpd.controller import Controller
from builders.house import AT, House

from core.settings import Smtp
from core.store import outbox
from core.store.database import db, writing
from core.store.outbox import Letter
from core.store.tables import Account, Authority, Message

DOMAIN = "toyshire.test"


class Box:
    """What a mail server took; ``on_rcpt`` and ``on_data`` may answer otherwise."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.addresses: list[str] = []
        self.connections = 0
        self.on_rcpt: Callable[[str], str | None] = lambda _address: None
        self.on_data: Callable[[EmailMessage], str | None] = lambda _message: None
        self.before_data: Callable[[EmailMessage], None] = lambda _message: None

    async def handle_EHLO(self, _s: Any, session: Any, _e: Any, name: str, said: Any) -> Any:
        self.connections += 1
        session.host_name = name
        return said

    async def handle_RCPT(self, _s: Any, _session: Any, to: Any, address: str, _o: Any) -> str:
        if (said := self.on_rcpt(address)) is not None:
            return said
        to.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _s: Any, _session: Any, envelope: Any) -> str:
        message: EmailMessage = email.message_from_bytes(envelope.content, policy=default)  # type: ignore[assignment]
        self.before_data(message)
        said = self.on_data(message)
        if said is None or said.startswith("2"):
            self.taken.append(message)
            self.addresses += envelope.rcpt_tos
        return said or "250 Taken"

    def ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.taken]


@contextmanager
def mail_server(box: Box) -> Iterator[Smtp]:
    """A mail server on this machine, and the settings with which it is reached."""
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield settings_of(controller.port)
    finally:
        controller.stop()


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Iterator[Smtp]:
    """A server that says what ``talk`` says on each connection."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError):
                    talk(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield settings_of(listening.getsockname()[1])
    finally:
        listening.close()


def settings_of(port: int, timeout: int = 1) -> Smtp:
    return Smtp("127.0.0.1", port, "none", f"permanence@{DOMAIN}", timeout=timeout)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Clock:
    """The time as a test sets it."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def goes_on(self, **by: float) -> None:
        self.at += timedelta(**by)


def real_addresses(house: House) -> None:
    """Take the authority out of the demo, and give everybody an address that could be theirs."""
    with writing():
        db.session.execute(
            sa.update(Authority).where(Authority.id == house.authority_id).values(demo=False)
        )
        db.session.execute(
            sa.update(Account)
            .where(Account.authority_id == house.authority_id)
            .values(email=sa.func.replace(Account.email, "bexley.example", DOMAIN))
        )


def queue(house: House, *keys: str, role: str = "panel.chair", **more: Any) -> None:
    """Put letters into the outbox, each with its key for its subject."""
    with writing():
        outbox.put(
            house.whole,
            [
                Letter(key, "test", house.accounts[role], key, "Read it:\n/meetings/abc", **more)
                for key in keys
            ],
            AT,
        )


def messages(*columns: Any) -> list[Any]:
    """These columns of every message, oldest first."""
    rows = db.session.execute(sa.select(*columns).order_by(Message.id)).all()
    db.session.rollback()
    return [row[0] if len(columns) == 1 else tuple(row) for row in rows]
