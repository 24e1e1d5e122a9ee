"""The app under test on every database there is, each test on an empty, migrated one."""

from __future__ import annotations

import contextvars
import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
import toyshire
from builders.databases import (
    compile_statements_once,
    drop_postgresql,
    empty_postgresql,
    migrated_postgresql,
    postgresql_url,
)
from builders.house import House
from builders.routed import compile_once
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.test import TestResponse

import plugins.bexley
from core import worker
from core.app import create_app
from core.domain.dates import in_london, on_day
from core.settings import Settings
from core.store.database import db
from core.web import clock

TODAY = date(2026, 11, 23)
# How long an example takes says how busy the machine is, and nothing of the code.
hypothesis.settings.register_profile("any-machine", deadline=None)
hypothesis.settings.load_profile("any-machine")
compile_once()
PLUGINS = {"bexley": plugins.bexley, "toyshire": toyshire}
REQUIRED = frozenset(filter(None, os.environ.get("PERMANENCE_REQUIRE", "").split(",")))


def settings(folder: Path, url: str) -> Settings:
    return Settings(
        database_url=url,
        secret_key="only for tests",
        data_folder=folder,
        today=TODAY,
    )


class OwnContext(FlaskClient):
    """Each request in a context of its own, as in a server: nothing of one reaches the next."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)  # an answer that streams ends in its own context too
        return contextvars.Context().run(super().open, *args, **kwargs)


class CompiledOnce(BytecodeCache):
    """Templates compiled once a test process: each test has an app, and so a loader, of its own."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self.kept.get(bucket.key + bucket.checksum)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


COMPILED = CompiledOnce()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that each test copies."""
    from flask_migrate import upgrade

    folder = tmp_path_factory.mktemp("migrated")
    path = folder / "empty.sqlite3"
    app = create_app(settings(folder, f"sqlite:///{path}"), PLUGINS)
    with app.app_context():
        upgrade()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL | None]:
    """A migrated PostgreSQL database, one a test process, that each test empties; or None."""
    url = postgresql_url()
    if url is None:
        if "postgresql" in REQUIRED:
            pytest.fail("PERMANENCE_REQUIRE names postgresql, and none answers")
        yield None
        return
    template = migrated_postgresql(
        url, lambda made: create_app(settings(tmp_path_factory.mktemp("pg"), made), PLUGINS)
    )
    yield template
    drop_postgresql(template)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_sqlite: Path
) -> Iterator[str]:
    """The address of a fresh, migrated database, once for each kind."""
    if request.param == "sqlite":
        copy = tmp_path / "permanence.sqlite3"
        shutil.copy(migrated_sqlite, copy)
        yield f"sqlite:///{copy}"
        return
    template: sa.URL | None = request.getfixturevalue("migrated_postgres")
    if template is None:
        pytest.skip("no PostgreSQL answers (set PERMANENCE_TEST_POSTGRESQL to its address)")
    empty_postgresql(template)
    yield template.render_as_string(hide_password=False)


@pytest.fixture(autouse=True)
def afternoon(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the set day it is past noon, whenever tests run: what was done that morning is over."""

    def after_noon(on: date, moment: datetime) -> datetime:
        found = on_day(on, moment)
        return found + timedelta(hours=12) if in_london(found).hour < 12 else found

    monkeypatch.setattr(clock, "on_day", after_noon)
    monkeypatch.setattr(worker, "on_day", after_noon)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An app on a fresh database, its context pushed."""
    made = create_app(settings(tmp_path, database_url), PLUGINS)
    made.testing = True
    made.test_client_class = OwnContext
    made.jinja_env.bytecode_cache = COMPILED
    with made.app_context():
        compile_statements_once(db.engine)
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def house(app: Flask) -> House:
    """An authority with everybody in it, and the means to make children, meetings and cases."""
    return House(app, TODAY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stands in tests/browser needs the browser."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly where the browser tests did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any("there is no Chromium" in str(report.longrepr) for report in skipped):
        terminalreporter.write_line("BROWSER TESTS NOT RUN", red=True, bold=True)
