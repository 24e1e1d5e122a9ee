"""PostgreSQL for tests: found, migrated once a test process, emptied for each test, dropped."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.util import LRUCache

from core.store.database import db

_shared: dict[str, tuple[Any, Any]] = {}


def compile_statements_once(engine: sa.Engine) -> None:
    """Have the engine use what was compiled for those before it of the same kind of database.

    Each test has an app, and so an engine, of its own: without this it compiles every statement
    anew, where a server compiles it once.
    """
    if engine.name not in _shared:
        with engine.connect():
            pass
        _shared[engine.name] = (engine.dialect, LRUCache(4000))
    engine.dialect, engine._compiled_cache = _shared[engine.name]


def postgresql_url() -> sa.URL | None:
    """The server for tests, where one answers."""
    named = os.environ.get("PERMANENCE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1/postgres")
    url = sa.make_url(named).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, connect_args={"connect_timeout": 2})
    try:
        with engine.connect():
            return url
    except sa.exc.OperationalError:
        return None
    finally:
        engine.dispose()


def migrated_postgresql(url: sa.URL, make_app: Callable[[str], Flask]) -> sa.URL:
    template = url.set(database=f"permanence_test_{secrets.token_hex(4)}")
    _run(url, f'CREATE DATABASE "{template.database}"')
    app = make_app(template.render_as_string(hide_password=False))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return template


def empty_postgresql(url: sa.URL) -> None:
    """Empty every table; the triggers that keep the audit rest meanwhile, for this session only."""
    tables = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in tables.split(", "):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    engine.dispose()


def drop_postgresql(url: sa.URL) -> None:
    _run(url.set(database="postgres"), f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')


def _run(url: sa.URL, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
