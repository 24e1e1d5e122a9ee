"""Sending a message: what can go wrong, whether it is tried again, and when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.domain.dates import at_clock

#: After the first tries; then every hour.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
#: Two days of tries: a mail server that is down for a day loses nothing.
MOST_TRIES = 50
#: A server that could not be reached is not asked again sooner, whoever has something to send.
HOLD = timedelta(minutes=1)
#: What a day brings goes out from this hour in London: set here, not by a procedure.
MORNING = time(7, 0)
#: How the id of a message ends that has not gone out: the sender puts its own domain there.
MADE_HERE = "@permanence.invalid>"


class MessageState(StrEnum):
    """Where a message of the outbox is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    STOPPED = "stopped"


#: What has not reached anybody for certain, and goes no further where it holds no longer.
STOPPABLE = (MessageState.WAITING, MessageState.FAILED)


class Fault(StrEnum):
    """What was wrong with the last try.

    ``LATER``: the server would not take this message for now. ``CUT_SHORT``: the service ended
    before the server's answer was recorded, ``NO_ANSWER``: the server had the message and said
    nothing. Of both it may have been sent.
    """

    NONE = ""
    ADDRESS = "address"
    MESSAGE = "message"
    LATER = "later"
    SERVER = "server"
    CUT_SHORT = "cut short"
    NO_ANSWER = "no answer"


FOR_GOOD = frozenset({Fault.ADDRESS, Fault.MESSAGE})
#: Whether it went is not known: it is sent once more by itself, and no third time.
UNSURE = frozenset({Fault.CUT_SHORT, Fault.NO_ANSWER})
#: The mail server is away or refuses: so long an administrator is not asked to do anything.
PATIENCE = timedelta(hours=1)


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries (1 or more); None where it is not tried again."""
    if tries >= MOST_TRIES:
        return None
    return PAUSES[min(tries, len(PAUSES)) - 1]


def from_morning(on: date, at: datetime) -> datetime:
    """When what is due on a day goes out: at once, but not before that day's morning."""
    return max(at, at_clock(on, MORNING))
