"""The children of a team and what their report to the panel is made of, read for all at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.domain.meeting import MeetingState
from core.domain.naming import child_name
from core.domain.sight import What
from core.store import actions
from core.store.actions import ActionRow, Wanted
from core.store.database import db
from core.store.paging import Some
from core.store.planning import PlanningRow, selected
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Action, CareSummary, CaseChild, Child, Decision, Meeting, PanelCase

MOST_CHILDREN = 1_000
MOST_ACTIONS = 20_000


@dataclass(frozen=True, slots=True)
class ChildOfTeam:
    """A child of the team whom the asker sees; ``in_care`` as it is summed up today."""

    id: int
    public_id: str
    local_id: str
    name: str
    born: date | None
    birth_expected: bool
    in_care: bool


@dataclass(frozen=True, slots=True)
class FormOf:
    """The form of a referral to a panel."""

    case_id: int
    form_code: str


def children(scope: Scope, team_id: int) -> list[ChildOfTeam]:
    """The children of a team of whom the asker sees plan and cases, by name: one query."""
    rows = db.session.execute(
        sa.select(
            Child.id,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            Child.birth_expected,
            CareSummary.status,
        )
        .outerjoin(
            CareSummary,
            sa.and_(
                CareSummary.authority_id == Child.authority_id, CareSummary.child_id == Child.id
            ),
        )
        .where(Child.team_id == team_id, children_seen(scope, What.PLAN, What.CASES))
        .order_by(Child.family_name, Child.given_name, Child.local_id)
        .limit(MOST_CHILDREN)
    )
    return [
        ChildOfTeam(
            row.id,
            row.public_id,
            row.local_id,
            child_name(row.given_name, row.family_name, row.local_id),
            row.born,
            row.birth_expected,
            row.status == "looked after",
        )
        for row in rows
    ]


def meetings(scope: Scope, child_ids: Collection[int]) -> dict[int, list[PlanningRow]]:
    """The planning meetings of children that the asker sees, by child, in order: one query."""
    found: dict[int, list[PlanningRow]] = {}
    rows = db.session.execute(
        selected(scope)
        .where(CaseChild.child_id.in_(sorted(child_ids)), Meeting.state != MeetingState.CANCELLED)
        .order_by(Meeting.held_on, Meeting.id)
    )
    for row in rows:
        one = PlanningRow(*row)
        found.setdefault(one.child_id, []).append(one)
    return found


def outstanding(scope: Scope, child_ids: Collection[int], on: date) -> Some[ActionRow]:
    """The actions about these children that were made by a day and not over by then."""
    made = sa.func.coalesce(Decision.decided_on, Action.as_at)
    return actions.some(
        scope,
        Wanted(whose="all", show="all"),
        Action.due.expression,
        MOST_ACTIONS,
        actions.of_child(Child.id.in_(sorted(child_ids))),
        sa.or_(made.is_(None), made <= on),
        sa.or_(Action.accepted_on.is_(None), Action.accepted_on > on),
        sa.or_(Action.ended_on.is_(None), Action.ended_on > on),
    )


def forms(scope: Scope, cases: Collection[str]) -> dict[str, FormOf]:
    """The forms of cases that the asker has seen, those of planning meetings left out."""
    rows = db.session.execute(
        sa.select(PanelCase.public_id, PanelCase.id, PanelCase.form_code).where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.public_id.in_(sorted(cases)),
            sa.not_(PanelCase.of_one_child),
        )
    )
    return {row[0]: FormOf(row[1], row[2]) for row in rows}
