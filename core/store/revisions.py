"""Which migration a database has reached, and moving it to another."""

from __future__ import annotations

from functools import lru_cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import downgrade, upgrade

from core.store.database import db


def reached() -> str:
    """The migration that the database has reached; "" for one that has no tables yet."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def known() -> tuple[str, ...]:
    """Every migration that this version of the app has, from the first to the newest."""
    return _within(current_app.extensions["migrate"].directory)


@lru_cache(maxsize=1)
def _within(directory: str) -> tuple[str, ...]:
    scripts = ScriptDirectory(directory)
    return tuple(script.revision for script in scripts.walk_revisions())[::-1]


def newest() -> str:
    return known()[-1]


def move_to(revision: str) -> None:
    """Bring the database to a migration that is known, up or down."""
    there = reached()
    order = ["", *known()]
    if there == revision:
        return
    (upgrade if order.index(there) < order.index(revision) else downgrade)(revision=revision)
