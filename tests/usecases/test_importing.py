"""A return staged, read, applied and imported again, by workers that fail, meet and are slow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House

from core import worker
from core.domain.finding import Refused
from core.settings import Settings
from core.store import care, import_changes, imports
from core.store.database import OperationalError, db, writing
from core.store.imports import LEASE, Run, RunState
from core.store.scope import Scope
from core.store.tables import (
    Authority,
    CareSummary,
    Child,
    Episode,
    IdentityFact,
    ImportRun,
    PeriodOfCare,
    Review,
)
from core.usecases import import_run, importing, staging
from core.usecases.facts import facts

NOW = datetime(2026, 11, 23, 9, 0)
HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
Files = dict[str, bytes]


def text(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def header(*children: str, born: str = "04/05/2012", sex: str = "F") -> bytes:
    return text(HEADER, *(f"{child},{sex},{born},WBRI,UN1,0," for child in children))


def episode(child: str, decom: str, dec: str = "", rec: str = "", rne: str = "S") -> str:
    return f"{child},{decom},{rne},C1,N1,U6,PR1,{dec},{rec},,AB1 2CD,AB1 2CD,"


LAST_YEAR: Files = {
    "h.csv": header("0101", "0102", "0103", born="04/05/2012"),
    "e.csv": text(
        EPISODES,
        episode("0101", "01/05/2024"),
        episode("0102", "01/06/2024"),
        episode("0103", "02/02/2025", rne="P"),
    ),
    "r.csv": text(REVIEWS, "0101,04/05/2012,01/06/2024,PN1"),
}
THIS_YEAR: Files = {
    "h.csv": header("0101", "0103", "0104", born="05/05/2012"),
    "e.csv": text(
        EPISODES,
        episode("0101", "01/05/2024", "01/09/2025", "E13"),
        episode("0103", "02/02/2025", rne="P"),
        episode("0104", "07/07/2025"),
    ),
    "r.csv": text(REVIEWS, "0104,06/05/2012,01/09/2025,PN1"),
}


def settings(house: House) -> Settings:
    found: Settings = house.app.extensions["permanence"].settings
    return found


def stage(house: House, files: Files, **more: Any) -> str:
    return staging.stage(
        house.scope("authority.administrator"),
        [(name, BytesIO(content)) for name, content in files.items()],
        settings(house).upload_folder,
        NOW,
        limit_bytes=1_000_000,
        **more,
    )


def found(house: House, public_id: str) -> Run:
    run = imports.run(house.whole, public_id)
    db.session.rollback()
    assert run is not None
    return run


def bring_in(house: House, files: Files, **more: Any) -> Run:
    """The whole way, by the worker: staged, read, asked for, applied."""
    public_id = stage(house, files, **more)
    assert worker.work_once(settings(house))
    run = found(house, public_id)
    assert run.state is RunState.READY, run.failure
    importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)
    assert worker.work_once(settings(house))
    return found(house, public_id)


def rows(scope: Scope, *columns: Any) -> list[tuple[Any, ...]]:
    table = columns[0].class_
    read = db.session.execute(
        sa.select(Child.local_id, *columns)
        .join(Child, Child.id == table.child_id)
        .where(table.authority_id == scope.authority_id)
    )
    return sorted((tuple(row) for row in read), key=repr)


def record(scope: Scope, on: date) -> dict[str, Any]:
    """Everything that an import gives, without keys."""
    kept = {
        "facts": list(facts(scope, on)),
        "children": sorted(
            tuple(row)
            for row in db.session.execute(
                sa.select(Child.local_id, Child.born, Child.sex, Child.upn).where(
                    Child.authority_id == scope.authority_id
                )
            )
        ),
        "episodes": rows(scope, Episode.decom, Episode.dec, Episode.rne, Episode.year),
        "reviews": rows(scope, Review.held_on, Review.code, Review.year),
        "identity": rows(scope, IdentityFact.field, IdentityFact.value, IdentityFact.year),
        "periods": rows(scope, PeriodOfCare.start, PeriodOfCare.start_known, PeriodOfCare.end),
        "summaries": rows(scope, CareSummary.status, CareSummary.legal_status, CareSummary.flags),
    }
    db.session.rollback()
    return kept


def statuses(scope: Scope, on: date) -> dict[str, str]:
    found = {str(one["child"]): str(one["status"]) for one in facts(scope, on)}
    db.session.rollback()
    return found


def counted(table: type) -> int:
    number = db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    db.session.rollback()
    return int(number)


def test_the_same_return_twice_gives_the_same_record(house: House) -> None:
    assert bring_in(house, LAST_YEAR).state is RunState.APPLIED
    once = record(house.whole, house.today)
    again = bring_in(house, LAST_YEAR)
    assert again.counts["preview"]["unchanged"] == 3
    assert record(house.whole, house.today) == once and len(once["episodes"]) == 3


def test_two_years_in_either_order_give_the_same_record(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    for files in (LAST_YEAR, THIS_YEAR):
        bring_in(house, files)
    for files in (THIS_YEAR, LAST_YEAR):
        bring_in(other, files)
    forward, backward = record(house.whole, house.today), record(other.whole, house.today)
    assert forward == backward
    assert {c[0]: c[1] for c in forward["children"]}["0101"] == date(2012, 5, 5)


def test_a_child_whom_the_later_file_no_longer_has_is_marked_and_not_ended(house: House) -> None:
    bring_in(house, LAST_YEAR)
    run = bring_in(house, THIS_YEAR)
    said = statuses(house.whole, house.today)
    assert said["0102"] == "open but missing from latest file"
    assert said["0101"] == "ceased" and said["0103"] == "looked after"
    shown = import_changes.changes(house.whole, run.id)
    db.session.rollback()
    assert ("0102", "care", "status") in [(c.child, c.subject, c.field) for c in shown]
    assert statuses(house.whole, date(2025, 3, 1))["0102"] == "looked after"


def test_a_start_that_no_row_states_stays_unknown(house: House) -> None:
    bring_in(house, LAST_YEAR)
    known = {
        one["child"]: one["became_looked_after_known"] for one in facts(house.whole, house.today)
    }
    assert known == {"0101": True, "0102": True, "0103": False}


def test_the_facts_of_today_are_what_the_lists_show(house: House) -> None:
    bring_in(house, LAST_YEAR)
    bring_in(house, THIS_YEAR)
    asked = {one["child"]: one for one in facts(house.whole, house.today)}
    shown = rows(
        house.whole,
        CareSummary.status,
        CareSummary.became_looked_after,
        CareSummary.became_looked_after_known,
        CareSummary.legal_status,
        CareSummary.placement,
        CareSummary.base_placement,
        CareSummary.flags,
    )
    assert len(shown) == len(asked) == 4
    for child, status, began, known, legal, placement, usual, flags in shown:
        one = asked[child]
        assert one["status"] == status and one["became_looked_after_known"] is known
        assert one["became_looked_after"] == (began.isoformat() if began else None)
        assert (one["legal_status"] or "") == legal and (one["placement"] or "") == placement
        assert (one["base_placement"] or "") == usual
        assert one["flags"] == [flag for flag in flags.split(";") if flag]


def test_facts_come_by_local_id_and_ask_as_often_for_many_as_for_few(house: House) -> None:
    def asked() -> int:
        seen: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            told = [one["child"] for one in facts(house.whole, house.today)]
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
            db.session.rollback()
        assert told == sorted(told)
        return len(seen)

    bring_in(house, LAST_YEAR)
    few = asked()
    many = [f"B{number:03d}" for number in range(200)] + ["a1", "Z1", "09"]
    bring_in(
        house,
        {
            "h.csv": header(*many),
            "e.csv": text(EPISODES, *(episode(c, "01/05/2024") for c in many)),
        },
    )
    assert asked() == few


def test_a_write_that_fails_in_the_middle_leaves_the_record_as_it_was(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(house, LAST_YEAR)
    before = record(house.whole, house.today)
    version = db.session.execute(sa.select(Authority.record_version)).scalar_one()
    db.session.rollback()

    def break_off(*_args: object) -> None:
        assert counted_here(Child) == 4
        raise RuntimeError("the disk is full")

    def counted_here(table: type) -> int:
        return int(db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())

    with monkeypatch.context() as patch:
        patch.setattr(care, "put_derived", break_off)
        run = bring_in(house, THIS_YEAR)
    assert run.state is RunState.FAILED and "the record is as it was" in run.failure
    assert record(house.whole, house.today) == before
    assert db.session.execute(sa.select(Authority.record_version)).scalar_one() == version
    db.session.rollback()
    importing.read_again(house.whole, run, NOW, year=run.year)
    worker.work_once(settings(house))
    run = found(house, run.public_id)
    importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)
    worker.work_once(settings(house))
    assert found(house, run.public_id).state is RunState.APPLIED


def test_one_worker_at_a_time_has_an_import_until_its_lease_ends(house: House) -> None:
    stage(house, LAST_YEAR)
    assert imports.claim(NOW) is not None
    assert imports.claim(NOW + timedelta(seconds=59)) is None
    assert imports.claim(NOW + LEASE + timedelta(seconds=1)) is not None
    assert imports.claim(NOW - timedelta(hours=1)) is not None, "the clock was put back"


@pytest.mark.parametrize("state", [RunState.READING, RunState.APPLYING])
def test_an_import_whose_worker_was_killed_is_taken_again(house: House, state: RunState) -> None:
    public_id = stage(house, LAST_YEAR)
    if state is RunState.APPLYING:
        worker.work_once(settings(house))
        run = found(house, public_id)
        importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)
    with writing():
        db.session.execute(
            sa.update(ImportRun).values(state=state, leased_until=datetime(2026, 11, 22, 9, 0))
        )
    assert worker.work_once(settings(house))
    ends = RunState.READY if state is RunState.READING else RunState.APPLIED
    assert found(house, public_id).state is ends


def _meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Have something happen once, while the files are being read."""
    from core.usecases import import_run

    real = import_run.read_files

    def read_slowly(*args: Any, **named: Any) -> Any:
        monkeypatch.undo()
        act()
        return real(*args, **named)

    monkeypatch.setattr(import_run, "read_files", read_slowly)


