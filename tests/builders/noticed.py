"""Notices of a booked case, and what becomes of them as its meeting moves or is cancelled."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from builders.house import House
from builders.referred import accepted, registry

from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Message, Notice
from core.usecases import cancelling, moving, noticing
from core.usecases.cancelling import Cancel
from core.usecases.moving import Move

AT = datetime(2026, 11, 23, 9, 0)
PANEL, LATER = date(2026, 12, 3), date(2026, 12, 17)
FIVE_BEFORE = date(2026, 11, 26)
ADMIN = "panel.administrator"


def went(*which: Any) -> None:
    """All that waits is sent, or what of it is asked for."""
    with writing():
        db.session.execute(
            sa.update(Message)
            .where(Message.state == "waiting", *which)
            .values(state="sent", sent_at=AT)
        )


def rows(house: House, code: str = "booking-notice") -> list[Any]:
    found = db.session.execute(
        sa.select(
            Notice.id,
            Notice.kind,
            Notice.state,
            Notice.due_on,
            Notice.meeting_on,
            Notice.why,
            Notice.reason,
            Notice.clauses,
        )
        .where(Notice.authority_id == house.authority_id, Notice.rule_code == code)
        .order_by(Notice.id)
    ).all()
    db.session.rollback()
    return list(found)


def stand(house: House, code: str = "booking-notice") -> list[tuple[str, str]]:
    return [(row.kind, row.state) for row in rows(house, code)]


def messages(house: House) -> list[Any]:
    found = db.session.execute(
        sa.select(Message).where(Message.authority_id == house.authority_id).order_by(Message.id)
    ).scalars()
    there = [
        (one.to_name, one.subject, one.body, one.not_before, one.state, one.key) for one in found
    ]
    db.session.rollback()
    return there


def work(house: House, on: date | None = None, at: datetime = AT) -> None:
    """What the worker does on a day."""
    scope = Scope.of_authority(house.authority_id, on or house.today)
    noticing.bring_up_to_date(scope, at)
    while noticing.work_on(scope, at):
        pass


def moved(house: House, meeting: str, on: date) -> None:
    move = Move(on, time(10, 0), "", "The hall is flooded.")
    seen = moving.preview(house.scope(ADMIN), registry(house), meeting, move).mark
    moving.move_meeting(house.scope(ADMIN), registry(house), meeting, move, seen, AT)


def cancelled(house: House, meeting: str) -> None:
    cancel = Cancel("Nobody can come.")
    seen = cancelling.preview(house.scope(ADMIN), registry(house), meeting, cancel).mark
    cancelling.cancel_meeting(house.scope(ADMIN), registry(house), meeting, cancel, seen, AT)


def booked(house: House, on: date = PANEL) -> tuple[int, str, str]:
    meeting_id, meeting = house.meeting(on)
    case, _ = accepted(house, meeting, house.child()[1])
    return meeting_id, meeting, case
