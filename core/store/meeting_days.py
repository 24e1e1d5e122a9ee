"""The days on which bodies meet: listed in the calendar, made from a schedule, moved, cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.domain.case import CaseState
from core.domain.meeting import OFF_AGENDA, MeetingState
from core.domain.rotation import Themed
from core.store.agenda import CASES
from core.store.database import db
from core.store.meetings import meetings_seen
from core.store.scope import Scope
from core.store.tables import Booking, Meeting, PanelCase

MOVED, CANCELLED = "moved", "cancelled"


@dataclass(frozen=True, slots=True)
class Listed:
    """A meeting in the calendar: ``booked`` cases on its agenda, ``waiting`` referrals for it."""

    id: int
    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    starts_at: time
    place: str
    state: str
    theme: str
    moved_from: date | None
    moved_why: str
    cancelled_why: str
    booked: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which meetings a list shows: of one body, of one theme, and "moved" or "cancelled" ones."""

    procedure: str = ""
    body: str = ""
    theme: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class ToCome:
    """A meeting of a body that is still to come: ``cases`` are booked for presentation there."""

    id: int
    public_id: str
    held_on: date
    starts_at: time
    state: str
    theme: str
    circulated: bool
    cases: int

    @property
    def as_themed(self) -> Themed:
        """As the rotation sees it: a list is frozen once circulated, or once the meeting begun."""
        frozen = self.circulated or self.state != MeetingState.PLANNED
        return Themed(self.id, self.held_on, self.theme, frozen)


@dataclass(frozen=True, slots=True)
class OnDay:
    """A meeting to be held on a day, with the cases booked; ``seen`` where it is the asker's."""

    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    starts_at: time
    cases: int
    seen: bool


@dataclass(frozen=True, slots=True)
class New:
    """A meeting to make, under the edition in force on its day."""

    held_on: date
    edition: str
    theme: str = ""


def _booked(scope: Scope) -> Any:
    return (
        sa.select(sa.func.count())
        .select_from(Booking)
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id == Meeting.id,
            Booking.item == CASES,
            Booking.state.not_in(OFF_AGENDA),
        )
        .scalar_subquery()
    )


def _listed(scope: Scope, wanted: Wanted = Wanted()) -> Any:
    waiting = (
        sa.select(sa.func.count())
        .select_from(PanelCase)
        .where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.meeting_id == Meeting.id,
            PanelCase.state == CaseState.SUBMITTED,
        )
        .scalar_subquery()
    )
    return sa.select(
        Meeting.id,
        Meeting.public_id,
        Meeting.procedure_code,
        Meeting.procedure_edition,
        Meeting.body_code,
        Meeting.held_on,
        Meeting.starts_at,
        Meeting.place,
        Meeting.state,
        Meeting.theme,
        Meeting.moved_from,
        Meeting.moved_why,
        Meeting.cancelled_why,
        _booked(scope),
        waiting,
    ).where(meetings_seen(scope), *_wanted(wanted))


