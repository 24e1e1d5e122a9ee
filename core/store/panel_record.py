"""What was brought to panel of one child: cases, their meetings, actions and onward referrals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.domain.forums import answer_words
from core.store import action_states
from core.store.database import db
from core.store.onward import seen
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import (
    Account,
    Action,
    Booking,
    CaseChild,
    Meeting,
    OnwardReferral,
    PanelCase,
    Person,
    PersonOfChild,
)


@dataclass(frozen=True, slots=True)
class MeetingOfCase:
    """A meeting on whose agenda a case stands; ``state`` is the booking's."""

    public_id: str
    held_on: date
    state: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case of a child, with the meeting asked for and those that it was booked onto."""

    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    state: str
    opened_at: datetime
    submitted_at: datetime | None
    referrer: str
    asked_for: date | None
    of_one_child: bool
    meetings: tuple[MeetingOfCase, ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action; not ``of_child_now`` where the child was withdrawn from the case of it."""

    public_id: str
    what: str
    owner: str
    due: date
    done_on: date | None
    accepted_on: date | None
    ended_on: date | None
    of_child_now: bool = True

    @property
    def is_open(self) -> bool:
        return self.accepted_on is None and self.ended_on is None

    @property
    def waits(self) -> bool:
        """Whether it is said to be done and nobody else has accepted that."""
        return self.is_open and self.done_on is not None


@dataclass(frozen=True, slots=True)
class OnwardRow:
    """A referral to another forum, with its answer in words where one is recorded."""

    public_id: str
    forum: str
    made_on: date
    answered_on: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class Onward:
    """Referrals about the child, and the days on which one was made about somebody else.

    Of the latter nothing but that it was made stands on a child's record.
    """

    of_child: tuple[OnwardRow, ...]
    of_others: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    public_id: str
    name: str
    relation: str


def _of_child(scope: Scope, child_id: int) -> sa.Select[Any]:
    return sa.select(CaseChild.case_id).where(
        CaseChild.authority_id == scope.authority_id, CaseChild.child_id == child_id
    )


def cases(scope: Scope, child_id: int) -> list[CaseRow]:
    """The child's cases, the latest first: two queries."""
    mine = sa.and_(cases_seen(scope), PanelCase.id.in_(_of_child(scope, child_id)))
    booked: dict[int, list[MeetingOfCase]] = {}
    for row in db.session.execute(
        sa.select(Booking.case_id, Meeting.public_id, Meeting.held_on, Booking.state)
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .where(mine, Booking.authority_id == scope.authority_id)
        .order_by(Meeting.held_on.desc(), Booking.id.desc())
    ):
        booked.setdefault(row[0], []).append(MeetingOfCase(*row[1:]))
    rows = db.session.execute(
        sa.select(
            PanelCase.id,
            PanelCase.public_id,
            PanelCase.procedure_code,
            PanelCase.procedure_edition,
            PanelCase.body_code,
            PanelCase.state,
            PanelCase.opened_at,
            PanelCase.submitted_at,
            sa.func.coalesce(Account.name, ""),
            Meeting.held_on,
            PanelCase.of_one_child,
        )
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .outerjoin(Meeting, Meeting.id == PanelCase.meeting_id)
        .where(mine)
        .order_by(PanelCase.opened_at.desc(), PanelCase.id.desc())
    )
    found: list[CaseRow] = []
    for case in rows:
        facts: Any = (*tuple(case)[1:], tuple(booked.get(case.id, ())))
        found.append(CaseRow(*facts))
    return found


def actions(scope: Scope, child_id: int) -> list[ActionRow]:
    """The actions of the child's cases and of trackers, the open ones first, by date."""
    mine = sa.func.coalesce(Action.child_id, 0) == child_id
    still = _of_child(scope, child_id).where(CaseChild.withdrawn_at.is_(None))
    rows = db.session.execute(
        sa.select(
            Action.public_id,
            Action.what,
            Action.owner_name,
            Action.due,
            Action.done_on,
            Action.accepted_on,
            Action.ended_on,
            sa.or_(Action.case_id.is_(None), Action.case_id.in_(still), mine),
        )
        .outerjoin(PanelCase, PanelCase.id == Action.case_id)
        .where(
            Action.authority_id == scope.authority_id,
            sa.or_(
                sa.and_(cases_seen(scope), Action.case_id.in_(_of_child(scope, child_id))),
                Action.child_id == child_id,
            ),
        )
        .order_by(sa.not_(action_states.still_open()), Action.due, Action.id)
    )
    return [ActionRow(*row) for row in rows]


def onward(scope: Scope, child_id: int) -> Onward:
    """What was referred onward of the child, from cases or beside them, the latest first."""
    rows = db.session.execute(
        sa.select(
            OnwardReferral.person_id,
            OnwardReferral.public_id,
            OnwardReferral.forum_words,
            OnwardReferral.made_on,
            OnwardReferral.answered_on,
            OnwardReferral.forum,
            OnwardReferral.answer_code,
            OnwardReferral.answer,
        )
        .outerjoin(PanelCase, PanelCase.id == OnwardReferral.case_id)
        .where(
            seen(scope),
            sa.or_(
                OnwardReferral.case_id.in_(_of_child(scope, child_id)),
                OnwardReferral.child_id == child_id,
            ),
        )
        .order_by(OnwardReferral.made_on.desc(), OnwardReferral.id.desc())
    ).all()
    return Onward(
        tuple(
            OnwardRow(*row[1:5], answer_words(row.forum, row.answer_code, row.answer))
            for row in rows
            if row.person_id is None
        ),
        tuple(row.made_on for row in rows if row.person_id is not None),
    )


def people(scope: Scope, child_id: int) -> list[PersonRow]:
    """The people around a child who have a record of their own; the child is one the asker sees."""
    rows = db.session.execute(
        sa.select(Person.public_id, Person.name, PersonOfChild.relation)
        .join(Person, Person.id == PersonOfChild.person_id)
        .where(PersonOfChild.authority_id == scope.authority_id, PersonOfChild.child_id == child_id)
        .order_by(PersonOfChild.relation, Person.name, Person.id)
    )
    return [PersonRow(*row) for row in rows]
