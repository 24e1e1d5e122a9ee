"""Questions on the items of a meeting: the reader's own, and those shared once it has opened."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.domain.meeting import MeetingState
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, Booking, Meeting, Question, Withdrawal

#: From the meeting's opening on questions stay as they are.
BEGUN = (MeetingState.OPEN, MeetingState.CLOSED)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question; ``shared`` says that chair and members see it once the meeting opens."""

    id: int
    public_id: str
    booking_id: int
    text: str
    shared: bool
    version: int
    changed_at: datetime
    who: str = ""


def _questions(*more: Any) -> Any:
    return sa.select(
        Question.id,
        Question.public_id,
        Question.booking_id,
        Question.text,
        Question.shared,
        Question.version,
        Question.changed_at,
        *more,
    )


def own(scope: Scope, booking_ids: Collection[int]) -> list[QuestionRow]:
    """The asker's own questions on items, in the order in which they were noted: one query."""
    if not booking_ids or scope.account_id is None:
        return []
    rows = db.session.execute(
        _questions()
        .where(
            Question.authority_id == scope.authority_id,
            Question.account_id == scope.account_id,
            Question.booking_id.in_(sorted(booking_ids)),
        )
        .order_by(Question.noted_at, Question.id)
    )
    return [QuestionRow(*row) for row in rows]


def noted_already(scope: Scope, booking_id: int, text: str, shared: bool) -> bool:
    """Whether the asker has the same question on an item; the item is held until the end."""
    db.session.execute(sa.select(Booking.id).where(Booking.id == booking_id).with_for_update())
    return any((one.text, one.shared) == (text, shared) for one in own(scope, [booking_id]))


def mine(scope: Scope, public_id: str) -> QuestionRow | None:
    """A question of the asker's own; nobody finds another's."""
    row = db.session.execute(
        _questions().where(
            Question.authority_id == scope.authority_id,
            Question.account_id == scope.account_id,
            Question.public_id == public_id,
        )
    ).first()
    return QuestionRow(*row) if row else None


def shared(scope: Scope, booking_id: int) -> list[QuestionRow]:
    """The questions on an item that are shared, once its meeting has opened, with who asks.

    Not those of somebody who has withdrawn from the item. The caller has found that the asker
    takes part in it.
    """
    out = sa.exists().where(
        Withdrawal.authority_id == scope.authority_id,
        Withdrawal.booking_id == Question.booking_id,
        Withdrawal.account_id == Question.account_id,
        Withdrawal.ended_at.is_(None),
    )
    rows = db.session.execute(
        _questions(Account.name)
        .join(Account, Account.id == Question.account_id)
        .join(Booking, Booking.id == Question.booking_id)
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .where(
            Question.authority_id == scope.authority_id,
            Question.booking_id == booking_id,
            Question.shared,
            Meeting.state.in_(BEGUN),
            sa.not_(out),
        )
        .order_by(Account.name, Question.noted_at, Question.id)
    )
    return [QuestionRow(*row) for row in rows]


def add(scope: Scope, booking_id: int, text: str, shared: bool, at: datetime) -> str:
    """Note a question of the asker's, in the transaction under way; gives its public id."""
    return db.session.execute(
        sa.insert(Question)
        .values(
            authority_id=scope.authority_id,
            account_id=scope.account_id,
            booking_id=booking_id,
            text=text,
            shared=shared,
            noted_at=at,
            changed_at=at,
        )
        .returning(Question.public_id)
    ).scalar_one()


def change(
    scope: Scope, question_id: int, seen: int, text: str, shared: bool, at: datetime
) -> bool:
    """Change a question of the asker's own; False where it was changed since it was seen."""
    done = db.session.execute(
        sa.update(Question)
        .where(
            Question.authority_id == scope.authority_id,
            Question.account_id == scope.account_id,
            Question.id == question_id,
            Question.version == seen,
        )
        .values(version=seen + 1, text=text, shared=shared, changed_at=at)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def remove(scope: Scope, question_id: int, seen: int) -> bool:
    """Delete a question of the asker's own; False where it was changed since it was seen."""
    done = db.session.execute(
        sa.delete(Question).where(
            Question.authority_id == scope.authority_id,
            Question.account_id == scope.account_id,
            Question.id == question_id,
            Question.version == seen,
        )
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
