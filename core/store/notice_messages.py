"""The messages of notices that hold no longer: stopped, or without what is not so any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.notice_plan import NoticeKind
from core.domain.own_notices import ACTION_DUE, MINUTES_WAITING
from core.domain.sending import STOPPABLE, MessageState
from core.store import action_states, notice_keys
from core.store.action_closed import kept_from_owner
from core.store.database import db
from core.store.message_closed import case_closed, shut_to
from core.store.scope import Scope
from core.store.tables import Action, Meeting, Message, Notice, NoticeCopy, PanelCase

KIND = "notice"
NOT_SO = "Not sent: it is not so any more"
SAID_ANEW = "Said anew, without what is not so any more"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the cases of which a message tells that has not gone, and of which it is not so."""

    copy_id: int
    message_id: int
    meeting_id: int
    to: str
    subject: str
    body: str
    case: str


def _overtaken(notice: Any) -> sa.ColumnElement[bool]:
    """Whether a later notice says that what a notice tells of has moved, or is off.

    What follows a notice has its key with the kind after it (core.domain.notice_plan).
    """
    later = aliased(Notice)
    moved, off = f"/{NoticeKind.MOVED}", f"/{NoticeKind.CALLED_OFF}"
    length = sa.func.length(notice.key) - len(moved)
    key = sa.case(
        (notice.kind == NoticeKind.MOVED, sa.func.substr(notice.key, 1, length)), else_=notice.key
    )
    return sa.and_(
        notice.kind != NoticeKind.CALLED_OFF,
        sa.exists().where(
            later.authority_id == notice.authority_id,
            later.key.in_([key, key + moved, key + off]),
            later.id > notice.id,
            sa.or_(later.kind == NoticeKind.CALLED_OFF, later.number > notice.number),
        ),
    )


def _done(notice: Any, copy: Any, on: date) -> sa.ColumnElement[bool]:
    """Whether what the core itself reminds of waits for that person no more on a day.

    An action is done, is another's, due on another day or of a record closed to them; minutes are
    ratified.
    """
    action = sa.exists().where(
        Action.authority_id == notice.authority_id,
        Action.owner_id == copy.account_id,
        Action.done_on.is_(None),
        action_states.still_open(),
        sa.not_(kept_from_owner(on)),
        notice_keys.of_action() == notice.key,
    )
    minutes = sa.exists().where(
        Meeting.authority_id == notice.authority_id,
        Meeting.id == notice.meeting_id,
        Meeting.ratified_at.is_(None),
    )
    return sa.and_(
        notice.procedure_code == "",
        sa.or_(
            sa.and_(notice.rule_code == ACTION_DUE.code, sa.not_(action)),
            sa.and_(notice.rule_code == MINUTES_WAITING.code, sa.not_(minutes)),
        ),
    )


def _not_so(notice: Any, copy: Any, over: Collection[int], on: date) -> sa.ColumnElement[bool]:
    """Whether what a notice says holds no more, or its case is of a record closed to who has it.

    Of those that are ``over`` it is known.
    """
    known = notice.id.in_(list(over)) if over else sa.false()
    shut = shut_to(notice.authority_id, copy.account_id, on)
    closed = case_closed(notice.case_id, shut)
    return sa.or_(known, _overtaken(notice), _done(notice, copy, on), closed)


def _tells_of(which: sa.ColumnElement[bool], notice: Any, copy: Any) -> sa.ColumnElement[bool]:
    """Whether a message tells of a notice of this condition."""
    return sa.exists().where(
        copy.authority_id == Message.authority_id,
        copy.message_id == Message.id,
        notice.id == copy.notice_id,
        which,
    )


def needless(on: date, over: Collection[int] = ()) -> sa.ColumnElement[bool]:
    """A message of notices none of which holds any more on a day."""
    gone, stands = aliased(Notice), aliased(Notice)
    of_gone, of_stands = aliased(NoticeCopy), aliased(NoticeCopy)
    return sa.and_(
        Message.kind == KIND,
        _tells_of(_not_so(gone, of_gone, over, on), gone, of_gone),
        sa.not_(_tells_of(sa.not_(_not_so(stands, of_stands, over, on)), stands, of_stands)),
    )


