"""The agenda within a pack: where its headings stand, what was referred, and the next date."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from builders import agenda
from builders.house import House
from builders.packed import pdf, texts
from builders.reading import words

from core.store.database import db, writing
from core.store.tables import Meeting, OnwardReferral, Person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HELD = date(2026, 12, 3)
ADMINISTRATOR = "panel.administrator"


def add(house: House, address: str, title: str) -> None:
    sent = {"files": [(BytesIO(pdf(title)), f"{title}.pdf")], "title": title}
    answer = house.client(ADMINISTRATOR).post(
        address, data=sent, content_type="multipart/form-data"
    )
    assert answer.status_code == 303


def refer(house: House, decision_id: int, case_id: int, forum: str, **more: object) -> None:
    row = {"forum": forum, "forum_words": forum.replace("-", " "), "made_on": date(2026, 11, 5)}
    own = {"authority_id": house.authority_id, "decision_id": decision_id, "case_id": case_id}
    with writing():
        db.session.execute(
            sa.insert(OnwardReferral).values(**own, outcome_code=f"refer-{forum}", **row | more)
        )


@pytest.fixture
def panel(house: House) -> SimpleNamespace:
    """A circulated meeting after one that was held: a case returns, another has a paper."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    before_id, _ = house.meeting(date(2026, 11, 5), state="closed", circulated=True)
    meeting_id, meeting = house.meeting(HELD, circulated=True)
    case_id, _ = agenda.case(house, house.child()[0], meeting_id)
    booking_id, _ = agenda.book(house, before_id, case_id, state="heard")
    decision_id = agenda.decide(house, before_id, case_id, booking_id, date(2026, 11, 5))
    agenda.book(house, meeting_id, case_id, item="previous")
    other, other_public = agenda.case(
        house, house.child("0102", "Ysolde", "Marrowbeck")[0], meeting_id
    )
    agenda.book(house, meeting_id, other)
    add(house, f"/cases/{other_public}/papers", "Social work report")
    return SimpleNamespace(
        house=house,
        before_id=before_id,
        case_id=case_id,
        decision_id=decision_id,
        meeting=f"/meetings/{meeting}",
        address=f"/meetings/{meeting}/pack",
    )


def sheets(panel: SimpleNamespace) -> list[str]:
    """The pages after cover and contents, without their feet."""
    answer = panel.house.client(ADMINISTRATOR).get(f"{panel.address}/document")
    assert answer.status_code == 200
    return texts(answer.data)[2:]


def headings(page: str) -> list[str]:
    return re.findall(r"^\d\. (?=[A-Z])|^Papers of the meeting$|^(?:Case|Returning) \d", page, re.M)


def test_no_page_of_a_child_bears_the_agenda_and_no_heading_is_alone_on_a_page(
    panel: SimpleNamespace,
) -> None:
    add(panel.house, f"{panel.meeting}/papers", "Joining note")
    said = sheets(panel)
    first, returning = said[0], next(n for n, page in enumerate(said) if "Returning 1" in page)
    assert headings(first) == ["1. ", "2. ", "3. ", "4. "]
    assert "Minutes of the meeting of 5 November 2026: on the next page." in first
    assert "Minutes" in said[1] and returning > 1
    assert [found for page in said[returning:] if (found := headings(page))] == [
        ["Returning 1"],
        ["5. ", "Case 1"],
        ["6. ", "7. ", "8. ", "Papers of the meeting"],
    ]
    last = next(page for page in said[returning:] if "6. " in headings(page))
    for page in (first, last):
        assert "Orlin" not in page and "Ysolde" not in page and "Social work" not in page
    assert "Joining note" in last[last.index("Papers of the meeting") :]
    report = next(n for n, page in enumerate(said) if "Social work report 1" in page)
    assert said[report + 1] == last


def test_a_case_stands_under_its_heading_where_no_minutes_come_between(
    panel: SimpleNamespace,
) -> None:
    with writing():
        db.session.execute(
            sa.update(Meeting).where(Meeting.id == panel.before_id).values(state="planned")
        )
    found = [made for page in sheets(panel) if (made := headings(page))]
    assert found[:3] == [["1. ", "2. ", "3. "], ["4. ", "Returning 1"], ["5. ", "Case 1"]]


def test_the_next_date_is_named_where_it_is_known(panel: SimpleNamespace) -> None:
    client = panel.house.client(ADMINISTRATOR)
    assert "No further date is set." in client.get(panel.address).text
    assert "No further date is set." in sheets(panel)[-1]
    panel.house.meeting(date(2026, 12, 17))
    said = "The next meeting is on Thursday 17 December 2026."
    assert said in client.get(panel.address).text
    assert said in sheets(panel)[-1]


def test_what_a_returning_case_was_referred_for_and_what_came_of_it(
    panel: SimpleNamespace,
) -> None:
    house = panel.house
    made = (panel.decision_id, panel.case_id)
    refer(house, *made, "legal-planning-meeting")
    refer(
        house, *made, "resource-panel", answered_on=date(2026, 11, 20),
        answer_code="not-agreed", answer="Not before the review",
    )  # fmt: skip
    with writing():
        own = {"authority_id": house.authority_id, "name": "Wrenna Oatlode"}
        person = db.session.execute(sa.insert(Person).values(**own).returning(Person.id))
        person_id = person.scalar_one()
    refer(house, *made, "adoption-team", person_id=person_id, answer="Of a person")
    for role in (ADMINISTRATOR, "panel.member"):
        client = house.client(role)
        page = words(client.get(panel.address).text)
        whole = " ".join(" ".join(texts(client.get(f"{panel.address}/document").data)).split())
        for said in (page, whole):
            assert "Referred to the legal planning meeting" in said
            assert "Made on 5 November 2026; open, no answer yet" in said
            answered = "answered on 20 November 2026: Not agreed: Not before the review"
            assert f"Made on 5 November 2026; {answered}" in said
            assert "Referral of a person around the child" in said
            assert "Of a person" not in said and "Wrenna" not in said
    links = re.findall(
        r'href="(/onward/\w+)"', house.client("panel.member").get(panel.address).text
    )
    assert len(links) == 2
    assert house.client("panel.member").get(links[0]).status_code == 200


def test_the_cover_says_when_to_delete_it(panel: SimpleNamespace) -> None:
    answer = panel.house.client(ADMINISTRATOR).get(f"{panel.address}/document")
    cover = " ".join(texts(answer.data)[0].split())
    assert "once the meeting’s minutes are ratified, or the meeting is cancelled" in cover
