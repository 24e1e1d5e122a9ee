"""The thread beside the worker: it follows the meetings, and sends what waits in the outbox."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask

from core.settings import Settings
from core.store import authorities
from core.store.database import OperationalError, db, let_go
from core.store.scope import Scope
from core.usecases import inviting_to_meetings
from core.usecases.inviting_to_meetings import Organizer
from core.usecases.sending import Sender

PAUSE_SECONDS = 1.0
FOLLOWS_SECONDS = 15.0
ROUND_SECONDS = 15.0
"""So long at most is sent without looking at the meetings: a queue may last for hours."""
STOP_SECONDS = 40.0
Clock = Callable[[], datetime]
log = logging.getLogger("permanence.sender")


@contextmanager
def beside(app: Flask, clock: Clock) -> Iterator[None]:
    """Send as long as the block lasts: whatever else the worker does, mail does not wait for it.

    A message under way as the block ends is seen to its end.
    """
    stopping = threading.Event()
    thread = threading.Thread(
        target=run, args=(app, clock, stopping.wait), name="sender", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(STOP_SECONDS)


def run(app: Flask, clock: Clock, ended: Callable[[float], bool]) -> None:
    """Send until it ``ended`` (which waits so many seconds first)."""
    settings: Settings = app.extensions["permanence"].settings
    sender = Sender(settings.smtp, settings.address)
    followed, said = -FOLLOWS_SECONDS, ""
    while not ended(0):
        with app.app_context():
            try:
                if time.monotonic() - followed >= FOLLOWS_SECONDS:
                    followed = time.monotonic()
                    follow_meetings(app, clock())
                sender.send_due(clock, _for_a_round(ended))
                said = ""
            except Exception as fault:
                what = f"{type(fault).__name__}: {getattr(fault, 'orig', fault)}"
                if what != said:
                    log.error("nothing could be sent; it is tried again", exc_info=fault)
                said = what
            finally:
                db.session.remove()
        if ended(PAUSE_SECONDS):
            return


def _for_a_round(ended: Callable[[float], bool]) -> Callable[[], bool]:
    """Whether to go on with what is due: until it ended, or the meetings are to be looked at."""
    until = time.monotonic() + ROUND_SECONDS
    return lambda: not ended(0) and time.monotonic() < until


def follow_meetings(app: Flask, at: datetime) -> None:
    """Bring everybody's calendar up to their meetings, in every authority whose mail goes out."""
    parts = app.extensions["permanence"]
    settings: Settings = parts.settings
    every = authorities.every()
    let_go()
    for row in every:
        if settings.smtp is None and not row.demo:
            continue
        scope = Scope.of_authority(row.id, settings.day_of(at))
        sender = settings.smtp.sender if settings.smtp else inviting_to_meetings.MADE_UP_SENDER
        organizer = Organizer(row.name, sender, settings.address)
        try:
            inviting_to_meetings.follow(scope, parts.registry, organizer, at, demo=row.demo)
        except OperationalError:
            log.warning("the meetings of %s could not be followed; it is tried again", row.code)
            db.session.rollback()
        except Exception:
            log.exception("the meetings of %s could not be followed; it is tried again", row.code)
            db.session.rollback()
