"""What waits for a person: their open actions, imports to apply, meetings to run and to sit in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from core.domain.case import EDITABLE, CaseState
from core.domain.meeting import OVER, MeetingState, Presence
from core.store import action_states
from core.store.agenda import AgendaChild, children
from core.store.cases import received_deadline
from core.store.database import db
from core.store.items import children_of_ids
from core.store.meetings import meetings_seen
from core.store.scope import Scope
from core.store.sight import cases_seen, sits_in
from core.store.tables import (
    Account,
    Action,
    Amendment,
    Attendance,
    ImportRun,
    Meeting,
    PanelCase,
)

MOST, HELD_UP = 50, 5


@dataclass(frozen=True, slots=True)
class OwnAction:
    """An open action of the asker's; ``children`` are those they see (none where they see none).

    ``away`` is the colleague whose it is and for whom the asker stands in, "" for their own.
    """

    public_id: str
    what: str
    due: date
    due_why: str
    case_id: int | None
    away: str = ""
    children: tuple[AgendaChild, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadyImport:
    public_id: str
    asked_at: datetime
    year: int | None


@dataclass(frozen=True, slots=True)
class OwnMeeting:
    id: int
    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    starts_at: time
    place: str
    state: str
    ratified: bool = False


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral for a meeting, with the day on which its papers are due.

    ``over`` says that the meeting is closed or cancelled, or its day has gone by; ``unanswered`` is
    how many questions had no answer when it was submitted. ``cancelled``: the meeting is.
    """

    public_id: str
    case_id: int
    referrer: str
    meeting_public_id: str
    meeting_on: date
    due: date | None
    met_on: date | None
    over: bool
    children: tuple[AgendaChild, ...] = ()
    unanswered: int = 0
    procedure_code: str = ""
    body_code: str = ""
    cancelled: bool = False

    @property
    def late(self) -> bool:
        return self.due is not None and self.met_on is not None and self.met_on > self.due


def own_actions(scope: Scope) -> list[OwnAction]:
    """What the asker and those whom they cover have still to do, soonest first: three queries."""
    rows = db.session.execute(
        sa.select(
            Action.public_id,
            Action.what,
            Action.due,
            Action.due_why,
            Action.case_id,
            sa.case((Action.owner_id == scope.account_id, ""), else_=Action.owner_name),
            Action.child_id,
        )
        .where(
            Action.authority_id == scope.authority_id,
            Action.owner_id.in_(scope.stands_for),
            action_states.undone_on(scope.on),
        )
        .order_by(Action.due, Action.id)
        .limit(MOST)
    ).all()
    of_case = children(scope, [row.case_id for row in rows if row.case_id]) if rows else {}
    of_tracker = {
        child.id: AgendaChild(child.public_id, child.name, child.born)
        for child in children_of_ids(scope, {row.child_id for row in rows if row.child_id})
    }
    found: list[OwnAction] = []
    for public_id, what, due, why, case_id, away, child_id in rows:
        own = (of_tracker[child_id],) if child_id in of_tracker else ()
        whom = (*of_case.get(case_id or 0, ()), *own)
        found.append(OwnAction(public_id, what, due, why, case_id, away, whom))
    return found


def ready_imports(scope: Scope) -> list[ReadyImport]:
    """Imports that were read and wait to be applied."""
    rows = db.session.execute(
        sa.select(ImportRun.public_id, ImportRun.asked_at, ImportRun.year)
        .where(ImportRun.authority_id == scope.authority_id, ImportRun.state == "ready")
        .order_by(ImportRun.asked_at, ImportRun.id)
        .limit(MOST)
    )
    return [ReadyImport(*row) for row in rows]


def _meetings(scope: Scope, *which: sa.ColumnElement[bool], most: int) -> list[OwnMeeting]:
    rows: Any = db.session.execute(
        sa.select(
            Meeting.id,
            Meeting.public_id,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.place,
            Meeting.state,
            Meeting.ratified_at.is_not(None),
        )
        .where(meetings_seen(scope), *which)
        .order_by(Meeting.held_on, Meeting.starts_at, Meeting.id)
        .limit(most)
    )
    return [OwnMeeting(*facts) for facts in map(tuple[Any, ...], rows)]


