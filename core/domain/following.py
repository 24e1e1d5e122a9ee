"""Which procedures an authority follows: whether one may begin, end or change places."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol

from core.domain.dates import day
from core.domain.finding import Finding
from core.domain.staff import last_day

EARLIEST = timedelta(days=40 * 366)
LATEST = timedelta(days=2 * 366)


class Stretch(Protocol):
    """A procedure followed from a day up to before another; ``until`` None has no end."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...


def never(stretch: Stretch) -> bool:
    """Whether it ended before it began."""
    return stretch.until is not None and stretch.until <= stretch.since


def day_findings(on: date | None, today: date, field: str, asked: str) -> list[Finding]:
    """What is wrong with a day from which something holds: it may lie in the past."""
    if on is None:
        return [Finding(asked, field=field)]
    if on < today - EARLIEST:
        return [Finding(f"Check the year: {on.year} is too long ago", field=field)]
    if on > today + LATEST:
        return [Finding("Enter a day within two years from today", field=field)]
    return []


def beginning(
    rows: Iterable[Stretch], code: str, since: date, field: str = "since"
) -> list[Finding]:
    """What stands against following a procedure from a day on, with no end: nothing twice."""
    for row in rows:
        if row.code == code and not never(row) and (row.until is None or row.until > since):
            last = last_day(row.until)
            ends = f" until {day(last)}" if last else ""
            message = f"{code} is followed already, from {day(row.since)}{ends}"
            return [Finding(message, field=field)]
    return []


def ending(row: Stretch, until: date, today: date, field: str) -> list[Finding]:
    """What stands against ending a procedure: before it began, or after it ends already."""
    if row.until is not None and until > row.until:
        message = f"{row.code} ends already, on {day(last_day(row.until) or row.since)}"
        return [Finding(message, field=field)]
    if until <= row.since and row.since <= today:
        message = f"{row.code} begins on {day(row.since)}: enter a later day"
        return [Finding(message, field=field)]
    return []


def lasting(rows: Iterable[Stretch], today: date) -> list[Stretch]:
    """Those of today and to come, in the authority's order."""
    return [r for r in rows if not never(r) and (r.until is None or r.until > today)]


def moved(rows: Sequence[Stretch], row_id: int, step: int) -> list[tuple[int, int]]:
    """The rows (their ids) with the places that they have once one has moved up (-1) or down (1).

    Nothing where it cannot move that way.
    """
    ids = [row.id for row in rows]
    place = ids.index(row_id) if row_id in ids else -1
    if place < 0 or not 0 <= place + step < len(ids):
        return []
    ids[place], ids[place + step] = ids[place + step], ids[place]
    places = sorted(row.position for row in rows)
    if len(set(places)) < len(places):
        places = list(range(1, len(places) + 1))
    return list(zip(ids, places, strict=True))


def seen_of(rows: Iterable[Stretch]) -> str:
    """A mark of how all of it stands: another once somebody has changed anything."""
    said = ";".join(f"{r.id} {r.position} {r.since} {r.until}" for r in rows)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
