"""Whom somebody sees on the board, and of whom the kept row says more than they are to know.

The board is of plans and cases: a child stands on it for those who see both of them. Somebody who
sees one case of a child, has withdrawn from one, or does not see a brother who shares one, is shown
a row that is worked out for them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.domain.sight import Relation, What
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import OPEN, askers, cases_seen, children_seen, named
from core.store.tables import CaseChild, Child, PanelCase
from core.store.withdrawn_sight import withdrawn_cases

WHAT = (What.RECORD, What.PLAN, What.CASES)


def sees_every_child(scope: Scope) -> bool:
    """Whether everybody's plan and cases are seen, closed records aside."""
    return scope.everything or any(
        Relation.EVERY_CHILD in relations for _, relations in askers(scope, *WHAT)
    )


def on_board(scope: Scope, child_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """True for the ids of children whom the asker sees on the board.

    For who sees every child it is said by those whom they do not see, which are few: no record
    needs to be looked at for the others.
    """
    if scope.everything:
        return sa.true()
    if not sees_every_child(scope):
        return child_id.in_(seen(scope))
    return child_id.not_in(closed(scope))


def seen(scope: Scope) -> sa.Select[Any]:
    """The ids of the children whom the asker sees on the board."""
    return sa.select(Child.id).where(children_seen(scope, *WHAT))


def closed(scope: Scope) -> sa.Select[Any]:
    """The closed children for whom the asker is not named."""
    return sa.select(Child.id).where(
        Child.authority_id == scope.authority_id,
        Child.closed_to != OPEN,
        sa.not_(named(scope, *WHAT)),
    )


def partly_seen(scope: Scope) -> list[int]:
    """The children on the asker's board of whom they do not see every case: one query."""
    if scope.everything:
        return []
    of_case = sa.select(CaseChild.child_id).where(CaseChild.authority_id == scope.authority_id)
    if sees_every_child(scope):
        hidden = sa.select(CaseChild.case_id).where(CaseChild.child_id.in_(closed(scope)))
        query = of_case.where(
            sa.or_(CaseChild.case_id.in_(withdrawn_cases(scope)), CaseChild.case_id.in_(hidden))
        )
    else:
        cases = sa.select(PanelCase.id).where(cases_seen(scope))
        query = of_case.where(CaseChild.child_id.in_(seen(scope)), CaseChild.case_id.not_in(cases))
    return sorted(set(db.session.scalars(query)))
