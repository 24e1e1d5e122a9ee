"""The day in London of a stored moment, within a statement."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class LondonDay(FunctionElement[Any]):
    """The day in London of a column of moments (UTC); core.domain.dates.london_day outside."""

    type = sa.Date()
    inherit_cache = True


@compiles(LondonDay)
def _of_sqlite(element: LondonDay, compiler: Any, **more: Any) -> str:
    return f"london_day({compiler.process(element.clauses, **more)})"


@compiles(LondonDay, "postgresql")
def _of_postgresql(element: LondonDay, compiler: Any, **more: Any) -> str:
    moment = compiler.process(element.clauses, **more)
    return f"CAST(timezone('Europe/London', timezone('UTC', {moment})) AS DATE)"
