"""The messages of notices that hold no longer: stopped, or without what is not so any more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.notice_plan import NoticeKind
from core.domain.sending import STOPPABLE, MessageState
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Message, Notice, NoticeCopy, PanelCase

KIND = "notice"
NOT_SO = "Not sent: it is not so any more"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the cases of which a message tells that has not gone, and that is off or has moved."""

    copy_id: int
    message_id: int
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


def _tells_of(which: sa.ColumnElement[bool], notice: Any, copy: Any) -> sa.ColumnElement[bool]:
    """Whether a message tells of a notice of this condition."""
    return sa.exists().where(
        copy.authority_id == Message.authority_id,
        copy.message_id == Message.id,
        notice.id == copy.notice_id,
        which,
    )


def needless() -> sa.ColumnElement[bool]:
    """A message of notices none of which holds any more."""
    gone, stands = aliased(Notice), aliased(Notice)
    return sa.and_(
        Message.kind == KIND,
        _tells_of(_overtaken(gone), gone, aliased(NoticeCopy)),
        sa.not_(_tells_of(sa.not_(_overtaken(stands)), stands, aliased(NoticeCopy))),
    )


def _waits(scope: Scope, meeting_ids: Collection[int]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Message.authority_id == scope.authority_id,
        Message.meeting_id.in_(list(meeting_ids)),
        Message.kind == KIND,
        Message.state.in_(STOPPABLE),
    )


def stop(scope: Scope, meeting_ids: Collection[int], at: datetime) -> None:
    """Stop what waits, or could not be sent, and tells what is not so of these meetings."""
    db.session.execute(
        sa.update(Message)
        .where(*_waits(scope, meeting_ids), needless())
        .values(state=MessageState.STOPPED, stopped_at=at, said=NOT_SO)
        .execution_options(synchronize_session=False)
    )


def parts(scope: Scope, meeting_ids: Collection[int]) -> list[Part]:
    """What is not so any more in messages that tell of other cases too, and have not gone.

    One query, to be asked after ``stop``.
    """
    rows = db.session.execute(
        sa.select(NoticeCopy.id, Message.id, Message.subject, Message.body, PanelCase.public_id)
        .join(Message, Message.id == NoticeCopy.message_id)
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .join(PanelCase, PanelCase.id == Notice.case_id)
        .where(
            *_waits(scope, meeting_ids),
            Message.maybe_sent_at.is_(None),
            NoticeCopy.authority_id == scope.authority_id,
            _overtaken(Notice),
        )
        .order_by(Message.id, NoticeCopy.id)
    )
    return [Part(*row) for row in rows]


def say_less(
    scope: Scope, message_id: int, copy_ids: Collection[int], subject: str, body: str
) -> None:
    """Have a message say something else that tells of these no more; none where it is under way."""
    done = db.session.execute(
        sa.update(Message)
        .where(
            Message.authority_id == scope.authority_id,
            Message.id == message_id,
            Message.state.in_(STOPPABLE),
            Message.maybe_sent_at.is_(None),
        )
        .values(subject=subject, body=body)
    )
    if done.rowcount:  # type: ignore[attr-defined]
        db.session.execute(
            sa.update(NoticeCopy)
            .where(NoticeCopy.authority_id == scope.authority_id, NoticeCopy.id.in_(list(copy_ids)))
            .values(message_id=None)
        )