def test_what_is_discarded_while_it_is_read_stays_discarded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = stage(house, LAST_YEAR)
    folder = settings(house).upload_folder
    _meanwhile(
        monkeypatch,
        lambda: importing.discard(house.whole, found(house, public_id), folder, NOW),
    )
    worker.work_once(settings(house))
    run = found(house, public_id)
    assert run.state is RunState.DISCARDED
    assert imports.problems(house.whole, run.id) == ([], 0) and list(folder.iterdir()) == []


def test_reading_stops_where_the_import_was_discarded_or_the_server_is_gone(house: House) -> None:
    public_id = stage(house, LAST_YEAR)
    run = imports.run(house.whole, public_id)
    assert run is not None
    moment = iter(NOW + timedelta(seconds=n) for n in range(99))
    teller = import_run.Teller(house.whole, run.id, lambda: next(moment))
    teller.alive()
    importing.discard(house.whole, run, settings(house).upload_folder, NOW)
    with pytest.raises(import_run.Unwanted):
        teller.alive()

    public_id = stage(house, LAST_YEAR)
    here = iter([True])
    with pytest.raises(worker.Orphaned):
        worker.work_once(settings(house), lambda: next(here, False))
    left = house.whole and imports.run(house.whole, public_id)
    db.session.rollback()
    assert left is not None and left.state in (RunState.RECEIVED, RunState.READING)
    assert worker.work_once(settings(house))


