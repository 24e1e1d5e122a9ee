"""The views before the chair of a planning meeting, and the files that go with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.planned_meetings import booked
from builders.reading import words
from builders.two_weeks import said
from builders.with_law import with_law
from flask import Flask

from core.domain.finding import Finding, Refused
from core.store.database import db
from core.store.tables import Paper
from core.usecases import view_files

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON = date(2026, 11, 23)
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
