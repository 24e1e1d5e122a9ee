"""A database that is busy, or two that wait for each other: said plainly, with what was typed."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg.errors
import pytest
from builders.house import House

from core.store.database import OperationalError

FAULTS: dict[str, Exception] = {
    "locked": sqlite3.OperationalError("database is locked"),
    "deadlock": psycopg.errors.DeadlockDetected("deadlock detected"),
    "serialization": psycopg.errors.SerializationFailure("could not serialize access"),
}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def broken(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def fail(*_given: Any, **_also: Any) -> None:
        raise OperationalError("", {}, fault)

    monkeypatch.setattr("core.usecases.record_new.add", fail)


def send(house: House) -> Any:
    house.app.config["WTF_CSRF_ENABLED"] = False
    _, child = house.child()
    typed = {"words": "She would like to stay", "said_on-day": "3"}
    return house.client("social.worker").post(f"/children/{child}/record/add/view", data=typed)


def check(answer: Any) -> None:
    assert answer.status_code == 503
    assert "Somebody else was first, or the system is busy" in answer.text
    assert "She would like to stay" in answer.text and "Save what I typed" in answer.text


@SQLITE
def test_busy_on_sqlite(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch, FAULTS["locked"])
    check(send(house))


@POSTGRESQL
@pytest.mark.parametrize("fault", ["deadlock", "serialization"])
def test_two_that_wait_for_each_other(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    broken(monkeypatch, FAULTS[fault])
    check(send(house))


@SQLITE
def test_a_full_disk_is_said_and_a_fault_of_ours_is_no_busy_database(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch, sqlite3.OperationalError("database or disk is full"))
    full = send(house)
    assert full.status_code == 507 and "There is no room left" in full.text
    assert "She would like to stay" in full.text and "Save what I typed" in full.text
    broken(monkeypatch, sqlite3.OperationalError("no such column: child.nothing"))
    house.app.testing = False
    _, child = house.child("0102")
    address = f"/children/{child}/record/add/view"
    assert house.client("social.worker").post(address, data={"words": "x"}).status_code == 500


@SQLITE
def test_where_there_is_no_room_a_page_says_why_it_is_not_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any, **_also: Any) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr("core.store.audit.looked", full)
    house.app.testing = False
    _, child = house.child()
    answer = house.client("social.worker").get(f"/children/{child}/record")
    assert answer.status_code == 507 and "no room left to note who looks" in answer.text
    assert "what you sent" not in answer.text


@pytest.mark.parametrize("fault", ["database or disk is full", "database is locked"])
@SQLITE
def test_signing_out_where_there_is_no_room_ends_the_session_of_the_browser(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    def full(*_given: Any, **_also: Any) -> None:
        raise OperationalError("", {}, sqlite3.OperationalError(fault))

    house.app.config["WTF_CSRF_ENABLED"] = False
    client = house.client("social.worker")
    monkeypatch.setattr("core.usecases.sign_in.sign_out", full)
    answer = client.post("/sign-out")
    if "locked" in fault:
        assert answer.status_code == 503
        return
    assert answer.status_code == 303 and answer.location == "/sign-in"
    assert "signed out in this browser" in client.get("/sign-in").text
    assert client.get("/children").status_code != 200


@SQLITE
def test_a_page_that_is_read_and_one_who_is_signed_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any, **_also: Any) -> None:
        raise OperationalError("", {}, FAULTS["locked"])

    monkeypatch.setattr("core.store.record.child", fail)
    _, child = house.child()
    answer = house.client("social.worker").get(f"/children/{child}/record")
    assert answer.status_code == 503 and "Nothing of what you sent was saved" in answer.text
    house.app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr("core.store.accounts.credentials", fail)
    typed = {"email": "iro@bexley.example", "password": "kettle marmot violin"}
    answer = house.app.test_client().post("/sign-in", data=typed)
    assert answer.status_code == 503 and "kettle" not in answer.text
