"""A tracker's plan beside one that was typed: what the preview says is what the page shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.imports import bring_in, text

from core.store import import_changes
from core.store.database import db
from core.store.tables import Child, RecordSummary
from core.usecases.record_new import add
from core.web.import_words import said

NOW = datetime(2026, 11, 22, 9, 0)
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("line", "as_at", "of", "after", "summary"),
    [
        (
            "0101,Long term fostering,17/09/2026,Adoption",
            date(2026, 10, 20),
            "Permanence plan: the file says otherwise",
            "stays; the file says Long-term fostering",
            ("adoption", "", 1),
        ),
        (
            "0101,Return home,18/09/2026,",
            date(2026, 9, 16),
            "Permanence plan: kept beside the plan in use",
            "Return to parents",
            ("adoption", "", 0),
        ),
        (
            "0101,gobbledegook,18/09/2026,",
            date(2026, 10, 20),
            "Permanence plan: kept beside the plan in use",
            "A plan that the file does not specify",
            ("adoption", "", 0),
        ),
    ],
)
def test_a_tracker_s_plan_beside_a_typed_one_is_previewed_as_it_is_shown(
    house: House, line: str, as_at: date, of: str, after: str, summary: tuple[str, str, int]
) -> None:
    house.turn_to(TODAY)
    bring_in(house, {"cases.csv": text("Local ID,Given name", "0101,Orlin")}, as_at=as_at)
    public_id = db.session.execute(sa.select(Child.public_id)).scalar_one()
    db.session.rollback()
    typed = {
        "primary": "adoption", "state": "agreed", "identified_on": "2026-09-17",
        "agreed_on": "2026-09-17", "agreed_by": "Panel",
    }  # fmt: skip
    add(replace(house.whole, on=TODAY), public_id, "plan", typed, NOW)
    tracker = text("Local ID,Plan,Plan date,Contingency", line)
    run = bring_in(house, {"tracker.csv": tracker}, as_at=as_at)
    changes = [said(one) for one in import_changes.changes(house.whole, run.id)]
    assert {one.subject for one in changes} == {of}
    assert [one.after for one in changes if one.field == "Primary plan"] == [after]
    assert run.counts["preview"]["changed"] == 0
    kept = RecordSummary.plan, RecordSummary.contingencies, RecordSummary.disagreements
    assert db.session.execute(sa.select(*kept)).one() == summary