def to_close(scope: Scope) -> list[OwnMeeting]:
    """Meetings whose day has come and that are open, or gone by and never opened."""
    return _meetings(
        scope,
        sa.or_(
            sa.and_(Meeting.state == MeetingState.OPEN, Meeting.held_on <= scope.on),
            sa.and_(Meeting.state == MeetingState.PLANNED, Meeting.held_on < scope.on),
        ),
        most=MOST,
    )


def to_ratify(scope: Scope) -> list[OwnMeeting]:
    """Closed meetings whose minutes nobody has ratified, or were amended since the last issue."""
    amended = sa.exists().where(Amendment.meeting_id == Meeting.id, Amendment.issue.is_(None))
    return _meetings(
        scope,
        Meeting.state == MeetingState.CLOSED,
        sa.or_(Meeting.ratified_at.is_(None), amended),
        most=MOST,
    )


def over(scope: Scope) -> sa.ColumnElement[bool]:
    """True for the meetings that are closed, cancelled or gone by: no referral goes there."""
    return sa.or_(Meeting.state.in_(OVER), Meeting.held_on < scope.on)


def chair_away(scope: Scope) -> list[OwnMeeting]:
    """Meetings that may be on hold: open, or to come with apologies sent, and nothing decided."""
    sent = sa.exists().where(
        Attendance.authority_id == scope.authority_id,
        Attendance.meeting_id == Meeting.id,
        Attendance.state == Presence.APOLOGIES,
    )
    return _meetings(
        scope,
        Meeting.leave_given.is_(None),
        sa.or_(
            Meeting.state == MeetingState.OPEN,
            sa.and_(Meeting.state == MeetingState.PLANNED, Meeting.held_on >= scope.on, sent),
        ),
        most=HELD_UP,
    )


def held_already(scope: Scope) -> dict[int, OwnMeeting]:
    """By the id of each referral that the asker still writes: the meeting it asks for, if over."""
    rows = db.session.execute(
        sa.select(PanelCase.id, PanelCase.meeting_id)
        .join(Meeting, Meeting.id == PanelCase.meeting_id)
        .where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.referrer_id.in_(scope.stands_for),
            PanelCase.state.in_(EDITABLE),
            over(scope),
        )
    ).all()
    asked_for = {row.meeting_id for row in rows}
    found = (
        {m.id: m for m in _meetings(scope, Meeting.id.in_(asked_for), most=len(asked_for))}
        if asked_for
        else {}
    )
    return {row.id: found[row.meeting_id] for row in rows if row.meeting_id in found}


def next_meetings(scope: Scope, most: int = 3) -> list[OwnMeeting]:
    """The next meetings of the authority's bodies."""
    return _meetings(scope, Meeting.held_on >= scope.on, Meeting.state.not_in(OVER), most=most)


def own_meetings(scope: Scope, most: int = 3) -> list[OwnMeeting]:
    """The next meetings in which the asker sits."""
    return _meetings(
        scope,
        sits_in(scope),
        Meeting.held_on >= scope.on,
        Meeting.state.not_in(OVER),
        most=most,
    )


def referrals(scope: Scope, *states: CaseState) -> list[Referral]:
    """Referrals in these states that the asker sees: two queries.

    Those whose papers are due soonest come first. What is submitted stays here also when its
    meeting is over; what is still written, only for meetings not closed.
    """
    deadline = received_deadline(scope)
    rows = db.session.execute(
        sa.select(
            PanelCase.public_id,
            PanelCase.id,
            sa.func.coalesce(Account.name, ""),
            Meeting.public_id,
            Meeting.held_on,
            deadline.c.due,
            deadline.c.met_on,
            over(scope),
            PanelCase.unanswered,
            PanelCase.procedure_code,
            PanelCase.body_code,
            Meeting.state == MeetingState.CANCELLED,
        )
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .join(Meeting, Meeting.id == PanelCase.meeting_id)
        .outerjoin(deadline, deadline.c.case_id == PanelCase.id)
        .where(
            cases_seen(scope),
            PanelCase.state.in_(states),
            sa.or_(PanelCase.state == CaseState.SUBMITTED, Meeting.state.not_in(OVER)),
        )
        .order_by(deadline.c.due.is_(None), deadline.c.due, PanelCase.id)
        .limit(MOST)
    ).all()
    of_case = children(scope, [row[1] for row in rows]) if rows else {}
    found = []
    for row in rows:
        *rest, unanswered, procedure, body, cancelled = row
        facts: list[Any] = [*rest, of_case.get(row[1], ()), unanswered, procedure, body, cancelled]
        found.append(Referral(*facts))
    return found
