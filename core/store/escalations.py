"""The stages that an action has come to as its pages show them: answered, and paused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.dates import london_day
from core.domain.escalating import Pause
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import (
    Account,
    Action,
    Escalation,
    EscalationAnswer,
    EscalationPause,
    EscalationTold,
)


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who was told at a stage, by the name that they had, and when."""

    account_id: int
    name: str
    told_on: date


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody who was told answered, or who covers for them: ``by`` is whose account."""

    by: int
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
    at: datetime
    why: str
    clauses: tuple[str, ...]
    nobody: str
    told: tuple[Hearer, ...] = ()
    answers: tuple[Said, ...] = ()

    @property
    def told_apart(self) -> date | None:
        """The day on which somebody was first told, where it was reached on another; else None."""
        first = min((one.told_on for one in self.told), default=self.reached_on)
        return first if first != self.reached_on else None

    def later(self, one: Hearer) -> bool:
        """Whether somebody was told after it was recorded: they came to the post since."""
        return one.told_on > london_day(self.at)

    def holds(self, since: datetime) -> bool:
        """Whether somebody has answered since then, so that it holds (late_actions)."""
        return any(said.at >= since for said in self.answers)


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
            Escalation.at,
            Escalation.why,
            Escalation.clauses,
            Escalation.nobody,
        )
        .where(Escalation.authority_id == scope.authority_id, Escalation.action_id == action_id)
        .order_by(Escalation.id)
    ).all()
    ids = [row.id for row in rows]
    told: dict[int, list[Hearer]] = defaultdict(list)
    answers: dict[int, list[Said]] = defaultdict(list)
    if ids:
        for escalation_id, account_id, name, told_on in db.session.execute(
            sa.select(
                EscalationTold.escalation_id,
                EscalationTold.account_id,
                EscalationTold.name,
                EscalationTold.told_on,
            )
            .where(
                EscalationTold.authority_id == scope.authority_id,
                EscalationTold.escalation_id.in_(ids),
            )
            .order_by(EscalationTold.told_on, EscalationTold.name, EscalationTold.id)
        ):
            told[escalation_id].append(Hearer(account_id, name, told_on))
        for escalation_id, by, name, at, words in db.session.execute(
            sa.select(
                EscalationAnswer.escalation_id,
                EscalationAnswer.by,
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
            answers[escalation_id].append(Said(by, name, at, words))
    return [
        Reached(
            *row[:8],
            tuple(row.clauses.split(",")) if row.clauses else (),
            row.nobody,
            tuple(told[row.id]),
            tuple(answers[row.id]),
        )
        for row in rows
    ]


def unanswered(scope: Scope, action_id: int, due: date, since: datetime) -> set[int]:
    """The accounts told at the stages of a due day that nobody there has answered since then."""
    return {
        who.account_id
        for one in of_action(scope, action_id)
        if one.due == due and not one.holds(since)
        for who in one.told
    }


def hold(scope: Scope, public_id: str) -> None:
    """Hold a stage until the transaction under way ends: one answers it at a time."""
    db.session.execute(
        sa.select(Escalation.id)
        .where(Escalation.authority_id == scope.authority_id, Escalation.public_id == public_id)
        .with_for_update()
    )


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
