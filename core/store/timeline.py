"""Meetings that considered a child, what they decided, and where the child was referred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.domain.dates import london_day
from core.domain.meeting import BookingState, MeetingState
from core.registry import Registry
from core.store.database import db
from core.store.deadlines import DeadlineFact
from core.store.deadlines import every as every_deadline
from core.store.onward import seen
from core.store.outcomes import OutcomeRow, of_decisions
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import (
    Booking,
    CaseChild,
    Decision,
    Meeting,
    OnwardReferral,
    PanelCase,
)
from core.store.withdrawn_sight import takes_part


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """A meeting at which a case of the child was heard, or for which it is booked.

    ``outcomes`` are those of its decision, made on ``decided_on``.
    """

    held_on: date
    heard: bool
    procedure_code: str
    procedure_edition: str
    body_code: str
    decided_on: date | None
    outcomes: tuple[OutcomeRow, ...]


@dataclass(frozen=True, slots=True)
class HandOff:
    """A referral of the child to another body, and which answer it gave when, in what words."""

    forum: str
    forum_words: str
    made_on: date
    answered_on: date | None
    answer_code: str
    answer: str


def meetings(scope: Scope, child_id: int) -> list[MeetingFact]:
    """The meetings of the child's cases that the asker sees, in their order: two queries.

    Not those from whose item the asker has withdrawn, nor those of a case from which the child had
    been withdrawn by then.
    """
    rows = db.session.execute(
        sa.select(
            Meeting.held_on,
            Booking.state,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            Decision.id,
            Decision.decided_on,
            CaseChild.withdrawn_at,
        )
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .join(CaseChild, CaseChild.case_id == PanelCase.id)
        .outerjoin(Decision, Decision.booking_id == Booking.id)
        .where(
            Booking.authority_id == scope.authority_id,
            CaseChild.child_id == child_id,
            cases_seen(scope),
            takes_part(scope),
            Meeting.state != MeetingState.CANCELLED,
            Booking.state.in_((BookingState.HEARD, BookingState.BOOKED)),
        )
        .order_by(Meeting.held_on, Booking.id)
    ).all()
    made = of_decisions(scope, [row.id for row in rows if row.id is not None])
    return [
        MeetingFact(
            row.held_on,
            row.state == BookingState.HEARD,
            row.procedure_code,
            row.procedure_edition,
            row.body_code,
            row.decided_on,
            tuple(made.get(row.id, ())),
        )
        for row in rows
        if _of_the_child(row.withdrawn_at, row.held_on)
    ]


def _of_the_child(withdrawn_at: datetime | None, on: date) -> bool:
    return withdrawn_at is None or on < london_day(withdrawn_at)


def hand_offs(scope: Scope, child_id: int) -> list[HandOff]:
    """The referrals of the child to other bodies, about nobody else: one query."""
    of_child = sa.select(CaseChild.case_id).where(
        CaseChild.authority_id == scope.authority_id, CaseChild.child_id == child_id
    )
    rows = db.session.execute(
        sa.select(
            OnwardReferral.forum,
            OnwardReferral.forum_words,
            OnwardReferral.made_on,
            OnwardReferral.answered_on,
            OnwardReferral.answer_code,
            OnwardReferral.answer,
        )
        .outerjoin(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .where(
            seen(scope),
            OnwardReferral.person_id.is_(None),
            sa.or_(OnwardReferral.case_id.in_(of_child), OnwardReferral.child_id == child_id),
        )
        .order_by(OnwardReferral.made_on, OnwardReferral.id)
    )
    return [HandOff(*row) for row in rows]


def clocks(scope: Scope, registry: Registry, child_id: int, on: date) -> list[DeadlineFact]:
    """The child's deadlines of every period of care that had begun by a day: one query."""
    return [fact for fact in every_deadline(scope, registry, child_id) if _there(fact, on)]


def _there(fact: DeadlineFact, on: date) -> bool:
    """Whether it is one of a day: of earlier periods too, but not what another has replaced."""
    begun = fact.what.begins is None or fact.what.begins <= on
    return begun and (not fact.what.latest or fact.what.there(on))
