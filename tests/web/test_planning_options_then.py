"""Options of a planning meeting that are not listed any more: what was said of them stays."""

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
from builders.reading import get, words
from builders.with_law import with_law
from flask import Flask

from core.usecases import record_new

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON = date(2026, 11, 20)
THEN = "Weighed at this meeting, not listed now"
SAID = {
    "reunification": "yes",
    "reunification-why": "Not safe within her time",
    "option-cao-conclusion": "supported",
    "option-cao-why": "Her aunt asks for it",
    "option-sgo-conclusion": "considered",
    "option-sgo-why": "If the aunt wants it later",
    "plan-primary": "cao",
    "plan-contingencies": "sgo",
}


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An app whose authorities follow the ten-week standard too."""
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def child(house: House) -> str:
    return house.child(born=date(2020, 1, 20))[1]


def everybody_ruled_out(house: House, child: str) -> None:
    """From now the record says that connected person care was no option on the meeting's day."""
    person = {
        "name": "Ode Fennimore", "relation": "Grandmother", "identified_on": "2026-11-01",
        "ruled_out_on": "2026-11-10", "ruled_out_why": "She withdrew",
    }  # fmt: skip
    record_new.add(house.scope("social.worker"), child, "connected-person", person, AT)


@pytest.mark.clause("PPM10-1")
def test_a_held_meeting_keeps_its_answers_when_the_record_lists_other_options(
    house: House, child: str
) -> None:
    client = house.client("social.worker")
    meeting = booked(house, child, ON, AT)
    assert client.post(f"/planning-meetings/{meeting}/options", data=SAID).status_code == 303
    closed(house, meeting, AT)
    everybody_ruled_out(house, child)
    page = words(get(house, f"/planning-meetings/{meeting}/options"))
    listed, _, then = page.partition(THEN)
    assert "Long-term fostering" in listed and "Her aunt asks for it" not in listed
    assert "Supported Child arrangements order: why Her aunt asks for it" in then
    document = docx.Document(BytesIO(client.get(f"/planning-meetings/{meeting}/record.docx").data))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["Child arrangements order", THEN, "Supported", "Her aunt asks for it"] in rows
    assert "Primary plan: Child arrangements order" in "\n".join(
        paragraph.text for paragraph in document.paragraphs
    )


def test_before_it_is_closed_they_are_changed_there_and_are_no_plan(
    house: House, child: str
) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{booked(house, child, ON, AT)}/options"
    alone = {name: value for name, value in SAID.items() if not name.startswith("plan")}
    assert client.post(address, data=alone).status_code == 303
    everybody_ruled_out(house, child)
    page = client.get(address)
    assert THEN in page.text and 'name="option-cao-why"' in page.text
    offered = re.findall(r'name="plan-primary" type="radio" value="([a-z-]+)"', page.text)
    assert "cao" not in offered and "adoption" in offered
    refused = client.post(f"{address}/field?field=plan-primary", data={"plan-primary": "cao"})
    assert refused.status_code == 422
    assert "is not among the options for this child" in words(refused.text)
    emptied = {"option-cao-conclusion": "", "option-cao-why": "", "option-cao-why-seen": "1",
               "option-cao-conclusion-seen": "1"}  # fmt: skip
    assert client.post(address, data=emptied).status_code == 303
    page = client.get(address)
    assert THEN in page.text and 'name="option-cao-why"' not in page.text


@pytest.mark.clause("PPM10-4")
def test_who_is_invited_follows_from_them_too(house: House, child: str) -> None:
    client = house.client("social.worker")
    meeting = booked(house, child, ON, AT)
    people = f"/planning-meetings/{meeting}/people"
    assert "Kinship Invited" not in words(get(house, people))
    assert client.post(f"/planning-meetings/{meeting}/options", data=SAID).status_code == 303
    assert "Kinship Invited" in words(get(house, people))
    everybody_ruled_out(house, child)
    assert "Kinship Invited" in words(get(house, people))


def seen_of(house: House, address: str) -> dict[str, str]:
    page = get(house, address)
    return dict(re.findall(r'name="(option-[a-z-]+-seen)" value="(\d+)"', page))


def test_what_is_written_on_an_older_page_of_an_option_that_went_is_told(
    house: House, child: str
) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{booked(house, child, ON, AT)}/options"
    seen = seen_of(house, address)
    everybody_ruled_out(house, child)
    typed = {"option-sgo-why": "The aunt may want it", "option-adoption-why": "He needs a family"}
    saved = client.post(address, data={**seen, **typed}, follow_redirects=True)
    told = f"Special guardianship order: not listed now. It stands under “{THEN}”"
    assert told in words(saved.text) and "Adoption: not listed now" not in words(saved.text)
    _, _, then = words(saved.text).partition(f"{THEN} They")
    assert "The aunt may want it" in then
    name = "option-cao-why"
    alone = client.post(f"{address}/field?field={name}", data={name: "Hers", f"{name}-seen": "0"})
    assert "order: not listed now" in alone.headers["HX-Trigger"]
    again = client.post(address, data={**seen_of(house, address), **typed}, follow_redirects=True)
    assert told not in words(again.text)


@pytest.mark.parametrize("theirs", ["The grandmother does not want it", ""])
@pytest.mark.parametrize("what", ["why", "rationale"])
def test_two_who_write_of_an_option_that_went_choose_on_the_page(
    house: House, child: str, theirs: str, what: str
) -> None:
    worker, manager = house.client("social.worker"), house.client("team.manager")
    address = f"/planning-meetings/{booked(house, child, ON, AT)}/options"
    field = f"option-sgo-{what}"
    manager.post(address, data={field: "First"})
    manager.post(address, data={field: theirs, f"{field}-seen": "1"})
    everybody_ruled_out(house, child)
    refused = worker.post(address, data={field: "The aunt may want it", f"{field}-seen": "1"})
    assert refused.status_code == 422
    assert f'href="#{field}-conflict"' in refused.text and f'id="{field}-conflict"' in refused.text
    assert "The aunt may want it" in refused.text
    keep = {field: "The aunt may want it", f"{field}-keep": "mine", f"{field}-clash": "2"}
    assert worker.post(address, data=keep).status_code == 303
    assert "The aunt may want it" in get(house, address)
