"""What was read from a return: its children, rows, problems and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

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
from core.imports.stated import Stated

#: What a file in the XML form is called where a table's name stands for a CSV file.
XML_NAME = "Return as XML"


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
class AdoptedRow:
    """A row of the AD1 table, codes as they stand, "" for blank."""

    decided_on: date | None
    matched_on: date | None
    by_foster_carer: str
    adopters: str
    sex_of_adopters: str
    status_of_adopters: str
    source: RowSource | None


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """A row of the PrevPerm table; `order_on` is the date as it stands, with its unknown parts."""

    option: str
    authority: str
    order_on: str
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
    adoptions: int = 0
    earlier_permanence: int = 0
    rows: int = 0
    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class Return903:
    """A return as read. `year` is the collection year (it ends in), None if nothing tells it.

    `stated` is what AD1 and PrevPerm say, in the form that every reader of files gives. `told` is
    what each file that could be read is: the name of its table, or XML_NAME.
    """

    children: dict[str, ImportedChild] = field(default_factory=dict)
    headers: tuple[Row[HeaderRow], ...] = ()
    episodes: tuple[Row[Episode], ...] = ()
    reviews: tuple[Row[Review], ...] = ()
    uasc: tuple[Row[AsylumStatus], ...] = ()
    adoption_decisions: tuple[Row[AdoptionDecision], ...] = ()
    adopted: tuple[Row[AdoptedRow], ...] = ()
    earlier_permanence: tuple[Row[EarlierRow], ...] = ()
    stated: Stated = Stated("ssda903")
    problems: tuple[Problem, ...] = ()
    left: tuple[Left, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()
    year: int | None = None
    year_inferred: bool = False
    counts: Counts = Counts()

    @property
    def as_at(self) -> date | None:
        """The default as-at date: 31 March that ends the collection year."""
        return year_ends(self.year) if self.year is not None else None

    def files(self) -> dict[str, tuple[str, int]]:
        """By a file's name: what it is, a table's name or XML_NAME, and the rows loaded of it."""
        rows: Counter[str] = Counter()
        for _, read in self.tables_read():
            rows.update(row.file for row in read)
        told = {left.file: left.table for left in self.left} | dict(self.told)
        return {file: (what, rows[file]) for file, what in told.items()}

    def tables_read(self) -> Iterator[tuple[str, tuple[Row[Any], ...]]]:
        """Each table that is loaded, by name, with its rows."""
        yield "Header", self.headers
        yield "Episodes", self.episodes
        yield "Reviews", self.reviews
        yield "UASC", self.uasc
        yield "PlacedAdoption", self.adoption_decisions
        yield "AD1", self.adopted
        yield "PrevPerm", self.earlier_permanence

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
