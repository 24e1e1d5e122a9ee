"""The latest planning meeting of a child: held here, or entered as one held elsewhere."""

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


def latest(scope: Scope, child_id: int) -> Latest | None:
    """The latest planning meeting held of a child whom the caller has seen: two queries."""
    here = db.session.execute(
        sa.select(Meeting.held_on, Meeting.public_id)
        .join(Booking, Booking.meeting_id == Meeting.id)
        .join(CaseChild, CaseChild.case_id == Booking.case_id)
        .join(PanelCase, PanelCase.id == Booking.case_id)
        .where(
            CaseChild.authority_id == scope.authority_id,
            CaseChild.child_id == child_id,
            CaseChild.withdrawn_at.is_(None),
            Meeting.body_code == PPM,
            Booking.state == BookingState.HEARD,
            cases_seen(scope),
        )
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
        .limit(1)
    ).first()
    entered = _entered(scope, child_id)
    found = [
        *([Latest(here.held_on, meeting=here.public_id)] if here is not None else []),
        *([entered] if entered is not None else []),
    ]
    return max(found, key=lambda one: one.on, default=None)


def _entered(scope: Scope, child_id: int) -> Latest | None:
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
    days = [
        (values.get("held_on", ""), public_id)
        for public_id, values in said.items()
        if values.get("meeting") == "ppm" and values.get("held_on")
    ]
    if not days:
        return None
    on, public_id = max(days)
    return Latest(date.fromisoformat(on), entry=public_id)
