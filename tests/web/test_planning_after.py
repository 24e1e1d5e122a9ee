"""After a planning meeting: on file by its day, copies to whom they go, and the parents told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders.elsewhere import other_authorities
from builders.house import AT, House
from builders.planned_meetings import booked, closed, held
from builders.queries import counted
from builders.reading import get, words
from builders.with_law import with_law
from conftest import TODAY
from flask import Flask

from core.store import planning, planning_copies
from core.store.database import db, writing
from core.store.tables import AuditRow, Message
from core.usecases import planning_after, record_new
from core.web import planning_after_needs

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TWO_WEEK = "PPM2/permanence-planning-meeting"
ON = date(2026, 11, 19)


def day_of(field: str, on: int, month: int = 11) -> dict[str, str]:
    return {f"{field}-day": str(on), f"{field}-month": str(month), f"{field}-year": "2026"}


@pytest.fixture
def elsewhere(tmp_path: Path, database_url: str) -> Iterator[House]:
    """An authority that follows the two-week standard."""
    with other_authorities(tmp_path, database_url) as made:
        yield House(made, TODAY, "SOM", "somerset")


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    yield from with_law(tmp_path, database_url)


@pytest.fixture
def meeting(house: House) -> str:
    """A meeting of the ten-week standard, held on Thursday 19 November 2026."""
    return held(house, house.child()[1], ON, AT)


@pytest.mark.clause("PPM10-9")
def test_the_record_is_to_be_on_file_within_three_working_days_and_is_ticked(
    house: House, meeting: str
) -> None:
    address = f"/planning-meetings/{meeting}/afterwards"
    page = words(get(house, address))
    assert "by 24 November 2026: 3 working days from the meeting on 19 November 2026" in page
    assert "PPM10-9" in page and "a case note or a manager oversight" in page
    client = house.client("social.worker")
    done = client.post(f"{address}/filed", data=day_of("filed", 20))
    assert done.status_code == 303
    page = words(get(house, address))
    assert "since 20 November 2026, ticked by Social Worker Of Bexley" in page
    assert "met on 20 November 2026" in page
    twice = client.post(f"{address}/filed", data=day_of("filed", 20))
    assert twice.status_code == 422 and "It is ticked already" in twice.text
    assert client.post(f"{address}/not-filed", data={"back": " "}).status_code == 422
    back = client.post(f"{address}/not-filed", data={"back": "The wrong child’s folder"})
    assert back.status_code == 303
    assert "Tick: it is on file" in get(house, address)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Enter the day on which it was put on file"),
        (day_of("filed", 24), "This day has not come yet"),
        (day_of("filed", 18), "The meeting was on 19 November 2026"),
        (day_of("filed", 31), "must be a real date"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_kept(
    house: House, meeting: str, typed: dict[str, str], said: str
) -> None:
    address = f"/planning-meetings/{meeting}/afterwards/filed"
    refused = house.client("team.manager").post(address, data=typed)
    assert refused.status_code == 422 and said in refused.text
    if typed:
        assert f'value="{typed["filed-day"]}"' in refused.text


def test_nothing_is_ticked_before_the_meeting_is_closed(house: House) -> None:
    meeting = booked(house, house.child()[1], ON, AT)
    address = f"/planning-meetings/{meeting}/afterwards"
    assert "Tick: it is on file" not in get(house, address)
    refused = house.client("social.worker").post(f"{address}/filed", data=day_of("filed", 20))
    assert refused.status_code == 422 and "not closed yet" in refused.text


def two_week(house: House) -> str:
    """A meeting of the two-week standard whose child's plan names adoption as contingency."""
    _, child = house.child()
    values = {"primary": "return-home", "contingencies": "adoption", "identified_on": "2026-11-02"}
    record_new.add(house.scope("social.worker"), child, "plan", values, AT)
    return held(house, child, ON, AT, key=TWO_WEEK)


