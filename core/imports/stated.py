"""What files state of children in a form that every reader gives: facts, people, siblings, actions.

A reader of any format turns a file into these. A value is text: a day as ISO, a choice as its code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.domain.episode import RowSource

IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class StatedFact:
    """One field of one child as a file has it.

    ``kind`` is IDENTITY (``field`` is then a column of the child, such as "given_name") or a kind
    of core.domain.record. ``key`` tells entries of one kind apart and is the same in every file:
    "" for a kind with one entry, else what names the entry, such as the day a meeting was held.
    """

    child: str
    kind: str
    field: str
    value: str
    source: RowSource
    key: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class StatedPerson:
    """Whom a file names as working with a child: ``relation`` "worker", "manager" or "iro"."""

    child: str
    relation: str
    name: str
    source: RowSource
    email: str = ""
    staff_number: str = ""


@dataclass(frozen=True, slots=True)
class StatedTeam:
    """The team that a file gives a child, and the service where it says which."""

    child: str
    team: str
    source: RowSource
    service: str = ""


@dataclass(frozen=True, slots=True)
class StatedAction:
    """An open action of an authority's own tracker."""

    child: str
    what: str
    due: date | None
    source: RowSource
    owner: str = ""
    owner_email: str = ""
    owner_staff_number: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """Everything that one file states. ``format`` is its kind, kept with each fact.

    ``children`` are all the local ids that it names, also those of whom it states nothing more.
    """

    format: str
    children: tuple[str, ...] = ()
    facts: tuple[StatedFact, ...] = ()
    people: tuple[StatedPerson, ...] = ()
    teams: tuple[StatedTeam, ...] = ()
    actions: tuple[StatedAction, ...] = ()
