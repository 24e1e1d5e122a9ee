"""The outbox as its sender sees it: taken with a lease, and what became of each try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.dates import london_day
from core.domain.sending import MADE_HERE, MOST_TRIES, PAUSES, Fault, MessageState
from core.store import message_closed, message_over, notice_messages
from core.store.database import db
from core.store.inviting import KINDS, REPLACED
from core.store.tables import Account, Authority, Message

MADE_UP = "%.example"
LEFT = "Not sent: they have left or are suspended"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that this sender has; ``again``: it may have been sent before."""

    id: int
    authority: str
    to_name: str
    address: str
    subject: str
    body: str
    calendar: str
    method: str
    message_id: str
    tries: int
    maybe_sent_at: datetime | None

    @property
    def again(self) -> bool:
        return self.maybe_sent_at is not None


def _made_up() -> sa.ColumnElement[bool]:
    """A message of made-up data to an address that is nobody's."""
    demo = sa.select(Authority.id).where(Authority.demo)
    return sa.and_(Message.authority_id.in_(demo), Message.address.like(MADE_UP))


def cut_short(at: datetime) -> int:
    """Find what a sender took and never came back to: sent again once; gives how many there were.

    What was cut short a second time is not sent a third: it may have been sent, and is shown so.
    """
    over = (Message.state == MessageState.SENDING, Message.lease_until <= at)
    failed = {
        "state": MessageState.FAILED,
        "fault": Fault.CUT_SHORT,
        "said": "",
        "failed_at": at,
        "lease": "",
        "lease_until": None,
    }
    again = {
        "state": MessageState.WAITING,
        "fault": Fault.CUT_SHORT,
        "said": "",
        "maybe_sent_at": at,
        "not_before": at,
        "lease": "",
        "lease_until": None,
    }
    done = 0
    for which, values in (
        (Message.maybe_sent_at.is_not(None), failed),
        (Message.maybe_sent_at.is_(None), again),
    ):
        found = db.session.execute(sa.update(Message).where(*over, which).values(**values))
        done += found.rowcount  # type: ignore[attr-defined]
    return done


def stop_needless(at: datetime) -> int:
    """Stop what is due and is to go no more, in the transaction under way; gives how many.

    What is for somebody who has left since; what asks to a meeting (or takes that back) of which
    the same person was told something later; what is about a record closed to them meanwhile; and
    notices, escalations and disputes that hold no longer. They waited for the morning, or were
    under way then and came back. What waits for the server is looked at too: it may be freed any
    moment.
    """
    waits = Message.state == MessageState.WAITING
    due, freed = Message.not_before <= at, Message.not_before <= at + PAUSES[-1]
    later = aliased(Message)
    gone = sa.exists().where(
        Account.authority_id == Message.authority_id,
        Account.id == Message.account_id,
        sa.not_(Account.active),
    )
    overtaken = sa.exists().where(
        later.authority_id == Message.authority_id,
        later.meeting_id == Message.meeting_id,
        later.account_id == Message.account_id,
        later.kind.in_(KINDS),
        later.id > Message.id,
    )
    on = london_day(at)
    not_so = sa.or_(notice_messages.needless(on), message_over.needless(on))
    done = 0
    for which, why in (
        (sa.and_(due, gone), LEFT),
        (sa.and_(freed, Message.kind.in_(KINDS), overtaken), REPLACED),
        (sa.and_(freed, message_closed.closed_to_addressee(on)), message_closed.CLOSED),
        (sa.and_(freed, not_so), notice_messages.NOT_SO),
    ):
        found = db.session.execute(
            sa.update(Message)
            .where(waits, which)
            .values(state=MessageState.STOPPED, stopped_at=at, said=why)
        )
        done += found.rowcount  # type: ignore[attr-defined]
    return done


