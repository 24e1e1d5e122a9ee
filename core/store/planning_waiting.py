"""Planning meetings after which something is still to be done: the record filed, copies sent."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from core.domain.meeting import MeetingState
from core.store.deadlines_pressing import Whose
from core.store.paging import Some, first
from core.store.planning import PlanningRow, selected
from core.store.scope import Scope
from core.store.tables import Child, Meeting, PlanningCopy

MOST = 500
BACK = relativedelta(months=3)
"""Copies of an older meeting are asked for on its own page alone."""
Body = tuple[str, str]


def unfinished(
    scope: Scope, of: Whose, filed: frozenset[Body], copied: Mapping[Body, frozenset[str]]
) -> Some[PlanningRow]:
    """Held meetings about these children whose record is not on file, or may be to be sent still.

    ``filed`` are the bodies of which a record is filed, ``copied`` the codes of those who may get a
    copy of it: whether each is asked for, of this child, is the caller's to say. Those not
    on file first, of them the first held; two queries at most.
    """
    wanted = [sa.and_(_of(body), Meeting.filed_on.is_(None)) for body in sorted(filed)]
    wanted += [
        sa.and_(_of(body), Meeting.held_on >= scope.on - BACK, _sent(scope, codes) < len(codes))
        for body, codes in sorted(copied.items())
    ]
    theirs = (
        Child.id.in_(sorted(of.accounts))
        if of.accounts is not None
        else sa.or_(*(condition for _, condition in of.ways))
    )
    found = first(
        selected(scope)
        .where(Meeting.state == MeetingState.CLOSED, sa.or_(sa.false(), *wanted), theirs)
        .order_by(Meeting.filed_on.is_not(None), Meeting.held_on, Meeting.id),
        MOST,
    )
    return Some((PlanningRow(*row) for row in found), found.more)


def _sent(scope: Scope, codes: frozenset[str]) -> sa.ScalarSelect[int]:
    """To how many of these the record of a meeting was sent."""
    return (
        sa.select(sa.func.count(PlanningCopy.rule_code.distinct()))
        .where(
            PlanningCopy.authority_id == scope.authority_id,
            PlanningCopy.meeting_id == Meeting.id,
            PlanningCopy.rule_code.in_(sorted(codes)),
        )
        .correlate(Meeting)
        .scalar_subquery()
    )


def _of(body: Body) -> sa.ColumnElement[bool]:
    return sa.and_(Meeting.procedure_code == body[0], Meeting.body_code == body[1])
