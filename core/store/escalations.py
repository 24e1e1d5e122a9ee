"""Late actions and the stages they have come to: found, recorded once, answered and paused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.escalating import Pause
from core.store import action_states
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

    The procedure is that of the meeting which made it, "" where none did.
    """

    id: int
    public_id: str
    due: date
    owner_id: int | None
    owner: str
    owner_active: bool
    case_id: int | None
    child_id: int | None
    procedure_code: str
    procedure_edition: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody who was told answered."""

    name: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage that an action came to: who was told, and what they answered."""

    id: int
    public_id: str
    due: date
    stage: str
    title: str
    reached_on: date
    why: str
    clauses: tuple[str, ...]
    nobody: str
    told: tuple[tuple[int, str], ...] = ()
    answers: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A pause of an action's escalation, with who made it and who ended it by hand."""

    public_id: str
    since: date
    until: date
    why: str
    by: str
    ended_on: date | None
    ended_by: str

    @property
    def pause(self) -> Pause:
        return Pause(self.since, self.until, self.ended_on)


@dataclass(frozen=True, slots=True)
class NewStage:
    """A stage to record of an action, with whom it tells (account and name)."""

    action_id: int
    due: date
    stage: str
    title: str
    reached_on: date
    why: str
    clauses: tuple[str, ...]
    nobody: str
    last: bool
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


