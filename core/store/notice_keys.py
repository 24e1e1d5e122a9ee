"""The keys of the core's own reminders within a statement (core.domain.own_notices)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from core.domain.own_notices import ACTION_KEYS, MINUTES_KEYS
from core.store.tables import Action, Meeting


class IsoDay(FunctionElement[Any]):
    """A day as it is written in a key (ISO 8601), whatever the database shows days as."""

    type = sa.Text()
    inherit_cache = True


@compiles(IsoDay)
def _of_sqlite(element: IsoDay, compiler: Any, **more: Any) -> str:
    return f"date({compiler.process(element.clauses, **more)})"


@compiles(IsoDay, "postgresql")
def _of_postgresql(element: IsoDay, compiler: Any, **more: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **more)}, 'YYYY-MM-DD')"


def of_action() -> sa.ColumnElement[str]:
    """The key of the reminder of an action to whose it is, of the day by which it is due."""
    number, owner = (sa.cast(one, sa.Text()) for one in (Action.id, Action.owner_id))
    return sa.literal(ACTION_KEYS) + number + "/" + IsoDay(Action.due) + "/" + owner


def of_minutes() -> sa.ColumnElement[str]:
    """The key of the reminder of a meeting's minutes."""
    return sa.literal(MINUTES_KEYS) + sa.cast(Meeting.id, sa.Text())
