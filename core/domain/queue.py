"""The queue behind a full agenda: its order, and whose deadline breaks if a case is not heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.dates import day
from core.domain.due import Due, State

OPEN = frozenset({State.RUNNING, State.SOON, State.LATE})
ORDER = "in the order in which the chair accepted them"
"""How a queue stands: set here, no procedure lays it down."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """A deadline that is not kept where a case waits; ``asks`` says that it wants this body.

    ``late`` says that its day has gone by before the meeting already.
    """

    who: str
    title: str
    due: date
    why: str
    clauses: tuple[str, ...]
    asks: bool
    late: bool = False


def breaks(
    who: str, dues: Iterable[Due], body_code: str, held_on: date, next_on: date | None, on: date
) -> tuple[Breaks, ...]:
    """The open deadlines of one child that break where they wait for the meeting after this one.

    Those that fall due before the next meeting of the body; where none is made yet, those alone
    that ask for a meeting of this body. What asks for the body comes first, then the soonest.
    """
    found = []
    for due in dues:
        asks = due.rule.asks_for == body_code
        if due.due is None or due.rule.of_case or not due.there(on) or due.state(on) not in OPEN:
            continue
        if due.due >= next_on if next_on is not None else not asks:
            continue
        found.append(
            Breaks(
                who,
                due.rule.title,
                due.due,
                f"by {day(due.due)}: {due.reason}",
                due.rule.clauses,
                asks,
                due.due < held_on,
            )
        )
    return tuple(sorted(found, key=lambda one: (not one.asks, one.due, one.title)))


def place_words(place: int) -> str:
    """A place in a queue: "first", "second", … "11th"."""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
    if place <= len(words):
        return words[place - 1]
    tens = place % 100
    ending = "th" if 10 <= tens <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"
