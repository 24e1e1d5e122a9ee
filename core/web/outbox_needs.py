"""What of the messages needs an administrator: what could not go, or waits for the server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import url_for

from core.domain.dates import day
from core.domain.sending import PATIENCE, Fault
from core.store import outbox_read
from core.store.outbox_read import Needing
from core.store.scope import Scope
from core.web import asker
from core.web.access import ACCESS
from core.web.clock import now
from core.web.filters import moment
from core.web.needs import SOON, Need

#: What keeps messages waiting, as a line of the first page says it.
HELD_UP = {
    Fault.SERVER: "the mail server cannot be reached, or lets nobody in",
    Fault.LATER: "the mail server puts {} off",
}


def needs(scope: Scope) -> Iterator[Need]:
    """Messages that were not sent, may have been, or wait for the mail server: one query."""
    if not ACCESS["outbox.again"].allows(scope.roles):
        return
    found = outbox_read.need_somebody(scope, no_server=asker.parts().settings.smtp is None)
    if some := found.get("waiting"):
        yield Need(
            some.meeting_on,
            f"{_messages(some.count)} {_wait(some.count)}: no mail server is set",
            "Nobody is told anything until there is one. Ask whoever runs the service to set it",
            (),
            url_for("outbox.listed", list="waiting"),
            "See what waits",
        )
    for fault, said in HELD_UP.items():
        if (some := found.get(fault)) and _is_to_be_said(scope, some):
            yield _held_up(scope, some, said)
    if some := found.get("failed"):
        yield Need(
            some.meeting_on,
            f"{_messages(some.count)} could not be sent",
            "Each says what the mail server said, and what to do",
            (),
            url_for("outbox.listed", list="failed"),
            "Mend it" if some.count == 1 else "Mend them",
        )
    if some := found.get("maybe"):
        yield Need(
            some.meeting_on,
            f"{_messages(some.count)} may have been sent",
            "The service was cut short, or the mail server did not answer, twice. Ask the people, "
            "then try again or stop them",
            (),
            url_for("outbox.listed", list="maybe"),
            "Look at it" if some.count == 1 else "Look at them",
        )


def _is_to_be_said(scope: Scope, some: Needing) -> bool:
    """After a while; at once where somebody is to be told of a meeting in the next few days."""
    long = some.since is not None and some.since <= now() - PATIENCE
    return long or _soon(scope, some) is not None


def _soon(scope: Scope, some: Needing) -> date | None:
    on = some.meeting_on
    return on if on is not None and on <= scope.on + SOON else None


def _held_up(scope: Scope, some: Needing, said: str) -> Need:
    why = said.format("it" if some.count == 1 else "them")
    ask = (
        "Ask whoever runs the service, or the mail server, to look at it. Each goes by itself then"
    )
    if (on := _soon(scope, some)) is not None:
        ask += f". Ring those who are to know of the meeting on {day(on)}"
    return Need(
        some.meeting_on,
        f"{_messages(some.count)} {_wait(some.count)}: {why}",
        f"Since {moment(some.since)}. {ask}" if some.since else ask,
        (),
        url_for("outbox.listed", list="waiting"),
        "See what waits",
    )


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"
