"""Planning meetings about one child, as people book them."""

from __future__ import annotations

from datetime import date, datetime, time

from builders.house import House

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