@pytest.mark.clause("PPM2-6.2")
def test_copies_go_to_whom_the_rules_name_and_each_is_kept(elsewhere: House) -> None:
    house, meeting = elsewhere, two_week(elsewhere)
    address = f"/planning-meetings/{meeting}/afterwards"
    page = words(get(house, address))
    assert "The reviewing officer (IRO) To be sent" in page
    assert "The adoption service To be sent" in page
    assert "Adoption is the plan or its contingency" in page and "PPM2-6.2" in page
    assert "by 26 November 2026: 5 working days from the meeting" in page
    client = house.client("social.worker")
    html = client.get(address).text
    officer = re.search(r'value="(\w+)" selected>Iro Of Somerset', html)
    manager = re.search(r'value="(\w+)" selected>Team Manager Of Somerset', html)
    assert officer is not None and manager is not None, html
    assert client.post(f"{address}/send", data={"line": "reviewing-officer"}).status_code == 422
    for code, found in (("reviewing-officer", officer), ("team-manager", manager)):
        data = {"line": code, f"who-{code}": found[1]}
        assert client.post(f"{address}/send", data=data).status_code == 303
        twice = client.post(f"{address}/send", data=data)
        assert twice.status_code == 422 and "was sent it in the app on" in twice.text
    sent = db.session.execute(
        sa.select(Message.subject, Message.body).where(Message.kind == "planning copy")
    ).all()
    db.session.rollback()
    assert len(sent) == 2
    for subject, body in sent:
        assert "Orlin" not in subject + body and f"/planning-meetings/{meeting}\n" in body
    adoption = re.search(r'value="(\w+)"[^>]*>Adoption Of Somerset', html)
    assert adoption is not None
    blind = client.post(f"{address}/send", data={"line": "adoption", "who-adoption": adoption[1]})
    assert blind.status_code == 422 and "does not see this meeting" in blind.text
    typed = {"line": "adoption", "name-adoption": "Adoption West", "how-adoption": "email"}
    lacks = client.post(f"{address}/sent", data=typed)
    assert lacks.status_code == 422 and 'value="Adoption West"' in lacks.text
    assert "Enter the day on which it was sent" in lacks.text
    right = client.post(f"{address}/sent", data={**typed, **day_of("on-adoption", 20)})
    assert right.status_code == 303
    page = words(get(house, address))
    assert "Adoption West: by e-mail, on 20 November 2026" in page
    assert "met on 23 November 2026" in page
    kept = db.session.scalars(
        sa.select(AuditRow.did).where(AuditRow.did == "send planning record")
    ).all()
    db.session.rollback()
    assert len(kept) == 3


@pytest.mark.clause("PPM2-6.2")
def test_the_adoption_service_gets_no_copy_where_adoption_is_not_considered(
    elsewhere: House,
) -> None:
    house = elsewhere
    meeting = held(house, house.child()[1], ON, AT, key=TWO_WEEK)
    page = words(get(house, f"/planning-meetings/{meeting}/afterwards"))
    assert "The adoption service Not sent here" in page
    assert "Adoption is neither planned nor considered" in page


@pytest.mark.clause("PPM10-5")
def test_parents_are_told_afterwards_and_dated(house: House) -> None:
    _, child = house.child()
    meeting = booked(house, child, ON, AT)
    client = house.client("social.worker")
    named = {"line": "parents", "name-parents": "Merrin Thistlewick", "relation-parents": "mother"}
    assert client.post(f"/planning-meetings/{meeting}/people/ask", data=named).status_code == 303
    closed(house, meeting, AT)
    address = f"/planning-meetings/{meeting}/afterwards"
    html = client.get(address).text
    assert "not told yet" in words(html)
    guest = re.search(r'name="guest" value="(\w+)"', html)
    assert guest is not None
    empty = client.post(f"{address}/told", data={"guest": guest[1], "seen": "1"})
    assert empty.status_code == 422 and "Enter the day on which they were told" in empty.text
    typed = {"guest": guest[1], "seen": "1", **day_of(f"told-{guest[1]}", 18)}
    early = client.post(f"{address}/told", data=typed)
    assert early.status_code == 422 and "The meeting was on 19 November 2026" in early.text
    right = {**typed, **day_of(f"told-{guest[1]}", 20)}
    assert client.post(f"{address}/told", data=right).status_code == 303
    assert "told after, on 20 November 2026" in words(get(house, address))
    again = client.post(f"{address}/told", data=right)
    assert again.status_code == 422 and "omebody else changed this first" in again.text


