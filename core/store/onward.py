"""Referrals onward: each open until its answer is recorded; a person's stands on their record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.naming import child_name
from core.domain.sight import What
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import (
    Account,
    Booking,
    CaseChild,
    Child,
    Decision,
    DecisionOutcome,
    Entry,
    EntryStatement,
    Meeting,
    OnwardReferral,
    PanelCase,
    Person,
)
from core.store.withdrawn_sight import takes_part


@dataclass(frozen=True, slots=True)
class OnwardRow:
    """A referral to another forum; with ``person_public_id`` it is about that person.

    ``case_id`` is None for one made of a child beside any case; ``made_by`` is "" for one that a
    decision made.
    """

    id: int
    public_id: str
    version: int
    outcome_code: str
    forum: str
    forum_words: str
    clauses: str
    asked: str
    made_on: date
    made_by: str
    answered_on: date | None
    answer_code: str
    answer: str
    answered_by: str
    answered_at: datetime | None
    recorded_at: datetime | None
    recorded_code: str
    recorded_on: date | None
    recorded_answer: str
    facts: list[str]
    child_id: int | None
    case_id: int | None
    case_public_id: str | None
    decision_id: int | None
    procedure_code: str
    procedure_edition: str
    body_code: str
    booking_public_id: str | None
    person_public_id: str | None
    person_name: str | None

    @property
    def corrected(self) -> bool:
        """Whether another answer, or another day, was given after one had gone into the record.

        Other words alone are the same answer.
        """
        now = (self.answer_code, self.answered_on)
        return self.recorded_at is not None and now != (self.recorded_code, self.recorded_on)

    @property
    def cited(self) -> tuple[str, ...]:
        return tuple(self.clauses.split())


@dataclass(frozen=True, slots=True)
class ChildOf:
    """A child of a referral, of those whom the asker sees."""

    id: int
    public_id: str
    name: str


def seen(scope: Scope) -> sa.ColumnElement[bool]:
    """True for the referrals that the asker sees, as cases are seen; ``panel_case`` is joined.

    One of no case is seen with the child's cases.
    """
    of_child = sa.select(Child.id).where(children_seen(scope, What.CASES))
    return sa.and_(
        OnwardReferral.authority_id == scope.authority_id,
        sa.or_(
            sa.and_(OnwardReferral.case_id.is_not(None), cases_seen(scope)),
            sa.and_(OnwardReferral.case_id.is_(None), OnwardReferral.child_id.in_(of_child)),
        ),
    )


def find(scope: Scope, public_id: str) -> OnwardRow | None:
    """A referral by its public id, or None where the asker does not see it."""
    maker, answerer = aliased(Account), aliased(Account)
    row: Any = db.session.execute(
        sa.select(
            OnwardReferral.id,
            OnwardReferral.public_id,
            OnwardReferral.version,
            OnwardReferral.outcome_code,
            OnwardReferral.forum,
            OnwardReferral.forum_words,
            OnwardReferral.clauses,
            OnwardReferral.asked,
            OnwardReferral.made_on,
            sa.func.coalesce(maker.name, ""),
            OnwardReferral.answered_on,
            OnwardReferral.answer_code,
            OnwardReferral.answer,
            sa.func.coalesce(answerer.name, ""),
            OnwardReferral.answered_at,
            OnwardReferral.recorded_at,
            OnwardReferral.recorded_code,
            OnwardReferral.recorded_on,
            OnwardReferral.recorded_answer,
            OnwardReferral.facts,
            OnwardReferral.child_id,
            PanelCase.id,
            PanelCase.public_id,
            OnwardReferral.decision_id,
            sa.func.coalesce(PanelCase.procedure_code, ""),
            sa.func.coalesce(PanelCase.procedure_edition, ""),
            sa.func.coalesce(Meeting.body_code, ""),
            sa.case((takes_part(scope), Booking.public_id)),
            Person.public_id,
            Person.name,
        )
        .outerjoin(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .outerjoin(Decision, Decision.id == OnwardReferral.decision_id)
        .outerjoin(Booking, Booking.id == Decision.booking_id)
        .outerjoin(Meeting, Meeting.id == Decision.meeting_id)
        .outerjoin(Person, Person.id == OnwardReferral.person_id)
        .outerjoin(maker, maker.id == OnwardReferral.made_by)
        .outerjoin(answerer, answerer.id == OnwardReferral.answered_by)
        .where(OnwardReferral.public_id == public_id, seen(scope))
    ).first()
    return OnwardRow(*row) if row else None


def children(scope: Scope, referral_ids: list[int]) -> dict[int, list[ChildOf]]:
    """The children of referrals, of those the asker sees, by the referral's id: one query.

    A child who was withdrawn from the case is none of them, and one about a person names nobody.
    """
    if not referral_ids:
        return {}
    rows = db.session.execute(
        sa.select(
            OnwardReferral.id,
            Child.id,
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
        )
        .select_from(OnwardReferral)
        .outerjoin(
            CaseChild,
            sa.and_(CaseChild.case_id == OnwardReferral.case_id, CaseChild.withdrawn_at.is_(None)),
        )
        .join(Child, Child.id == sa.func.coalesce(OnwardReferral.child_id, CaseChild.child_id))
        .where(
            OnwardReferral.authority_id == scope.authority_id,
            OnwardReferral.id.in_(referral_ids),
            OnwardReferral.person_id.is_(None),
            children_seen(scope),
        )
        .order_by(OnwardReferral.id, Child.born, Child.id)
    )
    found: dict[int, list[ChildOf]] = {}
    for referral_id, child_id, public_id, given, family, local_id in rows:
        named = ChildOf(child_id, public_id, child_name(given, family, local_id))
        if named not in found.setdefault(referral_id, []):
            found[referral_id].append(named)
    return found


def open_with(
    scope: Scope, forum: str, *, child_id: int | None, case_id: int | None
) -> list[tuple[str, date, str]]:
    """The open referrals to a forum that the asker sees, of a child or a case with its children.

    The public id of each, the day and by whom it was made, "" for a decision; first the earliest.
    Of those about a person nothing is said.
    """
    of_case = sa.select(CaseChild.child_id).where(CaseChild.case_id == case_id)
    with_child = sa.select(CaseChild.case_id).where(
        CaseChild.child_id == child_id, CaseChild.withdrawn_at.is_(None)
    )
    of = (
        sa.or_(OnwardReferral.case_id == case_id, OnwardReferral.child_id.in_(of_case))
        if case_id is not None
        else sa.or_(OnwardReferral.child_id == child_id, OnwardReferral.case_id.in_(with_child))
    )
    rows = db.session.execute(
        sa.select(
            OnwardReferral.public_id, OnwardReferral.made_on, sa.func.coalesce(Account.name, "")
        )
        .select_from(OnwardReferral)
        .outerjoin(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .outerjoin(Account, Account.id == OnwardReferral.made_by)
        .where(
            seen(scope),
            OnwardReferral.forum == forum,
            OnwardReferral.answered_on.is_(None),
            OnwardReferral.person_id.is_(None),
            of,
        )
        .order_by(OnwardReferral.made_on, OnwardReferral.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def make(scope: Scope, **values: Any) -> str:
    """Write a referral in the transaction under way; gives its public id."""
    public_id: str = db.session.execute(
        sa.insert(OnwardReferral)
        .values(authority_id=scope.authority_id, made_by=scope.account_id, **values)
        .returning(OnwardReferral.public_id)
    ).scalar_one()
    return public_id


def answer(
    scope: Scope,
    referral_id: int,
    seen: int,
    answered_on: date,
    code: str,
    words: str,
    at: datetime,
) -> bool:
    """Record an answer against the version seen, in the transaction under way."""
    done = db.session.execute(
        sa.update(OnwardReferral)
        .where(
            OnwardReferral.authority_id == scope.authority_id,
            OnwardReferral.id == referral_id,
            OnwardReferral.version == seen,
        )
        .values(
            version=seen + 1,
            answered_on=answered_on,
            answer_code=code,
            answer=words,
            answered_at=at,
            answered_by=scope.account_id,
        )
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def recorded(scope: Scope, referral_id: int, facts: list[str], at: datetime) -> None:
    """Keep that the answer just recorded is in the record, and in which entries of it."""
    row = OnwardReferral
    db.session.execute(
        sa.update(row)
        .where(row.authority_id == scope.authority_id, row.id == referral_id)
        .values(
            recorded_at=at,
            recorded_code=row.answer_code,
            recorded_on=row.answered_on,
            recorded_answer=row.answer,
            facts=facts,
        )
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision asks of a forum: its outcome's words, and why it was decided."""

    words: str
    rationale: str


