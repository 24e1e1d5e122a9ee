"""To whom the records of planning meetings were sent: only ever added to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.domain.planning_after import Sent
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, PlanningCopy


def of_meetings(scope: Scope, meeting_ids: Collection[int]) -> dict[int, tuple[Sent, ...]]:
    """The copies of the records of meetings, the first sent first: one query.

    The caller has seen the meetings.
    """
    rows = db.session.execute(
        sa.select(
            PlanningCopy.meeting_id,
            PlanningCopy.rule_code,
            PlanningCopy.account_id,
            PlanningCopy.name,
            PlanningCopy.how,
            PlanningCopy.sent_on,
            PlanningCopy.sent_at,
            sa.func.coalesce(Account.name, ""),
        )
        .outerjoin(
            Account,
            sa.and_(
                Account.id == PlanningCopy.sent_by,
                Account.authority_id == PlanningCopy.authority_id,
            ),
        )
        .where(
            PlanningCopy.authority_id == scope.authority_id,
            PlanningCopy.meeting_id.in_(sorted(meeting_ids)),
        )
        .order_by(PlanningCopy.sent_on, PlanningCopy.id)
    )
    found: dict[int, tuple[Sent, ...]] = {}
    facts: Any
    for meeting_id, *facts in rows:
        found[meeting_id] = (*found.get(meeting_id, ()), Sent(*facts))
    return found


def of_meeting(scope: Scope, meeting_id: int) -> tuple[Sent, ...]:
    return of_meetings(scope, [meeting_id]).get(meeting_id, ())


def add(
    scope: Scope,
    meeting_id: int,
    code: str,
    account_id: int | None,
    name: str,
    how: str,
    on: date,
    at: datetime,
) -> None:
    """Write that somebody was sent the record, in the transaction under way."""
    db.session.execute(
        sa.insert(PlanningCopy).values(
            authority_id=scope.authority_id,
            meeting_id=meeting_id,
            rule_code=code,
            account_id=account_id,
            name=name,
            how=how,
            sent_on=on,
            sent_at=at,
            sent_by=scope.account_id,
        )
    )
