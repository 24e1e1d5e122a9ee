"""What is due of a meeting itself, on its page: by when and why, done or late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import House
from conftest import TODAY, settings
from flask import Flask

import plugins.bcp
import plugins.bexley
import plugins.somerset
from core.app import create_app
from core.store.database import db, writing
from core.store.tables import Meeting

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
THURSDAY = date(2026, 5, 7)
NAMED = {"bcp": plugins.bcp, "bexley": plugins.bexley, "somerset": plugins.somerset}


@pytest.fixture
def panels(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An app with the three authorities that have a panel."""
    app = create_app(settings(tmp_path, database_url), NAMED)
    app.testing = True
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def page(house: House, meeting: str) -> str:
    html = house.client("panel.administrator").get(f"/meetings/{meeting}").text
    part = re.search(r'aria-labelledby="meeting-due">(.*?)</section>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", part[1]).split()) if part else ""


def tell(meeting: str, **values: object) -> None:
    with writing():
        db.session.execute(sa.update(Meeting).where(Meeting.public_id == meeting).values(**values))


@pytest.mark.clause("BCP-4.2")
def test_the_agenda_is_late_after_the_working_day_before_a_bank_holiday_and_met_once_it_is_out(
    panels: Flask,
) -> None:
    house = House(panels, date(2026, 5, 5), "BCP", "bcp")
    _, meeting = house.meeting(THURSDAY)
    said = page(house, meeting)
    assert "Agenda circulated" in said and "by 1 May 2026" in said and "Late" in said
    assert "BCP-4.2" in said
    assert "by 12 May 2026: 3 working days from the panel on 7 May 2026" in said
    assert "Whether it was done is not recorded here" in said
    tell(meeting, circulated_at=datetime(2026, 4, 30, 9))
    assert "Met by 1 May 2026" in page(house, meeting)


@pytest.mark.clause("SOM-10.2", "SOM-7.1", "SOM-7.8")
def test_reports_booking_and_notes_of_somersets_panel_have_their_days(panels: Flask) -> None:
    house = House(panels, date(2026, 5, 6), "SOM", "somerset")
    _, meeting = house.meeting(THURSDAY)
    tell(meeting, procedure_edition="October 2016")
    said = page(house, meeting)
    for words in ("by 23 April 2026", "by 27 April 2026", "by 14 May 2026"):
        assert words in said
    order = [said.index(clause) for clause in ("SOM-7.1", "SOM-7.8", "SOM-10.2")]
    assert order == sorted(order)


def test_a_panel_whose_procedure_has_nothing_due_of_it_or_that_is_cancelled_shows_none(
    panels: Flask,
) -> None:
    bexley = House(panels, date(2026, 5, 5))
    assert page(bexley, bexley.meeting(THURSDAY)[1]) == ""
    bcp = House(panels, date(2026, 5, 5), "BCP", "bcp")
    assert page(bcp, bcp.meeting(THURSDAY, "cancelled")[1]) == ""


def _words(house: House, address: str) -> str:
    html = house.client("panel.administrator").get(address).text
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.clause("SOM-7.1")
def test_when_papers_are_due_is_the_same_for_the_meeting_the_calendar_and_the_first_page(
    panels: Flask,
) -> None:
    house = House(panels, TODAY, "SOM", "somerset")
    _, meeting = house.meeting(date(2026, 12, 17))
    tell(meeting, procedure_edition="October 2016")
    by = "3 December 2026"
    calendar = _words(house, "/meetings")
    assert by in calendar and "SOM-7.1" in calendar and "not laid down" not in calendar
    own = _words(house, f"/meetings/{meeting}")
    assert "Papers due" in own and f"by {by}" in own
    first = _words(house, "/")
    assert (
        "Papers for the" in first and "2 weeks before the panel on 17 December 2026. Refer" in first
    )


def test_a_panel_with_no_papers_date_has_no_broken_line_on_the_first_page(panels: Flask) -> None:
    house = House(panels, TODAY, "BCP", "bcp")
    house.meeting(date(2026, 12, 17))
    first = _words(house, "/")
    assert "Papers for the" not in first and "/ . Referrals" not in first
    assert "not laid down" in _words(house, "/meetings")
