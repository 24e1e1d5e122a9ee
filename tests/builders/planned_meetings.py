"""Planning meetings about one child, as people book them."""

from __future__ import annotations

from datetime import date, datetime, time

from builders.house import House

from core.domain.case import CaseState
from core.domain.meeting import BookingState, MeetingState
from core.store import meetings, planning
from core.store.database import writing
from core.usecases import planning_booking
from core.usecases.planning_booking import Wanted

KEY = "PPM10/permanence-planning-meeting"


def booked(
    house: House,
    child: str,
    on: date,
    at: datetime,
    *,
    role: str = "social.worker",
    key: str = KEY,
    place: str = "Room 4",
    why: str = "",
) -> str:
    """Book one for a child by its public id; gives the public id of the meeting."""
    registry = house.app.extensions["permanence"].registry
    wanted = Wanted(on, time(10, 30), place, why)
    return planning_booking.book(house.scope(role), registry, child, key, wanted, at)


def closed(house: House, public_id: str, at: datetime, chair: str = "team.manager") -> None:
    """Close a planning meeting as one that was held."""
    with writing():
        scope = house.whole
        row = planning.find(scope, public_id)
        assert row is not None
        values = {
            "state": MeetingState.CLOSED,
            "closed_at": at,
            "chair_id": house.accounts[chair],
        }
        meetings.change(scope, row.id, values)
        planning.settle(scope, row, BookingState.HEARD, CaseState.HEARD)


def held(house: House, child: str, on: date, at: datetime, **more: str) -> str:
    """Book one and close it as held; gives the public id of the meeting."""
    public_id = booked(house, child, on, at, **more)
    closed(house, public_id, at)
    return public_id
