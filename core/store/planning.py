"""Planning meetings about one child: booked, found by their id, and all of a child."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.case import CaseState
from core.domain.dates import age_on
from core.domain.meeting import BookingState, MeetingState
from core.domain.naming import child_name
from core.store import deadline_marks
from core.store.agenda import CASES
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import KEPT, cases_seen
from core.store.tables import Account, Booking, CaseChild, Child, Decision, Meeting, PanelCase

EXPECTED = timedelta(days=300)
"""How long before a birth a child can be spoken of as expected."""


@dataclass(frozen=True, slots=True)
class PlanningRow:
    """A planning meeting with its child and the case under which it is kept.

    ``chair`` is who chaired it, "" until that is said; ``filed_by`` who put its record on file.
    """

    id: int
    public_id: str
    version: int
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    starts_at: time
    place: str
    state: str
    moved_from: date | None
    moved_why: str
    cancelled_why: str
    closed_at: datetime | None
    chair_id: int | None
    chair: str
    chair_why: str
    filed_on: date | None
    filed_by: str
    booking_id: int
    booking_public_id: str
    why: str
    case_id: int
    case_public_id: str
    child_id: int
    child_public_id: str
    local_id: str
    given_name: str
    family_name: str
    born: date | None
    birth_expected: bool

    @property
    def child(self) -> str:
        """The child's name, or the authority's id where no name is recorded."""
        return child_name(self.given_name, self.family_name, self.local_id)

    @property
    def age(self) -> int | None:
        """The child's age in years on the meeting's day; None where unborn then, or not known."""
        if self.born is None or self.birth_expected or self.born > self.held_on:
            return None
        return age_on(self.born, self.held_on)

    @property
    def open(self) -> bool:
        """Whether what is said at it can still be written."""
        return self.state in (MeetingState.PLANNED, MeetingState.OPEN)

    @property
    def held(self) -> bool:
        return self.state == MeetingState.CLOSED

    @property
    def unborn(self) -> bool:
        """Whether the child was not born yet on the meeting's day, also where it is by now.

        A date of birth that is later still is a mistake, and is told as one.
        """
        later = self.born is not None and timedelta() < self.born - self.held_on <= EXPECTED
        return self.birth_expected or later


@dataclass(frozen=True, slots=True)
class NewPlanning:
    """A planning meeting to book, under the edition in force on its day."""

    procedure: str
    edition: str
    body: str
    form: str
    on: date
    starts_at: time
    place: str
    why: str


@lru_cache(maxsize=KEPT)
def selected(scope: Scope) -> Any:
    """Planning meetings whose cases the asker sees; to make it takes longer than its query."""
    filed = aliased(Account)
    return (
        sa.select(
            Meeting.id,
            Meeting.public_id,
            Meeting.version,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.place,
            Meeting.state,
            Meeting.moved_from,
            Meeting.moved_why,
            Meeting.cancelled_why,
            Meeting.closed_at,
            Meeting.chair_id,
            sa.func.coalesce(Decision.chair_name, Account.name, ""),
            Meeting.chair_why,
            Meeting.filed_on,
            sa.func.coalesce(filed.name, ""),
            Booking.id,
            Booking.public_id,
            Booking.why,
            PanelCase.id,
            PanelCase.public_id,
            Child.id,
            Child.public_id,
            Child.local_id,
            Child.given_name,
            Child.family_name,
            Child.born,
            Child.birth_expected,
        )
        .select_from(Meeting)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .join(CaseChild, CaseChild.case_id == PanelCase.id)
        .join(Child, Child.id == CaseChild.child_id)
        .outerjoin(Decision, Decision.booking_id == Booking.id)
        .outerjoin(
            Account,
            sa.and_(Account.id == Meeting.chair_id, Account.authority_id == Meeting.authority_id),
        )
        .outerjoin(
            filed, sa.and_(filed.id == Meeting.filed_by, filed.authority_id == Meeting.authority_id)
        )
        .where(Meeting.authority_id == scope.authority_id, Meeting.of_one_child, cases_seen(scope))
    )


def find(scope: Scope, public_id: str) -> PlanningRow | None:
    """A planning meeting by the id in its address; None where the asker does not see its case."""
    return _one(scope, Meeting.public_id == public_id)


def of_case(scope: Scope, case_public_id: str) -> PlanningRow | None:
    """The planning meeting that is kept under a case."""
    return _one(scope, PanelCase.public_id == case_public_id)


def of_booking(scope: Scope, booking_public_id: str) -> PlanningRow | None:
    """The planning meeting of an item’s address."""
    return _one(scope, Booking.public_id == booking_public_id)


def _one(scope: Scope, which: sa.ColumnElement[bool]) -> PlanningRow | None:
    row = db.session.execute(selected(scope).where(which)).first()
    return PlanningRow(*row) if row is not None else None


def of_child(scope: Scope, child_id: int) -> list[PlanningRow]:
    """Every planning meeting of a child that the asker sees, the first before the later ones."""
    rows = db.session.execute(
        selected(scope)
        .where(CaseChild.child_id == child_id)
        .order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)
    )
    return [PlanningRow(*row) for row in rows]


def not_closed(scope: Scope, on: date) -> list[PlanningRow]:
    """The planning meetings that the asker sees whose day has come and that are not closed."""
    rows = db.session.execute(
        selected(scope)
        .where(Meeting.state.in_((MeetingState.PLANNED, MeetingState.OPEN)), Meeting.held_on <= on)
        .order_by(Meeting.held_on, Meeting.id)
    )
    return [PlanningRow(*row) for row in rows]


def held_before(scope: Scope, row: PlanningRow) -> list[PlanningRow]:
    """The meetings of the same child that were held before this one, the last of them first."""
    rows = db.session.execute(
        selected(scope)
        .where(
            CaseChild.child_id == row.child_id,
            Meeting.id != row.id,
            Meeting.state == MeetingState.CLOSED,
            sa.or_(
                Meeting.held_on < row.held_on,
                sa.and_(Meeting.held_on == row.held_on, Meeting.id < row.id),
            ),
        )
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
    )
    return [PlanningRow(*found) for found in rows]


def last_before(scope: Scope, row: PlanningRow) -> date | None:
    """The day of the last meeting about the same child that was held before this one."""
    earlier = held_before(scope, row)
    return earlier[0].held_on if earlier else None


def held_after(scope: Scope, row: PlanningRow) -> bool:
    """Whether a meeting of the same child was held on a later day, seen by the asker or not."""
    later = db.session.scalar(
        sa.select(Meeting.id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .join(CaseChild, CaseChild.case_id == Booking.case_id)
        .where(
            Meeting.authority_id == scope.authority_id,
            Meeting.of_one_child,
            Meeting.state == MeetingState.CLOSED,
            Meeting.held_on > row.held_on,
            CaseChild.child_id == row.child_id,
        )
        .limit(1)
    )
    return later is not None


def planned(scope: Scope, child_id: int, body: str) -> tuple[str, date] | None:
    """The meeting of a body about a child that is booked or under way: its public id and its day.

    Whether the asker sees it or not: nobody books a second one.
    """
    return planned_of(scope, child_id).get(body)


def planned_of(scope: Scope, child_id: int) -> dict[str, tuple[str, date]]:
    """The same of every body, by its code: the first of each."""
    rows = db.session.execute(
        sa.select(Meeting.body_code, Meeting.public_id, Meeting.held_on)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .join(CaseChild, CaseChild.case_id == Booking.case_id)
        .where(
            Meeting.authority_id == scope.authority_id,
            Meeting.of_one_child,
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.OPEN)),
            Booking.state == BookingState.BOOKED,
            CaseChild.child_id == child_id,
        )
        .order_by(Meeting.held_on, Meeting.id)
    )
    found: dict[str, tuple[str, date]] = {}
    for body, public_id, on in rows:
        found.setdefault(body, (public_id, on))
    return found


def held_on(scope: Scope, child_id: int, bodies: Collection[str]) -> list[date]:
    """The days on which planning meetings of these bodies were held about a child."""
    rows = db.session.scalars(
        sa.select(Meeting.held_on)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .join(CaseChild, CaseChild.case_id == Booking.case_id)
        .where(
            Meeting.authority_id == scope.authority_id,
            Meeting.of_one_child,
            Meeting.body_code.in_(sorted(bodies)),
            Booking.state == BookingState.HEARD,
            CaseChild.child_id == child_id,
        )
        .order_by(Meeting.held_on)
    )
    return list(rows)


def book(scope: Scope, child_id: int, new: NewPlanning, at: datetime) -> tuple[int, str]:
    """Write a planning meeting in the transaction under way; gives its id and public id."""
    kept = {
        "authority_id": scope.authority_id,
        "procedure_code": new.procedure,
        "procedure_edition": new.edition,
        "body_code": new.body,
        "of_one_child": True,
    }
    meeting_id, public_id = db.session.execute(
        sa.insert(Meeting)
        .values(
            held_on=new.on,
            starts_at=new.starts_at,
            place=new.place,
            state=MeetingState.PLANNED,
            **kept,
        )
        .returning(Meeting.id, Meeting.public_id)
    ).one()
    case_id = db.session.execute(
        sa.insert(PanelCase)
        .values(
            form_code=new.form,
            meeting_id=meeting_id,
            referrer_id=scope.account_id,
            state=CaseState.BOOKED,
            opened_at=at,
            **kept,
        )
        .returning(PanelCase.id)
    ).scalar_one()
    db.session.execute(
        sa.insert(CaseChild).values(
            authority_id=scope.authority_id, case_id=case_id, child_id=child_id
        )
    )
    db.session.execute(
        sa.insert(Booking).values(
            authority_id=scope.authority_id,
            meeting_id=meeting_id,
            case_id=case_id,
            item=CASES,
            position=1,
            state=BookingState.BOOKED,
            why=new.why,
        )
    )
    deadline_marks.touched(scope, [child_id])
    return meeting_id, public_id


def settle(
    scope: Scope, row: PlanningRow, booking: BookingState, case: CaseState, **case_values: Any
) -> None:
    """Say what became of the meeting's one case, in the transaction under way."""
    own = scope.authority_id
    db.session.execute(
        sa.update(Booking)
        .where(Booking.authority_id == own, Booking.id == row.booking_id)
        .values(state=booking, version=Booking.version + 1)
    )
    db.session.execute(
        sa.update(PanelCase)
        .where(PanelCase.authority_id == own, PanelCase.id == row.case_id)
        .values(state=case, version=PanelCase.version + 1, **case_values)
    )
    deadline_marks.touched(scope, [row.child_id])


def move_case(scope: Scope, row: PlanningRow, edition: str) -> None:
    """The meeting's day changed: its case keeps the edition of that day, as the meeting does, and
    what runs from it is worked out anew."""
    db.session.execute(
        sa.update(PanelCase)
        .where(PanelCase.authority_id == scope.authority_id, PanelCase.id == row.case_id)
        .values(procedure_edition=edition, version=PanelCase.version + 1)
    )
    deadline_marks.touched(scope, [row.child_id])
