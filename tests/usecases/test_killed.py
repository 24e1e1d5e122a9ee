"""The worker killed in the middle of an apply, again and again: all of it is there, or nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import AT, House

from core import worker
from core.store import imports
from core.store.database import db, writing
from core.store.imports import RunState
from core.store.tables import (
    AuditRow,
    Authority,
    CareSummary,
    Child,
    Episode,
    ImportRun,
    PeriodOfCare,
    Review,
)
from core.usecases import importing, staging

ROOT = Path(__file__).parents[2]
CHILDREN, KILLS = 2_500, 6
WORKER = """
import sys
from datetime import date
from pathlib import Path
import plugins.bexley
from core import worker
from core.app import create_app
from core.settings import Settings
folder, url = Path(sys.argv[1]), sys.argv[2]
app = create_app(Settings(url, "only for tests", folder, today=date(2026, 11, 23)),
                 {"bexley": plugins.bexley})
with app.app_context():
    print("ready", flush=True)
    worker.work_once(app.extensions["permanence"].settings)
    print("done", flush=True)
"""


def staged(house: House) -> str:
    """A return of many children, previewed and asked for."""
    header = ["CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"]
    episodes = ["CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC"]
    reviews = ["CHILD,REVIEW,REVIEW_CODE"]
    for number in range(CHILDREN):
        child = f"{number:05d}"
        header.append(f"{child},F,04/05/2012,WBRI,UN1,0,")
        episodes.append(f"{child},01/05/2025,S,C1,N1,U6,PR1,01/06/2025,X1")
        episodes.append(f"{child},01/06/2025,P,C1,N1,U4,PR1,,")
        reviews += [f"{child},0{month}/09/2025,PN1" for month in (1, 2, 3)]
    house.app.extensions["permanence"].settings.upload_folder.mkdir(exist_ok=True)
    public_id = staging.stage(
        house.whole,
        [
            (f"{name}.csv", BytesIO("\n".join(lines).encode()))
            for name, lines in (("h", header), ("e", episodes), ("r", reviews))
        ],
        house.app.extensions["permanence"].settings.upload_folder,
        AT,
        limit_bytes=10_000_000,
    )
    worker.work_once(house.app.extensions["permanence"].settings)
    run = imports.run(house.whole, public_id)
    assert run is not None and run.state is RunState.READY
    importing.ask_to_apply(house.whole, run, run.staged_hash, AT)
    return public_id


def start(house: House, database_url: str) -> subprocess.Popen[str]:
    """A worker of its own, which has said that it begins; the lease of one killed has run out."""
    with writing():
        db.session.execute(sa.update(ImportRun).values(leased_until=None, tries=0))
    db.session.remove()
    folder = house.app.extensions["permanence"].settings.data_folder
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder), database_url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def counts(house: House) -> tuple[str, dict[str, int]]:
    state = db.session.execute(sa.select(ImportRun.state)).scalar_one()
    found = {
        table.__tablename__: db.session.execute(
            sa.select(sa.func.count()).select_from(table)
        ).scalar_one()
        for table in (Child, Episode, Review, PeriodOfCare, CareSummary)
    }
    found["audit"] = db.session.execute(
        sa.select(sa.func.count()).where(AuditRow.subject == "child")
    ).scalar_one()
    found["moved"] = db.session.execute(
        sa.select(Authority.record_version).where(Authority.id == house.authority_id)
    ).scalar_one()
    db.session.remove()
    return state, found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_again_and_again_an_apply_is_whole_or_absent(
    house: House, database_url: str
) -> None:
    staged(house)
    _, before = counts(house)
    wholly = {
        "child": CHILDREN,
        "episode": 2 * CHILDREN,
        "review": 3 * CHILDREN,
        "period_of_care": CHILDREN,
        "care_summary": CHILDREN,
        "audit": CHILDREN,
        "moved": before["moved"] + 1,
    }
    chance, cut_short, longest = random.Random(903), 0, 2.0
    for _ in range(KILLS):
        process = start(house, database_url)
        began = time.monotonic()
        try:
            process.wait(timeout=chance.uniform(0.2, longest))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        state, found = counts(house)
        if state == RunState.APPLIED:
            assert found == wholly
            longest = time.monotonic() - began
            break
        cut_short += 1
        assert state in (RunState.ASKED, RunState.APPLYING) and found == before
    assert cut_short, "no kill came in time"
    if counts(house)[0] != RunState.APPLIED:
        assert start(house, database_url).wait(timeout=60) == 0
    assert counts(house) == (RunState.APPLIED, wholly)
    born = set(db.session.execute(sa.select(Child.born)).scalars())
    assert born == {date(2012, 5, 4)}
