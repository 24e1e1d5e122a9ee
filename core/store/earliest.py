"""The earliest of several days within a statement, those that are not there left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

NEVER = date(9999, 12, 31)


class Least(FunctionElement[Any]):
    """The least of several values, none of which is missing."""

    type = sa.Date()
    inherit_cache = True


@compiles(Least)
def _of_sqlite(element: Least, compiler: Any, **more: Any) -> str:
    return f"min({compiler.process(element.clauses, **more)})"


@compiles(Least, "postgresql")
def _of_postgresql(element: Least, compiler: Any, **more: Any) -> str:
    return f"least({compiler.process(element.clauses, **more)})"


def earliest(*days: Any) -> sa.ColumnElement[date | None]:
    """The first of these days (two or more), NULL where there is none of them."""
    never = sa.literal(NEVER, sa.Date())
    return sa.func.nullif(
        Least(*(sa.func.coalesce(on, never) for on in days)), never, type_=sa.Date()
    )


def later(column: Any, on: date) -> sa.ColumnElement[date | None]:
    """A day that comes after another, else NULL."""
    return sa.case((column > on, column))
