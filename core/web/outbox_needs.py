"""What of the messages needs an administrator: what could not go, and a missing mail server."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.store import outbox_read
from core.store.scope import Scope
from core.web import asker
from core.web.access import ACCESS
from core.web.needs import Need


def needs(scope: Scope) -> Iterator[Need]:
    """Messages that were not sent, may have been, or wait for a server: one query."""
    if not ACCESS["outbox.again"].allows(scope.roles):
        return
    found = outbox_read.need_somebody(scope, no_server=asker.parts().settings.smtp is None)
    if count := found.get("waiting", 0):
        yield Need(
            None,
            f"{_messages(count)} {'waits' if count == 1 else 'wait'}: no mail server is set",
            "Nobody is told anything until there is one. Ask whoever runs the service to set it",
            (),
            url_for("outbox.listed", list="waiting"),
            "See what waits",
        )
    if count := found.get("failed", 0):
        yield Need(
            None,
            f"{_messages(count)} could not be sent",
            "Each says what the mail server said, and what to do",
            (),
            url_for("outbox.listed", list="failed"),
            "Mend it" if count == 1 else "Mend them",
        )
    if count := found.get("maybe", 0):
        yield Need(
            None,
            f"{_messages(count)} may have been sent",
            "The service was cut short twice before it knew. Ask the people, then try again or "
            "stop them",
            (),
            url_for("outbox.listed", list="maybe"),
            "Look at it" if count == 1 else "Look at them",
        )


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"