def _wanted(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    if wanted.body:
        yield Meeting.procedure_code == wanted.procedure
        yield Meeting.body_code == wanted.body
    if wanted.theme:
        yield Meeting.theme == wanted.theme
    if wanted.state == MOVED:
        yield Meeting.moved_from.is_not(None)
    if wanted.state == CANCELLED:
        yield Meeting.state == MeetingState.CANCELLED


def _coming(scope: Scope) -> ColumnElement[bool]:
    return sa.or_(Meeting.held_on >= scope.on, Meeting.state == MeetingState.OPEN)


def coming(
    scope: Scope, page: int, size: int, wanted: Wanted = Wanted()
) -> tuple[list[Listed], int]:
    """One page of the meetings from today on and any still open, soonest first; how many in all."""
    order = (Meeting.held_on, Meeting.starts_at, Meeting.id)
    return _page(scope, wanted, _coming(scope), order, page, size)


def past(scope: Scope, page: int, size: int, wanted: Wanted = Wanted()) -> tuple[list[Listed], int]:
    """One page of the meetings gone by, latest first; how many in all."""
    order = (Meeting.held_on.desc(), Meeting.starts_at.desc(), Meeting.id.desc())
    return _page(scope, wanted, sa.not_(_coming(scope)), order, page, size)


def _page(
    scope: Scope,
    wanted: Wanted,
    which: ColumnElement[bool],
    order: Iterable[Any],
    page: int,
    size: int,
) -> tuple[list[Listed], int]:
    counted = sa.select(sa.func.count()).select_from(Meeting)
    total = db.session.execute(
        counted.where(meetings_seen(scope), which, *_wanted(wanted))
    ).scalar_one()
    query = _listed(scope, wanted).where(which).order_by(*order)
    rows = db.session.execute(query.limit(size).offset((page - 1) * size))
    return [Listed(*row) for row in rows], int(total)


def upcoming(scope: Scope, most: int = 60) -> list[Listed]:
    """The meetings from today on and any that is still open, soonest first: one query."""
    query = _listed(scope).where(_coming(scope)).order_by(Meeting.held_on, Meeting.starts_at)
    return [Listed(*row) for row in db.session.execute(query.limit(most))]


def there_are(scope: Scope) -> list[tuple[str, str, str]]:
    """The bodies (procedure, body) and themes of the meetings that the asker sees, each once."""
    rows = db.session.execute(
        sa.select(Meeting.procedure_code, Meeting.body_code, Meeting.theme)
        .where(meetings_seen(scope))
        .distinct()
        .order_by(Meeting.procedure_code, Meeting.body_code, Meeting.theme)
    )
    return [(procedure, body, theme) for procedure, body, theme in rows]


def _of(scope: Scope, procedure: str, body: str) -> ColumnElement[bool]:
    return sa.and_(
        Meeting.authority_id == scope.authority_id,
        Meeting.procedure_code == procedure,
        Meeting.body_code == body,
    )


def to_come(scope: Scope, procedure: str, body: str) -> list[ToCome]:
    """Every meeting of a body that is still to come, soonest first: one query."""
    rows = db.session.execute(
        sa.select(
            Meeting.id,
            Meeting.public_id,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.state,
            Meeting.theme,
            Meeting.circulated_at.is_not(None),
            _booked(scope),
        )
        .where(
            _of(scope, procedure, body),
            Meeting.held_on >= scope.on,
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.OPEN)),
        )
        .order_by(Meeting.held_on)
    )
    return [ToCome(*row) for row in rows]


def days_taken(
    scope: Scope, procedure: str, body: str, days: Iterable[date]
) -> dict[date, MeetingState]:
    """Those of the days on which the body meets, or was to meet and is cancelled."""
    rows = db.session.execute(
        sa.select(Meeting.held_on, Meeting.state).where(
            _of(scope, procedure, body), Meeting.held_on.in_(list(days))
        )
    ).all()
    taken = {on: MeetingState(state) for on, state in rows if state == MeetingState.CANCELLED}
    return taken | {
        on: MeetingState(state) for on, state in rows if state != MeetingState.CANCELLED
    }


def on_days(scope: Scope, days: Iterable[date]) -> list[OnDay]:
    """The meetings of the authority to be held on these days, those not seen too: one query.

    Their bodies, times and numbers alone, for whoever says on which days the authority works.
    """
    rows = db.session.execute(
        sa.select(
            Meeting.public_id,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            Meeting.held_on,
            Meeting.starts_at,
            _booked(scope),
            meetings_seen(scope),
        )
        .where(
            Meeting.authority_id == scope.authority_id,
            Meeting.held_on.in_(sorted(set(days))),
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.OPEN)),
        )
        .order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)
    )
    return [OnDay(*row) for row in rows]


def themes_held(scope: Scope, procedure: str, body: str, until: date) -> list[tuple[date, str]]:
    """The days and themes of a body's meetings up to a day, those held and those planned."""
    rows = db.session.execute(
        sa.select(Meeting.held_on, Meeting.theme)
        .where(
            _of(scope, procedure, body),
            Meeting.theme != "",
            Meeting.state != MeetingState.CANCELLED,
            Meeting.held_on <= until,
        )
        .order_by(Meeting.held_on)
    )
    return [(on, theme) for on, theme in rows]


def plan(
    scope: Scope, procedure: str, body: str, days: Iterable[New], starts_at: time, place: str
) -> list[str]:
    """Make planned meetings in the transaction under way; gives the public ids."""
    made = []
    for new in days:
        made.append(
            db.session.execute(
                sa.insert(Meeting)
                .values(
                    authority_id=scope.authority_id,
                    procedure_code=procedure,
                    procedure_edition=new.edition,
                    body_code=body,
                    held_on=new.held_on,
                    starts_at=starts_at,
                    place=place,
                    state=MeetingState.PLANNED,
                    theme=new.theme,
                )
                .returning(Meeting.public_id)
            ).scalar_one()
        )
    return made
