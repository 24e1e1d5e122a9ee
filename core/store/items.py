"""Items of an agenda: a booked case with its meeting, children, members and declarations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.domain.decision import MeetingDay
from core.domain.meeting import OFF_AGENDA, OVER, BookingState, MeetingState
from core.domain.naming import child_name
from core.domain.sight import What
from core.store import deadline_marks, withdrawals
from core.store.agenda import CASES
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen, children_seen
from core.store.tables import (
    Account,
    Attendance,
    Booking,
    CaseChild,
    Child,
    Meeting,
    PanelCase,
    Person,
    PersonOfChild,
)
from core.store.withdrawn_sight import takes_part


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One case on one agenda. ``state`` is "booked", "heard", "tabled" or "withdrawn"."""

    id: int
    public_id: str
    item: str
    position: int
    state: str
    why: str
    meeting_id: int
    meeting_public_id: str
    held_on: date
    meeting_state: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    case_id: int
    case_public_id: str
    case_procedure_code: str
    case_procedure_edition: str
    form_code: str
    referrer: str
    submitted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ItemChild:
    """A child of a case, for the asker who sees them; ``withdrawn_why`` as core.store.agenda."""

    case_id: int
    id: int
    public_id: str
    name: str
    local_id: str
    born: date | None
    birth_expected: bool
    withdrawn_why: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A person known around the children of a case, such as a mother."""

    id: int
    public_id: str
    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class Member:
    """One attendance of a meeting, to choose from where somebody declares something."""

    id: int
    account_id: int | None
    name: str
    post_code: str


@dataclass(frozen=True, slots=True)
class OtherMeeting:
    """A meeting of the same body to which a case can go."""

    id: int
    public_id: str
    held_on: date
    cases: int

    @property
    def as_day(self) -> MeetingDay:
        return MeetingDay(self.id, self.held_on)


def _items(scope: Scope) -> Any:
    return (
        sa.select(
            Booking.id,
            Booking.public_id,
            Booking.item,
            Booking.position,
            Booking.state,
            Booking.why,
            Meeting.id,
            Meeting.public_id,
            Meeting.held_on,
            Meeting.state,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            PanelCase.id,
            PanelCase.public_id,
            PanelCase.procedure_code,
            PanelCase.procedure_edition,
            PanelCase.form_code,
            sa.func.coalesce(Account.name, ""),
            PanelCase.submitted_at,
        )
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .where(Booking.authority_id == scope.authority_id, sa.not_(Meeting.of_one_child))
        .where(cases_seen(scope), takes_part(scope))
    )


def find(scope: Scope, public_id: str) -> ItemRow | None:
    """An item by its public id; None where the asker does not see its case, or withdrew from it."""
    row = db.session.execute(_items(scope).where(Booking.public_id == public_id)).first()
    return ItemRow(*row) if row else None


def of_meeting(scope: Scope, meeting_id: int) -> list[ItemRow]:
    """The items of a meeting that the asker sees, by position within their agenda item."""
    rows = db.session.execute(
        _items(scope)
        .where(Booking.meeting_id == meeting_id)
        .order_by(Booking.item, Booking.position, Booking.id)
    )
    return [ItemRow(*row) for row in rows]


def to_be_heard(scope: Scope) -> list[ItemRow]:
    """The items that the asker sees of meetings to come and open ones, soonest first."""
    rows = db.session.execute(
        _items(scope)
        .where(
            Booking.state == BookingState.BOOKED,
            Meeting.state.not_in(OVER),
            sa.or_(Meeting.held_on >= scope.on, Meeting.state == MeetingState.OPEN),
        )
        .order_by(Meeting.held_on, Booking.item, Booking.position, Booking.id)
    )
    return [ItemRow(*row) for row in rows]


def children(scope: Scope, case_ids: Iterable[int]) -> list[ItemChild]:
    """The children of cases that the asker sees, eldest first."""
    rows = db.session.execute(
        sa.select(
            CaseChild.case_id,
            Child.id,
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            Child.born,
            Child.birth_expected,
            CaseChild.withdrawn_why,
        )
        .join(CaseChild, CaseChild.child_id == Child.id)
        .where(CaseChild.case_id.in_(list(case_ids)), children_seen(scope))
        .order_by(CaseChild.case_id, Child.born.is_(None), Child.born, Child.id)
    )
    return [
        ItemChild(
            case_id,
            child_id,
            public_id,
            child_name(given, family, local),
            local,
            born,
            expected,
            why,
        )
        for case_id, child_id, public_id, given, family, local, born, expected, why in rows
    ]


def children_of_ids(scope: Scope, child_ids: Collection[int]) -> list[ItemChild]:
    """Those of these children whom the asker sees; of no case, so that their case's id is 0."""
    if not child_ids:
        return []
    rows = db.session.execute(
        sa.select(
            Child.id,
            Child.public_id,
            Child.given_name,
            Child.family_name,
            Child.local_id,
            Child.born,
            Child.birth_expected,
        )
        .where(Child.id.in_(sorted(child_ids)), children_seen(scope, What.CASES))
        .order_by(Child.id)
    )
    return [
        ItemChild(0, child_id, public_id, child_name(given, family, local), local, born, due)
        for child_id, public_id, given, family, local, born, due in rows
    ]


