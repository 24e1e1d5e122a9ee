"""The views before the chair of a planning meeting, and the files that go with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.planned_meetings import booked, held
from builders.reading import words
from builders.two_weeks import follows_two_weeks, said
from builders.with_law import with_law
from flask import Flask

from core.domain.finding import Finding, Refused
from core.store.database import db
from core.store.tables import Paper
from core.usecases import view_files

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON = date(2026, 11, 23)
TWO_WEEK = "PPM2/permanence-planning-meeting"
PNG = (Path(__file__).parents[2] / "docs/images/panel.png").read_bytes()


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An app whose authorities follow the ten-week standard too."""
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def child(house: House) -> str:
    return house.child()[1]


@pytest.fixture
def meeting(house: House, child: str) -> str:
    return booked(house, child, ON, AT)


def view_of(house: House, child: str, on: str = "2026-11-20", **more: str) -> str:
    """A view of the child as a worker types it; its public id."""
    what = {"whose": "child", "words": "A house with her aunt", "said_on": on, **more}
    return said(house, child, "view", "social.worker", **what)


def drawing() -> dict[str, tuple[BytesIO, str]]:
    return {"files": (BytesIO(PNG), "drawing.png")}


def papers_kept() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Paper)) or 0


def test_a_view_of_another_child_is_no_view_of_this_meeting(house: House, meeting: str) -> None:
    other = view_of(house, house.child("0202", "Ilse")[1])
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/views/{other}/file"
    assert client.post(address, data=drawing()).status_code == 404
    assert papers_kept() == 0


def test_a_file_and_the_view_that_names_it_are_kept_together_or_not_at_all(
    house: House, child: str, meeting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of(house, child)
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/views/{view}/file"

    def moved(*_given: object) -> int:
        raise Refused(Finding("Somebody else changed this first", field="files"))

    with monkeypatch.context() as patched:
        patched.setattr(view_files, "correct_here", moved)
        refused = client.post(address, data=drawing())
    assert refused.status_code == 422
    assert "Somebody else changed this first" in words(refused.text)
    assert papers_kept() == 0
    assert client.post(address, data=drawing()).status_code == 303
    again = client.post(address, data=drawing())
    assert again.status_code == 422 and "has a file already" in again.text
    assert papers_kept() == 1


@pytest.mark.clause("PPM2-5.4")
def test_a_view_of_years_ago_is_not_before_the_chair(house: House, child: str) -> None:
    follows_two_weeks(house)
    address = f"/planning-meetings/{booked(house, child, ON, AT, key=TWO_WEEK)}"
    nobody = "No view after 23 November 2025, by the meeting’s day, is recorded"
    client = house.client("team.manager")
    assert "No view is recorded" in words(client.get(f"{address}/views").text)
    view_of(house, child, "2023-05-01")
    for page in ("views", "close"):
        assert nobody in words(client.get(f"{address}/{page}").text)
    view_of(house, child, "2026-11-20")
    for page in ("views", "close"):
        assert "nobody’s view before them" not in words(client.get(f"{address}/{page}").text)


@pytest.mark.clause("PPM2-5.4")
def test_each_meeting_has_the_views_since_the_one_before_it(house: House, child: str) -> None:
    held(house, child, date(2026, 11, 9), AT)
    view_of(house, child, "2026-11-09")
    meeting = booked(house, child, ON, AT)
    client = house.client("team.manager")
    page = words(client.get(f"/planning-meetings/{meeting}/views").text)
    assert "No view after 9 November 2026" in page
    view_of(house, child, "2026-11-10", whose="mother")
    page = words(client.get(f"/planning-meetings/{meeting}/views").text)
    assert "nobody’s view before them" not in page


def test_a_view_s_form_has_one_empty_choice(house: House, meeting: str) -> None:
    page = house.client("social.worker").get(f"/planning-meetings/{meeting}/views").text
    for field in ("fact-about", "fact-how"):
        chosen = page[page.index(f'name="{field}"') :].partition("</select>")[0]
        assert chosen.count('value=""') == 1 and "Not recorded" not in chosen


def test_what_is_wrong_with_a_file_stands_beside_it(house: House, child: str, meeting: str) -> None:
    view = view_of(house, child)
    address = f"/planning-meetings/{meeting}/views/{view}/file"
    empty = house.client("social.worker").post(address, data={})
    assert empty.status_code == 422 and "Choose a file" in empty.text
    assert f'href="#files-{view}"' in empty.text and f'id="files-{view}-error"' in empty.text
