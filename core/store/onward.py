"""Onward referrals: each open until its answer is recorded; a person's stands on their record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Booking, Decision, OnwardReferral, PanelCase, Person
from core.store.withdrawn_sight import takes_part


@dataclass(frozen=True, slots=True)
class OnwardRow:
    """A referral to another forum; with ``person_public_id`` it is about that person."""

    id: int
    public_id: str
    version: int
    outcome_code: str
    forum_words: str
    made_on: date
    answered_on: date | None
    answer: str
    case_id: int
    case_public_id: str
    booking_public_id: str | None
    person_public_id: str | None
    person_name: str | None


def find(scope: Scope, public_id: str) -> OnwardRow | None:
    """A referral by its public id, or None where the asker does not see its case."""
    row: Any = db.session.execute(
        sa.select(
            OnwardReferral.id,
            OnwardReferral.public_id,
            OnwardReferral.version,
            OnwardReferral.outcome_code,
            OnwardReferral.forum_words,
            OnwardReferral.made_on,
            OnwardReferral.answered_on,
            OnwardReferral.answer,
            PanelCase.id,
            PanelCase.public_id,
            sa.case((takes_part(scope), Booking.public_id)),
            Person.public_id,
            Person.name,
        )
        .join(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .join(Decision, Decision.id == OnwardReferral.decision_id)
        .join(Booking, Booking.id == Decision.booking_id)
        .outerjoin(Person, Person.id == OnwardReferral.person_id)
        .where(
            OnwardReferral.authority_id == scope.authority_id,
            OnwardReferral.public_id == public_id,
            cases_seen(scope),
        )
    ).first()
    return OnwardRow(*row) if row else None


def answer(
    scope: Scope, referral_id: int, seen: int, answered_on: date, words: str, at: datetime
) -> bool:
    """Record an answer against the version seen, in the transaction under way."""
    done = db.session.execute(
        sa.update(OnwardReferral)
        .where(
            OnwardReferral.authority_id == scope.authority_id,
            OnwardReferral.id == referral_id,
            OnwardReferral.version == seen,
        )
        .values(version=seen + 1, answered_on=answered_on, answer=words, answered_at=at)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
