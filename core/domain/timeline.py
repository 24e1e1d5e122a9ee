"""A child's life in care as marks on days and bars over time: for a picture, and for a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from core.domain.courses import birthday
from core.domain.due import State

AHEAD = relativedelta(years=1)
"""How far ahead of the day asked the picture goes: set here. What is later is in the list alone."""
LEAST = relativedelta(months=3)
"""The least that it shows before and after the day asked."""
GROWN = 18


class Lane(StrEnum):
    """The lanes of the picture, in their order from the top."""

    AGE = "Age"
    CARE = "Periods of care"
    STATUS = "Legal status"
    PLACEMENT = "Placements"
    REVIEW = "Reviews"
    MEETING = "Meetings"
    DECISION = "Decisions and court"
    HAND_OFF = "With other bodies"
    PLAN = "Permanence plan"
    CLOCK = "Dates due"


class Form(StrEnum):
    """The shape of a mark, which says with its lane what it is; never its colour alone."""

    BAR = "bar"
    HATCHED = "hatched bar"
    FULL = "full circle"
    HOLLOW = "hollow circle"
    SQUARE = "square"
    HOLLOW_SQUARE = "hollow square"
    DIAMOND = "diamond"
    HOLLOW_DIAMOND = "hollow diamond"
    HOLLOW_TRIANGLE = "hollow triangle"
    TRIANGLE = "triangle"
    STAR = "star"
    TICK = "tick"
    LATE_TICK = "tick in a box"
    CROSS = "cross"
    CLOCK = "clock"
    QUESTION = "question mark"
    LINE = "line"


#: What each shape means, by lane and shape: the legend, and the words of the list.
MEANS: dict[tuple[Lane, Form], str] = {
    (Lane.AGE, Form.LINE): "Birthday",
    (Lane.AGE, Form.HOLLOW): "Expected birth",
    (Lane.CARE, Form.BAR): "In care",
    (Lane.CARE, Form.HATCHED): "Short breaks only",
    (Lane.STATUS, Form.BAR): "Legal status",
    (Lane.PLACEMENT, Form.BAR): "Placement",
    (Lane.PLACEMENT, Form.HATCHED): "Temporary placement",
    (Lane.REVIEW, Form.FULL): "Review held",
    (Lane.MEETING, Form.SQUARE): "Meeting held",
    (Lane.MEETING, Form.HOLLOW_SQUARE): "Meeting booked",
    (Lane.DECISION, Form.DIAMOND): "Decision or order",
    (Lane.DECISION, Form.HOLLOW_DIAMOND): "Hearing to come",
    (Lane.HAND_OFF, Form.BAR): "With another body, and answered",
    (Lane.HAND_OFF, Form.HATCHED): "With another body, and open",
    (Lane.PLAN, Form.HOLLOW_TRIANGLE): "Plan identified",
    (Lane.PLAN, Form.TRIANGLE): "Plan agreed",
    (Lane.PLAN, Form.STAR): "Plan achieved",
    (Lane.PLAN, Form.CROSS): "No longer the plan",
    (Lane.CLOCK, Form.TICK): "Met in time",
    (Lane.CLOCK, Form.LATE_TICK): "Met late",
    (Lane.CLOCK, Form.CROSS): "Late",
    (Lane.CLOCK, Form.CLOCK): "To come",
    (Lane.CLOCK, Form.QUESTION): "Not known whether it was met",
}

CLOCKS: dict[State, Form] = {
    State.MET: Form.TICK,
    State.MET_LATE: Form.LATE_TICK,
    State.LATE: Form.CROSS,
    State.SOON: Form.CLOCK,
    State.RUNNING: Form.CLOCK,
    State.UNKNOWN: Form.QUESTION,
}
"""The shape of a deadline by its state on the day; what stopped or does not apply has none."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One mark or bar: on a day, or from a day ``until`` another (None: not over) where ``lasts``.

    ``short`` are a word or two for the picture, ``words`` say it whole. ``known`` is false where
    it began earlier than ``on`` and nobody knows when. ``ending`` is what its words say more once
    it is over. ``why`` is the reason of a date, with its ``clauses``.
    """

    lane: Lane
    on: date
    form: Form
    words: str
    short: str = ""
    lasts: bool = False
    until: date | None = None
    known: bool = True
    ending: str = ""
    why: str = ""
    clauses: tuple[str, ...] = ()

    @property
    def means(self) -> str:
        return MEANS[self.lane, self.form]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact with its number in the list; ``drawn`` is false for what is later than the picture."""

    number: int
    fact: Fact
    drawn: bool


@dataclass(frozen=True, slots=True)
class Life:
    """Everything dated of a child as at a day, in the order of the days, and what is drawn of it.

    ``first`` and ``last`` are the days at the ends of the picture.
    """

    on: date
    first: date
    last: date
    facts: tuple[Numbered, ...]

    @property
    def drawn(self) -> tuple[Numbered, ...]:
        return tuple(one for one in self.facts if one.drawn)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        there = {one.fact.lane for one in self.drawn}
        return tuple(lane for lane in Lane if lane in there)

    @property
    def legend(self) -> tuple[tuple[Lane, Form, str], ...]:
        """What the shapes of the picture mean, those that are in it, in the order of the lanes."""
        there = {(one.fact.lane, one.fact.form) for one in self.drawn}
        return tuple((*key, words) for key, words in MEANS.items() if key in there)


def as_at(facts: Iterable[Fact], on: date) -> Iterator[Fact]:
    """What is there as at a day: what began after it is not yet, what ended after it goes on.

    Dates due, also those that are met already, an expected birth, meetings booked and hearings to
    come lie ahead: whoever gives facts leaves out those that had happened only later.
    """
    to_come = {Form.HOLLOW, Form.HOLLOW_SQUARE, Form.HOLLOW_DIAMOND}
    for fact in facts:
        if fact.on > on and fact.lane is not Lane.CLOCK and fact.form not in to_come:
            continue
        if fact.until is not None and fact.until > on:
            fact = replace(fact, until=None)
        ending = fact.ending if fact.until is not None else ""
        yield replace(fact, words=fact.words + ending, ending="") if fact.ending else fact


def birthdays(born: date | None, first: date, last: date) -> Iterator[Fact]:
    """The birthdays between two days, up to the 18th, and the birth itself."""
    if born is None:
        return
    for age in range(GROWN + 1):
        on = birthday(born, age) if age else born
        if first <= on <= last:
            words = f"{_ordinal(age)} birthday" if age else "Born"
            yield Fact(Lane.AGE, on, Form.LINE, words, short=str(age))


def life(facts: Iterable[Fact], born: date | None, on: date) -> Life:
    """What is drawn of a child as at a day, with numbers that go from the first day to the last."""
    there = list(as_at(facts, on))
    latest = on + AHEAD
    ahead = [fact.on for fact in there if on < fact.on <= latest]
    first = min([fact.on for fact in there if fact.on <= on], default=on)
    first = min(first, on - LEAST)
    last = max([on + LEAST, *ahead])
    there += birthdays(born, first, last)
    order = list(Lane)
    there.sort(key=lambda fact: (fact.on, order.index(fact.lane), fact.words, fact.form))
    numbered = (Numbered(number, fact, fact.on <= last) for number, fact in enumerate(there, 1))
    return Life(on, first, last, tuple(numbered))


def _ordinal(number: int) -> str:
    if 10 < number % 100 < 14:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
