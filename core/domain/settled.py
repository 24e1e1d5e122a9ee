"""Settled in a long-term foster placement: matched with the carers with whom the child is now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from core.domain.dated import Stay
from core.domain.matched import Known, over
from core.domain.ssda903_codes import LONG_TERM_FOSTERING

FOR_LONG = frozenset({"long-term-fostering", "connected-fostering"})


def matches(child: Known) -> tuple[Stay, ...]:
    """The matches for long-term fostering in the record, as long as each holds, in their order.

    To be settled asks for the current carers: a move from one long-term placement to another is
    not taken for the one to the matched carers.
    """
    found = [
        Stay(entry.value("for"), on, over(entry, "matched_on", child, strictly=True))
        for entry in child.entries
        if entry.kind == "match" and entry.stands and entry.value("for") in FOR_LONG
        if (on := entry.day("matched_on")) is not None
    ]
    return tuple(sorted(found, key=lambda match: match.start))


def settled(on: date, placements: Sequence[Stay], matched: Iterable[Stay]) -> bool:
    """Whether on a day the child is in a long-term foster placement with a match for it.

    The code of a placement alone is no proof.
    """
    place = next((stay for stay in placements if stay.holds(on)), None)
    if place is None or place.code not in LONG_TERM_FOSTERING:
        return False
    return any(match.holds(on) for match in matched)
