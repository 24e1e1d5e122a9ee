"""What was read from a return: its children, rows, problems and counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Protocol, TypeVar

from core.domain.child import ChildFacts
from core.domain.episode import (
    AdoptionDecision,
    AsylumStatus,
    Episode,
    Review,
    RowSource,
    collection_year,
    year_ends,
)
from core.imports.ssda903.problems import Problem


class _Sourced(Protocol):
    @property
    def source(self) -> RowSource | None: ...


Fact = TypeVar("Fact", bound=_Sourced, covariant=True)


@dataclass(frozen=True, slots=True)
class Row(Generic[Fact]):
    """One loaded row: the child's local id (text, zeros kept) and what the row states."""

    child: str
    fact: Fact

    @property
    def file(self) -> str:
        """The name shown for the file it stands in."""
        return self.fact.source.file if self.fact.source else ""

    @property
    def line(self) -> int:
        """Its line in the file; the heading row is 1."""
        return self.fact.source.line if self.fact.source else 0


@dataclass(frozen=True, slots=True)
class HeaderRow:
    """A row of the Header table, codes as they stand, "" for blank."""

    dob: date | None
    sex: str
    ethnicity: str
    upn: str
    mother: str
    mother_child_dob: date | None
    source: RowSource | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """That a table says this of a child, and where it first does. `value` is a date for DOBs."""

    column: str
    value: str | date
    table: str
    source: RowSource


@dataclass(frozen=True, slots=True)
class ImportedChild:
    """A child named by any loaded row; its distinct assertions by column, Header's first."""

    child: str
    assertions: tuple[Assertion, ...] = ()
    in_header: bool = False

    def all(self, column: str) -> tuple[Assertion, ...]:
        """Everything asserted for the column, the one in use first."""
        return tuple(a for a in self.assertions if a.column == column)

    def first(self, column: str) -> Assertion | None:
        """The assertion in use: the first Header row's, else the first met; None without one."""
        return next((a for a in self.assertions if a.column == column), None)

    @property
    def births(self) -> tuple[date, ...]:
        """The distinct dates of birth, the one in use first."""
        return tuple(a.value for a in self.all("DOB") if isinstance(a.value, date))


@dataclass(frozen=True, slots=True)
class Left:
    """A table that was recognised and not loaded."""

    file: str
    table: str
    message: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows and children loaded, rows read in all, and problems (those not kept among them)."""

    children: int = 0
    without_episodes: int = 0
    header: int = 0
    episodes: int = 0
    reviews: int = 0
    uasc: int = 0
    adoption_decisions: int = 0
    rows: int = 0
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class Return903:
    """A return as read. `year` is the collection year (it ends in), None if nothing tells it."""

    children: dict[str, ImportedChild] = field(default_factory=dict)
    headers: tuple[Row[HeaderRow], ...] = ()
    episodes: tuple[Row[Episode], ...] = ()
    reviews: tuple[Row[Review], ...] = ()
    uasc: tuple[Row[AsylumStatus], ...] = ()
    adoption_decisions: tuple[Row[AdoptionDecision], ...] = ()
    problems: tuple[Problem, ...] = ()
    left: tuple[Left, ...] = ()
    tables: frozenset[str] = frozenset()
    year: int | None = None
    year_inferred: bool = False
    counts: Counts = Counts()

    @property
    def as_at(self) -> date | None:
        """The default as-at date: 31 March that ends the collection year."""
        return year_ends(self.year) if self.year is not None else None

    def child_facts(self) -> Iterator[ChildFacts]:
        """Each child's facts for the derivation, in the order in which children were met."""
        episodes, reviews = by_child(self.episodes), by_child(self.reviews)
        uasc, decisions = by_child(self.uasc), by_child(self.adoption_decisions)
        for child in self.children.values():
            yield ChildFacts(
                child=child.child,
                episodes=tuple(episodes.get(child.child, ())),
                reviews=tuple(reviews.get(child.child, ())),
                adoption_decisions=tuple(decisions.get(child.child, ())),
                asylum=tuple(uasc.get(child.child, ())),
                births=child.births,
                in_header=child.in_header or "Header" not in self.tables,
            )


def by_child(rows: Iterable[Row[Fact]]) -> dict[str, list[Fact]]:
    """The facts of rows grouped by child, in the rows' order."""
    grouped: dict[str, list[Fact]] = {}
    for row in rows:
        grouped.setdefault(row.child, []).append(row.fact)
    return grouped


def infer_year(episodes: Iterable[Episode]) -> int | None:
    """The collection year of the latest DECOM, None without episodes."""
    latest = max((episode.decom for episode in episodes), default=None)
    return collection_year(latest) if latest is not None else None
