"""The plan that is in use as a planning meeting opens: shown there, and taken over when asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
from builders.house import AT, House
from builders.planned_meetings import booked, closed
from builders.reading import words
from builders.with_law import with_law
from flask import Flask

from core.store import answers, planning
from core.store.database import db
from core.usecases import record_new

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON = date(2026, 12, 3)
CONSIDERED = {"reunification": "yes", "reunification-why": "Not safe within her time"}
TAKE = {"take_over": "yes"}
BUTTON = "Take over the last plan and its open steps"


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An app whose authorities follow the ten-week standard too."""
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def child(house: House) -> str:
    return house.child(born=date(2020, 1, 20))[1]


def planned(house: House, child: str, primary: str = "sgo", spare: str = "cao") -> str:
    """A plan of 1 October with two steps, of which one is done; gives its public id."""
    scope = house.scope("social.worker")
    said = {"primary": primary, "contingencies": spare, "identified_on": "2026-10-01"}
    plan = record_new.add(scope, child, "plan", said, AT).public_id
    for step in (
        {"what": "Panel for matching", "plan": "primary", "who": "Una", "due_on": "2026-12-20"},
        {"what": "Ask the aunt", "plan": "contingency", "done_on": "2026-10-20"},
    ):
        record_new.add(scope, child, "plan-step", step, AT, part_of=plan)
    return plan


def stored(house: House, address: str) -> dict[str, str]:
    row = planning.find(house.whole, address.split("/")[2])
    assert row is not None
    given = {str(p): a.value for p, a in answers.load(house.whole, row.case_id).items()}
    db.session.rollback()
    return {name.split(".")[-1]: value for name, value in given.items() if value}


@pytest.mark.clause("PPM10-4")
def test_it_is_shown_and_taken_over_by_one_button_and_never_by_itself(
    house: House, child: str
) -> None:
    planned(house, child)
    client, address = (
        house.client("social.worker"),
        f"/planning-meetings/{booked(house, child, ON, AT)}/options",
    )
    page = client.get(address)
    said = words(page.text)
    assert (
        "The plan in use since 1 October 2026: Special guardianship order (SGO); contingency: "
        "Child arrangements order (CAO)." in said
    )
    assert "not done: Panel for matching (Una, by 20 December 2026)" in said
    assert "Ask the aunt" not in said and BUTTON in said
    assert not stored(house, address)
    shown = re.search(r'name="plan-showing" value="(\w+)"', page.text)
    assert client.post(address, data={**CONSIDERED, **TAKE}).status_code == 303
    assert stored(house, address) == {
        **CONSIDERED, "plan-primary": "sgo", "plan-contingencies": "cao", "plan": "primary",
        "what": "Panel for matching", "who": "Una", "due_on": "2026-12-20",
    }  # fmt: skip
    page = client.get(address).text
    assert BUTTON not in page
    assert shown and f'name="plan-showing" value="{shown[1]}"' not in page
    assert client.post(address, data=TAKE).status_code == 303  # Of a page that is older.
    assert len(stored(house, address)) == 8


def test_what_was_answered_here_stays_and_what_cannot_be_said_yet_is_told(
    house: House, child: str
) -> None:
    planned(house, child)
    client, address = (
        house.client("social.worker"),
        f"/planning-meetings/{booked(house, child, ON, AT)}/options",
    )
    refused = client.post(address, data=TAKE)
    assert refused.status_code == 422
    assert "Say first that return to the parents was considered" in words(refused.text)
    assert stored(house, address)["what"] == "Panel for matching"
    chosen = {**CONSIDERED, "plan-primary": "cao"}
    assert client.post(address, data={**chosen, **TAKE}).status_code == 303
    there = stored(house, address)
    assert there["plan-primary"] == "cao" and "plan-contingencies" not in there


@pytest.mark.clause("PPM10-A.under7.maybe")
def test_an_option_of_the_plan_that_is_not_listed_is_told_with_where_it_is_weighed(
    house: House, child: str
) -> None:
    planned(house, child, "connected-fostering", "adoption")
    meeting = booked(house, child, ON, AT)
    address = f"/planning-meetings/{meeting}/options"
    page = house.client("social.worker").get(address).text
    told = "Adoption: not among the options listed for this child on the day of the meeting. It can"
    said = words(page)
    assert f"{told} be weighed under Another option, outside the guide at this age" in said
    assert 'href="#outside"' in page
    closed(house, meeting, AT)
    page = house.client("social.worker").get(address).text
    assert "The plan in use" not in page


def test_the_record_opens_with_the_plan_and_the_steps_of_the_last_meeting(
    house: House, child: str
) -> None:
    client, last = house.client("social.worker"), booked(house, child, date(2026, 11, 20), AT)
    said = {
        **CONSIDERED, "plan-primary": "sgo", "plan-contingencies": "cao",
        "plan-step-0001-abcd.what": "Panel for matching",
    }  # fmt: skip
    assert client.post(f"/planning-meetings/{last}/options", data=said).status_code == 303
    closed(house, last, AT)
    page = words(client.get(f"/planning-meetings/{booked(house, child, ON, AT)}/record").text)
    opens, _, _ = page.partition("The whole record of 20 November 2026")
    assert "Special guardianship order (SGO); contingency: Child arrangements order (CAO)" in opens
    assert "Panel for matching" in opens


def test_the_running_record_has_the_options_of_a_meeting_held_elsewhere(
    house: House, child: str
) -> None:
    plan = planned(house, child, "connected-fostering")
    scope = house.scope("social.worker")
    elsewhere = {"meeting": "ppm", "held_on": "2026-10-01"}
    record_new.add(scope, child, "earlier-meeting", elsewhere, AT)
    said = {
        "option": "connected-fostering", "conclusion": "considered", "why": "The aunt is asked",
        "considered_on": "2026-10-01",
    }  # fmt: skip
    record_new.add(scope, child, "plan-option", said, AT, part_of=plan)
    address = f"/children/{child}/planning/record.docx"
    document = docx.Document(BytesIO(house.client("social.worker").get(address).data))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    came = ["Fostering by a connected person", "Still considered", "The aunt is asked"]
    assert rows[1:] == [["1 October 2026", *came]]
    assert [cell.text for cell in document.tables[1].rows[1].cells] == came
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "What came of it: Not recorded" not in text


def test_who_does_not_work_with_the_child_is_offered_nothing(house: House, child: str) -> None:
    planned(house, child)
    address = f"/planning-meetings/{booked(house, child, ON, AT)}/options"
    client = house.client("inspector")
    page = client.get(address).text
    assert "The plan in use" in page and BUTTON not in page
    assert client.post(address, data=TAKE).status_code == 404
