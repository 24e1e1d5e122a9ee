"""The transaction that applies an import: it writes, asks little, and only an unmoved record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.imports import NOW, Files, bring_in, list_8, rows, settings, text

from core import worker
from core.store import imports, record, returns
from core.store.database import db
from core.store.imports import Run, RunState
from core.store.tables import Child, EntryStatement
from core.store.teams import tree
from core.usecases import import_run, importing, returns_written, staging
from core.usecases import record as change
from core.usecases import returns as worked_out
from core.usecases.record_many import NewEntry, add_many
from core.usecases.record_new import add

MARCH, JUNE = date(2026, 3, 31), date(2026, 6, 30)
LGM = {"held_on": "2026-02-03", "determination": "issue"}
TYPED = {"held_on": "2026-05-06", "determination": "s20"}
SAYINGS = ("entry_statement", "identity_fact", "episode", "stated_worker", "allocation", "action")


def lists(children: int, plan: str, team: str) -> Files:
    named = [f"{number:04d}" for number in range(children)]
    cases = "Local ID,Given name,Team,Service,Worker name,IRO name"
    tracker = "Local ID,Plan,Plan date,Last PPM,LGM date,LGM determination,Action,Action due"
    listed = {"started_on": date(2025, 9, 1), "legal_status": "C1", "plan": plan}
    return {
        "list 8.xlsx": list_8(*({"child": child, **listed} for child in named)),
        "cases.csv": text(cases, *(f"{c},Orlin,{team},North,Perrin,Idris" for c in named)),
        "tracker.csv": text(
            tracker,
            *(f"{c},{plan},01/02/2026,02/02/2026,03/02/2026,Issue,Ring,01/12/2026" for c in named),
        ),
    }


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that read, of the latest import that was applied, from its lock on."""
    found: list[str] = []
    write = returns_written.write

    def seen(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.split(None, 1)[0] == "SELECT":
            found.append(statement)

    def watched(*args: Any) -> None:
        found.clear()
        sa.event.listen(db.engine, "before_cursor_execute", seen)
        try:
            write(*args)
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", seen)

    monkeypatch.setattr(import_run.returns_written, "write", watched)
    return found


def test_the_lock_reads_nothing_of_what_was_stated_however_many_children(
    house: House, asked: list[str]
) -> None:
    for plan, team, as_at in (("Adoption", "Quill", MARCH), ("SGO", "Fern", JUNE)):
        bring_in(house, lists(1, plan, team), as_at=as_at)
        few = list(asked)
        bring_in(house, lists(40, plan, f"{team} team"), as_at=as_at + timedelta(days=1))
        assert asked and len(asked) <= max(len(few), 9)
        for table in SAYINGS:
            assert not [said for said in asked if f"FROM {table} " in said.replace("\n", " ")]
    assert len({row[0] for row in rows(house, EntryStatement.value)}) == 40


def test_the_lock_reads_as_often_for_many_teams_as_for_one(house: House, asked: list[str]) -> None:
    def cases(start: int, many: int) -> Files:
        named = range(start, start + many)
        lines = (f"{n:04d},Orlin,Team {n},{'' if n % 2 else f'Service {n}'}" for n in named)
        return {"cases.csv": text("Local ID,Given name,Team,Service", *lines)}

    bring_in(house, cases(0, 2), as_at=MARCH)
    few = len(asked)
    bring_in(house, cases(100, 40), as_at=JUNE)
    assert few == len(asked)
    named = {team.name: team.service for service in tree(house.whole) for team in service.teams}
    assert len([name for name in named if name.startswith("Team ")]) == 42
    assert (named["Team 138"], named["Team 139"]) == ("Service 138", "Teams named by files")


def staged(house: House, files: Files, as_at: date) -> Run:
    public_id = staging.stage(
        house.scope("authority.administrator"),
        [(name, BytesIO(content)) for name, content in files.items()],
        settings(house).upload_folder, NOW, limit_bytes=1_000_000, as_at=as_at,
    )  # fmt: skip
    assert worker.work_once(settings(house))
    return found(house, public_id)


def found(house: House, public_id: str) -> Run:
    run = imports.run(house.whole, public_id)
    db.session.rollback()
    assert run is not None
    return run


def test_a_fact_typed_while_an_import_is_worked_out_has_it_previewed_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, child = house.child("0000")
    bring_in(house, lists(1, "Adoption", "Quill"), as_at=MARCH)
    run = staged(house, lists(1, "SGO", "Quill"), JUNE)
    importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)
    before = rows(house, EntryStatement.field, EntryStatement.value)
    prepare = worked_out.prepare

    def typed_meanwhile(*args: Any) -> worked_out.Prepared:
        prepared = prepare(*args)
        db.session.rollback()
        add(house.scope("social.worker"), child, "gateway", TYPED, AT)
        return prepared

    with monkeypatch.context() as patch:
        patch.setattr(import_run.returns, "prepare", typed_meanwhile)
        assert worker.work_once(settings(house))
    run = found(house, run.public_id)
    assert (run.state, run.failure) == (RunState.RECEIVED, import_run.MADE_AGAIN)
    now = rows(house, EntryStatement.field, EntryStatement.value)
    assert now == sorted([*before, *(("0000", *said) for said in TYPED.items())], key=repr)
    assert worker.work_once(settings(house))
    run = found(house, run.public_id)
    assert (run.state, run.failure) == (RunState.READY, import_run.MADE_AGAIN)
    importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)
    assert worker.work_once(settings(house))
    assert found(house, run.public_id).state is RunState.APPLIED


def test_every_change_of_the_record_moves_its_version(house: House) -> None:
    child_id, child = house.child()
    scope = house.scope("social.worker")
    later = AT + timedelta(hours=1)

    def moves(change: Callable[[], Any]) -> Any:
        before = returns.record_version(house.whole)
        given = change()
        assert returns.record_version(house.whole) == before + 1
        return given

    made = moves(lambda: add(scope, child, "gateway", LGM, AT)).public_id
    bring_in(
        house,
        {"t.csv": text("Local ID,LGM date,LGM determination", f"{local(child)},03/02/2026,s20")},
        as_at=MARCH,
    )
    (entry,) = record.entries(house.whole, child_id)
    said = entry.values["determination"]
    assert said.value == "issue" and said.disagree
    moves(lambda: change.use_file(scope, made, "determination", said.statement.id, "So", later))
    moves(lambda: change.correct(scope, made, {"meeting": "lgm"}, {}, "", later))
    (entry,) = record.entries(house.whole, child_id)
    moves(lambda: change.take_out(scope, made, entry.version, "Another child's", later))
    moves(lambda: change.put_back(scope, made, entry.version + 1, later))
    new = NewEntry(child_id, "plan", {"primary": "sgo"}, house.accounts["social.worker"], AT)
    moves(lambda: add_many(house.whole, [new]))


def local(child: str) -> str:
    query = sa.select(Child.local_id).where(Child.public_id == child)
    return str(db.session.execute(query).scalar_one())
