"""The queues behind full agendas: which cases wait for a place at which meeting, in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.domain.case import CaseState
from core.domain.meeting import OFF_AGENDA, OVER
from core.store.agenda import CASES
from core.store.cases import CaseChildRow, children_by_case
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Account, Booking, Meeting, PanelCase


@dataclass(frozen=True, slots=True)
class Queued:
    """A case that waits for a place: the ``place``-th behind the agenda of a meeting.

    Where the asker does not see it (``seen``), nothing of it or of its children is in hand.
    """

    case_id: int
    public_id: str
    seen: bool
    meeting_id: int
    place: int
    queued_at: datetime | None
    referrer: str
    referrer_id: int | None
    children: tuple[CaseChildRow, ...] = ()

    @property
    def names(self) -> str:
        return ", ".join(child.name for child in self.children if not child.withdrawn_at)


@dataclass(frozen=True, slots=True)
class Behind:
    """A meeting behind whose agenda cases wait; ``over`` where it is closed or cancelled."""

    id: int
    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    over: bool


def _order() -> tuple[sa.ColumnElement[object], ...]:
    """The order of a queue: as the chair accepted them."""
    return (PanelCase.queued_at.is_(None), PanelCase.queued_at, PanelCase.id)  # type: ignore[return-value]


def _queued(scope: Scope) -> sa.ColumnElement[bool]:
    return sa.and_(
        PanelCase.authority_id == scope.authority_id, PanelCase.state == CaseState.QUEUED
    )


def over() -> sa.ColumnElement[bool]:
    """True for the meetings at which nothing is heard any more: closed, or cancelled."""
    return Meeting.state.in_(OVER)


def ahead(scope: Scope, meeting_id: int) -> int:
    """How many wait behind a meeting's agenda, seen by the asker or not."""
    return db.session.execute(
        sa.select(sa.func.count())
        .select_from(PanelCase)
        .where(_queued(scope), PanelCase.meeting_id == meeting_id)
    ).scalar_one()


def booked(scope: Scope, meeting_ids: Iterable[int]) -> dict[int, int]:
    """How many cases are to be presented at these meetings, by meeting: one query."""
    rows = db.session.execute(
        sa.select(Booking.meeting_id, sa.func.count())
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id.in_(sorted(set(meeting_ids))),
            Booking.item == CASES,
            Booking.state.not_in(OFF_AGENDA),
        )
        .group_by(Booking.meeting_id)
    )
    return {row[0]: row[1] for row in rows}


def of_meetings(
    scope: Scope, meeting_ids: Collection[int] | None = None
) -> dict[int, tuple[Queued, ...]]:
    """The queues behind these meetings (behind every one, where none are named): two queries."""
    query = (
        sa.select(
            PanelCase.id,
            PanelCase.public_id,
            PanelCase.meeting_id,
            PanelCase.queued_at,
            PanelCase.referrer_id,
            sa.func.coalesce(Account.name, "").label("referrer"),
            cases_seen(scope).label("seen"),
        )
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .where(_queued(scope), PanelCase.meeting_id.is_not(None))
        .order_by(*_order())
    )
    if meeting_ids is not None:
        query = query.where(PanelCase.meeting_id.in_(sorted(meeting_ids)))
    rows = db.session.execute(query).all()
    seen = [row.id for row in rows if row.seen]
    children = children_by_case(scope, seen) if seen else {}
    found: dict[int, tuple[Queued, ...]] = {}
    for row in rows:
        before = found.get(row.meeting_id, ())
        one = Queued(
            case_id=row.id,
            public_id=row.public_id if row.seen else "",
            seen=bool(row.seen),
            meeting_id=row.meeting_id,
            place=len(before) + 1,
            queued_at=row.queued_at if row.seen else None,
            referrer=row.referrer if row.seen else "",
            referrer_id=row.referrer_id if row.seen else None,
            children=tuple(children.get(row.id, ())),
        )
        found[row.meeting_id] = (*before, one)
    return found


def behind(scope: Scope, meeting_ids: Iterable[int]) -> dict[int, Behind]:
    """These meetings as their queues see them, by id: one query."""
    rows = db.session.execute(
        sa.select(
            Meeting.id,
            Meeting.public_id,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            Meeting.held_on,
            over(),
        ).where(
            Meeting.authority_id == scope.authority_id, Meeting.id.in_(sorted(set(meeting_ids)))
        )
    )
    return {row[0]: Behind(*row[:6], bool(row[6])) for row in rows}


def days_to_come(scope: Scope, after: date) -> dict[tuple[str, str], tuple[tuple[date, int], ...]]:
    """By procedure and body, the meetings after a day that are still to be held, soonest first.

    Each with its day and its id: one query.
    """
    found: dict[tuple[str, str], tuple[tuple[date, int], ...]] = {}
    for procedure, body, held_on, meeting_id in db.session.execute(
        sa.select(Meeting.procedure_code, Meeting.body_code, Meeting.held_on, Meeting.id)
        .where(Meeting.authority_id == scope.authority_id, Meeting.held_on > after, sa.not_(over()))
        .order_by(Meeting.held_on, Meeting.id)
    ):
        found[procedure, body] = (*found.get((procedure, body), ()), (held_on, meeting_id))
    return found


def left_behind(scope: Scope, procedure_code: str, body_code: str) -> list[str]:
    """The cases of a body that wait behind a meeting that is over, by public id, in their order.

    They are held until the transaction under way ends.
    """
    return list(
        db.session.scalars(
            sa.select(PanelCase.public_id)
            .join(Meeting, Meeting.id == PanelCase.meeting_id)
            .where(
                _queued(scope),
                Meeting.procedure_code == procedure_code,
                Meeting.body_code == body_code,
                over(),
            )
            .order_by(*_order())
            .with_for_update(of=PanelCase)
        )
    )
