"""Sending what waits in the outbox: each message at least once, and nobody waits for a slow one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

from core.domain.sending import FOR_GOOD, HOLD, Fault, pause_after
from core.notices import mail
from core.notices.mail import Connection, NotSent
from core.notices.message import CannotBeAddressed, Facts, mailed
from core.settings import Smtp
from core.store import outbox_sending
from core.store.database import OperationalError, let_go, writing
from core.store.outbox_sending import Taken

Clock = Callable[[], datetime]
LEAST_LEASE = timedelta(minutes=2)
IN_A_ROW = 2
"""So many messages in a row that broke off: it is the server, and the others wait."""
RECORDS = 5
NO_ADDRESS = "This is no address that mail can go to"


class Sender:
    """One sender with its lease, told from every other; ``server`` None mails nothing.

    ``lease`` is longer than the longest that one message can take (core.notices.mail).
    """

    def __init__(
        self, server: Smtp | None, public_url: str, *, lease: timedelta | None = None
    ) -> None:
        self._server, self._public_url = server, public_url
        self._me = secrets.token_hex(16)
        longest = timedelta(seconds=2 * mail.STEPS * server.timeout) if server else LEAST_LEASE
        self._lease = lease if lease is not None else longest + LEAST_LEASE
        self._held_until: datetime | None = None
        self._in_a_row, self._was_away = 0, True  # since it may have been so before this one

    def send_due(self, clock: Clock, wanted: Callable[[], bool] = lambda: True) -> int:
        """Send all that is due, until it is not ``wanted``; gives how many messages went out.

        OperationalError where the database is busy or away.
        """
        at = clock()
        to_mail, to_show, was_cut_short = outbox_sending.waits_for(at)
        let_go()
        done = 0
        if to_show or was_cut_short or (to_mail and self._server and not self._held(at)):
            with writing():
                if was_cut_short:
                    outbox_sending.cut_short(at)
                outbox_sending.stop_needless(at)
                if to_show:
                    done = outbox_sending.show_made_up(at, every=self._server is None)
        if self._server is None or not (to_mail or was_cut_short) or self._held(at):
            return done
        with mail.connected(self._server) as connection:
            while wanted():
                at = clock()
                try:
                    now = connection()
                except NotSent as fault:
                    self._away(fault.said, at)
                    break
                with writing():
                    taken = outbox_sending.take(at, self._me, at + self._lease, self._domain)
                if taken is None:
                    break
                done += self._send(now, taken, clock)
                if self._held(clock()):
                    break
        return done

    @property
    def _domain(self) -> str:
        return self._server.sender.rpartition("@")[2] if self._server else ""

    def _held(self, at: datetime) -> bool:
        """Whether the server is left alone for now; a clock that was set back holds nothing."""
        return self._held_until is not None and at < self._held_until <= at + HOLD

    def _send(self, connection: Connection, taken: Taken, clock: Clock) -> bool:
        at = clock()
        try:
            said = connection.send(self._mailed(taken, at), taken.address)
        except CannotBeAddressed:
            self._record(
                lambda: outbox_sending.failed(taken, self._me, Fault.ADDRESS, NO_ADDRESS, at)
            )
            return False
        except NotSent as fault:
            self._not_sent(taken, fault, clock())
            return False
        at = clock()

        def went() -> None:
            outbox_sending.sent(taken, self._me, said, at)
            if self._was_away:
                outbox_sending.server_back(at)

        self._record(went)
        self._in_a_row, self._was_away, self._held_until = 0, False, None
        return True

    def _mailed(self, taken: Taken, at: datetime) -> EmailMessage:
        return mailed(
            Facts(
                taken.message_id,
                taken.authority,
                self._server.sender if self._server else "",
                taken.to_name,
                taken.address,
                taken.subject,
                taken.body,
                self._public_url,
                at,
                taken.calendar,
                taken.method,
            )
        )

    def _not_sent(self, taken: Taken, fault: NotSent, at: datetime) -> None:
        """It was refused for good, or waits for another try; the server itself may be at fault."""
        pause = pause_after(taken.tries)
        good = fault.fault in FOR_GOOD or pause is None
        kept = Fault.NO_ANSWER if fault.unsure else fault.fault
        if good or pause is None or (fault.unsure and taken.again):
            self._record(lambda: outbox_sending.failed(taken, self._me, kept, fault.said, at))
        else:
            later = at + pause
            self._record(
                lambda: outbox_sending.put_back(
                    taken, self._me, kept, fault.said, later, at, maybe=fault.unsure
                )
            )
        if fault.fault is Fault.SERVER:
            self._in_a_row = IN_A_ROW
        elif fault.fault is Fault.LATER and not fault.said[:1].isdigit():
            self._in_a_row += 1
        else:
            self._in_a_row = 0
        if self._in_a_row >= IN_A_ROW:
            self._away(fault.said, at)

    def _away(self, said: str, at: datetime) -> None:
        """The server takes nothing: what is due waits with the others, and it is left alone."""
        self._record(lambda: outbox_sending.server_away(at, said))
        self._held_until, self._was_away, self._in_a_row = at + HOLD, True, 0

    def _record(self, write: Callable[[], object]) -> None:
        """Write what became of a message: tried again, since it would be sent a second time."""
        for left in reversed(range(RECORDS)):
            try:
                with writing():
                    write()
                return
            except OperationalError:
                if not left:
                    raise
