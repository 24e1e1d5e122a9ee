"""A tracker imported again: what a person has changed of an action since stays as it is."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.imports import NOW, Files, bring_in, numbered, settings, text

from core import worker
from core.store import import_changes, imports, leaving
from core.store.database import db, writing
from core.store.tables import Account, Action
from core.usecases import staging

HEAD = "Local ID,Action,Action owner staff number,Action due"
FIRST: Files = {"t.csv": text(HEAD, "0101,Write to the court,S1,01/12/2026")}
AS_AT = date(2026, 10, 31)


def tracker(due: str, number: str = "S1") -> Files:
    return {"t.csv": text(HEAD, f"0101,Write to the court,{number},{due}")}


def action(house: House) -> tuple[Any, ...]:
    row = db.session.execute(sa.select(Action.owner_id, Action.due, Action.version)).one()
    db.session.rollback()
    return tuple(row)


def told(house: House, files: Files, as_at: date) -> list[str]:
    """What the preview says of actions; nothing is applied."""
    public_id = staging.stage(
        house.scope("authority.administrator"),
        [(name, BytesIO(content)) for name, content in files.items()],
        settings(house).upload_folder,
        NOW,
        limit_bytes=1_000_000,
        as_at=as_at,
    )
    kept = settings(house).upload_folder.iterdir()
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert worker.work_once(settings(house))
    run = imports.run(house.whole, public_id)
    assert run is not None
    rows = import_changes.changes(house.whole, run.id)
    db.session.rollback()
    return [row.after for row in rows if row.subject == "action"]


@pytest.fixture
def first(house: House) -> None:
    numbered(house)
    house.child()
    bring_in(house, FIRST, as_at=AS_AT)
    assert action(house) == (house.accounts["social.worker"], date(2026, 12, 1), 1)


def suspend(house: House, role: str) -> None:
    with writing():
        db.session.execute(
            sa.update(Account).where(Account.id == house.accounts[role]).values(active=False)
        )


def hand_on(house: House, role: str) -> None:
    with writing():
        ids = list(db.session.scalars(sa.select(Action.id)))
        leaving.pass_actions(house.whole, ids, house.accounts[role], "Legal Of Bexley")


@pytest.mark.usefixtures("first")
def test_a_leavers_action_is_not_given_back(house: House) -> None:
    hand_on(house, "legal")
    suspend(house, "social.worker")
    assert told(house, FIRST, AS_AT) == []
    bring_in(house, FIRST, as_at=AS_AT)
    assert action(house) == (house.accounts["legal"], date(2026, 12, 1), 2)
    later = tracker("20/12/2026", "S2")
    (said,) = told(house, later, AS_AT + timedelta(days=9))
    assert "due 20 December 2026, Legal Of Bexley" in said
    assert "It was handed on here and stays so: the file says Iro Of Bexley" in said
    bring_in(house, later, as_at=AS_AT + timedelta(days=9))
    assert action(house)[:2] == (house.accounts["legal"], date(2026, 12, 20))


@pytest.mark.usefixtures("first")
def test_a_day_that_a_person_moved_stays_and_the_rest_follows_the_file(house: House) -> None:
    with writing():
        db.session.execute(sa.update(Action).values(due=date(2026, 12, 24), version=2))
    bring_in(house, FIRST, as_at=AS_AT)
    assert action(house) == (house.accounts["social.worker"], date(2026, 12, 24), 2)
    later = tracker("20/12/2026", "S2")
    (said,) = told(house, later, AS_AT + timedelta(days=9))
    assert "The day was moved here and stays: the file says 20 December 2026" in said
    bring_in(house, later, as_at=AS_AT + timedelta(days=9))
    assert action(house)[:2] == (house.accounts["iro"], date(2026, 12, 24))


@pytest.mark.usefixtures("first")
def test_nobody_who_is_suspended_is_given_an_action(house: House) -> None:
    suspend(house, "iro")
    later = tracker("01/12/2026", "S2")
    (said,) = told(house, later, AS_AT + timedelta(days=9))
    assert "Iro Of Bexley is suspended: nobody has it yet" in said
    bring_in(house, later, as_at=AS_AT + timedelta(days=9))
    assert action(house)[0] is None
