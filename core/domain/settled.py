"""Settled in a long-term foster placement: matched with the carers with whom the child is now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from core.domain.dated import Stay
from core.domain.record.recorded import Recorded
from core.domain.ssda903_codes import LONG_TERM_FOSTERING

FOR_LONG = frozenset({"long-term-fostering", "connected-fostering"})


def matches(entries: Iterable[Recorded]) -> tuple[Stay, ...]:
    """The matches for long-term fostering that stand in the record, in the order of their days."""
    found = [
        Stay(entry.value("for"), on, entry.day("ended_on"))
        for entry in entries
        if entry.kind == "match" and entry.stands and entry.value("for") in FOR_LONG
        if (on := entry.day("matched_on")) is not None
    ]
    return tuple(sorted(found, key=lambda match: match.start))


def settled(on: date, placements: Sequence[Stay], matched: Iterable[Stay]) -> bool:
    """Whether on a day the child is in a long-term foster placement with a match for it.

    The match may have been decided before the placement became a long-term one, with the same
    carers: in the placement before it, where that was none. The code of a placement alone is no
    proof.
    """
    place = next((n for n, stay in enumerate(placements) if stay.holds(on)), None)
    if place is None or placements[place].code not in LONG_TERM_FOSTERING:
        return False
    since = placements[place].start
    if place and placements[place - 1].code not in LONG_TERM_FOSTERING:
        since = placements[place - 1].start
    return any(since <= match.start and match.holds(on) for match in matched)
