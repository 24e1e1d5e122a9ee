"""The outbox as it is looked at: what waits, went and could not go; and who was told of what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.sending import UNSURE, Fault, MessageState
from core.store.database import db
from core.store.inviting import KINDS
from core.store.london import LondonDay
from core.store.message_closed import closed_to_reader
from core.store.notice_messages import KIND as NOTICE
from core.store.notice_messages import SAID_ANEW
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Account, Authority, Meeting, Message, NoticeCopy, PanelCase

PAGE = 50
MOST_TOLD = 200
GONE = (MessageState.SENT, MessageState.STOPPED)
NOT_GONE = (MessageState.WAITING, MessageState.SENDING, MessageState.FAILED)
_maybe = sa.and_(
    Message.state.in_(NOT_GONE),
    Message.maybe_sent_at.is_not(None),
    sa.or_(
        Message.state.in_((MessageState.WAITING, MessageState.SENDING)),
        sa.and_(Message.state == MessageState.FAILED, Message.fault.in_(UNSURE)),
    ),
)
#: The lists of the page, each a condition; every message is in one of them.
LISTS: Mapping[str, sa.ColumnElement[bool]] = MappingProxyType(
    {
        "failed": sa.and_(Message.state == MessageState.FAILED, sa.not_(_maybe)),
        "maybe": _maybe,
        "waiting": sa.and_(
            Message.state.in_((MessageState.WAITING, MessageState.SENDING)),
            Message.maybe_sent_at.is_(None),
        ),
        "sent": Message.state == MessageState.SENT,
        "stopped": Message.state == MessageState.STOPPED,
    }
)


def over(on: date) -> sa.ColumnElement[bool]:
    """What was to be told of a meeting up to its day, and that day has gone by.

    What follows a meeting (its minutes, a paper withdrawn) is to be told after it too.
    """
    meeting = aliased(Meeting)
    return sa.exists().where(
        meeting.authority_id == Message.authority_id,
        meeting.id == Message.meeting_id,
        meeting.held_on < on,
        LondonDay(Message.queued_at) <= meeting.held_on,
        Message.kind.in_((*KINDS, NOTICE)),
    )


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in a list; ``next_try`` is when it goes out where it waits.

    ``over``: it was to be told up to a meeting, and that is over. ``closed``: it is about a record
    closed to the asker, and is without what it says.
    """

    public_id: str
    to_name: str
    address: str
    subject: str
    state: str
    fault: str
    said: str
    tries: int
    shown_only: bool
    queued_at: datetime
    next_try: datetime
    maybe_sent_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    stopped_at: datetime | None
    over: bool = False
    closed: bool = False

    @property
    def list(self) -> str:
        """In which of the lists it is."""
        if self.state in (MessageState.SENT, MessageState.STOPPED):
            return self.state
        unsure = self.fault in UNSURE or self.state != MessageState.FAILED
        if self.maybe_sent_at is not None and unsure:
            return "maybe"
        return "failed" if self.state == MessageState.FAILED else "waiting"

    @property
    def ours(self) -> bool:
        """Whether what it says of itself was said here, and not by the mail server."""
        return self.state == MessageState.STOPPED or self.said == SAID_ANEW

    @property
    def since(self) -> datetime:
        """When it came to where it is."""
        by_state = {
            MessageState.SENT: self.sent_at,
            MessageState.FAILED: self.failed_at,
            MessageState.STOPPED: self.stopped_at,
        }
        return by_state.get(MessageState(self.state)) or self.maybe_sent_at or self.queued_at


@dataclass(frozen=True, slots=True)
class Whole:
    """A message with its text. ``account`` and ``meeting`` are public ids, "" for none."""

    row: MessageRow
    authority: str
    body: str
    calendar: str
    method: str
    message_id: str
    account: str
    meeting: str


