"""Who is asked to a planning meeting, who is not and why, and who came."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.planning_people import Guest
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, PlanningGuest


def of_meetings(scope: Scope, meeting_ids: Collection[int]) -> dict[int, tuple[Guest, ...]]:
    """The guests of planning meetings, in the order in which they were added: one query.

    The caller has seen the meetings.
    """
    whose, by = aliased(Account), aliased(Account)
    rows = db.session.execute(
        sa.select(
            PlanningGuest.meeting_id,
            PlanningGuest.id,
            PlanningGuest.public_id,
            PlanningGuest.version,
            PlanningGuest.rule_code,
            PlanningGuest.account_id,
            sa.func.coalesce(whose.public_id, ""),
            PlanningGuest.name,
            PlanningGuest.relation,
            PlanningGuest.invited_at,
            sa.func.coalesce(by.name, ""),
            PlanningGuest.why_not,
            PlanningGuest.came,
            PlanningGuest.mode,
            PlanningGuest.views_on,
            PlanningGuest.told_on,
        )
        .outerjoin(whose, whose.id == PlanningGuest.account_id)
        .outerjoin(
            by,
            sa.and_(
                by.id == PlanningGuest.invited_by, by.authority_id == PlanningGuest.authority_id
            ),
        )
        .where(
            PlanningGuest.authority_id == scope.authority_id,
            PlanningGuest.meeting_id.in_(sorted(meeting_ids)),
        )
        .order_by(PlanningGuest.id)
    )
    found: dict[int, tuple[Guest, ...]] = {}
    for meeting_id, *facts in rows:
        found[meeting_id] = (*found.get(meeting_id, ()), Guest(*facts))
    return found


def of_meeting(scope: Scope, meeting_id: int) -> tuple[Guest, ...]:
    """The guests of one planning meeting."""
    return of_meetings(scope, [meeting_id]).get(meeting_id, ())


def add(scope: Scope, meeting_id: int, **values: Any) -> str:
    """Write a guest in the transaction under way; gives its public id."""
    public_id: str = db.session.execute(
        sa.insert(PlanningGuest)
        .values(authority_id=scope.authority_id, meeting_id=meeting_id, **values)
        .returning(PlanningGuest.public_id)
    ).scalar_one()
    return public_id


def change(scope: Scope, guest: Guest, values: Mapping[str, Any]) -> bool:
    """Change a guest against the version seen; False where somebody else changed it first."""
    done = db.session.execute(
        sa.update(PlanningGuest)
        .where(
            PlanningGuest.authority_id == scope.authority_id,
            PlanningGuest.id == guest.id,
            PlanningGuest.version == guest.version,
        )
        .values(version=guest.version + 1, **values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
