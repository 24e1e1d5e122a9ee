"""Notices as they are kept: made, put on another day, stopped, sent, and to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.domain.notice_plan import KeptNotice, NoticeKind, NoticeState
from core.domain.sending import MessageState
from core.store import notice_messages
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Account, Message, Notice, NoticeCopy, PanelCase
from core.store.tables.columns import random_id

MOST_AT_ONCE = 100
MOST_IN_A_STATEMENT = 500
"""So many rows go in one statement: a database takes only so many values at once."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as it is shown and sent; ``clauses`` and ``to`` are codes."""

    id: int
    public_id: str
    key: str
    number: int
    kind: NoticeKind
    procedure: str
    edition: str
    rule: str
    title: str
    clauses: tuple[str, ...]
    to: tuple[str, ...]
    meeting_id: int | None
    booking_id: int | None
    case_id: int | None
    case_public_id: str
    follows_id: int | None
    meeting_on: date | None
    due: date
    reason: str
    state: NoticeState
    why: str
    made_at: datetime
    sent_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Copy:
    """To whom a notice went, or why not; ``message`` is the state of its message, "" for none.

    ``went``: it was sent, or may have been.
    """

    notice_id: int
    account_id: int | None
    name: str
    relation: str
    why: str
    message: str
    message_at: datetime | None
    said: str
    went: bool = False


def kept(scope: Scope, meeting_ids: Iterable[int]) -> list[KeptNotice]:
    """The notices of meetings as their plan asks about them: one query."""
    rows = db.session.execute(
        sa.select(
            Notice.id,
            Notice.key,
            Notice.number,
            Notice.kind,
            Notice.state,
            Notice.meeting_on,
            Notice.due_on,
            Notice.reason,
            notice_messages.waits(scope).label("waits"),
        ).where(
            Notice.authority_id == scope.authority_id,
            Notice.meeting_id.in_(list(meeting_ids)),
            Notice.procedure_code != "",
        )
    )
    return [
        KeptNotice(
            row.id,
            row.key,
            row.number,
            NoticeKind(row.kind),
            NoticeState(row.state),
            row.meeting_on,
            row.due_on,
            row.reason,
            bool(row.waits),
        )
        for row in rows
    ]


