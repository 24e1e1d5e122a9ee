"""Escalations that wait for somebody: for an answer of who was told, or for a post to be filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.domain.procedure.escalation import Whom
from core.domain.sight import What
from core.store import responsible
from core.store.database import db
from core.store.escalations import is_late
from core.store.paging import Some, first
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import (
    Action,
    Child,
    Escalation,
    EscalationAnswer,
    EscalationTold,
    PanelCase,
)

MOST = 50


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """A late action that came to the asker and that nobody at that stage has answered."""

    public_id: str
    what: str
    owner: str
    due: date
    title: str
    reached_on: date
    why: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unheld:
    """What nobody holds, so that late actions came to nobody: in words, with how many.

    ``child_public_id`` is the child whom nobody is allocated to, "" where a post is empty.
    """

    words: str
    actions: int
    child_public_id: str


def to_answer(scope: Scope) -> Some[ToAnswer]:
    """What came to the asker and those whom they cover, unanswered and late still: two queries.

    Only of actions that the asker sees, and not what came to the owner: to them it is an action of
    their own, which is late.
    """
    told = sa.exists().where(
        EscalationTold.escalation_id == Escalation.id,
        EscalationTold.account_id.in_(scope.stands_for),
        EscalationTold.account_id != sa.func.coalesce(Action.owner_id, 0),
    )
    answered = sa.exists().where(EscalationAnswer.escalation_id == Escalation.id)
    of_case = sa.exists().where(PanelCase.id == Action.case_id, cases_seen(scope))
    of_child = sa.exists().where(Child.id == Action.child_id, children_seen(scope, What.CASES))
    rows = first(
        sa.select(
            Action.public_id,
            Action.what,
            Action.owner_name,
            Action.due,
            Escalation.title,
            Escalation.reached_on,
            Escalation.why,
            Escalation.clauses,
        )
        .join(Escalation, sa.and_(Escalation.action_id == Action.id, Escalation.due == Action.due))
        .where(
            is_late(scope),
            Escalation.stage != Whom.OWNER,
            told.correlate(Escalation, Action),
            ~answered,
            sa.or_(
                Action.owner_id.in_(scope.stands_for),
                of_case.correlate(Action),
                of_child.correlate(Action),
            ),
        )
        .order_by(Escalation.reached_on, Escalation.id),
        MOST,
    )
    found: list[ToAnswer] = []
    for *facts, clauses in rows:
        facts.append(tuple(clauses.split(",")) if clauses else ())
        found.append(ToAnswer(*facts))
    return Some(found, rows.more)


def unheld(scope: Scope) -> list[Unheld]:
    """What nobody holds today for actions that are late still, each once: eight queries.

    The stage of an owner who is gone is not among them: that is for who sees the action.
    """
    rows = db.session.execute(
        sa.select(Action.id, Action.case_id, Action.child_id, Escalation.stage)
        .join(Escalation, sa.and_(Escalation.action_id == Action.id, Escalation.due == Action.due))
        .where(is_late(scope), Escalation.nobody != "", Escalation.stage != "owner")
        .order_by(Escalation.id.desc())
        .limit(MOST)
    ).all()
    if not rows:
        return []
    children = responsible.children_of_actions(
        scope, {(row.id, row.case_id, row.child_id) for row in rows}
    )
    answering = responsible.answering(scope, (child for ids in children.values() for child in ids))
    found: dict[tuple[str, str], set[int]] = {}
    for row in rows:
        for child_id in children[row.id]:
            one = answering.get(child_id)
            whom = next((each for each in Whom if each == row.stage), None)
            if one is None or one.closed or whom is None or one.of((whom,)):
                continue
            post = one.team and whom in (
                Whom.TEAM_MANAGER,
                Whom.SERVICE_MANAGER,
            )
            key = (one.nobody(whom), "" if post else one.public_id)
            found.setdefault(key, set()).add(row.id)
    return [Unheld(words, len(ids), child) for (words, child), ids in found.items()]
