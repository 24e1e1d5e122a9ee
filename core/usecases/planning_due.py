"""A planning meeting that is booked for later than what asks for it: by when it was due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.domain.dates import day
from core.domain.due import State
from core.registry import Registry
from core.store import deadlines
from core.store.deadlines import DeadlineFact
from core.store.scope import Scope

OPEN = (State.LATE, State.SOON, State.RUNNING)


def asking(facts: Iterable[DeadlineFact], codes: Iterable[str], on: date) -> list[DeadlineFact]:
    """The dates that ask for a meeting of one of these bodies and are not kept yet on a day."""
    bodies = frozenset(codes)
    return [fact for fact in facts if fact.what.rule.asks_for in bodies and fact.state(on) in OPEN]


def later_than_due(
    facts: Iterable[DeadlineFact], body_code: str, held_on: date, on: date
) -> DeadlineFact | None:
    """The first date that asks for a meeting of a body, or that it met, and that it is after."""
    there = list(facts)
    kept = [f for f in there if f.what.rule.asks_for == body_code and f.met_on == held_on]
    passed = [
        (fact.due, number, fact)
        for number, fact in enumerate((*asking(there, (body_code,), on), *kept))
        if fact.due is not None and fact.due < held_on
    ]
    return min(passed, default=(None, 0, None))[2]


def could_be_kept(
    scope: Scope, registry: Registry, child_id: int, body_code: str, on: date | None
) -> DeadlineFact | None:
    """The date before a day on which a meeting is to be, that another day would still keep."""
    if on is None:
        return None
    facts = deadlines.of_child(scope, registry, child_id)
    late = later_than_due(facts, body_code, on, scope.on)
    return late if late is not None and late.due is not None and late.due >= scope.on else None


def asked(late: DeadlineFact, words: str) -> str:
    """The words with which the reason is asked for."""
    return f"{words}: it is due by {day(late.due)}" if late.due is not None else words
