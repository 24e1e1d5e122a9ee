"""What stands on a meeting's agenda: the bookings with the children that the asker sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.case import CaseState
from core.domain.meeting import OFF_AGENDA, BookingState
from core.domain.naming import child_name
from core.domain.procedure.on_agenda import OnAgenda
from core.store.database import db
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import Booking, CaseChild, Child, PanelCase
from core.store.withdrawn_sight import takes_part

CASES, PREVIOUS = "cases", "previous"


@dataclass(frozen=True, slots=True)
class AgendaChild:
    """A child of a case; ``withdrawn_why`` says why the case goes on without them, "" if not."""

    public_id: str
    name: str
    born: date | None
    withdrawn_why: str = ""


@dataclass(frozen=True, slots=True)
class AgendaCase:
    """One booking; where ``seen`` is false nothing of its case or children is in hand.

    ``withdrew`` says that the asker withdrew from it, and so does not see it.
    """

    id: int
    public_id: str
    case_id: int
    item: str
    position: int
    state: str
    why: str
    case_public_id: str
    seen: bool
    children: tuple[AgendaChild, ...] = ()
    withdrew: bool = False

    @property
    def names(self) -> str:
        return names_of(self.children)


@dataclass(frozen=True, slots=True)
class Waits:
    """A referral submitted for a meeting; without name and id where the asker does not see it."""

    public_id: str
    names: str


def names_of(children: Iterable[AgendaChild]) -> str:
    """The names of the children of a case, without those who are withdrawn from it."""
    return ", ".join(child.name for child in children if not child.withdrawn_why)


def bookings(scope: Scope, meeting: MeetingRow) -> tuple[AgendaCase, ...]:
    """Every case on a meeting's agenda in its order: two queries, however many there are."""
    rows = db.session.execute(
        sa.select(
            Booking.id,
            Booking.public_id,
            Booking.case_id,
            Booking.item,
            Booking.position,
            Booking.state,
            Booking.why,
            PanelCase.public_id.label("case_public_id"),
            sa.and_(cases_seen(scope), takes_part(scope)).label("seen"),
            takes_part(scope).label("takes_part"),
        )
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .where(Booking.authority_id == scope.authority_id, Booking.meeting_id == meeting.id)
        .order_by(Booking.position, Booking.id)
    ).all()
    on_it = sa.select(Booking.case_id).where(
        Booking.authority_id == scope.authority_id, Booking.meeting_id == meeting.id
    )
    of_case = children(scope, on_it)
    return tuple(
        AgendaCase(
            id=row.id,
            public_id=row.public_id if row.seen else "",
            case_id=row.case_id,
            item=row.item,
            position=row.position,
            state=row.state,
            why=row.why if row.seen else "",
            case_public_id=row.case_public_id if row.seen else "",
            seen=bool(row.seen),
            children=of_case.get(row.case_id, ()) if row.seen else (),
            withdrew=not row.takes_part,
        )
        for row in rows
    )


def as_rules_see(scope: Scope, meeting_id: int) -> tuple[OnAgenda, ...]:
    """Every case that is on a meeting's agenda, seen by the asker or not; none that is off it."""
    rows = db.session.execute(
        sa.select(Booking.id, Booking.case_id, Booking.state, PanelCase.referrer_id)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id == meeting_id,
            Booking.state.not_in(OFF_AGENDA),
        )
        .order_by(Booking.id)
    )
    return tuple(
        OnAgenda(booking_id, case_id, _brought_by(referrer), state == BookingState.HEARD)
        for booking_id, case_id, state, referrer in rows
    )


def to_book(scope: Scope, case_id: int) -> OnAgenda:
    """A case as the rules would see it on an agenda."""
    referrer = db.session.execute(
        sa.select(PanelCase.referrer_id).where(
            PanelCase.authority_id == scope.authority_id, PanelCase.id == case_id
        )
    ).scalar()
    return OnAgenda(0, case_id, _brought_by(referrer))


def _brought_by(*accounts: int | None) -> frozenset[int]:
    return frozenset(account for account in accounts if account is not None)


def submitted(scope: Scope, meeting_id: int) -> list[Waits]:
    """Every referral that waits for the chair to book it onto a meeting: two queries."""
    rows = db.session.execute(
        sa.select(PanelCase.id, PanelCase.public_id, cases_seen(scope).label("seen"))
        .where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.meeting_id == meeting_id,
            PanelCase.state == CaseState.SUBMITTED,
        )
        .order_by(PanelCase.submitted_at, PanelCase.id)
    ).all()
    of_case = children(scope, [row.id for row in rows]) if rows else {}
    return [
        Waits(
            row.public_id if row.seen else "",
            names_of(of_case.get(row.id, ())) if row.seen else "",
        )
        for row in rows
    ]


def children(scope: Scope, case_ids: Any) -> dict[int, tuple[AgendaChild, ...]]:
    """The children of cases that the asker sees, by case; ``case_ids`` is a select or a list."""
    found: dict[int, tuple[AgendaChild, ...]] = {}
    for case_id, public_id, local_id, given, family, born, why in db.session.execute(
        sa.select(
            CaseChild.case_id,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            CaseChild.withdrawn_why,
        )
        .join(Child, Child.id == CaseChild.child_id)
        .where(
            CaseChild.authority_id == scope.authority_id,
            CaseChild.case_id.in_(case_ids),
            children_seen(scope),
        )
        .order_by(CaseChild.case_id, Child.born.is_(None), Child.born, Child.id)
    ):
        child = AgendaChild(public_id, child_name(given, family, local_id), born, why)
        found[case_id] = (*found.get(case_id, ()), child)
    return found


def place(scope: Scope, positions: Iterable[tuple[int, int]]) -> None:
    """Give bookings new positions (booking id, position) in the transaction under way."""
    for booking_id, position in positions:
        db.session.execute(
            sa.update(Booking)
            .where(Booking.authority_id == scope.authority_id, Booking.id == booking_id)
            .values(position=position, version=Booking.version + 1)
        )
