"""Where an action stands, as SQL conditions: state and lacks of core.domain.action."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.store.tables import Action

#: Every blank, as str.strip takes them away and core.domain.action.lacks asks.
BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))


def _by(column: ColumnElement[date | None], on: date) -> ColumnElement[bool]:
    return sa.and_(column.is_not(None), column <= on)


def _not_by(column: ColumnElement[date | None], on: date) -> ColumnElement[bool]:
    return sa.or_(column.is_(None), column > on)


def open_on(on: date) -> ColumnElement[bool]:
    """Neither accepted as done nor ended by a day: late ones and those said to be done too."""
    return sa.and_(
        _not_by(Action.accepted_on.expression, on), _not_by(Action.ended_on.expression, on)
    )


def said_on(on: date) -> ColumnElement[bool]:
    """Said to be done by a day, and that is not accepted yet."""
    return sa.and_(open_on(on), _by(Action.done_on.expression, on))


def undone_on(on: date) -> ColumnElement[bool]:
    """Open, and nobody has said that it is done: its owner has still to do it."""
    return sa.and_(open_on(on), _not_by(Action.done_on.expression, on))


def late_on(on: date) -> ColumnElement[bool]:
    """Still to do after its due day."""
    return sa.and_(undone_on(on), Action.due < on)


def done_on(on: date) -> ColumnElement[bool]:
    """Accepted as done by a day."""
    return sa.and_(_by(Action.accepted_on.expression, on), _not_by(Action.ended_on.expression, on))


def ended_on(on: date) -> ColumnElement[bool]:
    """Ended by a day without being done."""
    return _by(Action.ended_on.expression, on)


def still_open() -> ColumnElement[bool]:
    """Open, whatever the day: nobody has accepted or ended it."""
    return sa.and_(Action.accepted_on.is_(None), Action.ended_on.is_(None))


def lacks_something() -> ColumnElement[bool]:
    """Without an owner, or without what done looks like: nothing written there but blanks."""
    return sa.or_(_blank(Action.owner_name), _blank(Action.done_means))


def _blank(column: Any) -> ColumnElement[bool]:
    return sa.func.ltrim(column, BLANKS) == ""
