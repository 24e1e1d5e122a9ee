"""What follows a planning meeting on both databases: filed once, copies kept, parents told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.elsewhere import other_authorities
from builders.house import AT, House
from builders.planned_meetings import held
from builders.referred import registry
from conftest import TODAY

from core.domain.finding import Refused
from core.domain.planning_after import copied_on
from core.store import accounts, planning, planning_copies
from core.store.database import db
from core.store.tables import Team
from core.usecases import panel_report, planning_after, planning_document, record_new
from core.usecases.planning_booking import body_of

ON = date(2026, 11, 19)


@pytest.fixture
def somerset(tmp_path: Path, database_url: str) -> Iterator[House]:
    with other_authorities(tmp_path, database_url) as made:
        yield House(made, TODAY, "SOM", "somerset")


@pytest.fixture
def meeting(somerset: House) -> str:
    _, child = somerset.child()
    plan = {"primary": "adoption", "contingencies": "sgo", "identified_on": "2026-11-02"}
    record_new.add(somerset.scope("social.worker"), child, "plan", plan, AT)
    return held(somerset, child, ON, AT, key="PPM2/permanence-planning-meeting")


@pytest.mark.clause("PPM2-6.2")
def test_it_is_filed_once_and_sent_to_everybody_who_gets_it(somerset: House, meeting: str) -> None:
    house, rules = somerset, registry(somerset)
    scope = house.scope("social.worker")
    planning_after.put_on_file(scope, meeting, date(2026, 11, 20), AT)
    with pytest.raises(Refused, match="ticked already"):
        planning_after.put_on_file(scope, meeting, date(2026, 11, 20), AT)
    row = planning.find(scope, meeting)
    assert row is not None and row.filed_on == date(2026, 11, 20)
    assert row.filed_by == "Social Worker Of Somerset"
    people = accounts.colleagues(scope)
    for code, role in (("reviewing-officer", "iro"), ("team-manager", "team.manager")):
        who = next(one.public_id for one in people if one.id == house.accounts[role])
        planning_after.send(scope, rules, meeting, code, who, AT)
    lines = [one.line for one in planning_after.copies(scope, row, body_of(scope, rules, row))]
    sent = planning_copies.of_meeting(scope, row.id)
    assert [one.code for one in lines] == ["reviewing-officer", "team-manager", "adoption"]
    assert copied_on(lines, sent) is None
    on = date(2026, 11, 21)
    planning_after.sent_otherwise(scope, rules, meeting, "adoption", "West", "post", on, AT)
    sent = planning_copies.of_meeting(scope, row.id)
    assert copied_on(lines, sent) == TODAY
    assert [one.how for one in sent if one.code == "adoption"] == ["post"]
    planning_after.take_off_file(scope, meeting, "The wrong folder", AT)
    row = planning.find(scope, meeting)
    assert row is not None and row.filed_on is None and row.filed_by == ""
    db.session.rollback()


def test_nobody_else_writes_and_nothing_before_it_is_closed(somerset: House, meeting: str) -> None:
    scope = somerset.scope("legal")
    with pytest.raises(Refused, match="not here any more"):
        planning_after.put_on_file(scope, meeting, date(2026, 11, 20), AT)
    with pytest.raises(Refused, match="not yours"):
        planning_after.take_off_file(somerset.scope("inspector"), meeting, "No", AT)
    for how, message in (("app", "Choose how it was sent"), ("", "Choose how it was sent")):
        with pytest.raises(Refused, match=message):
            planning_after.sent_otherwise(
                somerset.scope("social.worker"), registry(somerset), meeting,
                "adoption", "West", how, ON, AT,
            )  # fmt: skip


@pytest.mark.clause("PPM10-1", "PPM10-8")
def test_documents_and_the_report_are_made_on_both(somerset: House, meeting: str) -> None:
    house, rules = somerset, registry(somerset)
    scope = house.scope("team.manager")
    row = planning.find(scope, meeting)
    assert row is not None
    name, content = planning_document.of_meeting(scope, rules, row, AT)
    assert name == "planning-record-0101-2026-11-19.docx" and content[:2] == b"PK"
    team = db.session.execute(
        sa.select(Team.id, Team.name).where(
            Team.authority_id == house.authority_id, Team.name == "Quill team"
        )
    ).one()
    made = panel_report.report_of(scope, rules, (team[0], team[1]), TODAY, rules.named)
    (child,) = made.report.children
    assert child.plan == "Adoption" and child.contingency == "Special guardianship order"
    assert child.last_on == ON
    db.session.rollback()
