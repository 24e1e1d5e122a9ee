"""What meetings decided and what came of it: outcomes, actions and onward referrals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.meeting import MeetingState
from core.store.agenda import AgendaChild, children
from core.store.database import db
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import (
    Action,
    Booking,
    Decision,
    DecisionOutcome,
    Meeting,
    OnwardReferral,
    PanelCase,
)


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    words: str
    clauses: tuple[str, ...]
    force: str
    ground_words: str


@dataclass(frozen=True, slots=True)
class ActionLine:
    public_id: str
    what: str
    owner: str
    due: date
    progress: str
    done_on: date | None
    done_words: str


@dataclass(frozen=True, slots=True)
class OnwardLine:
    """A referral to another forum; of one about a person only that it was made."""

    public_id: str
    forum: str
    about_person: bool
    made_on: date
    answered_on: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision on a case that the asker sees, with everything that it made."""

    id: int
    meeting_id: int
    booking_public_id: str
    case_public_id: str
    case_id: int
    decided_on: date
    rationale: str
    return_by: date | None
    outcomes: tuple[OutcomeLine, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    onward: tuple[OnwardLine, ...] = ()
    children: tuple[AgendaChild, ...] = ()

    @property
    def names(self) -> str:
        return ", ".join(child.name for child in self.children)


def _earlier(scope: Scope, meeting: MeetingRow) -> tuple[Any, ...]:
    return (
        Meeting.authority_id == scope.authority_id,
        Meeting.procedure_code == meeting.procedure_code,
        Meeting.body_code == meeting.body_code,
        Meeting.held_on < meeting.held_on,
        Meeting.state != MeetingState.PLANNED,
    )


def decided(scope: Scope, meeting: MeetingRow) -> tuple[list[Decided], list[Decided]]:
    """What is decided here, and what earlier meetings of the body decided that is still to review.

    Earlier: everything of the last meeting that was held, and of those before it whatever made an
    action or a referral that is open, or was ended since that last meeting. Five queries.
    """
    earlier = _earlier(scope, meeting)
    last = sa.select(Meeting.id).where(*earlier).order_by(Meeting.held_on.desc()).limit(1)
    since = sa.select(sa.func.max(Meeting.held_on)).where(*earlier).scalar_subquery()
    moving = sa.or_(
        sa.exists().where(
            Action.decision_id == Decision.id,
            sa.or_(Action.done_on.is_(None), Action.done_on >= since),
        ),
        sa.exists().where(
            OnwardReferral.decision_id == Decision.id,
            sa.or_(OnwardReferral.answered_on.is_(None), OnwardReferral.answered_on >= since),
        ),
    )
    which = (
        Decision.authority_id == scope.authority_id,
        sa.or_(
            Decision.meeting_id == meeting.id,
            Decision.meeting_id == last.scalar_subquery(),
            sa.and_(Decision.meeting_id.in_(sa.select(Meeting.id).where(*earlier)), moving),
        ),
        cases_seen(scope),
    )
    rows = db.session.execute(
        sa.select(
            Decision.id,
            Decision.meeting_id,
            Booking.public_id,
            PanelCase.public_id,
            Decision.case_id,
            Decision.decided_on,
            Decision.rationale,
            Decision.return_by,
        )
        .join(PanelCase, PanelCase.id == Decision.case_id)
        .join(Booking, Booking.id == Decision.booking_id)
        .where(*which)
        .order_by(Decision.decided_on.desc(), Booking.position, Decision.id)
    ).all()
    ids = [row[0] for row in rows]
    if not ids:
        return [], []
    of_case = children(scope, [row[4] for row in rows])
    outcomes, actions, onward = _outcomes(scope, ids), _actions(scope, ids), _onward(scope, ids)
    made = [
        Decided(
            *row,
            outcomes=tuple(outcomes.get(row[0], ())),
            actions=tuple(actions.get(row[0], ())),
            onward=tuple(onward.get(row[0], ())),
            children=of_case.get(row[4], ()),
        )
        for row in rows
    ]
    return (
        [d for d in made if d.meeting_id == meeting.id],
        [d for d in made if d.meeting_id != meeting.id],
    )


def _outcomes(scope: Scope, ids: list[int]) -> dict[int, list[OutcomeLine]]:
    found: dict[int, list[OutcomeLine]] = {}
    for decision, words, clauses, force, ground in db.session.execute(
        sa.select(
            DecisionOutcome.decision_id,
            DecisionOutcome.words,
            DecisionOutcome.clauses,
            DecisionOutcome.force,
            DecisionOutcome.ground_words,
        )
        .where(
            DecisionOutcome.authority_id == scope.authority_id,
            DecisionOutcome.decision_id.in_(ids),
        )
        .order_by(DecisionOutcome.position, DecisionOutcome.id)
    ):
        cited = tuple(clauses.replace(",", " ").split())
        found.setdefault(decision, []).append(OutcomeLine(words, cited, force, ground))
    return found


def _actions(scope: Scope, ids: list[int]) -> dict[int, list[ActionLine]]:
    found: dict[int, list[ActionLine]] = {}
    for decision, public_id, what, owner, due, progress, done_on, words in db.session.execute(
        sa.select(
            Action.decision_id,
            Action.public_id,
            Action.what,
            Action.owner_name,
            Action.due,
            Action.progress,
            Action.done_on,
            Action.done_words,
        )
        .where(Action.authority_id == scope.authority_id, Action.decision_id.in_(ids))
        .order_by(Action.done_on.is_not(None), Action.due, Action.id)
    ):
        found.setdefault(decision, []).append(
            ActionLine(public_id, what, owner, due, progress, done_on, words)
        )
    return found


def _onward(scope: Scope, ids: list[int]) -> dict[int, list[OnwardLine]]:
    found: dict[int, list[OnwardLine]] = {}
    for decision, public_id, words, person_id, made_on, answered_on, answer in db.session.execute(
        sa.select(
            OnwardReferral.decision_id,
            OnwardReferral.public_id,
            OnwardReferral.forum_words,
            OnwardReferral.person_id,
            OnwardReferral.made_on,
            OnwardReferral.answered_on,
            OnwardReferral.answer,
        )
        .where(
            OnwardReferral.authority_id == scope.authority_id,
            OnwardReferral.decision_id.in_(ids),
        )
        .order_by(OnwardReferral.made_on, OnwardReferral.id)
    ):
        about_person = person_id is not None
        found.setdefault(decision, []).append(
            OnwardLine(
                public_id,
                "" if about_person else words,
                about_person,
                made_on,
                answered_on,
                "" if about_person else answer,
            )
        )
    return found
