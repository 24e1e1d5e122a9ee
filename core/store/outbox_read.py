"""The outbox as it is looked at: what waits, went and could not go; and who was told of what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from core.domain.sending import Fault, MessageState
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Account, Authority, Meeting, Message, PanelCase

PAGE = 50
MOST_TOLD = 200
_maybe = sa.and_(
    Message.maybe_sent_at.is_not(None),
    sa.or_(
        Message.state.in_((MessageState.WAITING, MessageState.SENDING)),
        sa.and_(Message.state == MessageState.FAILED, Message.fault == Fault.CUT_SHORT),
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
NEEDS_SOMEBODY = ("failed", "maybe")


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in a list; ``next_try`` is when it goes out where it waits."""

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

    @property
    def list(self) -> str:
        """In which of the lists it is."""
        if self.state in (MessageState.SENT, MessageState.STOPPED):
            return self.state
        cut = self.fault == Fault.CUT_SHORT or self.state != MessageState.FAILED
        if self.maybe_sent_at is not None and cut:
            return "maybe"
        return "failed" if self.state == MessageState.FAILED else "waiting"

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
class Told:
    """Somebody who was told something: when, or why not."""

    name: str
    subject: str
    state: str
    at: datetime
    said: str


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
    """How many messages of the authority are in each list: one query."""
    found = db.session.execute(
        sa.select(
            *(
                sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0)
                for which in LISTS.values()
            )
        ).where(Message.authority_id == scope.authority_id)
    ).one()
    return dict(zip(LISTS, map(int, found), strict=True))


def need_somebody(scope: Scope) -> dict[str, int]:
    """How many messages could not go, or may have gone twice: one query, of those alone."""
    which = sa.case(*((LISTS[name], name) for name in NEEDS_SOMEBODY), else_="").label("list")
    rows = db.session.execute(
        sa.select(which, sa.func.count())
        .where(
            Message.authority_id == scope.authority_id,
            Message.state == MessageState.FAILED,
        )
        .group_by(which)
    )
    return {name: int(count) for name, count in rows if name}


def listed(scope: Scope, which: str, page: int) -> list[MessageRow]:
    """One page of a list, latest first ("" for all of them): one query."""
    mine = [Message.authority_id == scope.authority_id]
    if which:
        mine.append(LISTS[which])
    rows = db.session.execute(
        sa.select(*_COLUMNS)
        .where(*mine)
        .order_by(Message.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [MessageRow(*cells) for row in rows if (cells := list(row))]


def one(scope: Scope, public_id: str) -> Whole | None:
    """A message of the authority with its text: one query."""
    row = db.session.execute(
        sa.select(
            *_COLUMNS,
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
    of_row = len(_COLUMNS)
    return Whole(MessageRow(*cells[:of_row]), *cells[of_row:])


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
        sa.select(Message.to_name, Message.subject, Message.state, at, Message.said)
        .where(Message.authority_id == scope.authority_id, *which)
        .order_by(Message.id.desc())
        .limit(MOST_TOLD)
    )
    return [Told(*row) for row in rows]


def no_mail_server_matters(scope: Scope) -> bool:
    """Whether the authority is a real one, whose messages wait for a mail server."""
    query = sa.select(sa.not_(Authority.demo)).where(Authority.id == scope.authority_id)
    return bool(db.session.execute(query).scalar_one())


def mend(scope: Scope, public_id: str, *states: str, **values: object) -> bool:
    """Change a message that is in one of these states, in the transaction under way."""
    done = db.session.execute(
        sa.update(Message)
        .where(
            Message.authority_id == scope.authority_id,
            Message.public_id == public_id,
            Message.state.in_(states),
        )
        .values(**values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def address_now(scope: Scope, public_id: str) -> tuple[str, str] | None:
    """Name and address that the person of a message has now; None where they have left."""
    row = db.session.execute(
        sa.select(Account.name, Account.email)
        .join(Message, Message.account_id == Account.id)
        .where(
            Message.authority_id == scope.authority_id,
            Message.public_id == public_id,
            Account.authority_id == scope.authority_id,
            Account.active,
        )
    ).first()
    return (row[0], row[1]) if row else None


def mend_all(scope: Scope, faults: Collection[str], at: datetime) -> list[str]:
    """Let what was given up for one of these faults wait anew, in the transaction under way.

    To the name and address that each person has now; who has left is left out. Gives public ids.
    """
    mine = (
        Account.id == Message.account_id,
        Account.authority_id == Message.authority_id,
        Account.active,
    )
    return list(
        db.session.scalars(
            sa.update(Message)
            .where(
                Message.authority_id == scope.authority_id,
                Message.state == MessageState.FAILED,
                Message.fault.in_(list(faults)),
                sa.exists().where(*mine),
            )
            .values(
                state=MessageState.WAITING,
                tries=0,
                fault=Fault.NONE,
                not_before=at,
                failed_at=None,
                to_name=sa.select(Account.name).where(*mine).scalar_subquery(),
                address=sa.select(Account.email).where(*mine).scalar_subquery(),
            )
            .returning(Message.public_id)
            .execution_options(synchronize_session=False)
        )
    )


def given_up(scope: Scope, faults: Collection[str]) -> int:
    """How many messages were given up for one of these faults: one query."""
    query = sa.select(sa.func.count()).where(
        Message.authority_id == scope.authority_id,
        Message.state == MessageState.FAILED,
        Message.fault.in_(list(faults)),
    )
    return int(db.session.execute(query).scalar_one())
