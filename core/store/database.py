"""The database itself: how it is reached, how a transaction begins, and what SQLite needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate, upgrade
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase

from core.domain.dates import london_day

__all__ = [
    "Base",
    "DBAPIError",
    "IntegrityError",
    "OperationalError",
    "ProgrammingError",
    "at_commit",
    "attach",
    "db",
    "gather_statistics",
    "intend_to_write",
    "is_current",
    "is_full",
    "let_go",
    "migrate_up",
    "passes",
    "this_database",
    "writing",
]

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_at_commit: list[tuple[Callable[[], None], Callable[[], None]]] = []
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = sa.MetaData(naming_convention=CONVENTION)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate(directory=str(Path(__file__).with_name("migrations")))


def attach(app: Flask, url: str) -> None:
    """Give an app its database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    if url.startswith("sqlite"):
        # A connection reads the statistics as it opens: each hour there is a new one.
        options: dict[str, object] = {"connect_args": {"timeout": 20}, "pool_recycle": 3_600}
    else:
        options = {"pool_pre_ping": True}
    # No value of a statement reaches a log: they are children's names and people's words.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {**options, "hide_parameters": True}
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        _listen(db.engine)


def intend_to_write(writing: bool = True) -> None:
    """Say that the transaction about to begin will write.

    SQLite refuses a read transaction that turns into a write while another writes; so a request
    that may write takes the lock as it begins, before it reads anything.
    """
    _writing.set(writing)


def let_go() -> None:
    """End what was only read, so that nothing is held while something slow is done."""
    db.session.rollback()


def at_commit(last: Callable[[], None], forget: Callable[[], None], *, early: bool = False) -> None:
    """Have ``last`` called just before a transaction is committed; ``forget`` where it is not.

    ``early`` is for what still writes rows: the audit's chain comes after it.
    """
    _at_commit.insert(0 if early else len(_at_commit), (last, forget))


def _forget() -> None:
    for _, forget in _at_commit:
        forget()


@contextmanager
def writing() -> Iterator[None]:
    """One transaction that writes: committed at its end, rolled back whole on any error."""
    db.session.rollback()
    _forget()
    token = _writing.set(True)
    try:
        yield
        for last, _ in _at_commit:
            last()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        _forget()
        raise
    finally:
        _writing.reset(token)


def is_full(fault: OperationalError) -> bool:
    """Whether the database has no room left to write."""
    return "is full" in str(fault.orig) or getattr(fault.orig, "sqlstate", None) == "53100"


def passes(fault: OperationalError) -> bool:
    """Whether the same may succeed when it is sent again: another was first, or it is busy.

    With SQLite a statement that is wrong is an operational error too: that does not pass.
    """
    if db.engine.dialect.name == "sqlite":
        return any(word in str(fault.orig) for word in ("locked", "busy"))
    return True


def this_database() -> object:
    """What tells the database of this app from that of another."""
    return db.engine


def gather_statistics() -> None:
    """Count what stands in the indexes, by a thousand rows of each: by it SQLite chooses its ways.

    PostgreSQL does so by itself.
    """
    if db.engine.dialect.name == "sqlite":
        with writing():
            db.session.execute(sa.text("PRAGMA analysis_limit = 1000"))
            db.session.execute(sa.text("ANALYZE"))


def migrate_up() -> None:
    """Bring the database to the newest tables."""
    upgrade()


def is_current() -> bool:
    """Whether the database has the newest tables: every migration, no more and no less."""
    newest = set(ScriptDirectory(migrate.directory).get_heads())
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == newest


def _listen(engine: Engine) -> None:
    if engine.dialect.name != "sqlite" or event.contains(engine, "begin", _begin):
        return
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begin)


def _connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.create_function("london_day", 1, _london_day, deterministic=True)
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=20000",
        "temp_store=MEMORY",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _london_day(moment: str | None) -> str | None:
    """For SQLite, which knows no zones: the day in London of a moment as it keeps it."""
    return london_day(datetime.fromisoformat(moment)).isoformat() if moment else None


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
