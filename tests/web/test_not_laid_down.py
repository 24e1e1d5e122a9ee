"""A meeting whose procedure lays down no quorum, or no chair: its page says so, and who sets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.elsewhere import other_authorities
from builders.house import House
from conftest import TODAY

from core.store.database import db, writing
from core.store.tables import Meeting

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with other_authorities(tmp_path, database_url) as app:
        yield House(app, TODAY, "SOM", "somerset")


def meeting(house: House, procedure: str, edition: str, body: str) -> str:
    """A meeting of today, under one edition of a procedure."""
    with writing():
        made = (
            sa.insert(Meeting)
            .values(
                authority_id=house.authority_id,
                procedure_code=procedure,
                procedure_edition=edition,
                body_code=body,
                held_on=TODAY,
                starts_at=time(10, 0),
                state="planned",
            )
            .returning(Meeting.public_id)
        )
        return str(db.session.execute(made).scalar_one())


def sitting(house: House, public_id: str) -> str:
    """The words of the page on who is there and who chairs."""
    answer = house.client("panel.administrator").get(f"/meetings/{public_id}")
    assert answer.status_code == 200
    part = re.search(r'<div id="sitting">(.*?)<ul class="app-seats">', answer.text, re.DOTALL)
    assert part is not None
    return " ".join(re.sub(r"<[^>]+>", "", part[1]).split())


@pytest.mark.clause("SOM-10.2")
def test_somersets_panel_has_a_chair_whom_the_authority_sets_and_no_quorum(house: House) -> None:
    said = sitting(house, meeting(house, "SOM", "October 2016", "permanence-panel"))
    assert "Quorum: not laid down by this procedure; the authority sets it" in said
    assert "Panel Chair (set by the authority)" in said
    assert "Missing" not in said and "Quorate" not in said


@pytest.mark.parametrize("procedure", ["PPM2", "PPM10"])
def test_a_planning_meeting_has_no_quorum_and_is_never_called_quorate(
    house: House, procedure: str
) -> None:
    registry = house.app.extensions["permanence"].registry
    edition = registry.edition(procedure, TODAY)
    assert edition is not None
    said = sitting(house, meeting(house, procedure, edition.edition, "permanence-planning-meeting"))
    assert "Quorum: not laid down by this procedure; the authority sets it" in said
    assert "Team manager: comes with the case: the manager of the child’s team" in said
    assert "Who may chair" in said and "Quorate" not in said and "On hold" not in said