def _waiting(scope: Scope) -> tuple[sa.ColumnElement[bool], ...]:
    """What waits, or could not be sent, which stays as it is once its meeting is over."""
    ahead = sa.exists().where(Meeting.id == Message.meeting_id, Meeting.held_on >= scope.on)
    return (
        Message.authority_id == scope.authority_id,
        Message.kind == KIND,
        Message.state.in_(STOPPABLE),
        sa.or_(Message.state == MessageState.WAITING, ahead),
    )


def waits(scope: Scope) -> sa.ColumnElement[bool]:
    """Whether a message of a notice may go still, and can be stopped or go without it."""
    notice = aliased(Notice)
    return Notice.id.in_(
        sa.select(NoticeCopy.notice_id)
        .join(Message, Message.id == NoticeCopy.message_id)
        .join(notice, notice.id == NoticeCopy.notice_id)
        .where(
            *_waiting(scope),
            # One of many cases that may have been sent stays as it is.
            sa.or_(
                Message.maybe_sent_at.is_(None),
                Message.case_id.is_not_distinct_from(notice.case_id),
            ),
        )
    )


def stop(
    scope: Scope,
    meeting_ids: Collection[int],
    over: Collection[int],
    said: str,
    at: datetime,
    of: Collection[int] | None = None,
) -> dict[int, list[str]]:
    """Stop what waits, or could not be sent, and tells what is not so of these meetings.

    Gives by meeting to whom it was. These notices are ``over``: what they say is not so any more.
    ``said`` is why, on the page of each; only messages ``of`` these notices, where it is given.
    """
    copy = aliased(NoticeCopy)
    of_these: sa.ColumnElement[bool] = sa.true()
    if of is not None:
        of_these = sa.exists().where(
            copy.authority_id == scope.authority_id,
            copy.message_id == Message.id,
            copy.notice_id.in_(list(of)),
        )
    rows = db.session.execute(
        sa.update(Message)
        .where(
            *_waiting(scope),
            Message.meeting_id.in_(list(meeting_ids)),
            needless(scope.on, over),
            of_these,
        )
        .values(state=MessageState.STOPPED, stopped_at=at, said=said)
        .returning(Message.meeting_id, Message.to_name)
        .execution_options(synchronize_session=False)
    )
    found: dict[int, list[str]] = {}
    for meeting_id, name in rows:
        found.setdefault(meeting_id or 0, []).append(name)
    return found


def parts(scope: Scope, meeting_ids: Collection[int], over: Collection[int]) -> list[Part]:
    """What is not so any more in messages that tell of other cases too, and have not gone.

    One query, to be asked after ``stop``.
    """
    rows = db.session.execute(
        sa.select(
            NoticeCopy.id,
            Message.id,
            sa.func.coalesce(Message.meeting_id, 0),
            Message.to_name,
            Message.subject,
            Message.body,
            PanelCase.public_id,
        )
        .join(Message, Message.id == NoticeCopy.message_id)
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .join(PanelCase, PanelCase.id == Notice.case_id)
        .where(
            *_waiting(scope),
            Message.meeting_id.in_(list(meeting_ids)),
            Message.maybe_sent_at.is_(None),
            NoticeCopy.authority_id == scope.authority_id,
            _not_so(Notice, NoticeCopy, over, scope.on),
        )
        .order_by(Message.id, NoticeCopy.id)
    )
    return [Part(*row) for row in rows]


def say_less(
    scope: Scope, message_id: int, copy_ids: Collection[int], subject: str, body: str
) -> bool:
    """Have a message say something else that tells of these no more; False where it is under way.

    Its page says so, unless it says already what the mail server said of it.
    """
    said = sa.case((Message.tries == 0, SAID_ANEW), else_=Message.said)
    done = db.session.execute(
        sa.update(Message)
        .where(
            Message.authority_id == scope.authority_id,
            Message.id == message_id,
            Message.state.in_(STOPPABLE),
            Message.maybe_sent_at.is_(None),
        )
        .values(subject=subject, body=body, said=said)
    )
    changed = bool(done.rowcount)  # type: ignore[attr-defined]
    if changed:
        db.session.execute(
            sa.update(NoticeCopy)
            .where(NoticeCopy.authority_id == scope.authority_id, NoticeCopy.id.in_(list(copy_ids)))
            .values(message_id=None)
        )
    return changed
