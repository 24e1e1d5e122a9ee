"""Referrals that are withdrawn, whole or for one child, and those of which that is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.domain.case import CaseState
from core.domain.meeting import BookingState
from core.store import deadline_marks
from core.store.agenda import AgendaChild, children, names_of
from core.store.database import db
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Account, Booking, CaseChild, Meeting, PanelCase
from core.store.waiting import Bodies, of_bodies

MOST = 50
TOLD_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A referral that is withdrawn, or asked to be, with when and why."""

    public_id: str
    procedure_code: str
    body_code: str
    meeting_on: date | None
    at: datetime
    why: str
    referrer: str
    children: tuple[AgendaChild, ...]

    @property
    def names(self) -> str:
        return names_of(self.children)


def asked(scope: Scope, bodies: Bodies = None) -> Some[TakenBack]:
    """The booked cases of these bodies whose referrer asks to withdraw them, soonest first."""
    return _listed(
        scope,
        PanelCase.withdrawal_asked_at,
        PanelCase.state == CaseState.BOOKED,
        PanelCase.withdrawal_asked_at.is_not(None),
        of_bodies(bodies, PanelCase),
    )


def mine_lately(scope: Scope) -> Some[TakenBack]:
    """Referrals of the asker, and of those they cover, that were lately taken off an agenda."""
    off = sa.exists().where(
        Booking.authority_id == scope.authority_id,
        Booking.case_id == PanelCase.id,
        Booking.state == BookingState.WITHDRAWN,
    )
    return _listed(
        scope,
        PanelCase.withdrawn_at,
        PanelCase.state == CaseState.WITHDRAWN,
        PanelCase.referrer_id.in_(scope.stands_for),
        PanelCase.withdrawn_at >= datetime.combine(scope.on - TOLD_FOR, datetime.min.time()),
        off,
    )


def _listed(scope: Scope, at: Any, *conditions: sa.ColumnElement[bool]) -> Some[TakenBack]:
    """Cases with what is said of their withdrawal: three queries, however many there are."""
    rows = first(
        sa.select(
            PanelCase.id,
            PanelCase.public_id,
            PanelCase.procedure_code,
            PanelCase.body_code,
            Meeting.held_on,
            at,
            PanelCase.withdrawal_why,
            sa.func.coalesce(Account.name, ""),
        )
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .outerjoin(Meeting, Meeting.id == PanelCase.meeting_id)
        .where(cases_seen(scope), *conditions)
        .order_by(Meeting.held_on, PanelCase.id),
        MOST,
    )
    of_case = children(scope, [row[0] for row in rows]) if rows else {}
    found = []
    for case_id, *rest in rows:
        facts: list[Any] = [*rest, of_case.get(case_id, ())]
        found.append(TakenBack(*facts))
    return Some(found, rows.more)


def withdraw_child(scope: Scope, case_id: int, child_id: int, why: str, at: datetime) -> bool:
    """Let a case go on without one of its children; false where that is so already."""
    deadline_marks.touched(scope, [child_id])
    done = db.session.execute(
        sa.update(CaseChild)
        .where(
            CaseChild.authority_id == scope.authority_id,
            CaseChild.case_id == case_id,
            CaseChild.child_id == child_id,
            CaseChild.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at, withdrawn_why=why)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def left_in(scope: Scope, case_id: int) -> frozenset[int]:
    """The children with whom a case goes on, seen by the asker or not."""
    return frozenset(
        db.session.scalars(
            sa.select(CaseChild.child_id).where(
                CaseChild.authority_id == scope.authority_id,
                CaseChild.case_id == case_id,
                CaseChild.withdrawn_at.is_(None),
            )
        )
    )
