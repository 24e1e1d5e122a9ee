"""What a meeting's pack is made of: who may read it, the meeting before, papers taken out of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.domain.meeting import OVER, MeetingState
from core.store.database import db
from core.store.meetings import MeetingRow, meetings_seen
from core.store.scope import Scope
from core.store.sight import sits_in
from core.store.tables import (
    Booking,
    CaseChild,
    FormReading,
    Meeting,
    MinutesIssue,
    PanelCase,
    Paper,
    PaperVersion,
)


@dataclass(frozen=True, slots=True)
class Gone:
    """A paper that was taken out after the agenda was circulated; neither its title nor whose.

    Of the three ids one is there. ``told`` is one of core.domain.paper.TOLD, or "".
    """

    at: datetime
    told: str
    case_id: int | None
    child_id: int | None
    meeting_id: int | None


@dataclass(frozen=True, slots=True)
class ToRead:
    """A meeting to come whose pack somebody reads."""

    public_id: str
    held_on: date


@dataclass(frozen=True, slots=True)
class Before:
    """The meeting before, and when its minutes were issued last: None before they are ratified."""

    id: int
    public_id: str
    held_on: date
    issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class WentOut:
    """A meeting with whose agenda a paper went out; whether members can still open its pack."""

    public_id: str
    held_on: date
    pack_open: bool


def open_to_members(scope: Scope) -> ColumnElement[bool]:
    """True for the meetings whose pack the asker reads because they sit in them, or stand in.

    From when the agenda is circulated until the minutes are ratified.
    """
    return sa.and_(
        meetings_seen(scope),
        sits_in(scope),
        Meeting.circulated_at.is_not(None),
        Meeting.ratified_at.is_(None),
        Meeting.state != MeetingState.CANCELLED,
    )


def sits(scope: Scope, meeting_id: int) -> bool:
    """Whether the asker reads this meeting's pack because they sit in it now."""
    query = sa.select(Meeting.id).where(Meeting.id == meeting_id, open_to_members(scope))
    return db.session.execute(query).first() is not None


def reads_case(scope: Scope, case_id: int) -> bool:
    """Whether the asker reads a pack in which this case stands, and has not marked it as read.

    That is as one who sits, or as somebody who runs meetings, once it is on an agenda.
    """
    if scope.account_id is None:
        return False
    runs = sa.true() if scope.has("panel.administrator", "panel.chair") else sa.false()
    on_it = (
        sa.select(Booking.id)
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .outerjoin(
            FormReading,
            sa.and_(
                FormReading.case_id == Booking.case_id,
                FormReading.account_id == scope.account_id,
                FormReading.read_at.is_not(None),
            ),
        )
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.case_id == case_id,
            Meeting.state.not_in(OVER),
            sa.or_(open_to_members(scope), sa.and_(meetings_seen(scope), runs)),
            sa.or_(
                FormReading.id.is_(None),
                FormReading.read_at < PanelCase.submitted_at,
            ),
        )
        .limit(1)
    )
    return db.session.execute(on_it).first() is not None


def to_read(scope: Scope, most: int = 3) -> list[ToRead]:
    """The next meetings whose pack the asker reads as one who sits in them, soonest first."""
    rows = db.session.execute(
        sa.select(Meeting.public_id, Meeting.held_on)
        .where(open_to_members(scope), Meeting.held_on >= scope.on, Meeting.state.not_in(OVER))
        .order_by(Meeting.held_on, Meeting.id)
        .limit(most)
    )
    return [ToRead(*row) for row in rows]


def before(scope: Scope, meeting: MeetingRow) -> Before | None:
    """The meeting of the same body before this one, where it was held."""
    issued = (
        sa.select(sa.func.max(MinutesIssue.issued_at))
        .where(
            MinutesIssue.authority_id == Meeting.authority_id,
            MinutesIssue.meeting_id == Meeting.id,
        )
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(Meeting.id, Meeting.public_id, Meeting.held_on, issued)
        .where(
            meetings_seen(scope),
            Meeting.procedure_code == meeting.procedure_code,
            Meeting.body_code == meeting.body_code,
            Meeting.held_on < meeting.held_on,
            Meeting.state.in_((MeetingState.OPEN, MeetingState.CLOSED)),
        )
        .order_by(Meeting.held_on.desc())
        .limit(1)
    ).first()
    return Before(*row) if row else None


def gone(
    scope: Scope, meeting: MeetingRow, case_ids: Collection[int], child_ids: Collection[int]
) -> list[Gone]:
    """The papers of cases, children and the meeting itself taken out since it was circulated.

    The caller has found that the asker sees these cases and children: one query.
    """
    if meeting.circulated_at is None:
        return []
    rows = db.session.execute(
        sa.select(
            Paper.taken_out_at,
            Paper.taken_out_told,
            Paper.case_id,
            Paper.child_id,
            Paper.meeting_id,
        )
        .where(
            Paper.authority_id == scope.authority_id,
            Paper.taken_out_at >= meeting.circulated_at,
            sa.or_(
                Paper.case_id.in_(sorted(case_ids)),
                Paper.child_id.in_(sorted(child_ids)),
                Paper.meeting_id == meeting.id,
            ),
        )
        .order_by(Paper.taken_out_at, Paper.id)
    )
    return [
        Gone(at, told, case, child, own) for at, told, case, child, own in rows if at is not None
    ]


def went_out_with(
    scope: Scope,
    paper_id: int,
    *,
    case_id: int | None,
    child_id: int | None,
    meeting_id: int | None,
) -> WentOut | None:
    """The latest meeting with whose circulated agenda a paper of one of these went out.

    The paper was there before the minutes were ratified: from then on no member opens the pack.
    """
    on_agenda = sa.select(Booking.meeting_id).where(Booking.authority_id == scope.authority_id)
    if meeting_id is not None:
        which = Meeting.id == meeting_id
    elif case_id is not None:
        which = Meeting.id.in_(on_agenda.where(Booking.case_id == case_id))
    else:
        of_child = sa.select(CaseChild.case_id).where(
            CaseChild.authority_id == scope.authority_id, CaseChild.child_id == child_id
        )
        which = Meeting.id.in_(on_agenda.where(Booking.case_id.in_(of_child)))
    added = (
        sa.select(sa.func.min(PaperVersion.added_at))
        .where(PaperVersion.authority_id == scope.authority_id, PaperVersion.paper_id == paper_id)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(Meeting.public_id, Meeting.held_on, Meeting.ratified_at.is_(None))
        .where(
            Meeting.authority_id == scope.authority_id,
            Meeting.circulated_at.is_not(None),
            Meeting.state != MeetingState.CANCELLED,
            sa.or_(Meeting.ratified_at.is_(None), Meeting.ratified_at > added),
            which,
        )
        .order_by(Meeting.held_on.desc())
        .limit(1)
    ).first()
    return WentOut(row[0], row[1], bool(row[2])) if row else None
