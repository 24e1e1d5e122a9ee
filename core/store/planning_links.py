"""Where the latest planning meeting of a child is: held here, or entered as held elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.domain.entry_days import PPM
from core.domain.meeting import BookingState
from core.store.database import db
from core.store.scope import Scope
from core.store.sight import cases_seen
from core.store.tables import Booking, CaseChild, Entry, EntryStatement, Meeting, PanelCase


@dataclass(frozen=True, slots=True)
class Latest:
    """Its day, and the public id of the meeting or of the entry; "" where it is not seen."""

    on: date
    meeting: str = ""
    entry: str = ""


def latest(scope: Scope, child_id: int, on: date) -> Latest:
    """Where that planning meeting of a day is of a child whom the caller has seen: two queries."""
    here = db.session.scalars(
        sa.select(Meeting.public_id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .join(CaseChild, CaseChild.case_id == Booking.case_id)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .where(
            CaseChild.authority_id == scope.authority_id,
            CaseChild.child_id == child_id,
            Meeting.held_on == on,
            CaseChild.withdrawn_at.is_(None),
            Meeting.body_code == PPM,
            Booking.state == BookingState.HEARD,
            cases_seen(scope),
        )
        .order_by(Meeting.id.desc())
        .limit(1)
    ).first()
    if here is not None:
        return Latest(on, meeting=here)
    return Latest(on, entry=_entered(scope, child_id, on))


def _entered(scope: Scope, child_id: int, on: date) -> str:
    said: dict[str, dict[str, str]] = {}
    for public_id, field, value in db.session.execute(
        sa.select(Entry.public_id, EntryStatement.field, EntryStatement.value)
        .join(EntryStatement, EntryStatement.entry_id == Entry.id)
        .where(
            Entry.authority_id == scope.authority_id,
            Entry.child_id == child_id,
            Entry.kind == "earlier-meeting",
            Entry.taken_out_at.is_(None),
            EntryStatement.field.in_(("meeting", "held_on")),
            EntryStatement.replaced_at.is_(None),
        )
    ):
        said.setdefault(public_id, {})[field] = value
    then = {"meeting": "ppm", "held_on": on.isoformat()}
    return next((public_id for public_id, values in said.items() if values == then), "")
