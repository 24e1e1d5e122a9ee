"""Restricted and sealed records: nobody finds a trace of the child who is not named for them."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.records import GIVEN, LOCAL, MOTHER, whole_record
from flask.testing import FlaskClient

from core.store import notice_waiting
from core.store.database import db, writing
from core.store.tables import Account, Action, AuditRow, Child, Closing

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TYPED = {
    "local-id": LOCAL,
    "kind": "restricted",
    "why": "Her aunt works in the Quill team",
    "names": "iro@bexley.example\nLEGAL@bexley.example",
}


@pytest.fixture
def administrator(house: House) -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.client("authority.administrator")


def close(client: FlaskClient, **typed: str) -> str:
    answer = client.post("/closings", data=TYPED | typed)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_closed_record_is_listed_by_its_local_id_alone(
    house: House, administrator: FlaskClient
) -> None:
    ids = whole_record(house)
    page = administrator.get(close(administrator)).text
    listed = administrator.get("/closings").text
    for text in (page, listed):
        assert LOCAL in text and "Restricted" in text
        assert GIVEN not in text and ids["children"] not in text
    assert "Iro Of Bexley" in page and "Legal Of Bexley" in page
    assert administrator.get(f"/children/{ids['children']}").status_code == 404
    row = db.session.scalars(
        sa.select(AuditRow).where(AuditRow.did == "close record to all but those named")
    ).one()
    assert row.subject_id == ids["children"] and row.why == TYPED["why"]
    assert row.after == {"closed": "restricted", "named": ["Iro Of Bexley", "Legal Of Bexley"]}


def test_an_action_is_kept_from_its_owner_who_is_not_named_and_is_nobodys(
    house: House, administrator: FlaskClient
) -> None:
    ids = whole_record(house)
    page = f"/actions/{ids['actions']}"
    owner, named = house.client("social.worker"), house.client("iro")
    assert owner.get(page).status_code == 200
    assert len(notice_waiting.actions(house.whole, date(2027, 12, 31))) == 1
    db.session.rollback()
    close(administrator)
    for address in (page, f"{page}/escalation"):
        assert owner.get(address).status_code == 404
    for address in ("/", "/actions?show=all", "/actions?whose=all&show=all", "/actions/export.csv"):
        assert ids["actions"] not in owner.get(address).text
    assert named.get(page).status_code == 200
    assert ids["actions"] in named.get("/actions?whose=nobody").text
    assert notice_waiting.actions(house.whole, date(2027, 12, 31)) == []


def test_an_action_of_a_closed_record_is_handed_to_nobody_who_is_not_named(
    house: House, administrator: FlaskClient
) -> None:
    ids = whole_record(house)
    close(administrator, names="team.manager@bexley.example\niro@bexley.example")
    manager = house.client("team.manager")
    for role, status in (("legal", 422), ("iro", 303)):
        to = db.session.scalar(
            sa.select(Account.public_id).where(Account.id == house.accounts[role])
        )
        version = db.session.scalar(sa.select(Action.version))
        db.session.rollback()
        typed = {"owner": to, "hand_why": "The owner may not see it", "version": version}
        answer = manager.post(f"/actions/{ids['actions']}/owner", data=typed)
        assert answer.status_code == status, answer.text
        assert ("is not named for the child’s closed record" in answer.text) is (status == 422)


def test_an_inspector_reads_which_records_are_closed_and_no_names(
    house: House, administrator: FlaskClient
) -> None:
    ids = whole_record(house)
    address = close(administrator)
    auditor = house.client("inspector")
    listed = auditor.get("/closings").text
    for words in (LOCAL, "Restricted", "Authority Administrator Of Bexley", "the Quill team"):
        assert words in listed
    for words in (GIVEN, ids["children"], "Iro Of Bexley", address, "Close the record"):
        assert words not in listed
    assert auditor.get(address).status_code == 404
    assert auditor.post("/closings", data=TYPED).status_code == 404
    assert auditor.post(f"{address}/end", data={"why": "x"}).status_code == 404


def test_names_are_added_and_taken_off_but_the_last(
    house: House, administrator: FlaskClient
) -> None:
    ids = whole_record(house)
    address = close(administrator, names="iro@bexley.example")
    child = f"/children/{ids['children']}"
    assert house.client("iro").get(child).status_code == 200
    assert house.client("kinship").get(child).status_code == 404
    named = {"names": "kinship@bexley.example"}
    asked = administrator.post(f"{address}/names", data=named)
    assert asked.status_code == 422 and "Say why they must see the record" in asked.text
    assert "kinship@bexley.example" in asked.text
    answer = administrator.post(f"{address}/names", data=named | {"why-named": "Assesses the aunt"})
    assert answer.status_code == 303
    row = db.session.scalars(sa.select(AuditRow).where(AuditRow.did == "name for closed record"))
    assert row.one().why == "Assesses the aunt"
    assert house.client("kinship").get(child).status_code == 200
    who = dict(
        re.findall(
            r'value="(\w{14})"[^>]*>Take off<span[^>]*>: ([^<]+)<', administrator.get(address).text
        )
    )
    by_name = {name: public_id for public_id, name in who.items()}
    taken = {"take-off": by_name["Iro Of Bexley"]}
    assert administrator.post(f"{address}/names", data=taken).status_code == 303
    assert house.client("iro").get(child).status_code == 404
    last = administrator.post(f"{address}/names", data={"take-off": by_name["Kinship Of Bexley"]})
    assert last.status_code == 422 and "Name somebody else first" in last.text


def test_nobody_names_themself(house: House, administrator: FlaskClient) -> None:
    ids = whole_record(house)
    own = {"names": "authority.administrator@bexley.example"}
    refused = administrator.post("/closings", data=TYPED | own)
    assert refused.status_code == 422 and "Nobody names themself" in refused.text
    address = close(administrator)
    refused = administrator.post(f"{address}/names", data=own | {"why-named": "To look"})
    assert refused.status_code == 422 and "Nobody names themself" in refused.text
    head = house.client("head.of.service")
    mine = {"names": "head.of.service@bexley.example", "why-named": "To look"}
    assert head.post(f"{address}/names", data=mine).status_code == 422
    assert head.get(f"/children/{ids['children']}").status_code == 404


def test_a_head_of_service_stays_named_for_a_record_that_they_close(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    ids = whole_record(house)
    head = house.client("head.of.service")
    close(head, names="head.of.service@bexley.example")
    assert head.get(f"/children/{ids['children']}").status_code == 200


def test_opened_again_it_is_seen_as_before(house: House, administrator: FlaskClient) -> None:
    ids = whole_record(house)
    address = close(administrator)
    child = f"/children/{ids['children']}"
    assert house.client("social.worker").get(child).status_code == 404
    assert administrator.post(f"{address}/end", data={"why": ""}).status_code == 422
    assert administrator.post(f"{address}/end", data={"why": "She left"}).status_code == 303
    assert house.client("social.worker").get(child).status_code == 200
    assert house.client("legal").get(child).status_code == 404
    assert administrator.get(address).status_code == 404
    assert LOCAL not in administrator.get("/closings").text


def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    house: House, administrator: FlaskClient
) -> None:
    whole_record(house)
    for typed, words in (
        ({"local-id": "nobody"}, "No record has this local id"),
        ({"names": ""}, "at least one person"),
        ({"names": "stranger@toyshire.example"}, "Nobody who can sign in has the address"),
        ({"kind": "secret"}, "restricted or sealed"),
        ({"why": ""}, "Say why"),
    ):
        answer = administrator.post("/closings", data=TYPED | typed)
        assert answer.status_code == 422 and words in answer.text, words
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Closing)) == 1
        db.session.rollback()
    close(administrator)
    again = administrator.post("/closings", data=TYPED)
    assert again.status_code == 422 and "closed already" in again.text


def test_a_closed_case_is_counted_on_an_agenda_and_not_named(
    house: House, administrator: FlaskClient
) -> None:
    ids = whole_record(house)
    close(administrator)
    page = house.client("panel.administrator").get(f"/meetings/{ids['meetings']}").text
    assert "1 other case" in page
    assert [t for t in (GIVEN, LOCAL, MOTHER, ids["cases"], ids["items"]) if t in page] == []


def test_a_brother_by_number_does_not_betray_a_closed_sister(
    house: House, administrator: FlaskClient
) -> None:
    ids = whole_record(house, sibling_group="S1")
    _, brother = house.child("0102", "Bryn", sibling_group="S1")
    client = house.client("panel.chair")
    assert GIVEN in client.get(f"/children/{brother}").text
    close(administrator)
    close(administrator, **{"local-id": f"{LOCAL}-2"})
    text = client.get(f"/children/{brother}").text
    assert [t for t in (GIVEN, LOCAL, ids["children"]) if t in text] == []
    assert "Bryn" in client.get("/children").text


def test_the_audit_tells_the_auditor_nothing_of_a_closed_record(
    house: House, administrator: FlaskClient
) -> None:
    ids = whole_record(house)
    house.client("social.worker").get(f"/children/{ids['children']}")
    close(administrator)
    auditor = house.client("inspector")
    for address in ("/audit", "/audit/export.csv"):
        text = auditor.get(address).text
        assert "a closed record" in text
        assert [t for t in (GIVEN, ids["children"], TYPED["why"]) if t in text] == []
    assert auditor.get(f"/children/{ids['children']}/looked").status_code == 404
    answer = auditor.post("/audit", data={"local-id": LOCAL})
    assert answer.status_code == 422 and "it is not there, or its record is closed" in answer.text
    with writing():
        db.session.execute(sa.update(Child).values(closed_to=""))
    assert auditor.post("/audit", data={"local-id": LOCAL}).status_code == 303
