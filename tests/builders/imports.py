"""Imports for tests: files made in memory, brought in by the worker, and what came of them."""

from __future__ import annotations

import time
from datetime import datetime
from io import BytesIO
from typing import Any

import sqlalchemy as sa
from builders.house import House
from builders.workbooks import workbook

from core import worker
from core.imports.annex_a.lists import LIST_8
from core.settings import Settings
from core.store import imports
from core.store.database import db, writing
from core.store.imports import Run, RunState
from core.store.tables import Account, Child
from core.usecases import importing, staging

NOW = datetime(2026, 11, 23, 9, 0)
Files = dict[str, bytes]


def text(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def list_8(*rows: dict[str, Any]) -> bytes:
    codes = [column.code for column in LIST_8.columns]
    body = [[row.get(code, "") for code in codes] for row in rows]
    return workbook({"List 8": [[c.heading for c in LIST_8.columns], *body]})


def settings(house: House) -> Settings:
    found: Settings = house.app.extensions["permanence"].settings
    return found


def bring_in(house: House, files: Files, **more: Any) -> Run:
    public_id = staging.stage(
        house.scope("authority.administrator"),
        [(name, BytesIO(content)) for name, content in files.items()],
        settings(house).upload_folder,
        NOW,
        limit_bytes=1_000_000,
        **more,
    )
    run = _worked_on(house, public_id, RunState.READY)
    importing.ask_to_apply(house.whole, run, run.staged_hash, NOW)
    return _worked_on(house, public_id, RunState.APPLIED)


def _worked_on(house: House, public_id: str, state: RunState) -> Run:
    """The import once it has come so far, by whatever worker: a browser's test has one beside."""
    for _ in range(300):
        worked = worker.next_import(settings(house))
        run = imports.run(house.whole, public_id)
        db.session.rollback()
        assert run is not None
        if worked or run.state is state:
            break
        time.sleep(0.1)
    assert run.state is state, run
    return run


def numbered(house: House) -> None:
    with writing():
        for role, number in (("social.worker", "S1"), ("iro", "S2")):
            db.session.execute(
                sa.update(Account)
                .where(Account.id == house.accounts[role])
                .values(staff_number=number)
            )


def rows(house: House, *columns: Any, where: Any = True) -> list[tuple[Any, ...]]:
    table = columns[0].class_
    found = db.session.execute(
        sa.select(Child.local_id, *columns)
        .join(Child, Child.id == table.child_id)
        .where(table.authority_id == house.authority_id, where)
    )
    read = sorted((tuple(row) for row in found), key=repr)
    db.session.rollback()
    return read
