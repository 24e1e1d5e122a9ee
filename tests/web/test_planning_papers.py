"""The records of planning meetings downloaded: one, and all of a child in their order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.planned_meetings import booked, held
from builders.queries import counted
from builders.reading import get, words
from builders.with_law import with_law
from flask import Flask

from core.store.database import db
from core.store.tables import AuditRow
from core.usecases import record_new

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OPTIONS = {
    "options-column": "no",
    "reunification": "yes",
    "reunification-why": "The father moved away",
    "option-adoption-conclusion": "ruled-out",
    "option-adoption-why": "He has an aunt",
    "option-long-term-fostering-conclusion": "supported",
    "option-long-term-fostering-why": "He is settled",
    "option-return-home-conclusion": "ruled-out",
    "option-return-home-why": "Nobody is there",
    "plan-primary": "long-term-fostering",
    "plan-step-0001-abcd.plan": "primary",
    "plan-step-0001-abcd.what": "Match at panel",
    "plan-step-0001-abcd.due_on-day": "21",
    "plan-step-0001-abcd.due_on-month": "12",
    "plan-step-0001-abcd.due_on-year": "2026",
}


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    yield from with_law(tmp_path, database_url)


def text_of(content: bytes) -> str:
    found = []
    for block in docx.Document(BytesIO(content)).iter_inner_content():
        if hasattr(block, "rows"):
            found += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            found.append(block.text)
    return "\n".join(found)


@pytest.mark.clause("PPM10-9", "PPM10-1")
def test_the_record_holds_what_was_written_and_the_running_record_every_meeting(
    house: House,
) -> None:
    _, child = house.child()
    elsewhere = {"meeting": "ppm", "held_on": "2026-09-20", "outcome": "To stay where he is"}
    record_new.add(house.scope("social.worker"), child, "earlier-meeting", elsewhere, AT)
    person = {"name": "Ada Reed", "relation": "aunt", "identified_on": "2026-10-01",
              "ruled_out_on": "2026-10-20", "ruled_out_why": "She withdrew"}  # fmt: skip
    record_new.add(house.scope("social.worker"), child, "connected-person", person, AT)
    first = held(house, child, date(2026, 10, 30), AT)
    meeting = booked(house, child, date(2026, 11, 20), AT, why="The plan changes")
    client = house.client("social.worker")
    saved = client.post(f"/planning-meetings/{meeting}/options", data=OPTIONS)
    assert saved.status_code == 303, saved.text
    asked = client.post(
        f"/planning-meetings/{meeting}/people/leave-out",
        data={"line": "foster-carers", "why-foster-carers": "They are away"},
    )
    assert asked.status_code == 303
    answer = client.get(f"/planning-meetings/{meeting}/record.docx")
    assert answer.status_code == 200
    name = answer.headers["Content-Disposition"]
    assert "0101" in name and "Orlin" not in name and "2026-11-20" in name
    text = text_of(answer.data)
    for part in (
        "Orlin Thistlewick", "20 November 2026 at 10:30", "booked, not held yet",
        "Booked because: The plan changes", "Age on the day: 7", "They are away",
        "Return to the parents: considered. The father moved away",
        "Adoption | 7 to 10: connected person care is not an option (PPM10-A.7to10.no)"
        " | Ruled out | He has an aunt",
        "Ada Reed | aunt | 1 October 2026 | 20 October 2026: She withdrew",
        "Primary plan: Long-term fostering",
        "The primary plan | Match at panel | Not recorded | 21 December 2026",
    ):  # fmt: skip
        assert part in text, (part, text)
    whole = client.get(f"/children/{child}/planning/record.docx")
    text = text_of(whole.data)
    places = [text.index(day) for day in ("of 20 September 2026", "of 30 October 2026",
                                          "of 20 November 2026")]  # fmt: skip
    assert places == sorted(places) and "To stay where he is" in text
    assert f"/children/{child}/planning/record.docx" in get(house, f"/children/{child}/planning")
    assert "record.docx" in get(house, f"/planning-meetings/{first}/afterwards")
    looks = db.session.scalars(
        sa.select(AuditRow.after).where(AuditRow.subject_id == child, AuditRow.did == "look")
    ).all()
    db.session.rollback()
    assert any("running record" in str(one) for one in looks), looks


@pytest.mark.clause("PPM10-1")
def test_the_running_record_has_every_meeting_of_the_journey_in_as_few_queries(
    house: House,
) -> None:
    _, child = house.child()
    worker, client = house.scope("social.worker"), house.client("social.worker")
    journey, whole = f"/children/{child}/planning", f"/children/{child}/planning/record.docx"
    held(house, child, date(2026, 9, 4), AT)
    client.get(whole)
    one = counted(lambda: client.get(whole))
    for day in (date(2026, 10, 2), date(2026, 10, 30)):
        held(house, child, day, AT)
    for meeting, on in (("ppm", "2026-06-19"), ("final-care-planning", "2026-07-17")):
        said = {"meeting": meeting, "held_on": on, "outcome": "To stay where he is"}
        record_new.add(worker, child, "earlier-meeting", said, AT)
    panel = {"meeting": "panel", "held_on": "2026-08-14", "outcome": "Deferred"}
    record_new.add(worker, child, "earlier-meeting", panel, AT)
    assert counted(lambda: client.get(whole)) == one
    for text in (text_of(client.get(whole).data), words(client.get(journey).text)):
        for day in ("19 June 2026", "17 July 2026", "4 September 2026", "30 October 2026"):
            assert day in text, day
        assert "14 August 2026" not in text and "Final care planning meeting" in text


@pytest.mark.parametrize("role", ["panel.member", "legal", "adoption", "authority.administrator"])
def test_who_does_not_see_the_child_downloads_nothing(house: House, role: str) -> None:
    _, child = house.child()
    meeting = held(house, child, date(2026, 11, 20), AT)
    client = house.client(role)
    for address in (
        f"/children/{child}/planning/record.docx",
        f"/planning-meetings/{meeting}/record.docx",
        f"/planning-meetings/{'x' * 14}/record.docx",
    ):
        answer = client.get(address)
        assert answer.status_code == 404 and b"Orlin" not in answer.data
