"""The server killed in the middle of a save, again and again: what was acknowledged is there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import AT, House

from core.store.database import db
from core.store.tables import Answer, AnswerVersion, AuditRow, PanelCase
from core.usecases.opening import open_referral

ROOT = Path(__file__).parents[2]
KILLS = 5
SAVER = """
import sys
from datetime import date, datetime
from pathlib import Path
import plugins.bexley
from core.app import create_app
from core.domain.procedure.forms import Place
from core.settings import Settings
from core.store import accounts, answers, cases
from core.store.database import db
from core.store.scope import Scope
from core.usecases.referral import Typed, save_referral
folder, url, authority, account, case = Path(sys.argv[1]), *sys.argv[2:]
today = date(2026, 11, 23)
app = create_app(Settings(url, "only for tests", folder, today=today), {"bexley": plugins.bexley})
with app.app_context():
    whole = Scope.of_authority(int(authority), today)
    scope = accounts.scope_of(whole, int(account), today)
    place = Place("sought")
    for number in range(100_000):
        row = cases.case_by_public_id(scope, case)
        stored = answers.load(scope, row.id).get(place, answers.NEVER)
        saved = save_referral(
            scope, app.extensions["permanence"].registry, case,
            Typed({place: f"{stored.version + 1} times saved"}, {place: stored.version}),
            datetime(2026, 11, 23, 9, 0),
        )
        print(saved.versions[place], flush=True)
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_acknowledged_is_there_and_no_save_is_half_there(
    house: House, database_url: str
) -> None:
    registry = house.app.extensions["permanence"].registry
    _, child = house.child()
    case = open_referral(house.scope("social.worker"), registry, child, AT)
    folder = str(house.app.extensions["permanence"].settings.data_folder)
    arguments = [folder, database_url, str(house.authority_id)]
    arguments += [str(house.accounts["social.worker"]), case]
    chance, acknowledged = random.Random(903), 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVER, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first, "the saver did not begin"
        threading.Timer(chance.uniform(0.02, 0.4), process.kill).start()
        heard = [int(line) for line in [first, *process.stdout] if line.endswith("\n")]
        process.wait()
        acknowledged = heard[-1]
        assert whole(case) >= acknowledged
    assert acknowledged > KILLS


def whole(case: str) -> int:
    """The version that is stored: its text, its history and its audit all say the same."""
    version, value = db.session.execute(
        sa.select(Answer.version, Answer.value).where(Answer.field == "sought")
    ).one()
    assert value == f"{version} times saved"
    kept = db.session.execute(
        sa.select(sa.func.count())
        .select_from(AnswerVersion)
        .join(Answer, Answer.id == AnswerVersion.answer_id)
        .where(Answer.field == "sought")
    ).scalar_one()
    told = db.session.execute(
        sa.select(sa.func.count()).where(AuditRow.did == "answer", AuditRow.subject_id == case)
    ).scalar_one()
    assert (kept, told) == (version, version)
    assert db.session.execute(sa.select(sa.func.count()).select_from(PanelCase)).scalar_one() == 1
    db.session.remove()
    return int(version)