def add(scope: Scope, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Keep new notices, and give their ids; one that another keeps at this moment is left out."""
    if not rows:
        return []
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    made: list[int] = []
    for start in range(0, len(rows), MOST_IN_A_STATEMENT):
        own = {"authority_id": scope.authority_id}
        statement = (
            make(Notice)
            .values(
                [
                    {**own, "public_id": random_id(), **row}
                    for row in rows[start : start + MOST_IN_A_STATEMENT]
                ]
            )
            .on_conflict_do_nothing(index_elements=["authority_id", "key", "number"])
            .returning(Notice.id)
        )
        made += db.session.scalars(statement)
    return made


def stop(scope: Scope, notice_id: int, why: str, at: datetime) -> None:
    """Stop a notice that has not gone: it stays, with why."""
    _change(scope, notice_id, {"state": NoticeState.STOPPED, "why": why, "stopped_at": at})


def redate(scope: Scope, notice_id: int, due: date, reason: str) -> None:
    """Put a notice that has not gone on another day."""
    _change(scope, notice_id, {"due_on": due, "reason": reason})


def _change(scope: Scope, notice_id: int, values: Mapping[str, Any]) -> None:
    db.session.execute(
        sa.update(Notice)
        .where(
            Notice.authority_id == scope.authority_id,
            Notice.id == notice_id,
            Notice.state == NoticeState.TO_COME,
        )
        .values(**values)
    )


def authorities_with_due(on: date) -> list[int]:
    """The authorities of which a notice is due by a day and has not gone."""
    return list(
        db.session.scalars(
            sa.select(Notice.authority_id)
            .where(Notice.state == NoticeState.TO_COME, Notice.due_on <= on)
            .distinct()
        )
    )


def due_meetings(scope: Scope) -> list[int]:
    """The meetings of the notices that are due next, the earliest first: one query."""
    rows = db.session.execute(
        sa.select(Notice.meeting_id, sa.func.min(Notice.due_on).label("first"))
        .where(
            Notice.authority_id == scope.authority_id,
            Notice.state == NoticeState.TO_COME,
            Notice.due_on <= scope.on,
            Notice.meeting_id.is_not(None),
        )
        .group_by(Notice.meeting_id)
        .order_by("first", Notice.meeting_id)
        .limit(MOST_AT_ONCE)
    )
    return [int(row.meeting_id) for row in rows]


def claim(scope: Scope, meeting_ids: Collection[int], at: datetime) -> list[int]:
    """Take what is due of these meetings to send it, in the transaction under way; their ids.

    What another sender has taken, or takes at this moment, is not among them.
    """
    return list(
        db.session.scalars(
            sa.update(Notice)
            .where(
                Notice.authority_id == scope.authority_id,
                Notice.meeting_id.in_(list(meeting_ids)),
                Notice.state == NoticeState.TO_COME,
                Notice.due_on <= scope.on,
            )
            .values(state=NoticeState.SENT, sent_at=at)
            .returning(Notice.id)
        )
    )


def nobody(scope: Scope, whys: Mapping[int, str]) -> None:
    """That there was nobody to send these to, and why."""
    for notice_id, why in whys.items():
        db.session.execute(
            sa.update(Notice)
            .where(Notice.authority_id == scope.authority_id, Notice.id == notice_id)
            .values(state=NoticeState.NOBODY, why=why)
        )


def not_needed(scope: Scope, ids: Collection[int], why: str, at: datetime) -> None:
    """That these, which follow others, are told to nobody, and why."""
    if not ids:
        return
    db.session.execute(
        sa.update(Notice)
        .where(Notice.authority_id == scope.authority_id, Notice.id.in_(list(ids)))
        .values(state=NoticeState.STOPPED, why=why, sent_at=None, stopped_at=at)
    )


def keep_copies(scope: Scope, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep to whom notices went; the message in the outbox is found by its key."""
    if not rows:
        return
    keys = {row["message_key"] for row in rows if row["message_key"]}
    found = db.session.execute(
        sa.select(Message.key, Message.id).where(
            Message.authority_id == scope.authority_id, Message.key.in_(keys)
        )
    )
    ids = {row.key: row.id for row in found}
    values = [
        {
            "authority_id": scope.authority_id,
            "message_id": ids.get(row["message_key"]),
            **{name: value for name, value in row.items() if name != "message_key"},
        }
        for row in rows
    ]
    db.session.execute(sa.insert(NoticeCopy), values)


def of_meeting(scope: Scope, meeting_id: int) -> list[NoticeRow]:
    """The notices of a meeting: its own, and of its cases those that the asker sees: one query."""
    return _rows(scope, Notice.meeting_id == meeting_id)


def of_case(scope: Scope, case_id: int) -> list[NoticeRow]:
    """The notices of a case that the asker sees, the latest day first: one query."""
    return _rows(scope, Notice.case_id == case_id)


def by_ids(scope: Scope, ids: Collection[int]) -> list[NoticeRow]:
    """These notices, whoever sees their cases: one query. For whoever sends them."""
    return _rows(scope, Notice.id.in_(list(ids)), sa.true())


def _rows(
    scope: Scope, which: sa.ColumnElement[bool], seen: sa.ColumnElement[bool] | None = None
) -> list[NoticeRow]:
    rows = db.session.execute(
        sa.select(
            Notice.id,
            Notice.public_id,
            Notice.key,
            Notice.number,
            Notice.kind,
            Notice.procedure_code,
            Notice.procedure_edition,
            Notice.rule_code,
            Notice.title,
            Notice.clauses,
            Notice.to,
            Notice.meeting_id,
            Notice.booking_id,
            Notice.case_id,
            sa.func.coalesce(PanelCase.public_id, "").label("case_public_id"),
            Notice.follows_id,
            Notice.meeting_on,
            Notice.due_on,
            Notice.reason,
            Notice.state,
            Notice.why,
            Notice.made_at,
            Notice.sent_at,
            Notice.stopped_at,
        )
        .outerjoin(
            PanelCase,
            sa.and_(PanelCase.id == Notice.case_id, PanelCase.authority_id == Notice.authority_id),
        )
        .where(
            Notice.authority_id == scope.authority_id,
            which,
            sa.or_(Notice.case_id.is_(None), cases_seen(scope)) if seen is None else seen,
        )
        .order_by(Notice.due_on, Notice.id)
    )
    return [
        NoticeRow(
            row.id,
            row.public_id,
            row.key,
            row.number,
            NoticeKind(row.kind),
            row.procedure_code,
            row.procedure_edition,
            row.rule_code,
            row.title,
            tuple(filter(None, row.clauses.split(","))),
            tuple(filter(None, row.to.split(","))),
            row.meeting_id,
            row.booking_id,
            row.case_id,
            row.case_public_id,
            row.follows_id,
            row.meeting_on,
            row.due_on,
            row.reason,
            NoticeState(row.state),
            row.why,
            row.made_at,
            row.sent_at,
            row.stopped_at,
        )
        for row in rows
    ]


def copies(scope: Scope, ids: Iterable[int]) -> dict[int, list[Copy]]:
    """To whom notices went and how far their messages are, by the notice's id: one query."""
    rows = db.session.execute(
        sa.select(
            NoticeCopy.notice_id,
            NoticeCopy.account_id,
            NoticeCopy.name,
            NoticeCopy.relation,
            NoticeCopy.why,
            sa.func.coalesce(Message.state, "").label("message"),
            sa.func.coalesce(
                Message.sent_at, Message.failed_at, Message.stopped_at, Message.not_before
            ).label("message_at"),
            sa.func.coalesce(Message.said, "").label("said"),
            sa.func.coalesce(
                sa.or_(
                    Message.state.in_((MessageState.SENT, MessageState.SENDING)),
                    Message.maybe_sent_at.is_not(None),
                ),
                sa.false(),
            ).label("went"),
        )
        .outerjoin(
            Message,
            sa.and_(
                Message.id == NoticeCopy.message_id,
                Message.authority_id == NoticeCopy.authority_id,
            ),
        )
        .where(NoticeCopy.authority_id == scope.authority_id, NoticeCopy.notice_id.in_(list(ids)))
        .order_by(NoticeCopy.id)
    )
    found: dict[int, list[Copy]] = {}
    for row in rows:
        found.setdefault(row.notice_id, []).append(Copy(*row))
    return found


def told_already(scope: Scope, keys: Collection[str]) -> set[str]:
    """Which of these keys of notices that terms end are kept already: one query."""
    return set(
        db.session.scalars(
            sa.select(Notice.key).where(
                Notice.authority_id == scope.authority_id, Notice.key.in_(list(keys))
            )
        )
    )


def still_there(scope: Scope, account_ids: Collection[int]) -> set[int]:
    """Those of these accounts that are not suspended and have not left: one query."""
    return set(
        db.session.scalars(
            sa.select(Account.id).where(
                Account.authority_id == scope.authority_id,
                Account.active,
                Account.id.in_(list(account_ids)),
            )
        )
    )