def test_an_import_that_has_killed_its_worker_three_times_has_failed(house: House) -> None:
    public_id, behind = stage(house, LAST_YEAR), stage(house, THIS_YEAR)
    for number in range(1, worker.MOST_TRIES + 1):
        taken = imports.claim(NOW)
        assert taken is not None and taken.tries == number
        with writing():  # its worker was killed, and its lease has run out
            db.session.execute(sa.update(ImportRun).values(leased_until=None))
    assert worker.work_once(settings(house))
    failed = found(house, public_id)
    assert failed.state is RunState.FAILED
    assert "begun 3 times" in failed.failure and "the record is as it was" in failed.failure
    assert worker.work_once(settings(house))
    assert found(house, behind).state is RunState.READY
    db.session.rollback()
    importing.read_again(house.whole, failed, NOW, year=failed.year)
    assert worker.work_once(settings(house))
    assert found(house, public_id).state is RunState.READY


def test_tries_are_counted_anew_for_each_step_and_not_for_what_is_given_back(house: House) -> None:
    def tries() -> int:
        counted = db.session.execute(sa.select(ImportRun.tries)).scalar_one()
        db.session.rollback()
        return int(counted)

    public_id = stage(house, LAST_YEAR)
    for _ in range(worker.MOST_TRIES + 2):
        here = iter([True])
        with pytest.raises(worker.Orphaned):
            worker.work_once(settings(house), lambda here=here: next(here, False))
        assert tries() == 0
    assert imports.claim(NOW) is not None and tries() == 1
    with writing():
        db.session.execute(sa.update(ImportRun).values(leased_until=None))
    worker.work_once(settings(house))
    run = found(house, public_id)
    assert run.state is RunState.READY and tries() == 0
    importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)
    worker.work_once(settings(house))
    assert found(house, public_id).state is RunState.APPLIED and tries() == 0


