"""The pages of people: who opens them, what they show, and what each form refuses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.queries import counted
from builders.records import whole_record
from builders.staff import named, public, version
from flask.testing import FlaskClient

from core.store.database import db
from core.store.tables import Account, AccountRole, AuditRow, Cover

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADMIN = "authority.administrator"
LINK = re.compile(r"http://localhost(/welcome/[\w-]+)")
TESS = {"name": "Tess Quarry", "email": "tess@bexley.example", "roles": "social.worker"}


@pytest.fixture
def admin(house: House) -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.client(ADMIN)


def day(name: str, house: House, days: int = 0) -> dict[str, str]:
    on = house.today + timedelta(days=days)
    return {
        f"{name}-day": str(on.day),
        f"{name}-month": str(on.month),
        f"{name}-year": str(on.year),
    }


def test_only_who_administers_the_authority_has_these_pages(
    house: House, admin: FlaskClient
) -> None:
    iro = public(house, "iro")
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    for client in (house.client("head.of.service"), house.client("panel.administrator")):
        for address in ("/staff", "/staff/new", f"/staff/{iro}", "/teams", "/matching"):
            assert client.get(address).status_code == 404
        assert ">People<" not in client.get("/").text
    assert "People" in admin.get("/").text
    for address in (f"/staff/{iro}", f"/staff/{iro}/details", f"/staff/{iro}/leaving"):
        assert toyshire.client(ADMIN).get(address).status_code == 404
    for what in ("suspend", "reset", "invite", "roles", "roles/end", "details", "leaving"):
        answer = toyshire.client(ADMIN).post(f"/staff/{iro}/{what}", data={"version": "1"})
        assert answer.status_code == 404, what
    assert "Iro Of Bexley" not in toyshire.client(ADMIN).get("/staff").text


def test_the_list_is_searched_filtered_and_paged_by_few_queries(
    house: House, admin: FlaskClient
) -> None:
    team = "?where=team+" + str(db.session.scalar(sa.text("select min(id) from team")))
    few = counted(lambda: admin.get("/staff"))
    for number in range(60):
        house.account("iro", f"many.{number}@bexley.example")
    answer, many = admin.get("/staff"), counted(lambda: admin.get("/staff"))
    assert "77 people: page 1 of 2" in " ".join(answer.text.split())
    assert many <= few
    assert "Team Manager Of Bexley" not in answer.text
    assert "Team Manager Of Bexley" in admin.get("/staff?page=2").text
    found = admin.post("/staff/search", data={"words": "manager TEAM"}, follow_redirects=True)
    assert "1 person" in found.text and "manager" not in found.request.query_string.decode()
    assert "1 person" in admin.get("/staff?role=legal").text
    assert "1 person" in admin.get("/staff?role=legal&state=active").text
    assert "Nobody matches" in admin.get("/staff?role=legal&state=suspended").text
    assert "76 people" in admin.get(f"/staff{team}").text
    for wrong in ("?role=emperor", "?where=team+x", "?state=odd"):
        assert admin.get(f"/staff{wrong}").status_code == 422
    assert admin.get("/staff?page=99999999999999").status_code == 200
    assert admin.post("/staff/search", data={"words": " "}).status_code == 422
    assert admin.post("/staff/search", data={"words": "w" * 101}).status_code == 422


def test_a_person_is_added_and_shown_a_link_once_that_opens_their_account(
    house: House, admin: FlaskClient
) -> None:
    refused = admin.post("/staff/new", data={**TESS, "email": "tess", "place": "team 5 5"})
    assert refused.status_code == 422 and 'value="tess"' in refused.text
    shown = admin.post("/staff/new", data=TESS)
    link = LINK.search(shown.text)
    assert link is not None and "the service does not send it" in shown.text
    stranger = house.app.test_client()
    assert stranger.get(link[1]).status_code == 200
    tess = db.session.scalar(sa.select(Account.public_id).where(Account.name == "Tess Quarry"))
    page = admin.get(f"/staff/{tess}")
    assert link[1] not in page.text and "has no password yet" in page.text
    again = LINK.search(admin.post(f"/staff/{tess}/invite").text)
    assert again is not None and again[1] != link[1]
    assert stranger.get(link[1]).status_code != 200
    assert admin.post("/staff/new", data=TESS).status_code == 422
    token = link[1].rpartition("/")[2]
    told = str(db.session.execute(sa.select(AuditRow.before, AuditRow.after)).all())
    assert token not in told


def test_two_administrators_on_one_person_lose_no_words(house: House, admin: FlaskClient) -> None:
    iro = public(house, "iro")
    data = {"name": "Theirs", "email": "iro@bexley.example", "version": "1"}
    assert admin.post(f"/staff/{iro}/details", data=data).status_code == 303
    mine = admin.post(f"/staff/{iro}/details", data={**data, "name": "Mine"})
    assert mine.status_code == 422 and "Name: Theirs (yours: Mine)" in mine.text
    assert 'value="Mine"' in mine.text and "save yours over theirs" in mine.text
    assert "This page now shows" not in mine.text and 'href="#theirs"' in mine.text
    graded = {**data, "name": "Mine", "grade": "practitioner"}
    told = admin.post(f"/staff/{iro}/details", data=graded).text
    assert "Grade: nothing (yours: Practitioner)" in told
    assert (
        admin.post(
            f"/staff/{iro}/details", data={**data, "name": "Mine", "version": "2"}
        ).status_code
        == 303
    )
    late = admin.post(f"/staff/{iro}/suspend", data={"version": "2", "why": "Lost <laptop>"})
    assert late.status_code == 422 and "Somebody else changed Mine" in late.text
    assert 'href="#why"' in late.text and 'id="why-error"' in late.text
    assert "Lost &lt;laptop&gt;" in late.text


def test_roles_are_given_and_ended_on_the_page_which_shows_the_history(
    house: House, admin: FlaskClient
) -> None:
    iro = public(house, "iro")
    own, worker = public(house, ADMIN), public(house, "social.worker")
    wrong = {"role": "legal", "version": "1", **day("role-since", house), "role-since-day": "32"}
    refused = admin.post(f"/staff/{iro}/roles", data=wrong)
    assert refused.status_code == 422 and "must be a real date" in refused.text
    assert 'value="32"' in refused.text
    mine = {"role": "legal", "version": "1", **day("role-since", house)}
    refused = admin.post(f"/staff/{own}/roles", data=mine)
    assert refused.status_code == 422 and "Another administrator must give you" in refused.text
    assert "Give a role" not in admin.get(f"/staff/{own}").text
    for one, typed in ((worker, day("role-since", house)), (iro, day("role-since", house, 2))):
        given = admin.post(f"/staff/{one}/roles", data={"role": "legal", "version": "1", **typed})
        assert given.status_code == 303
    page = " ".join(admin.get(f"/staff/{worker}").text.split())
    assert "<strong>Role given</strong>: Legal colleague; First day: 23 November 2026" in page
    row = db.session.scalar(
        sa.select(AccountRole.id).where(AccountRole.account_id == house.accounts["iro"])
    )
    for typed, words in (
        ({"end-role": "77777", **day("end-role-last", house)}, "Choose the role that ends"),
        ({"end-role": str(row)}, "Enter the last day"),
        ({"end-role": str(row), **day("end-role-last", house, -9)}, "yesterday or later"),
    ):
        refused = admin.post(f"/staff/{iro}/roles/end", data={"version": "2", **typed})
        assert refused.status_code == 422 and words in refused.text
    typed = {"end-role": str(row), **day("end-role-last", house, -1), "version": "2"}
    assert admin.post(f"/staff/{iro}/roles/end", data=typed).status_code == 303
    assert house.client("iro").get("/").status_code == 404


def test_a_suspended_person_is_out_at_once(house: House, admin: FlaskClient) -> None:
    iro, client = public(house, "iro"), house.client("iro")
    assert client.get("/").status_code == 200
    assert admin.post(f"/staff/{iro}/suspend", data={"version": "1"}).status_code == 422
    typed = {"version": "1", "why": "A lost laptop"}
    assert admin.post(f"/staff/{iro}/suspend", data=typed).status_code == 303
    assert client.get("/").status_code == 401
    page = admin.get(f"/staff/{iro}")
    assert "A lost laptop" in page.text and "End the suspension" in page.text
    assert admin.post(f"/staff/{iro}/unsuspend", data={"version": "2"}).status_code == 303
    assert admin.post(f"/staff/{iro}/reset", data={"version": "2"}).status_code == 422
    assert LINK.search(admin.post(f"/staff/{iro}/reset", data={"version": "3"}).text)


def test_several_people_from_a_file_and_their_invitations_as_a_table_once(
    house: House, admin: FlaskClient
) -> None:
    rows = "e-mail,name,roles\n=cmd@bexley.example,=Tess,iro\nbad,Ned,iro\n"
    file = (rows.encode("utf-16"), "people.csv")
    assert admin.post("/staff/several", data={"file": file}).status_code == 422
    answer = admin.post("/staff/several", data={"people": rows})
    assert answer.status_code == 422
    assert "Line 3: Enter an e-mail address" in answer.text and "1 person added" in answer.text
    kept = {
        name: found[1].replace("&#34;", '"')
        for name in ("links", "mark")
        if (found := re.search(rf'name="{name}" value="([^"]*)"', answer.text))
    }
    table = admin.post("/staff/several/links", data=kept)
    assert table.text.startswith("\ufeffname,")
    assert table.mimetype == "text/csv" and "'=Tess,'=cmd@bexley.example,http" in table.text
    kept["links"] = kept["links"].replace("Tess", "Ned")
    assert admin.post("/staff/several/links", data=kept).status_code == 404
    for wrong in ("", "x", "a,b\nc,d", 'e-mail,name,roles\n"a'):
        assert admin.post("/staff/several", data={"people": wrong}).status_code == 422


def test_people_to_match_stand_on_the_home_page_and_are_matched(
    house: House, admin: FlaskClient
) -> None:
    child_id, child = house.child(worker=None)
    assert "people whom imported files name" not in admin.get("/").text
    row = named(house, child_id)
    named(house, child_id, "A. Other", "iro")
    assert "Match 2 people whom imported files name" in admin.get("/").text
    assert "J. Wexcombe" in admin.get("/matching").text
    page = admin.get(f"/matching/{row}")
    assert "Orlin Thistlewick" in page.text
    looks = db.session.scalars(sa.select(AuditRow.subject_id).where(AuditRow.did == "look")).all()
    assert child in looks
    few = counted(lambda: admin.get("/matching"))
    for number in range(55):
        named(house, child_id, f"Name {number:02}")
    assert counted(lambda: admin.get("/matching")) <= few
    for typed in ({}, {"account": "nobody"}, {"account": "other"}):
        assert admin.post(f"/matching/{row}", data=typed).status_code == 422
    iro, legal = public(house, "iro"), public(house, "legal")
    both = admin.post(f"/matching/{row}", data={"account": iro, "other": legal})
    assert both.status_code == 422
    twice = "You chose both Iro Of Bexley and, as somebody else, Legal Of Bexley"
    assert twice in both.text and "selected" not in both.text
    else_nobody = admin.post(f"/matching/{row}", data={"account": "other"})
    assert "Choose who else it is" in else_nobody.text
    assert admin.post(f"/matching/{row}", data={"account": iro}).status_code == 303
    assert "“J. Wexcombe” is matched to Iro Of Bexley" in admin.get("/matching").text
    assert admin.post(f"/matching/{row}", data={"account": iro}).status_code == 404
    page = admin.get("/matching")
    found = re.search(r'name="match" value="(\d+)"', page.text)
    assert found is not None
    assert admin.post("/matching/back", data={"match": found[1]}).status_code == 303
    assert admin.post("/matching/back", data={"match": found[1]}).status_code == 422
    assert admin.get("/matching/9999999999999").status_code == 404
    assert 'value="J. Wexcombe"' in admin.get(f"/staff/new?stated={row}").text


def test_a_leaver_is_shown_what_they_have_and_what_was_moved(
    house: House, admin: FlaskClient
) -> None:
    ids = whole_record(house)
    worker, to = public(house, "social.worker"), public(house, "team.manager")
    page = admin.get(f"/staff/{worker}/leaving")
    assert "2 children as their social worker" in page.text and ids["children"] in page.text
    refused = admin.post(f"/staff/{worker}/leaving", data={"version": "1", "last-day": "x"})
    assert refused.status_code == 422
    house.account("social.worker", "colleague@bexley.example")
    colleague = public(house, "colleague")
    typed = {"version": "1", "to-everything": colleague, "to-actions": to, **day("last", house)}
    done = admin.post(f"/staff/{worker}/leaving", data=typed)
    assert done.status_code == 200 and "has left" in done.text
    assert "now with Team Manager Of Bexley" in done.text
    assert admin.post(f"/staff/{worker}/leaving", data=typed).status_code == 422
    assert version(house, "social.worker") == 2


def test_a_cover_is_arranged_shown_and_ended(house: House, admin: FlaskClient) -> None:
    whole_record(house)
    worker = house.client("social.worker")
    by = public(house, "kinship")
    typed = {
        "away": public(house, "social.worker"),
        "by": by,
        **day("since", house),
        **day("last", house, 3),
    }
    refused = worker.post("/covers", data={**typed, "last-day": "99"})
    assert refused.status_code == 422 and 'value="99"' in refused.text
    other = {**typed, "away": public(house, "iro")}
    assert worker.post("/covers", data=other).status_code == 422
    assert worker.post("/covers", data=typed).status_code == 303
    home = house.client("kinship").get("/").text
    assert "For An owner, who is away" in home and "Write to the court" in home
    assert "Kinship Of Bexley" in admin.get(f"/staff/{typed['away']}").text
    assert "Social Worker Of Bexley" in admin.get(f"/staff/{by}").text
    cover = db.session.scalar(
        sa.select(Cover.public_id).where(Cover.away_id == house.accounts["social.worker"])
    )
    assert house.client("legal").post(f"/covers/{cover}/end").status_code == 404
    assert worker.post(f"/covers/{cover}/end").status_code == 303
    assert worker.post(f"/covers/{cover}/end").status_code == 404
    assert "who is away" not in house.client("kinship").get("/").text


def test_teams_are_changed_on_their_pages(house: House, admin: FlaskClient) -> None:
    team = db.session.execute(sa.text("select min(id), min(service_id) from team")).one()
    address, seen = f"/teams/{team[0]}", {"seen-name": "Quill team", "seen-service": str(team[1])}
    assert "Quill team" in admin.get("/teams").text
    for data in ({"team-name": "New"}, {"team-name": "New", "team-service": "x"}):
        assert admin.post("/teams", data=data).status_code == 422
    assert admin.post("/services", data={"service-name": ""}).status_code == 422
    assert admin.post("/services", data={"service-name": "Court"}).status_code == 303
    data = {"name": "Quills", "service": str(team[1]), **seen}
    assert admin.post(address, data=data).status_code == 303
    late = admin.post(address, data={**data, "name": "Mine"})
    assert late.status_code == 422 and "Quills" in late.text and "Mine" in late.text
    ended = admin.post(f"{address}/end")
    assert ended.status_code == 422 and "people work there" in ended.text
    toyshire = House(house.app, house.today, "TOY", "toyshire")
    for wrong in (address, f"{address}/end", "/teams/0", "/teams/99999999999", "/services/x"):
        assert toyshire.client(ADMIN).post(wrong, data=data).status_code == 404


def test_the_last_administrator_is_kept_and_told_beside_the_form(
    house: House, admin: FlaskClient
) -> None:
    own = public(house, ADMIN)
    row = db.session.scalar(
        sa.select(AccountRole.id).where(AccountRole.account_id == house.accounts[ADMIN])
    )
    db.session.rollback()
    typed = {"end-role": str(row), **day("end-role-last", house), "version": "1"}
    refused = admin.post(f"/staff/{own}/roles/end", data=typed)
    assert refused.status_code == 422
    assert 'href="#end-role"' in refused.text and 'id="end-role-error"' in refused.text


def test_an_account_that_waits_after_failed_tries_says_so(house: House, admin: FlaskClient) -> None:
    address = f"/staff/{public(house, 'iro')}"
    assert "failed" not in admin.get(address).text
    for _ in range(5):
        house.client().post("/sign-in", data={"email": "IRO@bexley.example", "password": "a guess"})
    page = admin.get(address).text
    assert "Waits after failed tries" in page and "it waits until" in page
    assert "failed" not in admin.get(f"/staff/{public(house, 'legal')}").text


def test_turning_codes_off_stands_in_the_history_in_words(house: House, admin: FlaskClient) -> None:
    address = f"/staff/{public(house, 'iro')}"
    admin.post(f"{address}/codes/off")
    assert "<strong>One-time codes turned off</strong>" in admin.get(address).text


def test_what_a_leaver_holds_is_said_without_noughts(house: House, admin: FlaskClient) -> None:
    page = admin.get(f"/staff/{public(house, 'legal')}/leaving").text
    assert "They hold 1 role, 1 place of work, 1 post." in " ".join(page.split())
    page = admin.get(f"/staff/{public(house, 'social.worker')}/leaving").text
    assert "They hold 1 role, 1 place of work." in " ".join(page.split())
