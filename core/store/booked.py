"""The cases of one meeting with what their checks ask about: those booked, and those that ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.domain.case import BEFORE_THE_AGENDA, CaseState
from core.domain.meeting import BookingState
from core.domain.procedure.forms import Place
from core.store import deadline_marks
from core.store.agenda import CASES, children, names_of
from core.store.answers import NO_BOOKING
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Answer, Booking, Decision, PanelCase
from core.store.withdrawn_sight import takes_part, withdrawn_at, withdrawn_cases


@dataclass(frozen=True, slots=True)
class BookedCase:
    """A case of a meeting. ``booking_id`` is None for one that asks for the meeting only.

    ``seen`` says whether the asker sees the case; ``item`` is that of its agenda ("cases" or
    "previous"), ``decision_id`` the decision that sent it back there, to return by ``return_by``.
    """

    case_id: int
    case_public_id: str
    seen: bool
    state: CaseState
    procedure_code: str
    procedure_edition: str
    form_code: str
    submitted_at: datetime | None
    booking_id: int | None
    booking_public_id: str
    item: str
    position: int
    decision_id: int | None
    return_by: date | None


_CASE = (
    PanelCase.id,
    PanelCase.public_id,
    PanelCase.state,
    PanelCase.procedure_code,
    PanelCase.procedure_edition,
    PanelCase.form_code,
    PanelCase.submitted_at,
)


def of_meeting(scope: Scope, meeting_id: int) -> list[BookedCase]:
    """Every case that is still to hear at a meeting in its order, then every one that asks for it.

    Those of the whole authority, seen or not: what happens to a meeting happens to each of them.
    Two queries.
    """
    booked = db.session.execute(
        sa.select(
            *_CASE,
            sa.and_(cases_seen(scope), takes_part(scope)).label("seen"),
            Booking.id.label("booking_id"),
            Booking.public_id.label("booking_public_id"),
            Booking.item,
            Booking.position,
            Booking.from_decision_id,
            Decision.return_by,
        )
        .select_from(Booking)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .outerjoin(Decision, Decision.id == Booking.from_decision_id)
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id == meeting_id,
            Booking.state == BookingState.BOOKED,
        )
        .order_by(Booking.item, Booking.position, Booking.id)
    ).all()
    asking = db.session.execute(
        sa.select(*_CASE, cases_seen(scope).label("seen"))
        .where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.meeting_id == meeting_id,
            PanelCase.state.in_(BEFORE_THE_AGENDA),
        )
        .order_by(PanelCase.submitted_at.is_(None), PanelCase.submitted_at, PanelCase.id)
    ).all()
    found: list[BookedCase] = []
    for row in (*booked, *asking):
        facts: list[Any] = list(row)
        case_id, public_id, state, *rules, submitted_at, seen = facts[:8]
        place = facts[8:] or [None, "", CASES, 0, None, None]
        case = [case_id, public_id, bool(seen), CaseState(state), *rules, submitted_at]
        found.append(BookedCase(*case, *place))
    return found


def touch(scope: Scope, meeting_id: int) -> None:
    """The day of a meeting is another: so are days of every case that has to do with it.

    Of those booked or asking, and of those that are heard, tabled or withdrawn: one query.
    """
    own = PanelCase.authority_id == scope.authority_id
    on_it = sa.select(Booking.case_id).where(
        Booking.authority_id == scope.authority_id, Booking.meeting_id == meeting_id
    )
    there = sa.or_(PanelCase.meeting_id == meeting_id, PanelCase.id.in_(on_it))
    for case_id in db.session.scalars(sa.select(PanelCase.id).where(own, there)):
        deadline_marks.touched_case(scope, case_id)


def lock(scope: Scope, case_ids: Iterable[int]) -> None:
    """Let nobody else change these cases until the transaction under way ends."""
    db.session.execute(
        sa.select(PanelCase.id)
        .where(PanelCase.authority_id == scope.authority_id, PanelCase.id.in_(sorted(case_ids)))
        .order_by(PanelCase.id)
        .with_for_update()
    )


@dataclass(frozen=True, slots=True)
class Named:
    """A case that the asker sees: the names and public ids of its children whom they see."""

    names: str
    children: tuple[str, ...]


def named(scope: Scope, public_ids: Iterable[str], meeting_public_id: str) -> dict[str, Named]:
    """Those of these cases of a meeting that the asker sees, by public id: two queries.

    What is kept of a meeting's cases is about its items: who withdrew from one sees none of it,
    also where they work with the child and so keep the case. Nor does who is out of the case now.
    """
    wanted = sorted(set(public_ids))
    if not wanted:
        return {}
    rows = db.session.execute(
        sa.select(PanelCase.id, PanelCase.public_id).where(
            PanelCase.public_id.in_(wanted),
            cases_seen(scope),
            PanelCase.id.not_in(withdrawn_cases(scope)),
            PanelCase.id.not_in(withdrawn_at(scope, meeting_public_id)),
        )
    ).all()
    of_case = children(scope, [case_id for case_id, _ in rows]) if rows else {}
    return {
        public_id: Named(
            names_of(of_case.get(case_id, ())),
            tuple(child.public_id for child in of_case.get(case_id, ())),
        )
        for case_id, public_id in rows
    }


def answers_of(scope: Scope, case_ids: Iterable[int]) -> dict[int, dict[Place, str]]:
    """The answers on the forms of cases, by case: one query."""
    found: dict[int, dict[Place, str]] = {}
    wanted = sorted(set(case_ids))
    if not wanted:
        return found
    for case_id, row, field, value in db.session.execute(
        sa.select(Answer.case_id, Answer.row, Answer.field, Answer.value).where(
            Answer.authority_id == scope.authority_id,
            Answer.case_id.in_(wanted),
            Answer.booking_id == NO_BOOKING,
        )
    ):
        found.setdefault(case_id, {})[Place(field, row)] = value
    return found
