"""The queue behind a full agenda: its order, and whose deadline breaks if a case is not heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.dates import day
from core.domain.due import Due, State

OPEN = frozenset({State.RUNNING, State.SOON, State.LATE})
ORDER = "in the order in which the chair accepted them"
"""How a queue stands: set here, no procedure lays it down."""


class Waiting(StrEnum):
    """How a deadline that a meeting would meet stands to the wait of a case."""

    LATE = "late today"
    PASSES = "passes before this meeting"
    WAITS = "breaks because it waits"


@dataclass(frozen=True, slots=True)
class Breaks:
    """A deadline that a meeting of the body would meet, and that is not kept where a case waits.

    ``kind`` says whether that is because it waits: the others are broken all the same.
    """

    who: str
    title: str
    due: date
    why: str
    clauses: tuple[str, ...]
    kind: Waiting


def breaks(
    who: str, dues: Iterable[Due], body_code: str, held_on: date, next_on: date | None, on: date
) -> tuple[Breaks, ...]:
    """The open deadlines of one child that are not kept where they wait for the next meeting.

    Those alone that a hearing by this body meets: no other breaks because of its queue. They fall
    due before the next meeting; where none is made yet, on any day. The soonest comes first.
    """
    found = []
    for due in dues:
        if f"meeting.{body_code}" not in due.rule.meeting:
            continue
        if due.due is None or due.rule.of_case or not due.there(on) or due.state(on) not in OPEN:
            continue
        if next_on is not None and due.due >= next_on:
            continue
        kind = (
            Waiting.LATE if due.due < on else Waiting.PASSES if due.due < held_on else Waiting.WAITS
        )
        why = f"by {day(due.due)}: {due.reason}"
        found.append(Breaks(who, due.rule.title, due.due, why, due.rule.clauses, kind))
    return tuple(sorted(found, key=lambda one: (one.due, one.title)))


def place_words(place: int) -> str:
    """A place in a queue: "first", "second", … "11th"."""
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
    if place <= len(words):
        return words[place - 1]
    tens = place % 100
    ending = "th" if 10 <= tens <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"
