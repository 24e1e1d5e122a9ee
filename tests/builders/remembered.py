"""What an empty database holds once something was made in it, put into the next in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa

from core.store.database import db, writing
from core.store.tables import Authority

Made = TypeVar("Made")
Rows = dict[str, list[dict[str, Any]]]

_remembered: dict[tuple[object, ...], tuple[Any, Rows]] = {}


def remembered(key: tuple[object, ...], make: Callable[[], Made]) -> Made:
    """What ``make`` gives; in an empty database its rows of the first time, where it ran before.

    Of PostgreSQL each database has its own, as its sequences have gone beyond those ids; what the
    rows are does not hang on the test, so that one that is the first makes what the others have.
    """
    if db.session.scalar(sa.select(sa.func.count()).select_from(Authority)):
        db.session.rollback()
        return make()
    db.session.rollback()
    of_database = db.engine.url.database if db.engine.dialect.name == "postgresql" else ""
    key = (db.engine.dialect.name, of_database, *key)
    if key in _remembered:
        made, rows = _remembered[key]
        with writing():
            for table in db.metadata.sorted_tables:
                if table.name in rows:
                    db.session.execute(sa.insert(table), rows[table.name])
        return made  # type: ignore[no-any-return]
    made = make()
    rows = {}
    for table in db.metadata.sorted_tables:
        if found := [dict(row) for row in db.session.execute(sa.select(table)).mappings()]:
            rows[table.name] = found
    db.session.rollback()
    _remembered[key] = (made, rows)
    return made