def _late() -> Any:
    return (
        sa.select(
            Action.id,
            Action.public_id,
            Action.due,
            Action.owner_id,
            Action.owner_name,
            sa.func.coalesce(Account.active, sa.false()),
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
    """The next late actions that have not come to the last stage of their due day: one query.

    Those that are paused on the scope's day are left out.
    """
    at_the_end = sa.exists().where(
        Escalation.action_id == Action.id, Escalation.due == Action.due, Escalation.last
    )
    paused = sa.exists().where(
        EscalationPause.action_id == Action.id,
        EscalationPause.since <= scope.on,
        EscalationPause.until >= scope.on,
        sa.or_(EscalationPause.ended_on.is_(None), EscalationPause.ended_on > scope.on),
    )
    rows = db.session.execute(
        _late()
        .where(is_late(scope), Action.id > after_id, ~at_the_end, ~paused)
        .order_by(Action.id)
        .limit(most)
    )
    return [LateAction(*row) for row in rows]


def action(scope: Scope, action_id: int) -> LateAction:
    """One action, late or not, as its escalation sees it."""
    query = _late().where(Action.authority_id == scope.authority_id, Action.id == action_id)
    return LateAction(*db.session.execute(query).one())


def recorded(scope: Scope, action_ids: Iterable[int]) -> set[tuple[int, date, str]]:
    """What is recorded of these actions: action, due day and stage."""
    rows = db.session.execute(
        sa.select(Escalation.action_id, Escalation.due, Escalation.stage).where(
            Escalation.authority_id == scope.authority_id,
            Escalation.action_id.in_(list(action_ids)),
        )
    )
    return {(row.action_id, row.due, row.stage) for row in rows}


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
            "reached_on": one.reached_on,
            "at": at,
            "why": one.why,
            "clauses": ",".join(one.clauses),
            "nobody": one.nobody,
            "last": one.last,
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
    told = [
        {
            "authority_id": scope.authority_id,
            "escalation_id": made[public_id],
            "account_id": account_id,
            "name": name,
        }
        for public_id, one in zip(public_ids, new, strict=True)
        for account_id, name in one.told.items()
    ]
    if told:
        db.session.execute(sa.insert(EscalationTold), told)


def of_action(scope: Scope, action_id: int) -> list[Reached]:
    """Every stage that an action came to, in order: three queries."""
    rows = db.session.execute(
        sa.select(
            Escalation.id,
            Escalation.public_id,
            Escalation.due,
            Escalation.stage,
            Escalation.title,
            Escalation.reached_on,
            Escalation.why,
            Escalation.clauses,
            Escalation.nobody,
        )
        .where(Escalation.authority_id == scope.authority_id, Escalation.action_id == action_id)
        .order_by(Escalation.id)
    ).all()
    ids = [row.id for row in rows]
    told: dict[int, list[tuple[int, str]]] = defaultdict(list)
    answers: dict[int, list[Said]] = defaultdict(list)
    if ids:
        for escalation_id, account_id, name in db.session.execute(
            sa.select(EscalationTold.escalation_id, EscalationTold.account_id, EscalationTold.name)
            .where(
                EscalationTold.authority_id == scope.authority_id,
                EscalationTold.escalation_id.in_(ids),
            )
            .order_by(EscalationTold.name, EscalationTold.id)
        ):
            told[escalation_id].append((account_id, name))
        for escalation_id, name, at, words in db.session.execute(
            sa.select(
                EscalationAnswer.escalation_id,
                Account.name,
                EscalationAnswer.at,
                EscalationAnswer.words,
            )
            .join(Account, Account.id == EscalationAnswer.by)
            .where(
                EscalationAnswer.authority_id == scope.authority_id,
                EscalationAnswer.escalation_id.in_(ids),
            )
            .order_by(EscalationAnswer.id)
        ):
            answers[escalation_id].append(Said(name, at, words))
    return [
        Reached(
            *row[:7],
            tuple(row.clauses.split(",")) if row.clauses else (),
            row.nobody,
            tuple(told[row.id]),
            tuple(answers[row.id]),
        )
        for row in rows
    ]


def answer(scope: Scope, escalation_id: int, words: str, at: datetime) -> None:
    """Add an answer, in the transaction under way."""
    db.session.execute(
        sa.insert(EscalationAnswer).values(
            authority_id=scope.authority_id,
            escalation_id=escalation_id,
            at=at,
            by=scope.account_id,
            words=words,
        )
    )


def pauses(scope: Scope, action_ids: Iterable[int]) -> dict[int, list[PauseRow]]:
    """The pauses of these actions, by the action's id, in order: one query."""
    by, ended_by = aliased(Account), aliased(Account)
    rows: Any = db.session.execute(
        sa.select(
            EscalationPause.action_id,
            EscalationPause.public_id,
            EscalationPause.since,
            EscalationPause.until,
            EscalationPause.why,
            sa.func.coalesce(by.name, ""),
            EscalationPause.ended_on,
            sa.func.coalesce(ended_by.name, ""),
        )
        .outerjoin(by, by.id == EscalationPause.made_by)
        .outerjoin(ended_by, ended_by.id == EscalationPause.ended_by)
        .where(
            EscalationPause.authority_id == scope.authority_id,
            EscalationPause.action_id.in_(list(action_ids)),
        )
        .order_by(EscalationPause.id)
    )
    found: dict[int, list[PauseRow]] = defaultdict(list)
    for action_id, *facts in rows:
        found[action_id].append(PauseRow(*facts))
    return found


def lock(scope: Scope, action_id: int) -> None:
    """Hold an action until the transaction ends: of two who pause it one is first."""
    db.session.execute(
        sa.select(Action.id)
        .where(Action.authority_id == scope.authority_id, Action.id == action_id)
        .with_for_update()
    )


def pause(scope: Scope, action_id: int, until: date, why: str, at: datetime) -> None:
    """Pause an action's escalation from today on, in the transaction under way."""
    db.session.execute(
        sa.insert(EscalationPause).values(
            authority_id=scope.authority_id,
            action_id=action_id,
            since=scope.on,
            until=until,
            why=why,
            made_at=at,
            made_by=scope.account_id,
        )
    )


def end_pause(scope: Scope, action_id: int, public_id: str) -> bool:
    """End a pause today; false where it has ended, or somebody else was first."""
    done = db.session.execute(
        sa.update(EscalationPause)
        .where(
            EscalationPause.authority_id == scope.authority_id,
            EscalationPause.action_id == action_id,
            EscalationPause.public_id == public_id,
            EscalationPause.ended_on.is_(None),
            EscalationPause.until >= scope.on,
        )
        .values(ended_on=scope.on, ended_by=scope.account_id)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
