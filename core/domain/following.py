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


class Followed(Protocol):
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


def never(stretch: Followed) -> bool:
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
    rows: Iterable[Followed], code: str, since: date, field: str = "since"
) -> list[Finding]:
    """What stands against following a procedure from a day on, with no end: nothing twice."""
    for row in rows:
        if row.code == code and not never(row) and (row.until is None or row.until > since):
            instead = ": change that first day instead" if since < row.since else ""
            return [Finding(f"{code} is followed already, {span(row)}{instead}", field=field)]
    return []


def span(row: Followed) -> str:
    """From when until when, in words."""
    last = last_day(row.until)
    return f"from {day(row.since)}" + (f" until {day(last)}" if last else "")


def ending(
    row: Followed, until: date, today: date, field: str, *, after: str = "a later day"
) -> list[Finding]:
    """What stands against ending a procedure: before it began, or after it ends already.

    ``after`` says which day can be typed where it is too early.
    """
    if row.until is not None and until > row.until:
        last = day(last_day(row.until) or row.since)
        message = f"{row.code} ends already, on {last}: take that last day back first"
        return [Finding(message, field=field)]
    if until <= row.since and row.since <= today:
        message = f"{row.code} begins on {day(row.since)}: enter {after}"
        return [Finding(message, field=field)]
    return []


def beginning_on(rows: Iterable[Followed], row: Followed, since: date, field: str) -> list[Finding]:
    """What stands against another first day of what is followed: the same day, none left, twice."""
    if since == row.since:
        return [Finding(f"{row.code} is followed from {day(since)} already", field=field)]
    if row.until is not None and since >= row.until:
        last = day(last_day(row.until) or row.since)
        message = f"{row.code} ends on {last}: enter that day or an earlier one"
        return [Finding(message, field=field)]
    for other in _others(rows, row):
        ends = other.until
        if ends is not None and since < ends <= row.since:
            message = f"{row.code} is followed {span(other)} already: enter a later day"
            return [Finding(message, field=field)]
    return []


def reopening(rows: Iterable[Followed], row: Followed, field: str) -> list[Finding]:
    """What stands against taking a last day back: that the same procedure begins again later."""
    for other in _others(rows, row):
        if other.since > row.since:
            message = f"{row.code} is followed again {span(other)}: change that first day instead"
            return [Finding(message, field=field)]
    return []


def _others(rows: Iterable[Followed], row: Followed) -> list[Followed]:
    """The other times in which the same procedure is followed, the latest first."""
    same = [r for r in rows if r.code == row.code and r.id != row.id and not never(r)]
    return sorted(same, key=lambda r: r.since, reverse=True)


def lasting(rows: Iterable[Followed], today: date) -> list[Followed]:
    """Those of today and to come, in the authority's order."""
    return [r for r in rows if not never(r) and (r.until is None or r.until > today)]


def moved(rows: Sequence[Followed], row_id: int, step: int) -> list[tuple[int, int]]:
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


def seen_of(rows: Iterable[Followed]) -> str:
    """A mark of how all of it stands: another once somebody has changed anything."""
    said = ";".join(f"{r.id} {r.position} {r.since} {r.until}" for r in rows)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
