"""Who comes to a planning meeting: by rule and clause, asked, not asked and why, who came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.planned_meetings import booked
from builders.reading import get, words
from builders.with_law import with_law
from flask import Flask

from core.store import planning
from core.store.database import db
from core.store.tables.planning import PlanningGuest
from core.usecases import record_new

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """An app whose authorities follow the ten-week standard too."""
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def meeting(house: House) -> str:
    _, child = house.child()
    values = {"primary": "adoption", "contingencies": "long-term-fostering",
              "identified_on": "2026-11-02"}  # fmt: skip
    record_new.add(house.scope("social.worker"), child, "plan", values, AT)
    return booked(house, child, date(2026, 12, 3), AT)


@pytest.mark.clause("PPM10-4", "PPM10-6")
def test_each_line_says_why_and_by_which_clause(house: House, meeting: str) -> None:
    page = words(get(house, f"/planning-meetings/{meeting}/people"))
    assert "Team manager Attends" in page and "PPM10-4" in page
    assert "Adoption West Invited Adoption is considered or planned" in page
    assert "set here, not by the procedure" in page
    assert "Kinship Not invited here" in page
    assert "PPM10-6" in page and "nobody is asked to come" in page


def test_everybody_who_is_known_is_asked_at_once_and_sees_the_meeting(
    house: House, meeting: str
) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}"
    assert house.client("adoption").get(address).status_code == 404
    done = client.post(f"{address}/people/ask-everybody")
    assert done.status_code == 303
    page = words(get(house, f"{address}/people"))
    assert "Asked Team Manager Of Bexley" in page and "Asked Social Worker Of Bexley" in page
    adoption = house.client("social.worker").get(f"{address}/people").text
    found = re.search(r'value="(\w+)"[^>]*>Adoption Of Bexley', adoption)
    assert found is not None
    asked = client.post(
        f"{address}/people/ask", data={"line": "adoption", "who-adoption": found[1]}
    )
    assert asked.status_code == 303
    assert "Orlin Thistlewick" in get(house, address, "adoption")
    assert "You were asked to this meeting alone" in get(house, f"{address}/record", "adoption")
    assert "asked to this meeting alone" not in get(house, f"{address}/record")
    document = house.client("adoption").get(f"{address}/record.docx").data
    said = "\n".join(one.text for one in docx.Document(BytesIO(document)).paragraphs)
    assert "You were asked to this meeting alone" in said and "None that you see was open." in said
    assert "none that you see is booked" in said
    document = client.get(f"{address}/record.docx").data
    said = "\n".join(one.text for one in docx.Document(BytesIO(document)).paragraphs)
    assert "asked to this meeting alone" not in said and "None was open." in said
    again = client.post(
        f"{address}/people/ask", data={"line": "adoption", "who-adoption": found[1]}
    )
    assert again.status_code == 422 and "is asked already" in again.text
    page = client.get(f"{address}/people").text
    at = page.index("No longer ask Adoption Of Bexley")
    guest = re.search(r'name="guest" value="(\w+)"', page[at:])
    assert guest is not None
    back = {"guest": guest[1], "seen": "1", f"back-{guest[1]}": "Adoption is ruled out"}
    assert client.post(f"{address}/people/take-back", data=back).status_code == 303
    assert house.client("adoption").get(address).status_code == 404


@pytest.mark.clause("PPM10-6")
def test_foster_carers_who_are_not_invited_need_a_rationale(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/people"
    empty = client.post(f"{address}/leave-out", data={"line": "foster-carers"})
    assert empty.status_code == 422 and "Say why, for the child’s file" in empty.text
    why = {"line": "foster-carers", "why-foster-carers": "They adopt another child that day"}
    assert client.post(f"{address}/leave-out", data=why).status_code == 303
    assert "Why not: They adopt another child that day" in words(get(house, address))


@pytest.mark.clause("PPM10-5")
def test_parents_come_or_their_views_are_gained_before(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/people"
    named = {"line": "parents", "name-parents": "Merrin Thistlewick", "relation-parents": "mother"}
    assert client.post(f"{address}/ask", data=named).status_code == 303
    page = client.get(address).text
    guest = re.search(r'name="seen-(\w+)"', page)
    assert guest is not None
    key = guest[1]
    late = {f"seen-{key}": "1", f"came-{key}": "apologies", f"views-{key}-day": "4",
            f"views-{key}-month": "12", f"views-{key}-year": "2026"}  # fmt: skip
    refused = client.post(f"{address}/came", data=late)
    assert refused.status_code == 422 and "were gained by its day" in refused.text
    ahead = client.post(f"{address}/came", data={**late, f"views-{key}-day": "2"})
    assert ahead.status_code == 422 and "has not come yet" in ahead.text
    assert f'id="views-{key}-day"' in ahead.text and 'value="2"' in ahead.text  # As it was typed.
    right = {**late, f"views-{key}-day": "20", f"views-{key}-month": "11"}
    assert client.post(f"{address}/came", data=right).status_code == 303
    clash = client.post(f"{address}/came", data={**right, f"came-{key}": "present"})
    assert clash.status_code == 422 and "omebody else changed this first" in clash.text
    shown = client.get(address).text
    assert f'id="views-{key}-day"' in shown and 'value="20"' in shown


@pytest.mark.clause("PPM10-5")
def test_a_parent_is_recorded_with_views_before_without_being_invited(
    house: House, meeting: str
) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/people"
    row = planning.find(house.whole, meeting)
    assert row is not None
    contact = {"name": "Merrin Thistlewick", "relation": "mother", "responsibility": "yes"}
    record_new.add(house.scope("social.worker"), row.child_public_id, "contact", contact, AT)
    page = client.get(address).text
    assert "Not attending: views before, told after" in page
    known = re.search(r'<option value="(\w+)"[^>]*>Merrin Thistlewick \(mother\)', page)
    assert known is not None
    data = {"line": "parents", "apart-known-parents": known[1], "apart-views-parents-day": "20",
            "apart-views-parents-month": "11", "apart-views-parents-year": "2026"}  # fmt: skip
    lacks = client.post(f"{address}/not-attending", data=data)
    assert lacks.status_code == 422 and "Say why, for the child’s file" in lacks.text
    assert 'value="20"' in lacks.text
    nobody = client.post(
        f"{address}/not-attending",
        data={**data, "apart-known-parents": "", "apart-why-parents": "Adoption is likely"},
    )
    assert nobody.status_code == 422 and "or enter a name" in nobody.text
    whole = {**data, "apart-why-parents": "Adoption is likely"}
    assert client.post(f"{address}/not-attending", data=whole).status_code == 303
    said = words(get(house, address))
    assert (
        "Not invited Merrin Thistlewick (mother) Why not: Adoption is likely; views gained before, "
        "on 20 November 2026"
    ) in said
    assert "neither came nor were their views gained" not in said
    twice = client.post(f"{address}/not-attending", data=whole)
    assert twice.status_code == 422 and "is on the list already" in twice.text
    other = {**whole, "line": "kinship", "apart-name-kinship": "Ada"}
    assert client.post(f"{address}/not-attending", data=other).status_code == 422
    document = docx.Document(BytesIO(client.get(f"/planning-meetings/{meeting}/record.docx").data))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert (
        "Merrin Thistlewick (mother): not invited: Adoption is likely; views gained before, on "
        "20 November 2026"
    ) in text


def test_who_was_not_to_be_invited_can_be_invited_after_all(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/people"
    why = {"line": "foster-carers", "why-foster-carers": "They are away that day"}
    client.post(f"{address}/leave-out", data=why)
    assert "Invite somebody after all" in client.get(address).text
    carers = {"line": "foster-carers", "name-foster-carers": "Ode Fennimore"}
    assert client.post(f"{address}/ask", data=carers).status_code == 303
    said = words(get(house, address))
    assert "Asked Ode Fennimore" in said and "They are away that day" not in said
    page = client.get(address).text
    guest = re.search(r'name="guest" value="(\w+)"', page[page.index("No longer ask Ode") :])
    assert guest is not None
    back = {"guest": guest[1], "seen": "2", f"back-{guest[1]}": "They cannot come"}
    assert client.post(f"{address}/take-back", data=back).status_code == 303
    assert "Not invited Ode Fennimore" in words(get(house, address))
    old = client.post(f"{address}/ask-after-all", data={"guest": guest[1], "seen": "2"})
    assert old.status_code == 422 and "omebody else changed this first" in old.text
    again = client.post(f"{address}/ask-after-all", data={"guest": guest[1], "seen": "3"})
    assert again.status_code == 303
    assert "Asked Ode Fennimore" in words(get(house, address))


def test_a_line_is_not_left_out_once_somebody_of_it_was_invited(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/people"
    client.post(f"{address}/ask", data={"line": "foster-carers", "name-foster-carers": "Ode"})
    why = {"line": "foster-carers", "why-foster-carers": "They are away that day"}
    late = client.post(f"{address}/leave-out", data=why)
    assert late.status_code == 422
    assert "Ode: somebody else changed this first" in words(late.text)
    assert "Asked Ode" in words(get(house, address))


def test_a_day_that_cannot_be_is_refused_and_the_rest_is_kept(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/people"
    for name in ("Merrin Thistlewick", "Tobit Thistlewick", "Una Thistlewick"):
        client.post(f"{address}/ask", data={"line": "parents", "name-parents": name})
    one, two, three = re.findall(r'name="seen-(\w+)"', client.get(address).text)
    marks = {f"views-{key}-month": "12" for key in (one, two)}
    marks |= {f"views-{key}-year": "2026" for key in (one, two)}
    marks |= {f"views-{one}-day": "4", f"views-{two}-day": "32"}
    marks |= {f"seen-{key}": "1" for key in (one, two, three)}
    marks |= {f"came-{key}": "present" for key in (one, two, three)}
    refused = client.post(f"{address}/came", data=marks)
    assert refused.status_code == 422
    said = words(refused.text)
    assert "were gained by its day" in said and "Tobit Thistlewick: The day of their views" in said
    assert re.search(rf'name="views-{two}-day"[^>]*value="32"', refused.text)
    kept = client.get(address).text
    came = re.compile(r'name="came-(\w+)"[^>]*value="present"[^>]*checked')
    assert came.findall(kept) == [three]


@pytest.mark.parametrize("role", ["panel.member", "legal", "inspector"])
def test_who_may_not_changes_nothing(house: House, meeting: str, role: str) -> None:
    client = house.client(role)
    for what in (
        "ask", "ask-everybody", "leave-out", "not-attending", "ask-after-all", "take-back", "came",
    ):  # fmt: skip
        assert client.post(f"/planning-meetings/{meeting}/people/{what}").status_code == 404


def test_a_colleague_who_is_no_account_of_the_authority_is_not_passed_over(
    house: House, meeting: str
) -> None:
    client = house.client("social.worker")
    typed = {"line": "", "who-other": "elsewhere", "name-other": "Zed Ploverhurst"}
    refused = client.post(f"/planning-meetings/{meeting}/people/ask", data=typed)
    assert refused.status_code == 422
    assert "This colleague cannot be asked" in refused.text and "Zed Ploverhurst" in refused.text


def test_a_colleague_who_stands_for_two_lines_comes_once(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/people"
    client.post(f"{address}/ask-everybody")
    page = client.get(address).text
    manager = re.search(r'value="(\w+)"[^>]*>Team Manager Of Bexley', page)
    assert manager is not None
    beside = client.post(f"{address}/ask", data={"line": "", "who-other": manager[1]})
    assert beside.status_code == 422
    told = "Team Manager Of Bexley is asked already, under “Team manager”"
    assert told in words(beside.text) and 'id="who-other-error"' in beside.text
    both = {"line": "child-in-care", "who-child-in-care": manager[1]}
    assert client.post(f"{address}/ask", data=both).status_code == 303
    assert client.post(f"{address}/ask", data=both).status_code == 422
    page = client.get(address).text
    assert page.count("No longer ask Team Manager Of Bexley") == 2
    keys = re.findall(r'name="seen-(\w+)"', page)
    assert len(keys) == len(set(keys)) and page.count("How Team Manager Of Bexley took part") == 1
    stands = re.search(r"Team Manager Of Bexley, (Team manager and [\w ]+)", words(page))
    assert stands is not None
    marked = {f"seen-{one}": "1" for one in keys} | {f"came-{one}": "present" for one in keys}
    assert client.post(f"{address}/came", data=marked).status_code == 303
    mine = PlanningGuest.name == "Team Manager Of Bexley"
    came = db.session.scalars(sa.select(PlanningGuest.came).where(mine)).all()
    assert came == ["present", "present"]


def test_who_of_the_family_is_asked_is_asked_by_name(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/people"
    for line in ("parents", "foster-carers"):
        empty = client.post(f"{address}/ask", data={"line": line})
        assert empty.status_code == 422 and "Enter the name of who is asked" in empty.text
        assert "Choose a colleague, or" not in empty.text
        assert f'href="#who-{line}"' in empty.text and f'id="who-{line}"' in empty.text


def test_adoption_is_invited_once_the_meeting_has_it_for_its_plan(house: House) -> None:
    _, child = house.child(born=date(2021, 5, 4))
    meeting = booked(house, child, date(2026, 12, 3), AT)
    client, address = house.client("social.worker"), f"/planning-meetings/{meeting}"
    assert "Adoption West Invited" not in words(get(house, f"{address}/people"))
    nobody = {"nobody-how": "The family network meeting named nobody", "nobody-looked_on-day": "20",
              "nobody-looked_on-month": "11", "nobody-looked_on-year": "2026"}  # fmt: skip
    assert client.post(f"{address}/connected-people/nobody", data=nobody).status_code == 303
    chosen = {"reunification": "yes", "reunification-why": "Neither parent can be safe in time",
              "plan-primary": "long-term-fostering", "plan-contingencies": "adoption"}  # fmt: skip
    assert client.post(f"{address}/options", data=chosen).status_code == 303
    assert "Adoption West Invited Adoption is considered" in words(get(house, f"{address}/people"))
