"""What secures permanence and by which outcome: an order, a permanent match, or return home."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.domain.matched import Cared, Known, Run, over
from core.domain.record.recorded import Recorded
from core.domain.ssda903_codes import (
    ADOPTED,
    CHILD_ARRANGEMENTS,
    SPECIAL_GUARDIANSHIP,
)

OUTCOMES = {
    "adoption-order": "adoption order",
    "sgo": "special guardianship order",
    "cao": "child arrangements order",
    "match": "a permanent match",
    "return-home": "return home, as care ended",
}
"""How permanence is achieved, by code (readings: achieved). A care, interim or placement order
alone is none of these."""

BY_ORDER = {
    "adoption-order": "adoption-order",
    "sgo": "sgo",
    "sgo-supervision-order": "sgo",
    "cao": "cao",
}
"""Final orders of proceedings that secure it."""

BY_PLAN = {
    "adoption": "adoption-order",
    "sgo": "sgo",
    "sgo-existing-carer": "sgo",
    "cao": "cao",
}
"""Plans that are achieved by their order alone. Another plan that is said to be achieved is not
secured by that: fostering needs the match, a return home the end of care."""

NOT_FOR_GOOD = frozenset({"other"})
RETURNED = frozenset({"E4A", "E4B"})
"""A return home as planned, or not: both are one when care ends (readings: achieved)."""


@dataclass(frozen=True, slots=True)
class Secured:
    """From when permanence is secured and by what; no longer from ``until``."""

    on: date
    outcome: str
    until: date | None = None

    def stands(self, on: date) -> bool:
        return self.on <= on and (self.until is None or on < self.until)

    @property
    def words(self) -> str:
        return OUTCOMES[self.outcome]


def outcome(entry: Recorded, code: str) -> str:
    """By which outcome the day in a field of an entry secures permanence; "" for none."""
    match entry.kind, code:
        case "match", "matched_on":
            return "" if entry.value("for") in NOT_FOR_GOOD else "match"
        case "adoption", "matched_on":
            return "match"
        case "proceedings", "ended_on":
            return BY_ORDER.get(entry.value("order"), "")
        case "adoption", "order_on":
            return "adoption-order"
        case "plan", "achieved_on":
            return BY_PLAN.get(entry.value("primary"), "")
    return ""


def as_care_ended(period: Run) -> str:
    """By which outcome the end of a period of care secures permanence; "" where it does not."""
    if period.code in ADOPTED:
        return "adoption-order"
    if period.code in SPECIAL_GUARDIANSHIP:
        return "sgo"
    if period.code in CHILD_ARRANGEMENTS:
        return "cao"
    return "return-home" if period.code in RETURNED else ""


def stood_until(entry: Recorded, code: str, child: Cared) -> date | None:
    """From when a day of an entry no longer holds: a plan that was dropped, a match that ended."""
    if code == "matched_on":
        return over(entry, code, child)
    return entry.day("ended_on") if entry.kind in ("plan", "match") else None


def _every(child: Known, since: date | None) -> Iterator[Secured]:
    """All that secures it or did; of the periods of care, those that ended after a day."""
    for entry in child.entries:
        if not entry.stands:
            continue
        for code in ("matched_on", "ended_on", "order_on", "achieved_on"):
            on, how = entry.day(code), outcome(entry, code)
            if on is not None and how:
                yield Secured(on, how, stood_until(entry, code, child))
    for period in child.periods:
        if period.end is None or (since is not None and period.end <= since):
            continue
        if how := as_care_ended(period):
            yield Secured(period.end, how)


def secured(child: Known, since: date | None) -> Secured | None:
    """What secured permanence first since a day and has not broken down; None where nothing has.

    ``since`` is the first day of the period of care that is asked about: what was achieved before,
    and did not last, is not achieved now. A match is made in care: where nothing is in hand from
    before that day, and care is known to have begun earlier, one from before it is of this care.
    """
    first = child.periods[0] if child.periods else None
    earlier = first is not None and first.start == since and not first.start_known
    found = [
        one
        for one in _every(child, since)
        if one.until is None
        and (since is None or one.on >= since or (earlier and one.outcome == "match"))
    ]
    return min(found, key=lambda one: (one.on, list(OUTCOMES).index(one.outcome)), default=None)
