"""Escalations that wait for somebody: for an answer of who was told, or for a post to be filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.domain.procedure.escalation import Whom
from core.domain.sight import What
from core.store import responsible
from core.store.action_closed import kept_from
from core.store.agenda import AgendaChild
from core.store.database import db
from core.store.late_actions import is_answered, is_late
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import (
    Action,
    CaseChild,
    Child,
    Escalation,
    EscalationAnswer,
    EscalationTold,
    PanelCase,
    Team,
)
from core.store.waiting import children_of_actions

MOST = 50
#: Of so many it is asked who holds them: somebody may do so since.
ASKED = 500
ANSWERING = tuple(each for each in Whom if each not in (Whom.OWNER, Whom.OUTSIDE))


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """A late action that came to the asker and that nobody at that stage has answered.

    ``told_on`` is when: the stage itself may be older (``reached_on``) than who answers for the
    child, or than the record of it.
    ``answered_at`` is when somebody last did, where that holds no longer; ``children`` are those
    whom the asker sees.
    """

    public_id: str
    what: str
    owner: str
    due: date
    title: str
    told_on: date
    reached_on: date
    why: str
    answered_at: datetime | None
    clauses: tuple[str, ...]
    children: tuple[AgendaChild, ...] = ()


@dataclass(frozen=True, slots=True)
class Unheld:
    """What nobody holds, so that late actions came to nobody: in words, with how many.

    ``child_public_id`` is the child whom nobody is allocated to, "" where a post is empty.
    """

    words: str
    actions: int
    child_public_id: str


def to_answer(scope: Scope, since: datetime) -> Some[ToAnswer]:
    """What came to the asker and those whom they cover, unanswered and late still: four queries.

    ``since`` is when somebody has to have answered for that to hold (late_actions.answers_since).
    Only of actions that the asker sees, and not what came to the owner: to them it is an action of
    their own, which is late.
    """
    told = EscalationTold
    own_day = sa.func.max(sa.case((told.account_id == scope.account_id, told.told_on)))
    told_on = sa.func.coalesce(own_day, sa.func.min(told.told_on))
    answered = (
        sa.select(sa.func.max(EscalationAnswer.at))
        .where(EscalationAnswer.escalation_id == Escalation.id)
        .scalar_subquery()
    )
    of_case = sa.exists().where(PanelCase.id == Action.case_id, cases_seen(scope))
    of_child = sa.exists().where(Child.id == Action.child_id, children_seen(scope, What.CASES))
    rows = first(
        sa.select(
            Action.public_id,
            Action.what,
            Action.owner_name,
            Action.due,
            Escalation.title,
            told_on,
            Escalation.reached_on,
            Escalation.why,
            answered,
            Action.case_id,
            Action.child_id,
            Escalation.clauses,
        )
        .select_from(told)
        .join(Escalation, Escalation.id == told.escalation_id)
        .join(Action, sa.and_(Action.id == Escalation.action_id, Action.due == Escalation.due))
        .where(
            told.account_id.in_(scope.stands_for),
            told.account_id != sa.func.coalesce(Action.owner_id, 0),
            is_late(scope),
            Escalation.whom != Whom.OWNER,
            ~is_answered(since),
            sa.or_(
                sa.and_(Action.owner_id.in_(scope.stands_for), sa.not_(kept_from(scope))),
                of_case.correlate(Action),
                of_child.correlate(Action),
            ),
        )
        .group_by(Action.id, Escalation.id)
        .order_by(told_on, Escalation.id),
        MOST,
    )
    whose = children_of_actions(scope, ((row.case_id, row.child_id) for row in rows))
    found: list[ToAnswer] = []
    for *facts, case_id, child_id, clauses in rows:
        facts.append(tuple(clauses.split(",")) if clauses else ())
        facts.append(whose[case_id, child_id])
        found.append(ToAnswer(*facts))
    return Some(found, rows.more)


def unheld(scope: Scope, since: datetime) -> Some[Unheld]:
    """What nobody holds today for actions that are late still, each once: six queries.

    The most actions first. Who holds what is asked of the first ``ASKED``. Of an owner who is gone
    nothing is said: that is for who sees the action.
    """
    rows = db.session.execute(_empty(scope, since)).all()
    answering = responsible.answering(scope, (row.child_id for row in rows[:ASKED]))
    found = []
    for row in rows[:ASKED]:
        one, whom = answering[row.child_id], Whom(row.whom)
        if not one.of((whom,)):
            child = "" if row.of_child is None else one.public_id
            found.append(Unheld(one.nobody(whom), row.actions, child))
    return Some(found[:MOST], len(found[MOST:]), many=len(rows) > ASKED)


def _empty(scope: Scope, since: datetime) -> sa.Select[Any]:
    """What was held by nobody: whom, one child of whom it is, and of how many late actions.

    A team's manager is one for the team and a service's for the service, a head for everybody;
    everything else, and everything of a closed record, is each child's (``of_child``).
    """
    late = (
        sa.select(Action.id, Action.case_id, Action.child_id, Escalation.whom)
        .join(Escalation, sa.and_(Escalation.action_id == Action.id, Escalation.due == Action.due))
        .where(is_late(scope), Escalation.nobody != "", ~is_answered(since))
        .cte("late")
    )
    of_case = sa.select(late.c.id, late.c.whom, CaseChild.child_id).join(
        CaseChild,
        sa.and_(CaseChild.case_id == late.c.case_id, CaseChild.withdrawn_at.is_(None)),
    )
    of = sa.union(of_case, sa.select(late.c.id, late.c.whom, late.c.child_id)).subquery()
    each = sa.union_all(
        *(sa.select(sa.literal(whom.value).label("whom")) for whom in ANSWERING)
    ).subquery()
    whom = each.c.whom
    theirs = sa.or_(
        Child.closed_to != "",
        whom.in_((Whom.SOCIAL_WORKER, Whom.IRO)),
        sa.and_(whom.in_((Whom.TEAM_MANAGER, Whom.SERVICE_MANAGER)), Child.team_id.is_(None)),
    )
    place = (
        sa.select(
            of.c.id,
            whom,
            Child.id.label("child_id"),
            sa.case((theirs, Child.id)).label("of_child"),
            sa.case((whom == Whom.TEAM_MANAGER, Team.id)).label("of_team"),
            sa.case((whom == Whom.SERVICE_MANAGER, Team.service_id)).label("of_service"),
        )
        .select_from(of)
        .join(each, ("," + of.c.whom + ",").contains("," + whom + ","))
        .join(Child, Child.id == of.c.child_id)
        .outerjoin(Team, Team.id == Child.team_id)
        .subquery()
    ).c
    actions, child = sa.func.count(place.id.distinct()), sa.func.min(place.child_id)
    return (
        sa.select(place.whom, place.of_child, child.label("child_id"), actions.label("actions"))
        .group_by(place.whom, place.of_child, place.of_team, place.of_service)
        .order_by(actions.desc(), child, place.whom)
        .limit(ASKED + 1)
    )
