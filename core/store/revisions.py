"""Which migration a database has reached, and moving it to another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import downgrade, upgrade

from core.store.database import db

NO_TABLES = "the database has no tables yet: run permanence migrate"


def reached() -> str:
    """The migration that the database has reached; "" for one that has no tables yet.

    A file of SQLite that is not there is not made by asking.
    """
    file = sqlite_file()
    if file is not None and not file.exists():
        return ""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def sqlite_file() -> Path | None:
    """The file in which SQLite keeps the database; None for PostgreSQL and for one in memory."""
    url = db.engine.url
    named = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(str(url.database)) if named else None


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


@contextmanager
def made_or_not() -> Iterator[None]:
    """Make a file of SQLite, and its folder, for what follows; where that fails neither stays."""
    file = sqlite_file()
    if file is None or file.exists():
        yield
        return
    folders = [folder for folder in file.parents if not folder.exists()]
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        yield
    except BaseException:
        db.session.remove()
        db.engine.dispose()
        for end in ("", "-wal", "-shm", "-journal"):
            file.with_name(file.name + end).unlink(missing_ok=True)
        for folder in folders:
            with suppress(OSError):
                folder.rmdir()
        raise