def test_an_import_that_needs_more_memory_than_there_is_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swollen(*_given: Any, **_also: Any) -> None:
        raise MemoryError

    public_id = stage(house, LAST_YEAR)
    monkeypatch.setattr(import_run, "read", swollen)
    assert worker.work_once(settings(house))
    run = found(house, public_id)
    assert run.state is RunState.FAILED and "more memory" in run.failure


def test_equal_faults_are_logged_once_a_minute_with_pauses_that_grow(
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults, pauses = worker.Faults(), []
    for _ in range(9):
        faults.one(ValueError("away"))
        pauses.append(faults.pause)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert len(caplog.records) == 1
    faults.none()
    assert faults.pause == 0.5


def test_a_database_that_stays_busy_is_asked_less_and_less_often_and_the_import_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    public_id = stage(house, LAST_YEAR)
    real = import_run.read

    def full(*_given: Any, **_also: Any) -> None:
        raise OperationalError("", {}, Exception("database or disk is full"))

    monkeypatch.setattr(import_run, "read", full)
    faults, pauses, given_back = worker.Faults(), [], worker.GivenBack()
    for _ in range(4):
        assert worker._work(settings(house), faults, lambda: True, given_back) is False
        pauses.append(faults.pause)
    assert pauses == [0.5, 1, 2, 4] and len(caplog.records) == 1
    assert found(house, public_id).state is RunState.RECEIVED
    monkeypatch.setattr(import_run, "read", real)
    assert worker._work(settings(house), faults, lambda: True, given_back) is True
    assert found(house, public_id).state is RunState.READY and faults.pause == 0.5


def test_a_worker_overtaken_by_another_writes_nothing_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    public_id = stage(house, LAST_YEAR)
    worker.work_once(settings(house))
    run = found(house, public_id)
    importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)

    def another() -> None:
        with writing():
            db.session.execute(sa.update(ImportRun).values(leased_until=None))
        assert worker.work_once(settings(house))
        assert found(house, public_id).state is RunState.APPLIED

    _meanwhile(monkeypatch, another)
    worker.work_once(settings(house))
    assert found(house, public_id).state is RunState.APPLIED
    assert counted(Child) == 3 and counted(Episode) == 3 and counted(CareSummary) == 3


