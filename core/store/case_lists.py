"""Cases in lists: those that wait for a meeting, those not in yet, and a person's own drafts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.domain.case import EDITABLE, UNDER_WAY, CaseState
from core.store.cases import CaseChildRow, children_by_case, received_deadline
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Account, CaseChild, Meeting, PanelCase

FURTHEST = (
    CaseState.BOOKED,
    CaseState.QUEUED,
    CaseState.SUBMITTED,
    CaseState.RETURNED,
    CaseState.DRAFT,
)


@dataclass(frozen=True, slots=True)
class CaseListed:
    """A case in a list, with the children whom the asker sees and when its papers are due."""

    id: int
    public_id: str
    state: CaseState
    procedure_code: str
    children: tuple[CaseChildRow, ...]
    referrer: str
    referrer_id: int | None
    submitted_at: datetime | None
    unanswered: int
    meeting_on: date | None
    due: date | None
    met_on: date | None

    @property
    def names(self) -> str:
        return ", ".join(child.name for child in self.children if not child.withdrawn_why)

    @property
    def late(self) -> bool:
        return self.due is not None and self.met_on is not None and self.met_on > self.due

    @property
    def incomplete(self) -> bool:
        return self.submitted_at is not None and self.unanswered > 0


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A case on its way to a body, and how far it is; or a planning meeting that is booked."""

    public_id: str
    state: CaseState
    of_one_child: bool = False


def waiting(scope: Scope, meeting_id: int) -> list[CaseListed]:
    """The referrals submitted for a meeting and not booked yet, in the order they came."""
    return _listed(
        scope,
        PanelCase.meeting_id == meeting_id,
        PanelCase.state == CaseState.SUBMITTED,
        order=PanelCase.submitted_at,
    )


def missing(scope: Scope, meeting_id: int) -> list[CaseListed]:
    """The referrals that ask for a meeting and are not submitted: drafts, and those sent back."""
    return _listed(
        scope,
        PanelCase.meeting_id == meeting_id,
        PanelCase.state.in_(EDITABLE),
        order=PanelCase.opened_at,
    )


def mine(scope: Scope) -> list[CaseListed]:
    """The drafts and returned referrals of the asker and of those they cover, soonest first."""
    rows = _listed(
        scope,
        PanelCase.referrer_id.in_(scope.stands_for),
        PanelCase.state.in_(EDITABLE),
        order=PanelCase.opened_at,
    )
    return sorted(rows, key=lambda row: (row.due is None, row.due or date.max))


def under_way(scope: Scope, child_ids: Collection[int]) -> dict[tuple[int, str], UnderWay]:
    """The case of each child that is on its way to a body, by child and body; the furthest first.

    Of those that the asker sees: one query, none for no child.
    """
    found: dict[tuple[int, str], UnderWay] = {}
    if not child_ids:
        return found
    rows = db.session.execute(
        sa.select(
            CaseChild.child_id,
            PanelCase.body_code,
            PanelCase.public_id,
            PanelCase.state,
            PanelCase.of_one_child,
        )
        .join(PanelCase, PanelCase.id == CaseChild.case_id)
        .where(
            cases_seen(scope),
            PanelCase.state.in_(UNDER_WAY),
            CaseChild.child_id.in_(sorted(child_ids)),
            CaseChild.withdrawn_at.is_(None),
        )
        .order_by(PanelCase.id)
    )
    for child_id, body, public_id, state, of_one in rows:
        one, there = UnderWay(public_id, CaseState(state), of_one), found.get((child_id, body))
        if there is None or FURTHEST.index(one.state) < FURTHEST.index(there.state):
            found[child_id, body] = one
    return found


def _listed(scope: Scope, *conditions: sa.ColumnElement[bool], order: object) -> list[CaseListed]:
    """Cases in a list: two queries, however many there are."""
    deadline = received_deadline(scope)
    rows = db.session.execute(
        sa.select(
            PanelCase.id,
            PanelCase.public_id,
            PanelCase.state,
            PanelCase.procedure_code,
            PanelCase.submitted_at,
            PanelCase.unanswered,
            PanelCase.referrer_id,
            Account.name,
            Meeting.held_on,
            deadline.c.due,
            deadline.c.met_on,
        )
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .outerjoin(Meeting, Meeting.id == PanelCase.meeting_id)
        .outerjoin(deadline, deadline.c.case_id == PanelCase.id)
        .where(cases_seen(scope), *conditions)
        .order_by(order, PanelCase.id)  # type: ignore[arg-type]
    ).all()
    children = children_by_case(scope, [row.id for row in rows])
    return [
        CaseListed(
            id=row.id,
            public_id=row.public_id,
            state=CaseState(row.state),
            procedure_code=row.procedure_code,
            children=tuple(children.get(row.id, ())),
            referrer=row.name or "",
            referrer_id=row.referrer_id,
            submitted_at=row.submitted_at,
            unanswered=row.unanswered,
            meeting_on=row.held_on,
            due=row.due,
            met_on=row.met_on,
        )
        for row in rows
    ]
