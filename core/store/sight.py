"""What a person sees, as SQL conditions: children, and through them cases and meetings."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.domain.case import CaseState
from core.domain.sight import Relation, relations
from core.store.scope import Scope
from core.store.tables import (
    Allocation,
    Booking,
    CaseChild,
    Child,
    PanelCase,
    Placing,
    PostHolder,
    Team,
)
from core.store.tables.meetings import Meeting


def held(table: type, on: object) -> ColumnElement[bool]:
    """Rows with ``since`` and ``until`` that hold on a day."""
    return sa.and_(table.since <= on, sa.or_(table.until.is_(None), table.until > on))  # type: ignore[attr-defined]


def children_seen(scope: Scope) -> ColumnElement[bool]:
    """True for the rows of ``child`` that the asker sees; never another authority's."""
    own = Child.authority_id == scope.authority_id
    how = relations(scope.roles)
    if scope.everything or Relation.EVERY_CHILD in how:
        return own
    ways: list[ColumnElement[bool]] = [sa.false()]
    for relation, name in ((Relation.ALLOCATED, "worker"), (Relation.CASELOAD, "iro")):
        if relation in how:
            ways.append(
                Child.id.in_(
                    sa.select(Allocation.child_id).where(
                        Allocation.authority_id == scope.authority_id,
                        Allocation.account_id == scope.account_id,
                        Allocation.relation == name,
                        held(Allocation, scope.on),
                    )
                )
            )
    placed = sa.and_(
        Placing.authority_id == scope.authority_id,
        Placing.account_id == scope.account_id,
        held(Placing, scope.on),
    )
    if Relation.TEAM in how:
        ways.append(Child.team_id.in_(sa.select(Placing.team_id).where(placed)))
    if Relation.SERVICE in how:
        ways.append(
            Child.team_id.in_(
                sa.select(Team.id)
                .join(Placing, Placing.service_id == Team.service_id)
                .where(Team.authority_id == scope.authority_id, placed)
            )
        )
    if Relation.REFERRED in how:
        ways.append(
            Child.id.in_(
                sa.select(CaseChild.child_id)
                .join(PanelCase, PanelCase.id == CaseChild.case_id)
                .where(
                    PanelCase.authority_id == scope.authority_id,
                    PanelCase.referrer_id == scope.account_id,
                    PanelCase.state.not_in((CaseState.DRAFT, CaseState.WITHDRAWN)),
                )
            )
        )
    if Relation.AGENDA in how:
        ways.append(
            Child.id.in_(
                sa.select(CaseChild.child_id)
                .join(Booking, Booking.case_id == CaseChild.case_id)
                .join(Meeting, Meeting.id == Booking.meeting_id)
                .where(Booking.authority_id == scope.authority_id, sits_in(scope))
            )
        )
    return sa.and_(own, sa.or_(*ways))


def sits_in(scope: Scope) -> ColumnElement[bool]:
    """True for the meetings of a body in which the asker holds a post today."""
    return sa.exists().where(
        PostHolder.account_id == scope.account_id,
        PostHolder.authority_id == scope.authority_id,
        PostHolder.procedure_code == Meeting.procedure_code,
        PostHolder.body_code == Meeting.body_code,
        held(PostHolder, scope.on),
    )


def cases_seen(scope: Scope) -> ColumnElement[bool]:
    """True for the cases of which the asker sees at least one child."""
    return sa.and_(
        PanelCase.authority_id == scope.authority_id,
        PanelCase.id.in_(
            sa.select(CaseChild.case_id)
            .join(Child, Child.id == CaseChild.child_id)
            .where(CaseChild.authority_id == scope.authority_id, children_seen(scope))
        ),
    )