def persons(scope: Scope, case_id: int) -> list[Known]:
    """The people known around the children of a case, each once a relation."""
    rows = db.session.execute(
        sa.select(Person.id, Person.public_id, Person.name, PersonOfChild.relation)
        .join(PersonOfChild, PersonOfChild.person_id == Person.id)
        .join(CaseChild, CaseChild.child_id == PersonOfChild.child_id)
        .where(Person.authority_id == scope.authority_id, CaseChild.case_id == case_id)
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return [Known(*row) for row in rows]


def members(scope: Scope, meeting_id: int) -> list[Member]:
    """Those who attend a meeting or are expected there."""
    rows = db.session.execute(
        sa.select(
            Attendance.id,
            Attendance.account_id,
            sa.func.coalesce(sa.func.nullif(Attendance.name, ""), Account.name, ""),
            Attendance.post_code,
        )
        .outerjoin(Account, Account.id == Attendance.account_id)
        .where(
            Attendance.authority_id == scope.authority_id,
            Attendance.meeting_id == meeting_id,
            Attendance.state.in_(("present", "left")),
        )
        .order_by(Attendance.id)
    )
    return [Member(*row) for row in rows if row[2]]


def other_meetings(scope: Scope, item: ItemRow, on: date) -> Sequence[OtherMeeting]:
    """The other meetings of the body from a day on that are not over, soonest first.

    ``cases`` counts what is booked for presentation there; those off it do not count.
    """
    booked = (
        sa.select(sa.func.count())
        .where(
            Booking.meeting_id == Meeting.id,
            Booking.item == CASES,
            Booking.state.not_in(OFF_AGENDA),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Meeting.id, Meeting.public_id, Meeting.held_on, booked)
        .where(
            Meeting.authority_id == scope.authority_id,
            Meeting.procedure_code == item.procedure_code,
            Meeting.body_code == item.body_code,
            Meeting.id != item.meeting_id,
            Meeting.held_on >= on,
            Meeting.state.not_in(OVER),
        )
        .order_by(Meeting.held_on)
    )
    return [OtherMeeting(*row) for row in rows]


def booked_cases(scope: Scope, meeting_id: int) -> int:
    """How many cases are on a meeting's agenda for presentation."""
    return db.session.execute(
        sa.select(sa.func.count())
        .select_from(Booking)
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id == meeting_id,
            Booking.item == CASES,
            Booking.state.not_in(OFF_AGENDA),
        )
    ).scalar_one()


def asked_back(scope: Scope, case_id: int) -> str:
    """Why the referrer of a case asks the chair to withdraw it; "" where they do not."""
    query = sa.select(PanelCase.withdrawal_why).where(
        PanelCase.authority_id == scope.authority_id,
        PanelCase.id == case_id,
        PanelCase.withdrawal_asked_at.is_not(None),
    )
    return db.session.execute(query).scalar() or ""


def came_from(scope: Scope, booking_id: int) -> int | None:
    """The decision because of which a case stands on an agenda, where one sent it there."""
    return db.session.execute(
        sa.select(Booking.from_decision_id).where(
            Booking.authority_id == scope.authority_id, Booking.id == booking_id
        )
    ).scalar()


def settle(scope: Scope, booking_id: int, state: str, why: str | None = None) -> bool:
    """Mark a booked item heard, tabled or withdrawn; false where somebody else settled it first."""
    values: dict[str, object] = {"state": state, "version": Booking.version + 1}
    if why is not None:
        values["why"] = why
    case_id = db.session.execute(
        sa.update(Booking)
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.id == booking_id,
            Booking.state == "booked",
        )
        .values(**values)
        .returning(Booking.case_id)
    ).scalar()
    if case_id is not None:
        deadline_marks.touched_case(scope, case_id)
    return case_id is not None


def book(
    scope: Scope,
    meeting_id: int,
    case_id: int,
    item: str,
    why: str,
    from_decision_id: int | None = None,
) -> int | None:
    """Put a case last under an agenda item; gives its position, or None where it stands there.

    A case that was taken off that agenda before takes a new place on it. It is its latest booking
    then: who is out of the one before is out of this. The caller holds the meeting's lock.
    """
    deadline_marks.touched_case(scope, case_id)
    row = db.session.execute(
        sa.select(Booking.id, Booking.state).where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id == meeting_id,
            Booking.case_id == case_id,
        )
    ).first()
    last: int = db.session.execute(
        sa.select(sa.func.coalesce(sa.func.max(Booking.position), 0)).where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id == meeting_id,
            Booking.item == item,
        )
    ).scalar_one()
    turn: int = db.session.execute(
        sa.select(sa.func.coalesce(sa.func.max(Booking.turn), 0)).where(
            Booking.authority_id == scope.authority_id, Booking.case_id == case_id
        )
    ).scalar_one()
    values = {
        "item": item,
        "position": last + 1,
        "turn": turn + 1,
        "state": "booked",
        "why": why,
        "from_decision_id": from_decision_id,
    }
    if row is not None and row.state not in OFF_AGENDA:
        return None
    if row is not None:
        db.session.execute(
            sa.update(Booking)
            .where(Booking.authority_id == scope.authority_id, Booking.id == row.id)
            .values(version=Booking.version + 1, **values)
        )
        withdrawals.follow(scope, case_id, row.id)
        return last + 1
    booking_id = db.session.execute(
        sa.insert(Booking)
        .values(authority_id=scope.authority_id, meeting_id=meeting_id, case_id=case_id, **values)
        .returning(Booking.id)
    ).scalar_one()
    withdrawals.follow(scope, case_id, booking_id)
    return last + 1
