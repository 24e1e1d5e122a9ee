"""What the options command says: the options of one cell, and the birthday that changes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.options import Placed, column_of, open_columns, placed_at
from core.domain.procedure.options import NEED_WORDS, Column, Option, OptionsMatrix
from core.registry import Registry


class ColumnNotSaid(Exception):
    """More than one column is left: ``columns`` are those among which to choose."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = tuple(columns)
        listed = ", ".join(f"{column.code} ({column.title})" for column in self.columns)
        super().__init__(f"say which column it is: {listed}")


def matrix_in(registry: Registry, code: str, on: date) -> OptionsMatrix:
    """The matrix of a procedure on a day; refused where there is none."""
    procedure = registry.edition(code, on)
    if procedure is None:
        raise Refused(Finding(f"no procedure {code} is in force on {day(on)}"))
    if procedure.options is None:
        raise Refused(Finding(f"{code} lays down no options by age"))
    return procedure.options


def answered(
    matrix: OptionsMatrix,
    born: date,
    on: date,
    connected: bool | None,
    column: str = "",
    *,
    unborn: bool = False,
) -> Placed:
    """Where a child stands in a matrix; ``connected`` is None where nobody said."""
    if connected is None:
        found = matrix.column(column)
        left: tuple[Column, ...] = matrix.columns
    else:
        found, left = column_of(matrix, connected, column), open_columns(matrix, connected)
    if found is None:
        raise ColumnNotSaid(left)
    return placed_at(matrix, found.code, born, on, unborn=unborn)


def as_json(placed: Placed) -> dict[str, Any]:
    """An answer as the interface lays it down."""
    changes = placed.changes
    return {
        "age": placed.age,
        "row": placed.row.code,
        "options": _listed(placed.cell.options),
        "clause": placed.clause,
        "changes": None
        if changes is None
        else {
            "on": changes.on.isoformat(),
            "row": changes.row.code,
            "options": _listed(changes.cell.options),
        },
    }


def _listed(options: Iterable[Option]) -> list[dict[str, Any]]:
    return [{"code": o.code, "title": o.title, "needs": list(o.needs)} for o in options]


def lines(matrix: OptionsMatrix, placed: Placed) -> Iterator[str]:
    """An answer to be read."""
    age = "unborn" if placed.age is None else f"aged {placed.age}"
    column = matrix.column(placed.cell.column)
    words = f": {column.title}" if column is not None else ""
    yield f"{placed.row.title} ({age}){words} ({', '.join(placed.cell.clauses)})"
    yield from map(_line, placed.cell.options)
    if placed.changes is not None:
        yield f"From {day(placed.changes.on)}, {placed.changes.row.title}:"
        yield from map(_line, placed.changes.cell.options)


def _line(option: Option) -> str:
    needs = " and ".join(NEED_WORDS[need] for need in option.needs)
    return f"- {option.title}" + (f" (needs {needs})" if needs else "")
