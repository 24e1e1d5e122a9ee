"""What pages of people say to choose from: posts, colleagues by team, links made again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from builders.agenda import book, case
from builders.house import House
from builders.queries import counted
from builders.records import whole_record
from builders.staff import named, public
from flask.testing import FlaskClient

from core.store.database import db, writing
from core.store.tables import Account, Meeting, Placing, Team

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADMIN = "authority.administrator"
LINK = re.compile(r"/welcome/[\w-]+")


@pytest.fixture
def admin(house: House) -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.client(ADMIN)


def day(name: str, house: House) -> dict[str, str]:
    on = house.today
    return {
        f"{name}-day": f"{on.day}",
        f"{name}-month": f"{on.month}",
        f"{name}-year": f"{on.year}",
    }


def choices(text: str, field: str) -> list[tuple[str, list[str]]]:
    """The groups of a choice with the names in each."""
    found = re.search(rf'<select[^>]*id="{field}".*?</select>', text, re.S)
    assert found is not None
    groups = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', found[0], re.S)
    return [(label, re.findall(r">([^<]+)</option>", body)) for label, body in groups]


def flat(groups: list[tuple[str, list[str]]]) -> list[str]:
    return [one for _, names in groups for one in names]


def move(house: House, role: str, team: str) -> None:
    with writing():
        own = {"authority_id": house.authority_id}
        db.session.execute(sa.delete(Placing).where(Placing.account_id == house.accounts[role]))
        service = db.session.scalar(sa.select(sa.func.min(Team.service_id)))
        found = db.session.scalar(sa.select(Team.id).where(Team.name == team))
        if found is None:
            made = sa.insert(Team).values(**own, name=team, service_id=service).returning(Team.id)
            found = db.session.execute(made).scalar_one()
        placed = {"account_id": house.accounts[role], "team_id": found, "since": house.today}
        db.session.execute(sa.insert(Placing).values(**own, **placed))


def test_colleagues_stand_by_team_the_same_team_first_and_only_those_who_can(
    house: House, admin: FlaskClient
) -> None:
    ids = whole_record(house)
    move(house, "social.worker", "Zebra team")
    move(house, "team.manager", "Zebra team")
    move(house, "kinship", "Ant team")
    worker = public(house, "social.worker")
    for address, field in (
        (f"/covers?away={worker}", "by"),
        (f"/staff/{worker}/leaving", "to-everything"),
    ):
        groups = choices(admin.get(address).text, field)
        assert groups[0] == ("Zebra team", ["Team Manager Of Bexley, Team manager"]), address
        assert [label for label, _ in groups][1] == "Ant team" or field == "to-everything"
        assert not any("Inspector" in name or "An owner" in name for name in flat(groups))
    assert "Social Worker Of Bexley, Social worker" in flat(
        choices(admin.get("/covers").text, "away")
    )
    refused = admin.post("/covers", data={"away": worker, "by": worker})
    assert refused.status_code == 422
    assert any("Social Worker Of" in name for name in flat(choices(refused.text, "by")))
    row = named(house, house.child("0177", worker=None)[0])
    offered = flat(choices(admin.get(f"/matching/{row}").text, "account"))
    assert any("Social Worker Of" in name for name in offered)
    assert not any("Legal Of" in name for name in offered)
    item = house.client("panel.administrator").get(f"/items/{ids['items']}")
    assert "Kinship Of Bexley, Kinship" in flat(choices(item.text, "invitee"))
    few = counted(lambda: admin.get("/covers"))
    for number in range(30):
        house.account("kinship", f"many.{number}@bexley.example")
    assert counted(lambda: admin.get("/covers")) <= few


def test_somebody_reset_is_not_told_to_be_invited(house: House, admin: FlaskClient) -> None:
    iro = public(house, "iro")
    first = LINK.search(admin.post(f"/staff/{iro}/reset", data={"version": "1"}).text)
    page = admin.get(f"/staff/{iro}").text
    assert "Password reset: the link is open until" in page and "Make a new reset link" in page
    assert "Make a new invitation" not in page and ">\n  Invited" not in page
    again = admin.post(f"/staff/{iro}/reset", data={"version": "2"})
    second = LINK.search(again.text)
    assert first and second and first[0] != second[0] and "Reset link for" in again.text
    stranger = house.app.test_client()
    assert stranger.get(first[0]).status_code != 200
    assert stranger.get(second[0]).status_code == 200
    house.turn_to(house.today + timedelta(days=3))


def test_lost_invitations_are_made_again_for_everybody_at_once(
    house: House, admin: FlaskClient
) -> None:
    assert admin.post("/staff/several/again").status_code == 422
    rows = "e-mail,name,roles\nned@bexley.example,Ned,iro\nuna@bexley.example,Una,iro\nbad,X,iro\n"
    joined = admin.post("/staff/several", data={"people": rows})
    assert "<title>Error: " in " ".join(joined.text.split())
    assert "Lines to correct" in joined.text
    none = admin.post("/staff/several", data={"people": "e-mail,name,roles\nbad,X,iro\n"})
    assert "<title>Error" in " ".join(none.text.split())
    admin.post(f"/staff/{public(house, 'iro')}/reset", data={"version": "1"})
    assert "2 people have not chosen a password" in " ".join(
        admin.get("/staff/several").text.split()
    )
    again = admin.post("/staff/several/again")
    assert "2 invitations made again" in again.text
    assert "Ned" in again.text and "Iro Of Bexley" not in again.text
    kept = {
        name: found[1].replace("&#34;", '"')
        for name in ("links", "mark")
        if (found := re.search(rf'name="{name}" value="([^"]*)"', again.text))
    }
    links = LINK.findall(admin.post("/staff/several/links", data=kept).text)
    assert len(links) == 2
    assert house.app.test_client().get(links[0]).status_code == 200
    old = LINK.findall(joined.text.replace("&#34;", '"'))
    assert old and all(house.app.test_client().get(link).status_code != 200 for link in old)


def test_an_invitee_is_told_what_they_are_invited_to_until_it_ends(
    house: House, admin: FlaskClient
) -> None:
    held_on = house.today + timedelta(days=15)
    meeting_id, _ = house.meeting(held_on)
    child_id, _ = house.child()
    case_id, _ = case(house, child_id, meeting_id)
    _, item = book(house, meeting_id, case_id)
    chair, kinship = house.client("panel.administrator"), house.client("kinship")
    before = kinship.get("/").text
    assert "You are invited" not in before
    who = {"invitee": public(house, "kinship")}
    for ends in (
        lambda: chair.post(f"/items/{item}/invitees/end", data=who),
        lambda: ratify(meeting_id),
    ):
        assert chair.post(f"/items/{item}/invitees", data=who).status_code == 303
        home = " ".join(kinship.get("/").text.split())
        told = f"You are invited to the case of Orlin Thistlewick on {held_on:%-d %B %Y} at "
        assert told in home and f'href="/items/{item}"' in home
        assert kinship.get(f"/items/{item}").status_code == 200
        assert "You are invited" not in house.client("fostering").get("/").text
        ends()
        assert "You are invited" not in kinship.get("/").text


def ratify(meeting_id: int) -> None:
    with writing():
        on = sa.update(Meeting).where(Meeting.id == meeting_id)
        db.session.execute(on.values(ratified_at=sa.func.now()))


def test_a_grade_is_said_in_its_own_words(house: House, admin: FlaskClient) -> None:
    with writing():
        iro = sa.update(Account).where(Account.id == house.accounts["iro"])
        db.session.execute(iro.values(grade="iro"))
    page = admin.get(f"/staff/{public(house, 'iro')}").text
    grade = re.search(r">\s*Grade\s*</dt>\s*<dd[^>]*>([^<]*)<", page)
    assert grade is not None and grade[1].strip() == "Independent reviewing officer"


def test_on_a_phone_every_table_of_people_is_stacked(house: House, admin: FlaskClient) -> None:
    whole_record(house)
    pages = ("/teams", f"/staff/{public(house, 'social.worker')}", "/matching", "/covers")
    for address in pages:
        page = admin.get(address).text
        tables = re.findall(r"<table[^>]*>.*?</table>", page, re.S)
        assert tables, address
        for table in tables:
            assert "app-table--stacked" in table, address
            body = table.partition("<tbody")[2]
            cells = re.findall(r"<(?:td|th|tr)\b[^>]*>", body)
            assert cells and all("role=" in cell for cell in cells), address