@pytest.mark.clause("PPM10-5")
def test_a_parent_who_was_not_on_the_list_is_told_after(house: House, meeting: str) -> None:
    client = house.client("social.worker")
    address = f"/planning-meetings/{meeting}/afterwards"
    assert "Somebody else was told" in client.get(address).text
    told = {"line": "parents", "else-name-parents": "Merrin Thistlewick",
            "else-relation-parents": "mother"}  # fmt: skip
    for wrong, said in (
        (told, "Enter the day on which they were told"),
        ({**told, **day_of("else-told-parents", 18)}, "The meeting was on 19 November 2026"),
        ({"line": "parents", **day_of("else-told-parents", 20)}, "or enter a name"),
    ):
        refused = client.post(f"{address}/told-another", data=wrong)
        assert refused.status_code == 422 and said in words(refused.text)
    whole = {**told, **day_of("else-told-parents", 20)}
    assert client.post(f"{address}/told-another", data=whole).status_code == 303
    page = words(get(house, address))
    assert "Merrin Thistlewick (mother)" in page and "told after, on 20 November 2026" in page
    people = words(get(house, f"/planning-meetings/{meeting}/people"))
    assert "Not invited Merrin Thistlewick (mother) No reason is recorded" in people
    assert client.post(f"{address}/told-another", data=whole).status_code == 422


@pytest.mark.parametrize(
    "role", ["panel.member", "legal", "adoption", "fostering", "kinship", "authority.administrator"]
)
def test_who_does_not_see_the_child_finds_nothing(house: House, meeting: str, role: str) -> None:
    client = house.client(role)
    address = f"/planning-meetings/{meeting}"
    for page in ("afterwards", "record.docx"):
        answer = client.get(f"{address}/{page}")
        assert answer.status_code == 404 and "Orlin" not in answer.text
    for what in ("filed", "not-filed", "send", "sent", "told", "told-another"):
        assert client.post(f"{address}/afterwards/{what}").status_code == 404


@pytest.mark.parametrize("role", ["inspector", "panel.chair"])
def test_who_only_reads_ticks_nothing(house: House, meeting: str, role: str) -> None:
    client = house.client(role)
    address = f"/planning-meetings/{meeting}/afterwards"
    assert "Tick: it is on file" not in client.get(address).text
    for what in ("filed", "not-filed", "send", "sent", "told", "told-another"):
        assert client.post(f"{address}/{what}", data=day_of("filed", 20)).status_code in (403, 404)


@pytest.mark.clause("PPM10-9")
@pytest.mark.parametrize("role", ["social.worker", "team.manager"])
def test_the_first_page_asks_for_the_record_by_its_day_and_marks_it_late(
    house: House, meeting: str, role: str
) -> None:
    page = words(get(house, "/", role))
    assert "Put on file the record of the planning meeting of 19 November 2026" in page
    assert "PPM10-9" in page
    house.turn_to(date(2026, 11, 25))
    html = get(house, "/?kind=after-planning-meetings", role)
    assert "Late" in words(html) and f"/planning-meetings/{meeting}/afterwards" in html
    client = house.client("social.worker")
    client.post(f"/planning-meetings/{meeting}/afterwards/filed", data=day_of("filed", 24))
    assert "Put on file the record" not in words(get(house, "/", role))


@pytest.mark.clause("PPM2-6.2")
def test_the_first_page_asks_for_the_copies(elsewhere: House) -> None:
    two_week(elsewhere)
    page = words(get(elsewhere, "/"))
    assert "Send the record of the planning meeting of 19 November 2026" in page
    assert "To the reviewing officer (IRO), the team manager, the adoption service" in page
    assert "Send the record" not in words(get(elsewhere, "/", "iro"))


