"""Who attended a meeting, in words: the same on its page and in its minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.dates import day, in_london
from core.domain.meeting import Sat, Seat, Stay
from core.store.withdrawals import Withdrawn


@dataclass(frozen=True, slots=True)
class Attended:
    """One person who sat: ``said`` is name and post, ``times`` every coming and going, or ""."""

    said: str
    times: str

    @property
    def line(self) -> str:
        return f"{self.said}: {self.times}" if self.times else self.said


def present(seats: Iterable[Seat], held_on: date) -> tuple[Attended, ...]:
    """Everybody who sat at a meeting, seat by seat, those who left among them."""
    return tuple(Attended(_said(one), times(one, held_on)) for seat in seats for one in seat.sat)


def apologies(seats: Iterable[Seat]) -> tuple[str, ...]:
    """Those who sent apologies, the holders of seats that a substitute took among them."""
    return tuple(f"{seat.away.name}, {seat.post.title}" for seat in seats if seat.away is not None)


def _said(one: Sat) -> str:
    said = f"{one.who.name}, {one.seat.post.title}"
    if not one.substitute:
        return said
    return f"{said}, substitute{f' for {one.seat.holder.name}' if one.seat.holder else ''}"


def times(one: Sat, held_on: date) -> str:
    """When somebody was there: "10:00 to 10:20, and from 10:45"."""
    if not one.stays:
        return f"left at {at_clock(one.seat.left_at, held_on)}" if one.seat.left_at else ""
    parts = [
        f"{at_clock(stay.arrived_at, held_on)} to {at_clock(stay.left_at, held_on)}"
        if stay.left_at
        else f"from {at_clock(stay.arrived_at, held_on)}"
        for stay in one.stays
    ]
    return ", and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def stay_words(stay: Stay, held_on: date) -> str:
    """One stay in words: "Ada Quill, 10:00 to 10:20"."""
    came = at_clock(stay.arrived_at, held_on)
    said = f"{came} to {at_clock(stay.left_at, held_on)}" if stay.left_at else f"from {came}"
    return f"{stay.who.name}, {said}"


def withdrew(one: Withdrawn, held_on: date) -> str:
    """That somebody withdrew from an item, in words: who, when, who said so, and why."""
    by = ", as the chair said" if one.by_chair else ""
    written = f" (written by {one.written_by})" if one.written_by else ""
    why = f": {one.why.rstrip('.')}" if one.why else ""
    back = f"; came back at {at_clock(one.ended_at, held_on)}" if one.ended_at else ""
    return f"{one.name} withdrew at {at_clock(one.withdrew_at, held_on)}{by}{written}{why}{back}"


def at_clock(moment: datetime, held_on: date) -> str:
    """A stored moment as the clock showed it, with its day where that was not the meeting's."""
    local = in_london(moment)
    on = "" if local.date() == held_on else f"{day(local.date())} at "
    return f"{on}{local:%H:%M}"
