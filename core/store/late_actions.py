"""Late actions as they are gone through each day, and the stages that they come to recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from core.domain import escalating as domain
from core.domain.dates import at_clock
from core.domain.procedure.escalation import Whom
from core.store import action_states, calendars
from core.store.action_closed import kept_from_owner
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import (
    Account,
    Action,
    Authority,
    Decision,
    Escalation,
    EscalationAnswer,
    EscalationDay,
    EscalationPause,
    EscalationTold,
    Meeting,
)
from core.store.tables.columns import random_id


@dataclass(frozen=True, slots=True)
class LateAction:
    """An action whose due day has gone by and of which nobody has said that it is done.

    ``owner_shut_out``: the owner is not named for the closed record of the child. The procedure is
    that of the meeting which made it, "" where none did.
    """

    id: int
    public_id: str
    due: date
    owner_id: int | None
    owner: str
    owner_active: bool
    owner_shut_out: bool
    case_id: int | None
    child_id: int | None
    procedure_code: str
    procedure_edition: str


@dataclass(frozen=True, slots=True)
class NewStage:
    """A stage to record of an action, with whom it tells (account and name)."""

    action_id: int
    due: date
    stage: str
    title: str
    whom: tuple[Whom, ...]
    reached_on: date
    why: str
    clauses: tuple[str, ...]
    nobody: str
    told: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stage that is recorded of an action, as the next going through finds it."""

    id: int
    action_id: int
    due: date
    stage: str
    title: str
    whom: tuple[Whom, ...]
    reached_on: date
    why: str
    nobody: str
    answered: bool
    told: frozenset[int]


@dataclass(frozen=True, slots=True)
class ToldSince:
    """Who is told at a recorded stage because they came to it since, and whom nobody is now."""

    id: int
    nobody: str
    told: Mapping[int, str]


def is_late(scope: Scope) -> sa.ColumnElement[bool]:
    """True for the authority's actions that are late on the scope's day."""
    return sa.and_(Action.authority_id == scope.authority_id, action_states.late_on(scope.on))


def authorities_to_go_through(on: date) -> list[int]:
    """The authorities whose late actions have not been gone through on a day: one query."""
    done = sa.exists().where(
        EscalationDay.authority_id == Authority.id, EscalationDay.on == on, EscalationDay.finished
    )
    return list(db.session.scalars(sa.select(Authority.id).where(~done).order_by(Authority.id)))


def begin_batch(scope: Scope) -> int | None:
    """After which action to go on today, held until the transaction ends; None: it is finished."""
    query = sa.select(EscalationDay.on, EscalationDay.after_id, EscalationDay.finished).where(
        EscalationDay.authority_id == scope.authority_id
    )
    row = db.session.execute(query.with_for_update()).first()
    if row is None:
        db.session.execute(
            sa.insert(EscalationDay).values(authority_id=scope.authority_id, on=scope.on)
        )
        return 0
    if row.on == scope.on:
        return None if row.finished else int(row.after_id)
    _keep(scope, on=scope.on, after_id=0, finished=False)
    return 0


def end_batch(scope: Scope, after_id: int, *, finished: bool) -> None:
    """Keep how far the late actions have been gone through, in the transaction under way."""
    _keep(scope, after_id=after_id, finished=finished)


def _keep(scope: Scope, **values: object) -> None:
    db.session.execute(
        sa.update(EscalationDay)
        .where(EscalationDay.authority_id == scope.authority_id)
        .values(**values)
    )


