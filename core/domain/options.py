"""Which options a procedure lays down for one child on one day, and when that changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.courses import birthday
from core.domain.dates import age_on, day
from core.domain.finding import Finding, Refused
from core.domain.procedure import Procedure
from core.domain.procedure.options import (
    AgeRow,
    Cell,
    Column,
    OptionsAdded,
    OptionsMatrix,
    PlanRule,
)
from core.domain.procedure.winning import Winning, winning

ADULT = 18


@dataclass(frozen=True, slots=True)
class Turning:
    """The birthday that moves a child to another row: its day, the row, and the cell from then."""

    on: date
    row: AgeRow
    cell: Cell


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a child stands in a matrix on a day; ``age`` is None before birth."""

    age: int | None
    row: AgeRow
    cell: Cell
    changes: Turning | None

    @property
    def clause(self) -> str:
        return self.cell.clauses[0]

    def turns_by(self, until: date) -> Turning | None:
        """The birthday that changes the row, where it comes on a day or before it."""
        return self.changes if self.changes is not None and self.changes.on <= until else None


def age_at(born: date | None, on: date, *, unborn: bool = False) -> int | None:
    """The child's age on a day, None for an unborn child; refused before birth and from 18 on.

    ``unborn`` says that the date, if there is one, is that on which the child is expected.
    """
    if unborn:
        return None
    if born is None:
        raise Refused(Finding("The date of birth is not known, and with it the age", field="born"))
    if born > on:
        raise Refused(
            Finding(
                f"The date of birth, {day(born)}, lies after {day(on)}: it is a mistake, unless "
                "it is the day on which the child is expected",
                field="born",
            )
        )
    age = age_on(born, on)
    if age >= ADULT:
        raise Refused(
            Finding(
                f"Nobody of {age} is looked after: the young person turned 18 on "
                f"{day(birthday(born, ADULT))}",
                field="born",
            )
        )
    return age


def placed_at(
    matrix: OptionsMatrix, column: str, born: date | None, on: date, *, unborn: bool = False
) -> Placed:
    """The row, the cell and the next birthday that changes them; an unborn child counts as 0."""
    age = age_at(born, on, unborn=unborn)
    row = matrix.row_at(age or 0)
    changes = None
    if born is not None and row.under_age is not None and row.under_age < ADULT:
        then = matrix.row_at(row.under_age)
        changes = Turning(birthday(born, row.under_age), then, matrix.cell(then.code, column))
    return Placed(age, row, matrix.cell(row.code, column), changes)


def open_columns(matrix: OptionsMatrix, may_be: bool) -> tuple[Column, ...]:
    """The columns that are left once it is known whether connected person care may be an option."""
    return tuple(c for c in matrix.columns if c.connected is None or c.connected is may_be)


def column_of(matrix: OptionsMatrix, may_be: bool, said: str = "") -> Column | None:
    """The column that holds: the one left, or of several that which a person said; None if none."""
    left = open_columns(matrix, may_be)
    if len(left) == 1:
        return left[0]
    return next((column for column in left if column.code == said), None)


def matrix_of(procedures: Iterable[Procedure]) -> Winning[OptionsMatrix] | None:
    """The matrix that holds: of an authority's procedures, that of the first which has one."""
    return next(iter(winning(procedures, OptionsMatrix)), None)


def added_by(procedures: Iterable[Procedure]) -> tuple[Winning[OptionsAdded], ...]:
    """The options that an authority's procedures name of themselves."""
    return winning(procedures, OptionsAdded)


def plan_rules(procedures: Iterable[Procedure]) -> dict[str, PlanRule]:
    """What a plan asks beside its options, by code: the first procedure of each holds."""
    return {won.rule.code: won.rule for won in winning(procedures, PlanRule)}
