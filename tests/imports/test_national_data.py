"""The fake national return of 2017-18 brought in by the worker, where it is there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import AT, House

from core import worker
from core.store import imports
from core.store.database import db
from core.store.imports import RunState
from core.store.tables import CareSummary, Child, Episode
from core.usecases import importing, staging
from core.usecases.facts import facts

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "ssda903-2018"
FILES = ("header.csv", "episodes.csv", "reviews.csv", "uasc.csv", "placed_for_adoption.csv")


def test_the_five_files_give_exactly_their_children_and_episodes(house: House) -> None:
    if not DATA.is_dir():
        pytest.skip("the shared SSDA903 data is not beside the project")
    settings = house.app.extensions["permanence"].settings
    opened = [(name, (DATA / name).open("rb")) for name in FILES]
    try:
        public_id = staging.stage(
            house.whole, opened, settings.upload_folder, AT, limit_bytes=settings.import_most_bytes
        )
    finally:
        for _, stream in opened:
            stream.close()
    assert worker.work_once(settings)
    run = imports.run(house.whole, public_id)
    assert run is not None and run.state is RunState.READY
    assert (run.year, run.year_inferred) == (2018, True)
    importing.ask_to_apply(house.whole, run, run.staged_hash, AT)
    assert worker.work_once(settings)
    counted = [
        db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in (Child, Episode, CareSummary)
    ]
    assert counted == [2675, 5050, 2675]
    statuses = Counter(db.session.execute(sa.select(CareSummary.status)).scalars())
    assert statuses["no episodes"] == 552
    locals_ = set(db.session.execute(sa.select(Child.local_id)).scalars())
    stated = {line.split(",")[0] for line in (DATA / "header.csv").read_text().splitlines()[1:]}
    assert stated <= locals_, "ids stay as they were written, zeros and all"
    first = dict(
        tuple(row)
        for row in db.session.execute(
            sa.select(Child.local_id, CareSummary.became_looked_after_known).join(
                Child, Child.id == CareSummary.child_id
            )
        )
    )
    told = {one["child"]: one for one in facts(house.whole, house.today)}
    unknown = {
        child
        for child, one in told.items()
        if one["became_looked_after"] and not one["became_looked_after_known"]
    }
    assert unknown and not any(first[child] for child in unknown)
    assert Counter(one["status"] for one in told.values()) == statuses