def _late(on: date) -> Any:
    return (
        sa.select(
            Action.id,
            Action.public_id,
            Action.due,
            Action.owner_id,
            Action.owner_name,
            sa.func.coalesce(Account.active, sa.false()),
            kept_from_owner(on),
            Action.case_id,
            Action.child_id,
            sa.func.coalesce(Meeting.procedure_code, ""),
            sa.func.coalesce(Meeting.procedure_edition, ""),
        )
        .outerjoin(Account, Account.id == Action.owner_id)
        .outerjoin(Decision, Decision.id == Action.decision_id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
    )


def late(scope: Scope, after_id: int, most: int) -> list[LateAction]:
    """The next late actions, without those that are paused on the scope's day: one query.

    One that has come to its last stage is among them: who answers for it may be another since.
    """
    paused = sa.exists().where(
        EscalationPause.action_id == Action.id,
        EscalationPause.since <= scope.on,
        EscalationPause.until >= scope.on,
        sa.or_(EscalationPause.ended_on.is_(None), EscalationPause.ended_on > scope.on),
    )
    rows = db.session.execute(
        _late(scope.on)
        .where(is_late(scope), Action.id > after_id, ~paused)
        .order_by(Action.id)
        .limit(most)
    )
    return [LateAction(*row) for row in rows]


def action(scope: Scope, action_id: int) -> LateAction:
    """One action, late or not, as its escalation sees it."""
    query = _late(scope.on).where(Action.authority_id == scope.authority_id, Action.id == action_id)
    return LateAction(*db.session.execute(query).one())


def answers_since(scope: Scope) -> datetime:
    """Since when somebody has to have answered for that to hold on the scope's day: one query."""
    calendar = calendars.calendar_of(scope, [scope.on])
    return at_clock(domain.answers_since(scope.on, calendar), time.min)


def is_answered(since: datetime) -> sa.ColumnElement[bool]:
    """True for the stages that somebody who was told has answered, so that it holds still."""
    return sa.exists().where(
        EscalationAnswer.escalation_id == Escalation.id, EscalationAnswer.at >= since
    )


def recorded(scope: Scope, action_ids: Iterable[int]) -> list[Recorded]:
    """What is recorded of these actions, in order, with who was told: three queries.

    One whose answer holds no longer is not answered.
    """
    of_these = sa.and_(
        Escalation.authority_id == scope.authority_id, Escalation.action_id.in_(list(action_ids))
    )
    told: dict[int, set[int]] = defaultdict(set)
    for escalation_id, account_id in db.session.execute(
        sa.select(EscalationTold.escalation_id, EscalationTold.account_id)
        .join(Escalation, Escalation.id == EscalationTold.escalation_id)
        .where(of_these)
    ):
        told[escalation_id].add(account_id)
    rows: Any = db.session.execute(
        sa.select(
            Escalation.id,
            Escalation.action_id,
            Escalation.due,
            Escalation.stage,
            Escalation.title,
            Escalation.whom,
            Escalation.reached_on,
            Escalation.why,
            Escalation.nobody,
            is_answered(answers_since(scope)),
        )
        .where(of_these)
        .order_by(Escalation.id)
    )
    every: list[tuple[Any, ...]] = [
        (*row[:5], tuple(map(Whom, row.whom.split(","))), *row[6:], frozenset(told[row.id]))
        for row in rows
    ]
    return [Recorded(*facts) for facts in every]


def record(scope: Scope, new: Sequence[NewStage], at: datetime) -> None:
    """Record stages with whom they told, in the transaction under way: three statements."""
    if not new:
        return
    public_ids = [random_id() for _ in new]
    rows = [
        {
            "authority_id": scope.authority_id,
            "public_id": public_id,
            "action_id": one.action_id,
            "due": one.due,
            "stage": one.stage,
            "title": one.title,
            "whom": ",".join(one.whom),
            "reached_on": one.reached_on,
            "at": at,
            "why": one.why,
            "clauses": ",".join(one.clauses),
            "nobody": one.nobody,
        }
        for public_id, one in zip(public_ids, new, strict=True)
    ]
    db.session.execute(sa.insert(Escalation), rows)
    made = {
        row.public_id: row.id
        for row in db.session.execute(
            sa.select(Escalation.public_id, Escalation.id).where(
                Escalation.authority_id == scope.authority_id,
                Escalation.public_id.in_(public_ids),
            )
        )
    }
    _tell(
        scope, ((made[public_id], one.told) for public_id, one in zip(public_ids, new, strict=True))
    )


def record_since(scope: Scope, since: Sequence[ToldSince]) -> None:
    """Record who came to stages since they were recorded, in the transaction under way."""
    if since:
        values = [{"id": one.id, "nobody": one.nobody} for one in since]
        db.session.execute(sa.update(Escalation), values)
    _tell(scope, ((one.id, one.told) for one in since))


def _tell(scope: Scope, told: Iterable[tuple[int, Mapping[int, str]]]) -> None:
    rows = [
        {
            "authority_id": scope.authority_id,
            "escalation_id": escalation_id,
            "account_id": account_id,
            "name": name,
            "told_on": scope.on,
        }
        for escalation_id, people in told
        for account_id, name in people.items()
    ]
    if rows:
        db.session.execute(sa.insert(EscalationTold), rows)
