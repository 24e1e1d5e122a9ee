"""Decisions as they were recorded, with their outcomes, actions and onward referrals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.forums import answer_words
from core.store import board_marks, minutes
from core.store.database import db
from core.store.minutes import Amended
from core.store.outcomes import OutcomeRow, of_decisions
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import (
    Account,
    Action,
    Answer,
    AnswerVersion,
    Booking,
    Decision,
    DecisionOutcome,
    Meeting,
    OnwardReferral,
    PanelCase,
    Person,
    PersonOfChild,
)


@dataclass(frozen=True, slots=True)
class MadeAction:
    """An action that a decision made; ``outcome_code`` is "" for one that stands alone."""

    public_id: str
    outcome_code: str
    what: str
    owner: str
    due: date
    due_why: str
    progress: str
    done_on: date | None
    done_words: str
    done_means: str
    accepted_on: date | None
    ended_on: date | None
    ended_why: str


@dataclass(frozen=True, slots=True)
class MadeReferral:
    """A referral onwards that a decision made; of a person's only that it was made."""

    public_id: str
    outcome_code: str
    forum_words: str
    about_person: bool
    made_on: date
    answered_on: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision, frozen when it was recorded."""

    id: int
    public_id: str
    booking_id: int
    booking_public_id: str
    case_id: int
    case_public_id: str
    meeting_id: int
    decided_on: date
    discussion: str
    agreed: tuple[str, ...]
    rationale: str
    chair_name: str
    present: str
    return_by: date | None
    returns_on: date | None
    recorded_at: datetime
    recorded_by: str
    outcomes: tuple[OutcomeRow, ...]
    actions: tuple[MadeAction, ...]
    referrals: tuple[MadeReferral, ...]
    amendments: tuple[Amended, ...] = ()

    def amended(self, part: str) -> tuple[Amended, ...]:
        """What was amended in one part since the minutes were ratified, the latest last."""
        return tuple(one for one in self.amendments if one.part == part)


def load(
    scope: Scope,
    *,
    case_ids: Iterable[int] | None = None,
    meeting_ids: Iterable[int] | None = None,
    booking_ids: Iterable[int] | None = None,
) -> list[DecisionRow]:
    """The decisions of cases, meetings or items that the asker sees, newest first: five queries."""
    returns = aliased(Meeting)
    query = (
        sa.select(
            Decision.id,
            Decision.public_id,
            Decision.booking_id,
            Booking.public_id,
            Decision.case_id,
            PanelCase.public_id,
            Decision.meeting_id,
            Decision.decided_on,
            Decision.discussion,
            Decision.agreed,
            Decision.rationale,
            Decision.chair_name,
            Decision.present,
            Decision.return_by,
            returns.held_on,
            Decision.recorded_at,
            sa.func.coalesce(Account.name, ""),
        )
        .join(Booking, Booking.id == Decision.booking_id)
        .join(PanelCase, PanelCase.id == Decision.case_id)
        .outerjoin(returns, returns.id == Decision.return_meeting_id)
        .outerjoin(Account, Account.id == Decision.recorded_by)
        .where(Decision.authority_id == scope.authority_id, cases_seen(scope))
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
    )
    for column, ids in (
        (Decision.case_id, case_ids),
        (Decision.meeting_id, meeting_ids),
        (Decision.booking_id, booking_ids),
    ):
        if ids is not None:
            query = query.where(column.in_(list(ids)))
    rows: Any = db.session.execute(query).all()
    if not rows:
        return []
    decision_ids = [row[0] for row in rows]
    outcomes, actions, referrals = _made(scope, decision_ids)
    amended = minutes.amendments(scope, decision_ids=decision_ids)
    found = []
    for row in rows:
        agreed = tuple(filter(None, row[9].split("\n")))
        made = (tuple(part.get(row[0], ())) for part in (outcomes, actions, referrals))
        later = tuple(one for one in amended if one.decision_id == row[0])
        facts: tuple[Any, ...] = (*row[:9], agreed, *row[10:], *made, later)
        found.append(DecisionRow(*facts))
    return found


def _made(scope: Scope, decision_ids: list[int]) -> tuple[Mapping[int, list[Any]], ...]:
    """The outcomes, actions and referrals of decisions, by the decision's id."""
    outcomes = of_decisions(scope, decision_ids)
    actions: dict[int, list[Any]] = defaultdict(list)
    referrals: dict[int, list[Any]] = defaultdict(list)
    rest: Any
    for decision_id, *rest in db.session.execute(
        sa.select(
            Action.decision_id,
            Action.public_id,
            Action.outcome_code,
            Action.what,
            Action.owner_name,
            Action.due,
            Action.due_why,
            Action.progress,
            Action.done_on,
            Action.done_words,
            Action.done_means,
            Action.accepted_on,
            Action.ended_on,
            Action.ended_why,
        )
        .where(Action.authority_id == scope.authority_id, Action.decision_id.in_(decision_ids))
        .order_by(Action.id)
    ):
        actions[decision_id or 0].append(MadeAction(*rest))
    for (
        decision_id,
        public_id,
        code,
        forum,
        forum_words,
        person_id,
        made_on,
        answered_on,
        answer_code,
        answer,
    ) in db.session.execute(
        sa.select(
            OnwardReferral.decision_id,
            OnwardReferral.public_id,
            OnwardReferral.outcome_code,
            OnwardReferral.forum,
            OnwardReferral.forum_words,
            OnwardReferral.person_id,
            OnwardReferral.made_on,
            OnwardReferral.answered_on,
            OnwardReferral.answer_code,
            OnwardReferral.answer,
        )
        .where(
            OnwardReferral.authority_id == scope.authority_id,
            OnwardReferral.decision_id.in_(decision_ids),
        )
        .order_by(OnwardReferral.id)
    ):
        about = person_id is not None
        referrals[decision_id or 0].append(
            MadeReferral(
                public_id,
                code,
                "" if about else forum_words,
                about,
                made_on,
                None if about else answered_on,
                "" if about else answer_words(forum, answer_code, answer),
            )
        )
    return outcomes, actions, referrals


