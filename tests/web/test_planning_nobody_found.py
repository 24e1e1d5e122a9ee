"""The options page where nobody could be identified who might care for the child."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from builders.house import AT, House
from builders.planned_meetings import booked
from builders.reading import words
from builders.with_law import with_law
from flask import Flask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON = date(2026, 12, 3)
LOOKED = {
    "nobody-looked_on-day": "20", "nobody-looked_on-month": "11",
    "nobody-looked_on-year": "2026", "nobody-how": "A genogram, and both families were asked",
}  # fmt: skip
GRAN = {
    "person-name": "Ode Fennimore", "person-relation": "Grandmother",
    "person-identified_on-day": "21", "person-identified_on-month": "11",
    "person-identified_on-year": "2026",
}  # fmt: skip
HTMX = {"HX-Request": "true"}


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An app whose authorities follow the ten-week standard too."""
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def meeting(house: House) -> str:
    child = house.child(born=date(2020, 1, 20))[1]
    return f"/planning-meetings/{booked(house, child, ON, AT)}"


@pytest.mark.clause("PPM10-A.under7.no", "PPM10-A.under7.maybe")
def test_the_options_are_those_without_connected_care_until_somebody_is_identified(
    house: House, meeting: str
) -> None:
    client = house.client("social.worker")
    done = client.post(f"{meeting}/connected-people/nobody", data=LOOKED)
    assert done.status_code == 303 and done.headers["Location"].endswith("/options#connected")
    page = client.get(f"{meeting}/options").text
    assert 'id="option-long-term-fostering"' in page and 'id="option-sgo"' not in page
    said = words(page)
    assert "Is not an option Nobody could be identified" in said
    found = "Nobody could be identified on 20 November 2026: A genogram, and both families were"
    assert found in said
    record = docx.Document(BytesIO(client.get(f"{meeting}/record.docx").data))
    assert found in "\n".join(paragraph.text for paragraph in record.paragraphs)
    assert client.post(f"{meeting}/connected-people", data=GRAN).status_code == 303
    page = client.get(f"{meeting}/options").text
    assert 'id="option-sgo"' in page
    assert "somebody who is identified is not ruled out, connected person care may be" in page


def test_with_a_script_the_options_change_in_place(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    answer = client.post(f"{meeting}/connected-people/nobody", data=LOOKED, headers=HTMX)
    assert answer.status_code == 200 and 'id="option-adoption"' in answer.text
    page = client.get(f"{meeting}/options").text
    shown = re.search(r'name="connected-showing" value="(\w+)"', page)
    assert shown and f'value="{shown[1]}"' in answer.text


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("without", "said"),
    [
        ({"nobody-how": " "}, "How it was looked for: enter it"),
        (
            {f"nobody-looked_on-{part}": "" for part in ("day", "month", "year")},
            "Nobody could be identified on: enter the day",
        ),
        ({"nobody-looked_on-month": "2", "nobody-looked_on-day": "31"}, "must be a real date"),
        ({"nobody-looked_on-year": "2027"}, "must be today or in the past"),
    ],
)
def test_the_day_and_how_it_was_looked_for_are_both_asked(
    house: House, meeting: str, headers: dict[str, str], without: dict[str, str], said: str
) -> None:
    client = house.client("social.worker")
    data = {**LOOKED, **without}
    answer = client.post(f"{meeting}/connected-people/nobody", data=data, headers=headers)
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert data["nobody-how"].strip() in answer.text
    assert 'id="option-sgo"' in client.get(f"{meeting}/options").text


def test_who_does_not_work_with_the_child_cannot_say_it(house: House, meeting: str) -> None:
    for role in ("inspector", "panel.member"):
        answer = house.client(role).post(f"{meeting}/connected-people/nobody", data=LOOKED)
        assert answer.status_code == 404
