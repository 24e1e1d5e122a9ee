"""Who read and had which papers: marks put twice, the earliest holding kept, on both databases."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.packed import pdf
from builders.sitting import book

from core.store import readings
from core.store.database import db, writing
from core.store.tables import FormReading, PanelCase, Paper, PaperReading

FIRST, LATER = datetime(2026, 11, 23, 9, 0), datetime(2026, 11, 23, 15, 0)


@pytest.fixture
def paper(house: House) -> tuple[int, str, int]:
    """A paper of a case that is booked: its id, its public id, and the case's id."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    meeting_id, _ = house.meeting(date(2026, 12, 3), circulated=True)
    child_id, _ = house.child()
    _, case_id = book(house, meeting_id, (child_id,))
    case = db.session.scalar(sa.select(PanelCase.public_id).where(PanelCase.id == case_id))
    db.session.rollback()
    sent = {"files": [(BytesIO(pdf()), "a.pdf")], "title": "A report"}
    client = house.client("panel.administrator")
    address = f"/cases/{case}/papers"
    assert client.post(address, data=sent, content_type="multipart/form-data").status_code == 303
    row = db.session.execute(sa.select(Paper.id, Paper.public_id)).one()
    db.session.rollback()
    return row.id, row.public_id, case_id


def test_what_is_marked_twice_is_one_mark_with_the_later_time_and_can_be_taken_off(
    house: House, paper: tuple[int, str, int]
) -> None:
    paper_id, _, case_id = paper
    scope = house.scope("panel.member")
    for at in (FIRST, LATER):
        with writing():
            readings.mark(scope, [(paper_id, 1), (paper_id, 2)], at)
            readings.mark_forms(scope, [case_id], at)
    assert readings.papers_read(scope, [paper_id]) == {paper_id: {1, 2}}
    assert readings.forms_read(scope, [case_id]) == {case_id: LATER}
    assert db.session.scalar(sa.select(sa.func.count(PaperReading.id))) == 2
    assert db.session.scalar(sa.select(sa.func.count(FormReading.id))) == 1
    assert readings.papers_read(house.scope("panel.chair"), [paper_id]) == {}
    db.session.rollback()
    with writing():
        readings.mark(scope, [(paper_id, 1)], None)
        readings.mark_forms(scope, [case_id], None)
    assert readings.papers_read(scope, [paper_id]) == {paper_id: {2}}
    assert readings.forms_read(scope, [case_id]) == {}
    db.session.rollback()


def test_who_had_a_paper_had_it_from_the_first_time_also_where_it_was_marked_before(
    house: House, paper: tuple[int, str, int]
) -> None:
    paper_id, public_id, _ = paper
    scope = house.scope("panel.member")
    with writing():
        readings.mark(scope, [(paper_id, 1)], FIRST)
    assert readings.holders(scope, paper_id, public_id) == []
    db.session.rollback()
    for at in (FIRST, LATER):
        with writing():
            readings.taken(scope, paper_id, 1, at, file=True)
    (had,) = readings.holders(scope, paper_id, public_id)
    db.session.rollback()
    assert (had.account_id, had.first_at) == (house.accounts["panel.member"], FIRST)


def test_nothing_to_mark_writes_nothing(house: House) -> None:
    with writing():
        readings.mark(house.scope("panel.member"), [], FIRST)
        readings.mark_forms(house.whole, [1], FIRST)
    assert db.session.scalar(sa.select(sa.func.count(PaperReading.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(FormReading.id))) == 0
    db.session.rollback()
