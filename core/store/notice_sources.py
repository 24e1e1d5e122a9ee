"""What notices are about: meetings, the cases booked onto them, the referrals that ask for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from core.domain.case import EDITABLE
from core.domain.notice_plan import Subject
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Booking, Meeting, PanelCase


@dataclass(frozen=True, slots=True)
class MeetingToTell:
    """A meeting as notices ask about it."""

    id: int
    public_id: str
    procedure_code: str
    procedure_edition: str
    body_code: str
    held_on: date
    starts_at: time
    state: str
    circulated_at: datetime | None
    ratified_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseToTell:
    """A case of a meeting: booked in a state and under an item, or (without) asking for it."""

    about: Subject
    public_id: str
    state: str
    item: str
    why: str = ""


def meetings(
    scope: Scope, since: date, ids: Collection[int] | None = None, *, lock: bool = False
) -> list[MeetingToTell]:
    """The meetings held on a day or later, or these: one query; held, in their order, to change."""
    mine = Meeting.authority_id == scope.authority_id
    which = Meeting.held_on >= since if ids is None else Meeting.id.in_(ids)
    query: Any = (
        sa.select(
            Meeting.id,
            Meeting.public_id,
            Meeting.procedure_code,
            Meeting.procedure_edition,
            Meeting.body_code,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.state,
            Meeting.circulated_at,
            Meeting.ratified_at,
        )
        .where(mine, which)
        .order_by(Meeting.id)
    )
    if lock:
        query = query.with_for_update(key_share=True)
    return [MeetingToTell(*row) for row in db.session.execute(query)]


def cases(scope: Scope, meeting_ids: Iterable[int]) -> dict[int, list[CaseToTell]]:
    """The bookings and unfinished referrals of meetings, by the meeting's id: two queries."""
    ids = list(meeting_ids)
    found: dict[int, list[CaseToTell]] = {}
    booked = db.session.execute(
        sa.select(
            Booking.meeting_id,
            Booking.id,
            Booking.case_id,
            Booking.turn,
            PanelCase.public_id,
            Booking.state,
            Booking.item,
            Booking.why,
        )
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .where(Booking.authority_id == scope.authority_id, Booking.meeting_id.in_(ids))
        .order_by(Booking.id)
    )
    for row in booked:
        about = Subject(row.meeting_id, row.id, row.case_id, row.turn)
        one = CaseToTell(about, row.public_id, row.state, row.item, row.why)
        found.setdefault(row.meeting_id, []).append(one)
    asking = db.session.execute(
        sa.select(PanelCase.meeting_id, PanelCase.id, PanelCase.public_id, PanelCase.state)
        .where(
            PanelCase.authority_id == scope.authority_id,
            PanelCase.meeting_id.in_(ids),
            PanelCase.state.in_(EDITABLE),
        )
        .order_by(PanelCase.id)
    )
    for meeting_id, case_id, public_id, state in asking:
        one = CaseToTell(Subject(meeting_id or 0, None, case_id), public_id, state, "")
        found.setdefault(one.about.meeting_id, []).append(one)
    return found