def show_made_up(at: datetime, *, every: bool) -> int:
    """Let what is due of made-up data be shown as sent, mailed to nobody; gives how many.

    ``every``: whatever the address, where there is no mail server.
    """
    demo = sa.select(Authority.id).where(Authority.demo)
    which = Message.authority_id.in_(demo) if every else _made_up()
    done = db.session.execute(
        sa.update(Message)
        .where(Message.state == MessageState.WAITING, Message.not_before <= at, which)
        .values(state=MessageState.SENT, sent_at=at, shown_only=True, said="", fault="")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _due(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (Message.state == MessageState.WAITING, Message.not_before <= at, sa.not_(_made_up()))


def waits_for(at: datetime) -> tuple[bool, bool, bool]:
    """Whether anything is to be mailed, shown, or was cut short: one query that reads an index."""
    waiting = (Message.state == MessageState.WAITING, Message.not_before <= at)
    over = (Message.state == MessageState.SENDING, Message.lease_until <= at)
    demo = sa.select(Authority.id).where(Authority.demo)
    row = db.session.execute(
        sa.select(
            sa.exists().where(*_due(at)),
            sa.exists().where(*waiting, Message.authority_id.in_(demo)),
            sa.exists().where(*over),
        )
    ).one()
    return bool(row[0]), bool(row[1]), bool(row[2])


def take(at: datetime, lease: str, until: datetime, domain: str) -> Taken | None:
    """Take the message that is due longest, in the transaction under way; None where none is.

    Its id is of ``domain`` from the first time that it goes out.
    """
    first = (
        sa.select(Message.id)
        .where(*_due(at))
        .order_by(Message.not_before, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    message_id = db.session.execute(first).scalar()
    if message_id is None:
        return None
    taken = db.session.execute(
        sa.update(Message)
        .where(Message.id == message_id, Message.state == MessageState.WAITING)
        .values(
            state=MessageState.SENDING,
            lease=lease,
            lease_until=until,
            tries=Message.tries + 1,
            message_id=sa.func.replace(Message.message_id, MADE_HERE, f"@{domain}>"),
        )
        .returning(
            Message.id,
            sa.select(Authority.name).where(Authority.id == Message.authority_id).scalar_subquery(),
            Message.to_name,
            Message.address,
            Message.subject,
            Message.body,
            Message.calendar,
            Message.method,
            Message.message_id,
            Message.tries,
            Message.maybe_sent_at,
        )
    ).first()
    return Taken(*taken) if taken else None


def sent(taken: Taken, lease: str, said: str, at: datetime) -> bool:
    """It was sent; False where another sender has it by now."""
    return _became(taken, lease, state=MessageState.SENT, sent_at=at, said=said, fault=Fault.NONE)


def put_back(
    taken: Taken,
    lease: str,
    fault: Fault,
    said: str,
    not_before: datetime,
    at: datetime,
    *,
    maybe: bool = False,
) -> bool:
    """It waits for another try; ``maybe``: it may have been sent."""
    more = {"maybe_sent_at": at} if maybe else {}
    return _became(
        taken,
        lease,
        state=MessageState.WAITING,
        fault=fault,
        said=said,
        not_before=not_before,
        held_up_since=sa.func.coalesce(Message.held_up_since, at),
        **more,
    )


def failed(taken: Taken, lease: str, fault: Fault, said: str, at: datetime) -> bool:
    """It is not tried again by itself."""
    return _became(taken, lease, state=MessageState.FAILED, fault=fault, said=said, failed_at=at)


def _became(taken: Taken, lease: str, **values: object) -> bool:
    done = db.session.execute(
        sa.update(Message)
        .where(
            Message.id == taken.id,
            Message.lease == lease,
            Message.state == MessageState.SENDING,
        )
        .values(lease="", lease_until=None, **values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def server_away(at: datetime, said: str) -> int:
    """Nothing could be mailed: all that is due counts a try and waits; gives how many there were.

    The pauses are those of core.domain.sending, in one statement.
    """
    tries = Message.tries + 1
    pauses = [(tries == n, sa.literal(at + pause)) for n, pause in enumerate(PAUSES, 1)]
    last = tries >= MOST_TRIES
    done = db.session.execute(
        sa.update(Message)
        .where(*_due(at))
        .values(
            tries=tries,
            fault=Fault.SERVER,
            said=said,
            held_up_since=sa.func.coalesce(Message.held_up_since, at),
            not_before=sa.case(*pauses, else_=sa.literal(at + PAUSES[-1])),
            state=sa.case((last, MessageState.FAILED.value), else_=MessageState.WAITING.value),
            failed_at=sa.case((last, sa.literal(at)), else_=Message.failed_at),
        )
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def server_back(at: datetime) -> int:
    """The mail server takes messages again: what waited for it alone is due at once."""
    done = db.session.execute(
        sa.update(Message)
        .where(
            Message.state == MessageState.WAITING,
            Message.fault == Fault.SERVER,
            Message.not_before > at,
            Message.not_before <= at + timedelta(hours=1),
        )
        .values(not_before=at)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
