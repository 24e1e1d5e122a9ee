"""What an import is not to blame for counts as no try: it is given back, now or later."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.imports import NOW, settings, text

from core import worker
from core.domain.finding import Finding, Refused
from core.store import imports
from core.store.database import OperationalError, db, writing
from core.store.imports import LEASE, RunState
from core.store.tables import ImportRun
from core.usecases import import_run, staging

BUSY = OperationalError("", {}, Exception("database is locked"))


def stage(house: House) -> str:
    return staging.stage(
        house.scope("authority.administrator"),
        [("cases.csv", BytesIO(text("Local ID,Given name", "0101,Orlin")))],
        settings(house).upload_folder,
        NOW,
        limit_bytes=1_000_000,
    )


def state(house: House, public_id: str) -> tuple[RunState, str]:
    run = imports.run(house.whole, public_id)
    db.session.rollback()
    assert run is not None
    return run.state, run.failure


def taken() -> tuple[int, datetime | None]:
    """How often the one import was tried, and until when it is somebody's."""
    row = db.session.execute(sa.select(ImportRun.tries, ImportRun.leased_until)).one()
    db.session.rollback()
    return row.tries, row.leased_until


def away(*_given: Any, **_also: Any) -> None:
    raise BUSY


def test_what_cannot_be_let_go_now_is_let_go_before_the_next_is_taken(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    public_id = stage(house)
    faults, given_back = worker.Faults(), worker.GivenBack()
    for _ in range(worker.MOST_TRIES + 1):
        with monkeypatch.context() as patch:
            patch.setattr(import_run, "read", away)
            patch.setattr(imports, "let_go", away)
            for _ in range(2):
                assert not worker._work(settings(house), faults, lambda: True, given_back)
        tries, lease = taken()
        assert tries == 1 and lease is not None
    assert "could not be given back yet" in caplog.text
    assert worker._work(settings(house), faults, lambda: True, given_back)
    assert state(house, public_id)[0] is RunState.READY


def test_a_stop_in_a_busy_moment_raises_what_stopped_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(house)
    monkeypatch.setattr(imports, "let_go", away)
    here = iter([True])
    with pytest.raises(worker.Orphaned):
        worker.work_once(settings(house), lambda: next(here, False))


@pytest.mark.parametrize("fault", [Refused(Finding("no")), MemoryError(), ValueError("odd")])
def test_a_fault_is_said_also_where_the_worker_is_to_stop_meanwhile(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    public_id, wanted = stage(house), [True]

    def stopped(*_given: Any, **_also: Any) -> None:
        wanted.clear()
        raise fault

    monkeypatch.setattr(import_run, "read", stopped)
    assert worker.work_once(settings(house), lambda: bool(wanted))
    assert state(house, public_id)[0] is RunState.FAILED


def test_a_fault_that_cannot_be_said_now_counts_as_no_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = stage(house)

    def odd(*_given: Any, **_also: Any) -> None:
        raise ValueError("odd")

    monkeypatch.setattr(import_run, "read", odd)
    with monkeypatch.context() as patch:
        patch.setattr(import_run, "fail", away)
        for _ in range(worker.MOST_TRIES + 1):
            with pytest.raises(OperationalError):
                worker.work_once(settings(house))
            assert taken() == (0, None)
    assert worker.work_once(settings(house))
    now, why = state(house, public_id)
    assert now is RunState.FAILED and "Something went wrong" in why


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_statement_that_is_wrong_for_sqlite_ends_its_import(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = stage(house)

    def wrong(*_given: Any, **_also: Any) -> None:
        raise OperationalError("", {}, Exception("too many SQL variables"))

    monkeypatch.setattr(import_run, "read", wrong)
    assert worker.work_once(settings(house))
    now, why = state(house, public_id)
    assert now is RunState.FAILED and "Something went wrong" in why


def test_what_is_let_go_late_takes_nothing_from_who_has_it_now(house: House) -> None:
    public_id, at = stage(house), NOW
    first = imports.claim(at)
    second = imports.claim(at + LEASE + timedelta(seconds=1))
    assert first is not None and second is not None and second.tries == 2
    imports.let_go(first.id, first.tries)
    assert taken() == (1, at + 2 * LEASE + timedelta(seconds=1))
    with writing():
        db.session.execute(sa.update(ImportRun).values(leased_until=None))
    assert worker.work_once(settings(house))
    imports.let_go(second.id, second.tries)
    assert taken() == (0, None) and state(house, public_id)[0] is RunState.READY