def test_of_two_previews_the_second_is_made_again_for_the_record_has_moved(house: House) -> None:
    first, second = stage(house, LAST_YEAR), stage(house, THIS_YEAR)
    while worker.work_once(settings(house)):
        pass
    for public_id in (first, second):
        run = found(house, public_id)
        importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)
    while worker.work_once(settings(house)):
        pass
    assert found(house, first).state is RunState.APPLIED
    again = found(house, second)
    assert again.state is RunState.READY and again.failure == import_run.MADE_AGAIN
    assert again.year_inferred and again.counts["preview"]["new"] == 1
    with pytest.raises(Refused, match="look again"):
        importing.ask_to_apply(house.whole, again, "an older hash", NOW)


def test_reviews_alone_leave_what_the_header_of_that_year_said(house: House) -> None:
    bring_in(house, LAST_YEAR)
    before = rows(house.whole, IdentityFact.field, IdentityFact.value)
    db.session.rollback()
    alone = {"r.csv": text(REVIEWS, "0101,09/09/2011,01/06/2024,PN1")}
    for _ in range(2):
        bring_in(house, alone, year=2025)
    after = rows(house.whole, IdentityFact.field, IdentityFact.value)
    db.session.rollback()
    assert [row for row in after if row not in before] == [("0101", "born", "2011-09-09")]
    assert len(after) == len(before) + 1
    born = dict(db.session.execute(sa.select(Child.local_id, Child.born)).all())
    db.session.rollback()
    assert born["0101"] == date(2012, 5, 4)


def test_a_return_that_tells_no_year_asks_for_it(house: House) -> None:
    public_id = stage(house, {"h.csv": LAST_YEAR["h.csv"]})
    worker.work_once(settings(house))
    run = found(house, public_id)
    assert run.state is RunState.READY and run.year is None
    with pytest.raises(Refused, match="Give the collection year"):
        importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)


def test_a_staged_file_that_was_changed_is_not_read(house: House) -> None:
    public_id = stage(house, LAST_YEAR)
    for path in settings(house).upload_folder.iterdir():
        path.write_bytes(THIS_YEAR["h.csv"])
    worker.work_once(settings(house))
    run = found(house, public_id)
    assert run.state is RunState.FAILED and "not as it was when it was uploaded" in run.failure


def in_folder(folder: Path, files: Files) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def by_command(house: House, *paths: Path, year: int | None = None) -> importing.ImportReport:
    return importing.import_paths(
        house.whole,
        paths,
        settings(house).upload_folder,
        lambda: NOW,
        limit_bytes=1_000_000,
        year=year,
    )


def test_the_command_line_imports_a_folder_in_one_go(house: House, tmp_path: Path) -> None:
    report = by_command(house, in_folder(tmp_path / "return", LAST_YEAR))
    assert (report.year, report.year_inferred) == (2025, True)
    assert report.as_json()["counts"]["children"] == 3 and report.as_json()["new"] == 3
    assert "Collection year 2025, worked out from the latest episode." in report.lines()
    assert counted(Episode) == 3 and list(settings(house).upload_folder.iterdir()) == []


def test_the_command_line_refuses_what_is_not_there_or_cannot_be_loaded(
    house: House, tmp_path: Path
) -> None:
    bad = in_folder(tmp_path / "bad", {"x.csv": b"\x00\x01", "y.csv": b""})
    (tmp_path / "none").mkdir()
    for path, said in (
        (tmp_path / "gone", "gone is not there"),
        (tmp_path / "none", "no files"),
        (bad, "Nothing in these files could be loaded.*x.csv"),
        (in_folder(tmp_path / "yearless", {"h.csv": LAST_YEAR["h.csv"]}), "collection year"),
    ):
        with pytest.raises(Refused, match=said):
            by_command(house, path)
    assert counted(Child) == 0 and not worker.work_once(settings(house))
