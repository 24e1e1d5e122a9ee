"""Moving a meeting moves the days of every case that has to do with it, and names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.agenda import book, case
from builders.elsewhere import other_authorities
from builders.house import House
from conftest import TODAY
from flask import Flask

from core.registry import Registry
from core.store.database import db, writing
from core.store.tables import AuditRow, CaseChild, Child, DeadlineRow, Meeting, PanelCase
from core.usecases import moving
from core.usecases.changes import Changes
from core.usecases.moving import Move

AT = datetime(2026, 11, 23, 9, 0)
ADMIN = "panel.administrator"
PANEL, LATER = date(2026, 12, 3), date(2026, 12, 10)
MOVE = Move(LATER, time(10, 0), "", "The hall is flooded.")


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


def moved(house: House, meeting: str, move: Move = MOVE) -> Changes:
    scope = house.scope(ADMIN)
    found = moving.preview(scope, registry(house), meeting, move)
    db.session.rollback()
    return moving.move_meeting(scope, registry(house), meeting, move, found.mark, AT)


@pytest.mark.parametrize("state", ["withdrawn", "heard"])
def test_what_is_due_in_a_case_that_left_the_agenda_moves_with_its_meeting(
    house: House, state: str
) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child, _ = house.child()
    case_id, _ = case(house, child, meeting_id, state)
    book(house, meeting_id, case_id, state=state)
    if state == "withdrawn":
        with writing():
            db.session.execute(
                sa.update(PanelCase).where(PanelCase.id == case_id).values(withdrawn_at=AT)
            )
    moved(house, meeting)
    due = db.session.scalar(
        sa.select(DeadlineRow.due).where(
            DeadlineRow.case_id == case_id, DeadlineRow.code == "referral-received"
        )
    )
    assert due == date(2026, 12, 7)


def test_a_meeting_that_stays_on_its_day_has_nothing_worked_out_again(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    child, _ = house.child()
    case(house, child, meeting_id, "withdrawn")
    moved(house, meeting, replace(MOVE, on=PANEL, place="Room 9"))
    assert db.session.scalar(sa.select(sa.func.count(DeadlineRow.id))) == 0


def test_the_audit_names_no_child_of_a_case_that_the_mover_does_not_see(house: House) -> None:
    meeting_id, meeting = house.meeting(PANEL)
    grown = date(2008, 12, 5)
    first, _ = house.child("0101", "Ada", "Quillfeather", grown)
    second, _ = house.child("0102", "Bryn", "Quillfeather", grown)
    case_id, public_id = case(house, first, meeting_id)
    with writing():
        db.session.execute(
            sa.insert(CaseChild).values(
                authority_id=house.authority_id, case_id=case_id, child_id=second
            )
        )
        db.session.execute(sa.update(Child).values(closed_to="restricted"))
    book(house, meeting_id, case_id)
    changes = moved(house, meeting)
    assert (changes.hidden, changes.seen) == (1, ())
    (change,) = changes.cases
    assert any("Ada Quillfeather" in one.message for one in change.says)
    rows = db.session.execute(
        sa.select(AuditRow.did, AuditRow.subject_id, AuditRow.after).where(
            AuditRow.did.in_(["move meeting", "move with the meeting"])
        )
    ).all()
    assert {row.subject_id for row in rows} == {meeting, public_id}
    assert all("One of the children" in str(row.after) for row in rows)
    assert not any("Quillfeather" in str(row.after) for row in rows)


@pytest.fixture
def others(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with other_authorities(tmp_path, database_url) as made:
        yield made


@pytest.mark.parametrize(
    ("code", "slug", "told"),
    [
        pytest.param(
            "SOM",
            "somerset",
            [
                "now by 26 November 2026, and was by 19 November 2026",
                "now by 1 December 2026, and was by 24 November 2026",
                "now by 17 December 2026, and was by 10 December 2026",
            ],
            marks=pytest.mark.clause("SOM-7.1", "SOM-7.8", "SOM-10.2"),
        ),
        pytest.param(
            "BCP",
            "bcp",
            [
                "now by 7 December 2026, and was by 30 November 2026",
                "now by 15 December 2026, and was by 8 December 2026",
            ],
            marks=pytest.mark.clause("BCP-4.2", "BCP-6.2"),
        ),
    ],
)
def test_what_is_due_before_and_after_the_meeting_is_told_to_move(
    others: Flask, code: str, slug: str, told: list[str]
) -> None:
    house = House(others, TODAY, code, slug)
    _, meeting = house.meeting(PANEL)
    edition = registry(house).edition(code, PANEL)
    assert edition is not None
    with writing():
        db.session.execute(sa.update(Meeting).values(procedure_edition=edition.edition))
    found = moving.preview(house.scope(ADMIN), registry(house), meeting, MOVE)
    db.session.rollback()
    said = [one.message for one in found.of_meeting if "and was by" in one.message]
    assert [message.rpartition(": ")[2] for message in said] == told
