"""A corrected fact moves the dates that run from it: said at once, and kept with what they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders.house import House
from builders.reading import get, words
from builders.with_law import returned, with_law
from flask import Flask

WORKER = "social.worker"
EPISODE = {
    "rne": "S", "ls": "C1", "cin": "N1", "place": "U6", "place_provider": "PR1",
    "why": "The court’s letter", "decom-month": "10", "decom-year": "2026",
}  # fmt: skip
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def child(house: House) -> str:
    _, public_id = house.child(became_looked_after=None)
    returned(house, "08/10/2026")
    return public_id


def began(house: House, child: str, day: str, role: str = WORKER) -> str:
    """Say in the place of the return that care began on a day of October; the page after it."""
    client = house.client(role)
    here = f"/children/{child}/care/episode"
    html = client.get(f"/children/{child}/care").get_data(as_text=True)
    row = html.partition(f'href="{here}?row=')[2].partition('"')[0]
    form = {**EPISODE, "decom-day": day, "row": row, "seen_day": "2026-10-08"}
    answer = client.post(here, data=form, follow_redirects=True)
    assert answer.status_code == 200, words(answer.get_data(as_text=True))
    return words(answer.get_data(as_text=True))


@pytest.mark.clause("BEX-1.4.b")
def test_a_fact_corrected_backwards_says_which_dates_moved(house: House, child: str) -> None:
    page = began(house, child, "1")
    assert "dates moved: " in page
    said = page[page.index("dates moved: ") :]
    assert "Care plan is now due by 15 October 2026 (it was 22 October 2026); " in said
    assert "Personal education plan is now due by 28 October 2026" in said
    assert "; and " in said and " more" in said


def test_the_page_of_dates_keeps_what_each_was_until_when_and_whose_change_it_was(
    house: House, child: str
) -> None:
    began(house, child, "1")
    page = words(get(house, f"/children/{child}/dates"))
    assert "Late by 29 October 2026: 4 weeks from becoming looked after on 1 October 2026" in page
    assert "Typed by Social Worker Of Bexley on 23 November 2026" in page
    assert "Was 5 November 2026 until 23 November 2026 at " in page
    assert (
        "when Social Worker Of Bexley changed it: 4 weeks from becoming looked after on "
        "8 October 2026." in page
    )


def test_each_change_says_its_own_moves_alone(house: House, child: str) -> None:
    began(house, child, "1")
    client = house.client(WORKER)
    unmoved = client.post(
        f"/children/{child}/identity/sex", data={"sex": "F", "seen": "1", "why": "The school"},
        follow_redirects=True,
    )  # fmt: skip
    assert "moved:" not in words(unmoved.get_data(as_text=True))


def test_a_birthday_moves_what_goes_by_age_and_one_date_is_said_alone(
    house: House, child: str
) -> None:
    client = house.client(WORKER)
    done = {"day": "12", "month": "10", "year": "2026", "seen": "0"}
    form = {"fact-what": "health-initial", "fact-what-seen": "0"}
    form |= {f"fact-done_on-{part}": box for part, box in done.items()}
    client.post(f"/children/{child}/record/add/assessment", data=form)
    born = {"born-day": "4", "born-month": "5", "born-year": "2023", "seen": "2019-05-04"}
    page = client.post(
        f"/children/{child}/identity/born",
        data={**born, "why": "The certificate"},
        follow_redirects=True,
    )
    assert (
        "1 date moved: Review health assessment is now due by 12 April 2027 "
        "(it was 12 October 2027)" in words(page.get_data(as_text=True))
    )


def test_who_sees_care_alone_is_told_of_its_dates_alone(house: House, child: str) -> None:
    page = began(house, child, "1", "authority.administrator")
    said = page[page.index("dates moved: ") :]
    assert "First review is now due by 29 October 2026" in said
    assert "Care plan" not in said and "planning meeting" not in said
