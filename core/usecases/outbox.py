"""What an administrator does to a message that could not go: tried again, or stopped."""

from __future__ import annotations

from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.reason import reason_given
from core.domain.sending import Fault, MessageState
from core.store import audit, outbox_mending
from core.store.database import writing
from core.store.scope import Scope

ELSEWHERE = "This message was sent, or stopped, meanwhile"
LEFT = "They have left or are suspended: stop this message, and tell somebody else"
ASKED = "Say why it is not to be sent"
MOST_WHY = 400
NONE_GIVEN_UP = "None of these waits for the mail server any more: look again"
#: What was given up because the server was away or put it off, and needs nothing but a server.
OF_THE_SERVER = (Fault.SERVER, Fault.LATER)


def try_again(scope: Scope, public_id: str, at: datetime) -> str:
    """Send a message again at once, to the address that its person has now; gives that address.

    Refused where it went or was stopped meanwhile, or the person has left.
    """
    with writing():
        person = outbox_mending.address_now(scope, public_id)
        if person is None:
            raise Refused(Finding(LEFT, field="again"))
        name, address = person
        values = {
            "state": MessageState.WAITING,
            "tries": 0,
            "fault": Fault.NONE,
            "not_before": at,
            "failed_at": None,
            "held_up_since": None,
            "maybe_sent_at": None,
            "to_name": name,
            "address": address,
        }
        states = (MessageState.FAILED, MessageState.WAITING)
        if not outbox_mending.mend(scope, public_id, *states, **values):
            raise Refused(Finding(ELSEWHERE, field="again"))
        audit.changed(scope, at, "try again", "message", public_id, after={"to": address})
    return address


def try_all_again(scope: Scope, at: datetime) -> int:
    """Send again what was given up because the mail server was away; gives how many there were.

    What the server refused for good is not among them: each of those has something to be mended.
    """
    with writing():
        found = outbox_mending.mend_all(scope, OF_THE_SERVER, at)
        if not found:
            raise Refused(Finding(NONE_GIVEN_UP, field="again"))
        for public_id in found:
            audit.changed(scope, at, "try again", "message", public_id)
    return len(found)


def stop(scope: Scope, public_id: str, why: str, at: datetime) -> None:
    """Send a message no more, with a reason; Refused where it went or was stopped meanwhile."""
    reason = reason_given(why, asked=ASKED, most=MOST_WHY)
    with writing():
        values = {
            "state": MessageState.STOPPED,
            "stopped_at": at,
            "said": f"Not sent: {reason}",
        }
        states = (MessageState.FAILED, MessageState.WAITING)
        if not outbox_mending.mend(scope, public_id, *states, **values):
            raise Refused(Finding(ELSEWHERE, field="why"))
        audit.changed(scope, at, "stop", "message", public_id, why=reason)