def sent_to(house: House, meeting: str, *codes: str) -> None:
    with writing():
        row = planning.find(house.whole, meeting)
        assert row is not None
        for code in codes:
            planning_copies.add(house.whole, row.id, code, None, "Somebody", "post", ON, AT)


@pytest.mark.clause("PPM2-6.2")
def test_copies_are_held_against_those_that_are_asked_for(elsewhere: House) -> None:
    meeting = two_week(elsewhere)
    sent_to(elsewhere, meeting, "team-manager", "of-an-older-edition", "another-of-it")
    page = words(get(elsewhere, "/"))
    assert "To the reviewing officer (IRO), the adoption service" in page
    sent_to(elsewhere, meeting, "reviewing-officer", "adoption")
    assert "Send the record" not in words(get(elsewhere, "/"))


@pytest.mark.clause("PPM2-6.2")
def test_meetings_of_which_nothing_is_left_take_no_place_on_the_first_page(
    elsewhere: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = elsewhere
    monkeypatch.setattr(planning_after_needs, "MOST", 1)
    # Nothing is known of adoption: its service gets no copy, and the record has gone to the rest.
    done = held(house, house.child()[1], date(2026, 11, 17), AT, key=TWO_WEEK)
    sent_to(house, done, "team-manager", "reviewing-officer")
    planning_after.put_on_file(house.scope("social.worker"), done, ON, AT)
    for number, name in ((18, "Wren"), (19, "Ilse")):
        child = house.child(f"02{number}", name)[1]
        held(house, child, date(2026, 11, number), AT, key=TWO_WEEK)
    page = words(get(house, "/?kind=after-planning-meetings"))
    assert "17 November" not in page and "the planning meeting of 18 November 2026" in page
    assert "3 more things to do after planning meetings" in page


def test_the_queries_of_the_first_page_do_not_grow_with_the_meetings(elsewhere: House) -> None:
    house = elsewhere
    held(house, house.child()[1], ON, AT, key=TWO_WEEK)
    client = house.client("social.worker")
    client.get("/")
    one = counted(lambda: client.get("/"))
    for number in range(4):
        child = house.child(f"020{number}", f"Wren{number}", "Quillfeather")[1]
        held(house, child, ON, AT, key=TWO_WEEK)
    assert counted(lambda: client.get("/")) == one


def test_a_parent_is_told_also_where_no_rule_of_the_body_speaks_of_parents(
    elsewhere: House,
) -> None:
    house = elsewhere
    _, child = house.child()
    meeting = booked(house, child, TODAY, AT, key=TWO_WEEK)
    client, address = house.client("social.worker"), f"/planning-meetings/{meeting}"
    for name, relation in (("Thaddea Vellacott", "mother"), ("Ada Reed", "grandmother")):
        asked = {"line": "", "name-other": name, "relation-other": relation}
        assert client.post(f"{address}/people/ask", data=asked).status_code == 303
    page = client.get(f"{address}/people").text
    assert page.count("gained before the meeting on") == 2  # The mother’s, and of who is not asked.
    apart = {"line": "", "apart-name-other": "Tobit Vellacott", "apart-relation-other": "father",
             "apart-why-other": "He is away"}  # fmt: skip
    empty = client.post(f"{address}/people/not-attending", data={"line": ""})
    assert empty.status_code == 422 and 'id="apart-other"' in empty.text
    assert client.post(f"{address}/people/not-attending", data=apart).status_code == 303
    closed(house, meeting, AT)
    page = words(get(house, f"{address}/afterwards"))
    assert "Thaddea Vellacott (mother): neither came" in page
    assert "Tobit Vellacott (father): neither came" in page and "Ada Reed" not in page
    other = {
        "line": "",
        "else-name-other": "Una Vellacott",
        **day_of("else-told-other", TODAY.day, TODAY.month),
    }
    nobody = client.post(
        f"{address}/afterwards/told-another", data={**other, "else-name-other": ""}
    )
    assert nobody.status_code == 422 and 'href="#else-other"' in nobody.text
    assert client.post(f"{address}/afterwards/told-another", data=other).status_code == 303
    assert "Una Vellacott: " in words(get(house, f"{address}/afterwards"))