def recorded_by(scope: Scope, booking_id: int) -> str | None:
    """Who recorded the decision of an item, or None where there is none."""
    row = db.session.execute(
        sa.select(sa.func.coalesce(Account.name, ""))
        .select_from(Decision)
        .outerjoin(Account, Account.id == Decision.recorded_by)
        .where(Decision.authority_id == scope.authority_id, Decision.booking_id == booking_id)
    ).first()
    return row[0] if row else None


def present_at(scope: Scope, meeting_id: int) -> list[tuple[datetime, str]]:
    """Of each decision of a meeting, seen by the asker or not: when it was, and who was there."""
    rows = db.session.execute(
        sa.select(Decision.recorded_at, Decision.present).where(
            Decision.authority_id == scope.authority_id, Decision.meeting_id == meeting_id
        )
    )
    return [(at, present) for at, present in rows]


def returns_to(scope: Scope, decision_id: int, meeting_id: int) -> None:
    """Say to which meeting a case returns, where the one that was set is cancelled."""
    db.session.execute(
        sa.update(Decision)
        .where(Decision.authority_id == scope.authority_id, Decision.id == decision_id)
        .values(return_meeting_id=meeting_id)
    )


def lock_item(scope: Scope, booking_id: int) -> None:
    """Let nobody else save or settle an item until the transaction under way ends."""
    db.session.execute(
        sa.select(Booking.id)
        .where(Booking.authority_id == scope.authority_id, Booking.id == booking_id)
        .with_for_update()
    )


def insert(scope: Scope, **values: Any) -> tuple[int, str]:
    """Write a decision in the transaction under way; gives its id and public id."""
    made = db.session.execute(
        sa.insert(Decision)
        .values(authority_id=scope.authority_id, **values)
        .returning(Decision.id, Decision.public_id)
    ).one()
    return made.id, made.public_id


def insert_made(
    scope: Scope,
    decision_id: int,
    case_id: int,
    outcomes: Iterable[Mapping[str, Any]],
    actions: Iterable[Mapping[str, Any]],
    referrals: Iterable[Mapping[str, Any]],
) -> None:
    """Write what a decision consists of and what it makes, in the transaction under way."""
    own = {"authority_id": scope.authority_id, "decision_id": decision_id}
    for position, outcome in enumerate(outcomes, 1):
        db.session.execute(sa.insert(DecisionOutcome).values(position=position, **own, **outcome))
    for action in actions:
        made = sa.insert(Action).values(case_id=case_id, **own, **action).returning(Action.id)
        board_marks.acted(scope, [db.session.execute(made).scalar_one()])
    for referral in referrals:
        db.session.execute(sa.insert(OnwardReferral).values(case_id=case_id, **own, **referral))


def forget(scope: Scope, case_id: int, booking_id: int, fields: Collection[str]) -> None:
    """Empty every draft answer of these fields, in the transaction under way.

    What was typed there stands on the record of whom it is about once the decision is recorded.
    """
    theirs = sa.and_(
        Answer.authority_id == scope.authority_id,
        Answer.case_id == case_id,
        Answer.booking_id == booking_id,
        Answer.field.in_(sorted(fields)),
    )
    of_answers = sa.select(Answer.id).where(theirs)
    db.session.execute(
        sa.update(AnswerVersion)
        .where(
            AnswerVersion.authority_id == scope.authority_id,
            AnswerVersion.answer_id.in_(of_answers),
        )
        .values(value="")
    )
    db.session.execute(sa.update(Answer).where(theirs).values(value=""))


def person_around(
    scope: Scope, name: str, relation: str, children: Iterable[int], person_id: int | None
) -> int:
    """Link a person (made where ``person_id`` is None) to children; gives the person's id."""
    if person_id is None:
        person_id = db.session.execute(
            sa.insert(Person)
            .values(authority_id=scope.authority_id, name=name)
            .returning(Person.id)
        ).scalar_one()
    linked = set(
        db.session.execute(
            sa.select(PersonOfChild.child_id).where(
                PersonOfChild.authority_id == scope.authority_id,
                PersonOfChild.person_id == person_id,
                PersonOfChild.relation == relation,
            )
        ).scalars()
    )
    for child_id in children:
        if child_id not in linked:
            db.session.execute(
                sa.insert(PersonOfChild).values(
                    authority_id=scope.authority_id,
                    person_id=person_id,
                    child_id=child_id,
                    relation=relation,
                )
            )
    return person_id
