"""The page for monitoring: each part that fails is named, and nothing of anybody is said."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from flask import Flask

from core.store import health as of_the_database
from core.store import revisions
from core.store.database import db


@pytest.fixture
def heartbeat(app: Flask) -> Path:
    path: Path = app.extensions["permanence"].settings.heartbeat
    path.touch()
    return path


def failing(app: Flask) -> list[str]:
    answer = app.test_client().get("/health")
    said = answer.get_json()
    parts = [name for name, state in said["parts"].items() if state != "ok"]
    assert answer.status_code == (503 if parts else 200)
    assert said["status"] == ("failing" if parts else "ok")
    assert set(said["parts"]) == {"database", "migrations", "worker", "disk"}
    return parts


@pytest.mark.usefixtures("heartbeat")
def test_all_is_well(app: Flask) -> None:
    assert failing(app) == []


def test_a_worker_that_has_not_worked_for_ten_minutes_fails(app: Flask, heartbeat: Path) -> None:
    os.utime(heartbeat, (time.time() - 601,) * 2)
    assert failing(app) == ["worker"]
    heartbeat.unlink()
    assert failing(app) == ["worker"]


@pytest.mark.usefixtures("heartbeat")
def test_a_full_disk_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert failing(app) == ["disk"]


@pytest.mark.usefixtures("heartbeat")
def test_tables_of_an_older_version_fail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "newest", lambda: "9999")
    assert failing(app) == ["migrations"]


@pytest.mark.usefixtures("heartbeat")
def test_a_database_that_is_away_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise of_the_database.DBAPIError("", None, OSError("gone"))

    monkeypatch.setattr(db.engine, "connect", away)
    assert failing(app) == ["database", "migrations"]
