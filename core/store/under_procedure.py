"""What is under way under a procedure: meetings that are planned, and cases not heard yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.domain.case import UNDER_WAY
from core.domain.meeting import MeetingState
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Meeting, PanelCase


@dataclass(frozen=True, slots=True)
class UnderWay:
    """How many meetings are planned for a body, and how many cases are under way at it."""

    body_code: str
    meetings: int
    first: date | None
    last: date | None
    cases: int


def under_way(scope: Scope, procedure: str, since: date) -> list[UnderWay]:
    """By body, the meetings planned from a day on and the cases of every day: two queries.

    Numbers and days alone: whoever asks need not see the meetings or the cases.
    """
    planned = {
        row.body_code: (row.number, row.first, row.last)
        for row in db.session.execute(
            sa.select(
                Meeting.body_code,
                sa.func.count().label("number"),
                sa.func.min(Meeting.held_on).label("first"),
                sa.func.max(Meeting.held_on).label("last"),
            )
            .where(
                Meeting.authority_id == scope.authority_id,
                Meeting.procedure_code == procedure,
                Meeting.held_on >= since,
                Meeting.state == MeetingState.PLANNED,
                Meeting.cancelled_at.is_(None),
            )
            .group_by(Meeting.body_code)
        )
    }
    cases = {
        row.body_code: int(row.number)
        for row in db.session.execute(
            sa.select(PanelCase.body_code, sa.func.count().label("number"))
            .where(
                PanelCase.authority_id == scope.authority_id,
                PanelCase.procedure_code == procedure,
                PanelCase.state.in_(UNDER_WAY),
            )
            .group_by(PanelCase.body_code)
        )
    }
    return [
        UnderWay(body, *planned.get(body, (0, None, None)), cases.get(body, 0))
        for body in sorted({*planned, *cases})
    ]
