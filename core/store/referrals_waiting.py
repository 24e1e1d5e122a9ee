"""Referrals that wait for a chair, and those to chase for the next meetings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.domain.case import EDITABLE, CaseState
from core.domain.meeting import MeetingState
from core.store.agenda import AgendaChild, children
from core.store.cases import received_deadline
from core.store.database import db
from core.store.paging import Some
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Account, Meeting, PanelCase
from core.store.waiting import Bodies, of_bodies, over

#: So many are shown that wait for a chair, and named of those to chase for one meeting.
MOST, NAMED = 50, 3


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral for a meeting, with the day on which its papers are due.

    ``over`` says that the meeting is closed or cancelled, or its day has gone by; ``unanswered`` is
    how many questions had no answer when it was submitted. ``cancelled``: the meeting is.
    """

    public_id: str
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


@dataclass(frozen=True, slots=True)
class ForMeeting:
    """The referrals for one meeting: how many are with the chair, late of these, and not in yet.

    ``missing`` are the first of those that are not in.
    """

    came: int = 0
    late: int = 0
    not_in: int = 0
    missing: tuple[Referral, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a chair, and the referrals for each of the meetings asked for, by its id."""

    decide: Some[Referral]
    of_meetings: Mapping[int, ForMeeting]


def waiting(
    scope: Scope, bodies: Bodies, meeting_ids: Collection[int], *, left_behind: bool
) -> Waiting:
    """What waits for the chair of these bodies, and what is for these meetings: two queries.

    ``left_behind``: also what waits for any chair though its meeting is over. Those whose papers
    are due soonest come first.
    """
    rows = db.session.execute(_first(_numbered(scope, bodies, meeting_ids, left_behind))).all()
    of_case = children(scope, [row.id for row in rows]) if rows else {}
    decide: list[Referral] = []
    missing: dict[int, list[Referral]] = {}
    counts: dict[tuple[int, int], Any] = {}
    for row in rows:
        referral = _referral(row, of_case.get(row.id, ()))
        if row.decides and row.place <= MOST:
            decide.append(referral)
        if row.meeting_id in meeting_ids:
            counts[row.meeting_id, row.is_in] = row
            if not row.is_in and row.place_at_meeting <= NAMED:
                missing.setdefault(row.meeting_id, []).append(referral)
    waits = next((row.many for row in rows if row.decides), 0)
    found = {}
    for meeting_id in meeting_ids:
        came, not_in = (counts.get((meeting_id, is_in)) for is_in in (1, 0))
        found[meeting_id] = ForMeeting(
            came.at_meeting if came else 0,
            came.late_at_meeting if came else 0,
            not_in.at_meeting if not_in else 0,
            tuple(missing.get(meeting_id, ())),
        )
    return Waiting(Some(decide, waits - len(decide)), found)


def _numbered(
    scope: Scope, bodies: Bodies, meeting_ids: Collection[int], left_behind: bool
) -> sa.Subquery:
    """Each with its place and number among those to decide on, and those for its meeting."""
    deadline = received_deadline(scope)
    submitted = PanelCase.state == CaseState.SUBMITTED
    whose = [of_bodies(bodies, PanelCase), *([over(scope)] if left_behind else [])]
    decides = sa.and_(submitted, sa.or_(*whose))
    is_late = deadline.c.met_on > deadline.c.due
    is_in, kind = sa.case((submitted, 1), else_=0), sa.case((decides, 1), else_=0)
    at_meeting = (PanelCase.meeting_id, is_in)
    by = (deadline.c.due.is_(None), deadline.c.due, PanelCase.id)
    late = sa.func.sum(sa.case((is_late, 1), else_=0))
    numbers = {
        "decides": kind,
        "place": sa.func.row_number().over(partition_by=kind, order_by=by),
        "many": sa.func.count().over(partition_by=kind),
        "for_these": sa.case((PanelCase.meeting_id.in_(meeting_ids), 1), else_=0),
        "is_in": is_in,
        "place_at_meeting": sa.func.row_number().over(partition_by=at_meeting, order_by=by),
        "at_meeting": sa.func.count().over(partition_by=at_meeting),
        "late_at_meeting": late.over(partition_by=at_meeting),
    }
    return (
        sa.select(
            PanelCase.id,
            PanelCase.public_id,
            PanelCase.meeting_id,
            sa.func.coalesce(Account.name, "").label("referrer"),
            Meeting.public_id.label("meeting_public_id"),
            Meeting.held_on,
            deadline.c.due,
            deadline.c.met_on,
            over(scope).label("over"),
            PanelCase.unanswered,
            PanelCase.procedure_code,
            PanelCase.body_code,
            (Meeting.state == MeetingState.CANCELLED).label("cancelled"),
            *(number.label(name) for name, number in numbers.items()),
        )
        .outerjoin(Account, Account.id == PanelCase.referrer_id)
        .join(Meeting, Meeting.id == PanelCase.meeting_id)
        .outerjoin(deadline, deadline.c.case_id == PanelCase.id)
        .where(
            cases_seen(scope),
            PanelCase.state.in_((CaseState.SUBMITTED, *(EDITABLE if meeting_ids else ()))),
            sa.or_(decides, PanelCase.meeting_id.in_(meeting_ids)),
        )
        .subquery()
    )


def _first(all_of_them: sa.Subquery) -> sa.Select[Any]:
    """The first to decide on, and the first for each meeting: these carry how many there are."""
    of = all_of_them.c
    return (
        sa.select(all_of_them)
        .where(
            sa.or_(
                sa.and_(of.decides == 1, of.place <= MOST),
                sa.and_(of.for_these == 1, of.place_at_meeting <= NAMED),
            )
        )
        .order_by(of.due.is_(None), of.due, of.id)
    )


def _referral(row: Any, there: tuple[AgendaChild, ...]) -> Referral:
    return Referral(
        row.public_id,
        row.referrer,
        row.meeting_public_id,
        row.held_on,
        row.due,
        row.met_on,
        bool(row.over),
        there,
        row.unanswered,
        row.procedure_code,
        row.body_code,
        bool(row.cancelled),
    )
