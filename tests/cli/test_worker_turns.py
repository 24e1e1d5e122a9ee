"""The worker's turns: what fails holds up nothing else, and a long queue ends a round."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House

from core import faults, sender, worker
from core.store import authorities
from core.store.database import OperationalError, db
from core.store.scope import Scope
from core.usecases import noticing, own_notices

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ONE_KIND
def test_a_job_that_fails_keeps_no_other_from_its_turn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def fails(_settings: Any) -> bool:
        raise RuntimeError("a fault of this job")

    def works(_settings: Any) -> bool:
        done.append("notices")
        return False

    monkeypatch.setattr(worker, "JOBS", (fails, works))
    settings = house.app.extensions["permanence"].settings
    with pytest.raises(RuntimeError):
        worker.work_once(settings)
    assert done == ["notices"]


@ONE_KIND
def test_every_job_has_its_turn_in_a_round_however_much_another_has_to_do(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def job(name: str, *, worked: bool) -> Callable[[Any], bool]:
        def do(_settings: Any) -> bool:
            done.append(name)
            return worked

        return do

    def fails(_settings: Any) -> bool:
        raise RuntimeError("a fault of this job")

    jobs = [job("deadlines", worked=True), job("board", worked=True), job("late", worked=False)]
    monkeypatch.setattr(worker, "JOBS", jobs)
    settings = house.app.extensions["permanence"].settings
    assert worker.work_once(settings)
    assert done == ["deadlines", "board", "late"]
    with monkeypatch.context() as patch:
        patch.setattr(worker, "next_import", lambda *_: True)
        assert worker.work_once(settings), "an import holds up none of them either"
    assert done == ["deadlines", "board", "late"] * 2
    monkeypatch.setattr(worker, "JOBS", [fails, *jobs])
    with pytest.raises(worker.PartlyDone):
        worker.work_once(settings)
    assert done == ["deadlines", "board", "late"] * 3
    found, back = worker.Faults(), worker.GivenBack()
    assert worker._work(settings, found, lambda: True, back), "no pause: there is more to do"


@ONE_KIND
def test_the_notices_of_one_authority_that_fail_hold_up_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    followed: list[int] = []

    def follow(scope: Scope, _at: datetime) -> bool:
        if scope.authority_id == house.authority_id:
            raise RuntimeError("a fault of this authority")
        followed.append(scope.authority_id)
        return False

    both = [SimpleNamespace(id=house.authority_id, code="BEX"), SimpleNamespace(id=0, code="SOM")]
    monkeypatch.setattr(authorities, "every", lambda: both)
    monkeypatch.setattr(noticing, "bring_up_to_date", follow)
    monkeypatch.setattr(own_notices, "work_on", lambda _scope, _at: False)
    with caplog.at_level(logging.ERROR):
        worker.follow_notices(house.app.extensions["permanence"].settings)
    assert followed == [0]
    assert "the notices of BEX could not be gone through" in caplog.text


@ONE_KIND
def test_an_import_that_fails_keeps_no_job_from_its_turn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def away(*_given: Any) -> bool:
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr(worker, "next_import", away)
    monkeypatch.setattr(worker, "JOBS", [lambda _settings: done.append("deadlines") or False])
    with pytest.raises(OperationalError):
        worker.work_once(house.app.extensions["permanence"].settings)
    assert done == ["deadlines"]


@ONE_KIND
def test_what_fails_rests_while_the_others_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    passed = [100.0]

    def fails(_settings: Any) -> bool:
        tried.append("fails")
        raise RuntimeError("a fault of this job")

    def works(_settings: Any) -> bool:
        tried.append("works")
        return True

    monkeypatch.setattr(faults.time, "monotonic", lambda: passed[0])
    monkeypatch.setattr(worker, "JOBS", (fails, works))
    settings = house.app.extensions["permanence"].settings
    found, back = faults.Faults(), worker.GivenBack()
    for pause in (0.5, 1, 2):
        tried.clear()
        for _ in range(3):
            assert worker._work(settings, found, lambda: True, back)
        assert tried == ["fails", "works", "works", "works"]
        assert found.pause == pause
        passed[0] += pause
    monkeypatch.setattr(worker, "JOBS", (works,))
    assert worker._work(settings, found, lambda: True, back)
    assert found.pause == 0.5


@ONE_KIND
def test_a_folder_that_cannot_be_read_keeps_nothing_else_from_being_done_each_hour(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house.child()

    def unreadable(_folder: Any) -> None:
        raise PermissionError("not to be read")

    monkeypatch.setattr(worker, "clear_uploads", unreadable)
    monkeypatch.setattr(worker, "clear_papers", unreadable)
    with caplog.at_level(logging.ERROR):
        worker._tidy(house.app.extensions["permanence"].settings)
    assert len(caplog.records) == 2
    counted = sa.text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'child'")
    assert db.session.execute(counted).scalar_one() > 1
    db.session.rollback()


def test_a_round_ends_so_that_the_meetings_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "ROUND_SECONDS", 100.0)
    assert sender._for_a_round(lambda _seconds: False)()
    assert not sender._for_a_round(lambda _seconds: True)()
    monkeypatch.setattr(sender, "ROUND_SECONDS", 0.0)
    assert not sender._for_a_round(lambda _seconds: False)()
