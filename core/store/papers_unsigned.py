"""Papers that wait for a signature, each with the meeting for which its case is booked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.domain.meeting import OFF_AGENDA, OVER
from core.domain.paper import OTHER
from core.store.database import db
from core.store.papers import papers_seen
from core.store.scope import Scope
from core.store.tables import Account, Booking, Meeting, Paper

MOST = 50


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A paper that nobody has signed; ``answers`` is who answers for it, "" for nobody.

    ``held_on`` is the day of the meeting that is to hear its case, None where none is.
    """

    public_id: str
    title: str
    case_id: int | None
    answers_id: int | None
    answers: str
    held_on: date | None


def answered_for(scope: Scope) -> list[Unsigned]:
    """Those for which the asker answers, or a colleague for whom they stand in: one query."""
    return _unsigned(scope, Paper.answers_id.in_(scope.stands_for))


def of_meetings(scope: Scope, meeting_ids: Collection[int]) -> list[Unsigned]:
    """Those of the cases on the agendas of these meetings: one query."""
    return _unsigned(scope, Meeting.id.in_(meeting_ids)) if meeting_ids else []


def _unsigned(scope: Scope, *which: sa.ColumnElement[bool]) -> list[Unsigned]:
    rows = db.session.execute(
        sa.select(
            Paper.public_id,
            Paper.title,
            Paper.case_id,
            Paper.answers_id,
            sa.func.coalesce(Account.name, ""),
            sa.func.min(Meeting.held_on),
        )
        .outerjoin(Account, Account.id == Paper.answers_id)
        .outerjoin(
            Booking,
            sa.and_(Booking.case_id == Paper.case_id, Booking.state.not_in(OFF_AGENDA)),
        )
        .outerjoin(
            Meeting,
            sa.and_(
                Meeting.id == Booking.meeting_id,
                Meeting.state.not_in(OVER),
                Meeting.held_on >= scope.on,
            ),
        )
        .where(
            papers_seen(scope),
            Paper.kind != OTHER,
            Paper.signed_at.is_(None),
            Paper.taken_out_at.is_(None),
            *which,
        )
        .group_by(
            Paper.id, Paper.public_id, Paper.title, Paper.case_id, Paper.answers_id, Account.name
        )
        .order_by(sa.func.min(Meeting.held_on).is_(None), sa.func.min(Meeting.held_on), Paper.id)
        .limit(MOST)
    )
    return [Unsigned(*row) for row in rows]
