"""Which kept deadlines somebody sees: those of cases, and those of the plan and record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.domain.sight import What
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import PanelCase


def case_seen(scope: Scope, case_id: Any) -> sa.ColumnElement[bool]:
    """True where a deadline is of no case, or of one that the asker sees."""
    if scope.everything:
        return sa.true()
    return sa.or_(case_id.is_(None), case_id.in_(sa.select(PanelCase.id).where(cases_seen(scope))))


def plan_seen(scope: Scope) -> sa.ColumnElement[bool]:
    """A column beside ``child``: whether the asker sees the child's plan and record too.

    Who sees the care alone sees only the deadlines that rest on care (``Deadline.of_record``).
    """
    seen = sa.true() if scope.everything else children_seen(scope, What.PLAN)
    return sa.case((seen, sa.true()), else_=sa.false()).label("plan_seen")
