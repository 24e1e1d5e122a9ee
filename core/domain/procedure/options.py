"""Which options for permanence a procedure lays down at which age, and what a plan asks beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.domain.finding import Strength
from core.domain.procedure.rule import Rule
from core.domain.record.plan import OPTIONS

CHILDHOOD = range(18)


class Need(StrEnum):
    """What an option needs before it can be agreed."""

    RATIONALE = "rationale"
    HEAD_OF_SERVICE = "head-of-service"


NEED_WORDS = {
    Need.RATIONALE: "a clear rationale",
    Need.HEAD_OF_SERVICE: "the head of service’s approval",
}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option: its code of the core's list (core.domain.record.plan), the clause's own words.

    ``needs`` is what it needs before it can be agreed.
    """

    code: str
    title: str
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AgeRow:
    """A row of the matrix: from this age, and under that one; None where it ends with childhood."""

    code: str
    title: str
    from_age: int = 0
    under_age: int | None = None

    def holds(self, age: int) -> bool:
        return self.from_age <= age and (self.under_age is None or age < self.under_age)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the matrix; its title is a sentence that is so or is not.

    ``connected`` says that the column follows from whether connected person care may be an option
    (True) or is not (False). Where several columns are left then, or with None, a person says which
    it is.
    """

    code: str
    title: str
    connected: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Cell(Rule):
    """The options at one age in one column: exactly those, in the clause's order."""

    row: str
    column: str
    options: tuple[Option, ...]

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True, kw_only=True)
class AlwaysOptions(Rule):
    """Options that can be chosen at any age, before the matrix is used."""

    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class BeyondMatrix(Rule):
    """That an option of no cell may be chosen all the same, and what it needs."""

    needs: tuple[Need, ...] = (Need.RATIONALE,)


@dataclass(frozen=True, kw_only=True)
class OptionsAdded(Rule):
    """Options that the procedure names of itself, whatever the child's age.

    ``reading`` says what of it is how we read the procedure.
    """

    options: tuple[Option, ...]
    reading: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanRule(Rule):
    """Something that a plan lacks until it is there; its code says what (docs/codes.md)."""

    strength: Strength = Strength.BLOCKS


@dataclass(frozen=True, kw_only=True)
class OptionsMatrix(Rule):
    """The options by the child's age, on the meeting's day, in each of the columns.

    ``beyond`` is None where nothing outside a cell may be chosen. ``reading`` says what of it is
    how we read the procedure.
    """

    rows: tuple[AgeRow, ...]
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    always: AlwaysOptions | None = None
    beyond: BeyondMatrix | None = None
    reading: str = ""

    def parts(self) -> Iterator[Rule]:
        """The rules within it."""
        yield from (part for part in (self.always, self.beyond) if part is not None)
        yield from self.cells

    def row_at(self, age: int) -> AgeRow:
        return next(row for row in self.rows if row.holds(age))

    def row_that_needs(self, option: str, need: Need, age: int | None) -> AgeRow | None:
        """The row of an age in which an option needs something; the first, of an unknown age.

        Before birth a child is of the first row.
        """
        for row in self.rows:
            if age is None or row.holds(max(age, 0)):
                here = (cell.option(option) for cell in self.cells if cell.row == row.code)
                if any(one is not None and need in one.needs for one in here):
                    return row
        return None

    def column(self, code: str) -> Column | None:
        return next((column for column in self.columns if column.code == code), None)

    def cell(self, row: str, column: str) -> Cell:
        return next(cell for cell in self.cells if (cell.row, cell.column) == (row, column))

    def faults(self) -> Iterator[str]:
        """What is wrong with it: each age lies in one row, and each row has a cell a column."""
        for age in CHILDHOOD:
            if (number := sum(row.holds(age) for row in self.rows)) != 1:
                yield f"the age {age} lies in {number or 'no'} rows, not in one"
        if not self.columns:
            yield "it has no column"
        wanted = Counter((row.code, column.code) for row in self.rows for column in self.columns)
        there = Counter((cell.row, cell.column) for cell in self.cells)
        for place in wanted | there:
            if wanted[place] != 1 or there[place] != 1:
                yield f"{there[place] or 'no'} cell is for {' and '.join(place)}, not exactly one"
        listed = [(cell.code, cell.options) for cell in self.cells]
        if self.always is not None:
            listed.append((self.always.code, self.always.options))
        for code, options in listed:
            yield from options_faults(code, options)


def options_faults(code: str, options: tuple[Option, ...]) -> Iterator[str]:
    """What is wrong with a list of options: none at all, one of no list, or one twice."""
    if not options:
        yield f"{code} has no option"
    for option, number in Counter(option.code for option in options).items():
        if option not in OPTIONS:
            yield f"{code} names {option}, which is no option of the core’s list"
        if number > 1:
            yield f"{code} names {option} twice"