def decided(scope: Scope, row: OnwardRow) -> Decided | None:
    """What the decision asks that made a referral, for who sees its item: one query at most."""
    if row.decision_id is None or row.booking_public_id is None:
        return None
    found = db.session.execute(
        sa.select(sa.func.coalesce(DecisionOutcome.words, ""), Decision.rationale)
        .select_from(Decision)
        .outerjoin(
            DecisionOutcome,
            sa.and_(
                DecisionOutcome.decision_id == Decision.id,
                DecisionOutcome.code == row.outcome_code,
            ),
        )
        .where(Decision.authority_id == scope.authority_id, Decision.id == row.decision_id)
        .order_by(DecisionOutcome.id)
    ).first()
    return Decided(*found) if found is not None else None


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry of a child's record that says an answer; ``touched_at`` is when a person last said
    something of it there, or took it out."""

    public_id: str
    child_id: int
    touched_at: datetime | None


def facts_of(scope: Scope, row: OnwardRow) -> list[Fact]:
    """The entries of the record that say a referral's answer, of children whose plan is seen."""
    said = EntryStatement
    last = sa.func.max(sa.case((said.format == "", said.stated_at)))
    rows = db.session.execute(
        sa.select(Entry.public_id, Entry.child_id, Entry.taken_out_at, last)
        .join(Child, Child.id == Entry.child_id)
        .outerjoin(said, said.entry_id == Entry.id)
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.public_id.in_(row.facts),
            children_seen(scope, What.PLAN),
        )
        .group_by(Entry.id, Entry.public_id, Entry.child_id, Entry.taken_out_at)
        .order_by(Entry.id)
    )
    return [
        Fact(public_id, child_id, max(filter(None, (out, last)), default=None))
        for public_id, child_id, out, last in rows
    ]


@dataclass(frozen=True, slots=True)
class AnswerIn:
    """The answer that an entry of the record says: of which forum, and to the referral of when."""

    public_id: str
    forum_words: str
    made_on: date


def answers_in(scope: Scope, child_id: int) -> dict[str, AnswerIn]:
    """By an entry's public id the answer that it says, of the referrals of a child: one query."""
    of_child = sa.select(CaseChild.case_id).where(
        CaseChild.authority_id == scope.authority_id, CaseChild.child_id == child_id
    )
    row = OnwardReferral
    rows = db.session.execute(
        sa.select(row.facts, row.public_id, row.forum_words, row.made_on)
        .outerjoin(PanelCase, PanelCase.id == row.case_id)
        .where(
            seen(scope),
            row.recorded_at.is_not(None),
            sa.or_(row.child_id == child_id, row.case_id.in_(of_child)),
        )
    )
    found: dict[str, AnswerIn] = {}
    answer: Any
    for facts, *answer in rows:
        found |= dict.fromkeys(facts, AnswerIn(*answer))
    return found