@dataclass(frozen=True, slots=True)
class Needing:
    """Messages that need somebody: how many, the day of the soonest meeting, held up since when."""

    count: int
    meeting_on: date | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was told something: when, or why not; ``shown_only``: mailed to nobody."""

    name: str
    subject: str
    state: str
    at: datetime
    said: str
    shown_only: bool


_COLUMNS = (
    Message.public_id,
    Message.to_name,
    Message.address,
    Message.subject,
    Message.state,
    Message.fault,
    Message.said,
    Message.tries,
    Message.shown_only,
    Message.queued_at,
    Message.not_before,
    Message.maybe_sent_at,
    Message.sent_at,
    Message.failed_at,
    Message.stopped_at,
)


def counts(scope: Scope) -> dict[str, int]:
    """How many messages of the authority are in each list: two queries.

    What went or was stopped grows for ever, and is counted in an index alone.
    """
    mine = Message.authority_id == scope.authority_id
    here = [name for name in LISTS if name not in GONE]
    found = db.session.execute(
        sa.select(
            *(sa.func.coalesce(sa.func.sum(sa.case((LISTS[name], 1), else_=0)), 0) for name in here)
        ).where(mine, Message.state.in_(NOT_GONE))
    ).one()
    gone = db.session.execute(
        sa.select(Message.state, sa.func.count())
        .where(mine, Message.state.in_(GONE))
        .group_by(Message.state)
    )
    count_of = dict(zip(here, map(int, found), strict=True))
    count_of |= {state: int(count) for state, count in gone}
    return {name: count_of.get(name, 0) for name in LISTS}


def need_somebody(scope: Scope, *, no_server: bool = False) -> dict[str, Needing]:
    """The messages that could not go, may have gone or wait for the mail server: one query.

    Those that wait are by what keeps them (``Fault``); with ``no_server`` they are all that wait
    of a real authority. What was to be told up to a meeting that is over needs nobody any more.
    """
    real = sa.select(Authority.id).where(Authority.id == scope.authority_id, ~Authority.demo)
    still = sa.not_(over(scope.on))
    waits = sa.and_(LISTS["waiting"], Message.fault.in_((Fault.SERVER, Fault.LATER)), still)
    if no_server:
        waits = sa.and_(Message.state == MessageState.WAITING, Message.authority_id.in_(real))
    which = sa.case(
        (Message.state == MessageState.FAILED, sa.case((_maybe, "maybe"), else_="failed")),
        else_="waiting" if no_server else Message.fault,
    ).label("list")
    # Who was not told of a move comes on the day on which the meeting was to be.
    meeting = sa.case(
        (Meeting.moved_from.between(scope.on, Meeting.held_on), Meeting.moved_from),
        (Meeting.held_on >= scope.on, Meeting.held_on),
    )
    rows = db.session.execute(
        sa.select(which, sa.func.count(), sa.func.min(meeting), sa.func.min(Message.held_up_since))
        .outerjoin(
            Meeting,
            sa.and_(Meeting.authority_id == Message.authority_id, Meeting.id == Message.meeting_id),
        )
        .where(
            Message.authority_id == scope.authority_id,
            Message.state.in_(NOT_GONE),
            sa.or_(sa.and_(Message.state == MessageState.FAILED, still), waits),
        )
        .group_by(which)
    )
    return {row[0]: Needing(*row[1:]) for row in rows}


def listed(scope: Scope, which: str, page: int) -> list[MessageRow]:
    """One page of a list, latest first ("" for all of them): one query."""
    mine = [Message.authority_id == scope.authority_id]
    if which:
        mine.append(LISTS[which])
    rows = db.session.execute(
        sa.select(*_COLUMNS, over(scope.on), closed_to_reader(scope))
        .where(*mine)
        .order_by(Message.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [_row(cells) for row in rows if (cells := list(row))]


def one(scope: Scope, public_id: str) -> Whole | None:
    """A message of the authority with its text: one query."""
    row = db.session.execute(
        sa.select(
            *_COLUMNS,
            over(scope.on),
            closed_to_reader(scope),
            Authority.name,
            Message.body,
            Message.calendar,
            Message.method,
            Message.message_id,
            sa.func.coalesce(Account.public_id, ""),
            sa.func.coalesce(Meeting.public_id, ""),
        )
        .join(Authority, Authority.id == Message.authority_id)
        .outerjoin(Account, Account.id == Message.account_id)
        .outerjoin(Meeting, Meeting.id == Message.meeting_id)
        .where(Message.authority_id == scope.authority_id, Message.public_id == public_id)
    ).first()
    if row is None:
        return None
    cells: list[Any] = list(row)
    of_row = len(_COLUMNS) + 2
    found = Whole(_row(cells[:of_row]), *cells[of_row:])
    if found.row.closed:
        return replace(found, body="", calendar="", method="", meeting="")
    return found


def _row(cells: list[Any]) -> MessageRow:
    """A row; of one about a closed record what it says and is of stays here."""
    row = MessageRow(*cells)
    return replace(row, subject="", over=False) if row.closed else row


def told_of_meeting(scope: Scope, meeting_id: int) -> list[Told]:
    """Who was told of a meeting, latest first; of a case where the asker sees it: one query."""
    seen = sa.select(PanelCase.id).where(cases_seen(scope))
    return _told(
        scope,
        Message.meeting_id == meeting_id,
        sa.or_(Message.case_id.is_(None), Message.case_id.in_(seen)),
    )


def told_of_case(scope: Scope, case_id: int) -> list[Told]:
    """Who was told of a case that the asker sees, latest first: one query."""
    return _told(scope, Message.case_id == case_id)


def _told(scope: Scope, *which: sa.ColumnElement[bool]) -> list[Told]:
    at = sa.func.coalesce(Message.sent_at, Message.failed_at, Message.stopped_at, Message.queued_at)
    rows = db.session.execute(
        sa.select(
            Message.to_name, Message.subject, Message.state, at, Message.said, Message.shown_only
        )
        .where(Message.authority_id == scope.authority_id, *which)
        .order_by(Message.id.desc())
        .limit(MOST_TOLD)
    )
    return [Told(*row) for row in rows]


def shown_only(scope: Scope, notice_ids: Collection[int]) -> dict[int, set[int | None]]:
    """To which accounts these notices were shown alone, and mailed to nobody: one query."""
    rows = db.session.execute(
        sa.select(NoticeCopy.notice_id, NoticeCopy.account_id)
        .join(
            Message,
            sa.and_(
                Message.id == NoticeCopy.message_id,
                Message.authority_id == NoticeCopy.authority_id,
            ),
        )
        .where(
            NoticeCopy.authority_id == scope.authority_id,
            NoticeCopy.notice_id.in_(list(notice_ids)),
            Message.shown_only,
        )
    )
    found: dict[int, set[int | None]] = {}
    for row in rows:
        found.setdefault(row.notice_id, set()).add(row.account_id)
    return found


def no_mail_server_matters(scope: Scope) -> bool:
    """Whether the authority is a real one, whose messages wait for a mail server."""
    query = sa.select(sa.not_(Authority.demo)).where(Authority.id == scope.authority_id)
    return bool(db.session.execute(query).scalar_one())
