"""What the record says against hearing a child on a meeting's date: care ended, 18, one child."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.care import CEASED, CareFacts, care_on
from core.domain.child import ChildFacts
from core.domain.dates import day, london_day
from core.domain.episode import RowSource
from core.domain.finding import Finding, Strength
from core.domain.ssda903_codes import REASON_CEASED
from core.domain.stated_care import stated_on

LEFT_CARE, DIED, OF_AGE, ONE_CHILD, TWICE = (
    "child-left-care",
    "child-died",
    "child-of-age",
    "records-merged",
    "child-twice",
)
DEATH = "E2"
ADULT = 18


@dataclass(frozen=True, slots=True)
class Said:
    """Where a fact was read, or who typed it (an account's id); neither where it is not known."""

    source: RowSource | None = None
    by: int | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """Another record of the same child, merged into this one."""

    local_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BookedChild:
    """A child of a case with what tells whether they are to be heard; ``facts`` of their care."""

    id: int
    public_id: str
    name: str
    born: date | None = None
    birth_expected: bool = False
    facts: ChildFacts | None = None
    joined: tuple[Joined, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """The meeting at which a case is heard: its day, how the body is said ("the panel"), and when
    the referral was submitted; ``years`` are those whose returns have been read."""

    on: date
    words: str
    submitted_at: datetime | None = None
    years: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Against:
    """One finding about one child; ``fact_on`` is the day of the fact, ``said`` where it stands."""

    child: BookedChild
    code: str
    fact_on: date | None
    message: str
    said: Said | None = None

    def finding(self, *, named: bool = False) -> Finding:
        """As a warning; ``named`` begins it with the child's name, where a case has several."""
        message = f"{self.child.name}: {_small(self.message)}" if named else self.message
        return Finding(message, self.code, strength=Strength.WARNS)


def against(child: BookedChild, heard: Heard) -> tuple[Against, ...]:
    """What the record says on the meeting's date against hearing this child."""
    return (*_care_ended(child, heard), *_of_age(child, heard), *_one_child(child, heard))


def with_sources(found: Iterable[Against], words: Callable[[Said], str]) -> tuple[Against, ...]:
    """The findings with where each fact stands: "(from episodes.csv, line 2)"."""
    return tuple(
        replace(one, message=f"{one.message} ({said})")
        if one.said is not None and (said := words(one.said))
        else one
        for one in found
    )


def birthday(born: date, age: int) -> date:
    """The day on which somebody is so old; born on 29 February it is 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _care_ended(child: BookedChild, heard: Heard) -> Iterable[Against]:
    if child.facts is None:
        return
    care = care_on(child.facts, heard.on, heard.years)
    if care.status != CEASED or care.ceased is None:
        return
    said = _where(child.facts, care)
    if care.ceased_reason == DEATH:
        yield Against(child, DIED, care.ceased, f"Died on {day(care.ceased)}", said)
        return
    code = REASON_CEASED.get(care.ceased_reason or "")
    why = code.meaning if code is not None else ""
    message = f"Ceased to be looked after on {day(care.ceased)}"
    message = f"{message}: {_small(why)}" if why else message
    yield Against(child, LEFT_CARE, care.ceased, message, said)


def _where(facts: ChildFacts, care: CareFacts) -> Said:
    """Where it stands that care ended: the last row of the latest period, or a list."""
    if care.periods:
        last = care.periods[-1].episodes[-1]
        by = last.typed.by if last.typed is not None else None
        return Said(last.source, by, last.typed is not None)
    listed = stated_on(facts, care.on)
    source = listed.source if listed is not None else None
    return Said(source, typed=source is None)


def _of_age(child: BookedChild, heard: Heard) -> Iterable[Against]:
    if child.born is None or child.birth_expected:
        return
    grown = birthday(child.born, ADULT)
    if grown > heard.on:
        return
    when = (
        f"the day of {heard.words}"
        if grown == heard.on
        else f"before {heard.words} of {day(heard.on)}"
    )
    yield Against(child, OF_AGE, grown, f"Turns {ADULT} on {day(grown)}, {when}")


def _one_child(child: BookedChild, heard: Heard) -> Iterable[Against]:
    """Records that were merged into this one since the case was referred."""
    for joined in child.joined:
        if heard.submitted_at is not None and joined.at < heard.submitted_at:
            continue
        on = london_day(joined.at)
        yield Against(
            child,
            ONE_CHILD,
            on,
            f"The record {joined.local_id} was found to be of the same child on {day(on)}: what "
            "was written here was written without it",
        )


def twice(children: Iterable[tuple[int, BookedChild]]) -> tuple[tuple[int, Against], ...]:
    """Of the children of one agenda, by their case: those who stand on it in two cases."""
    there: dict[int, set[int]] = {}
    listed = list(children)
    for case_id, child in listed:
        there.setdefault(child.id, set()).add(case_id)
    return tuple(
        (case_id, Against(child, TWICE, None, "Is on this agenda twice, in two cases"))
        for case_id, child in listed
        if len(there[child.id]) > 1
    )


def _small(words: str) -> str:
    """Words within a sentence: no capital at their head, but for a word of capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
