"""Another child's record opened for a stated reason: for an hour, and the manager is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from builders.house import House
from flask.testing import FlaskClient

from core.store.database import db, writing
from core.store.tables import Account, AuditRow, StatedAccess

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REASON = "The school rang about tonight"
ASKED = {"local-id": "0101", "family-name": "thistlewick", "reason": REASON}


@pytest.fixture
def child(house: House) -> str:
    """A child of another team than the one who asks."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    house.account("social.worker", "asker@bexley.example", team="Other team")
    return house.child()[1]


def asks(house: House, **typed: str) -> tuple[FlaskClient, int, str]:
    client = house.client("asker")
    answer = client.post("/reasons", data=ASKED | typed)
    db.session.rollback()
    return client, answer.status_code, answer.text


def noted(did: str) -> list[AuditRow]:
    rows = list(db.session.scalars(sa.select(AuditRow).where(AuditRow.did == did)))
    db.session.rollback()
    return rows


def test_a_record_is_open_for_an_hour_and_says_until_when(house: House, child: str) -> None:
    address = f"/children/{child}"
    assert house.client("asker").get(address).status_code == 404
    client, status, _ = asks(house)
    assert status == 303
    page = client.get(address)
    assert page.status_code == 200 and "for a stated reason. It is open to you until" in page.text
    assert house.client("social.worker").get(address).text.count("stated reason") == 0
    row = db.session.scalars(sa.select(StatedAccess)).one()
    assert row.until - row.since == timedelta(hours=1) and row.reason == REASON
    assert [(n.subject_id, n.why) for n in noted("open record")] == [(child, REASON)]
    with writing():
        earlier = {"since": row.since - timedelta(hours=1), "until": row.until - timedelta(hours=1)}
        db.session.execute(sa.update(StatedAccess).values(**earlier))
    assert client.get(address).status_code == 404


def test_it_can_be_closed_before_by_who_opened_it_alone(house: House, child: str) -> None:
    client, _, _ = asks(house)
    public_id = db.session.scalar(sa.select(StatedAccess.public_id))
    db.session.rollback()
    end = f"/reasons/{public_id}/end"
    assert house.client("iro").post(end).status_code == 404
    assert client.post(end).status_code == 303
    assert client.get(f"/children/{child}").status_code == 404
    assert client.post(end).status_code == 404
    assert len(noted("close record")) == 1


def test_the_date_of_birth_or_the_family_name_must_fit(house: House, child: str) -> None:
    born = {"born-day": "4", "born-month": "5", "born-year": "2019"}
    _, status, text = asks(house, **{"family-name": ""})
    assert status == 422 and "to be sure" in text
    _, status, text = asks(house, reason="urgent")
    assert status == 422 and "in some words" in text and "urgent" in text
    _, status, _ = asks(house, **born | {"born-year": "2018"})
    assert status == 422
    _, status, _ = asks(house, **born | {"family-name": ""})
    assert status == 303


def test_what_cannot_be_opened_is_refused_with_the_same_words_and_counted(
    house: House, child: str
) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    other.child("9001", family_name="Thistlewick")
    closed, _ = house.child("9002")
    with writing():
        db.session.execute(
            sa.text("UPDATE child SET closed_to = 'sealed' WHERE id = :id").bindparams(id=closed)
        )
    said = set()
    for local_id in ("9001", "9002", "no such id", "0101"):
        name = "Another" if local_id == "0101" else "Thistlewick"
        _, status, text = asks(house, **{"local-id": local_id, "family-name": name})
        assert status == 422
        said.add(text.split("error-summary", 1)[1].split("</ul>")[0])
    assert len(said) == 1
    assert len(noted("open record refused")) == 4
    for _ in range(6):
        asks(house, **{"local-id": "guess"})
    client, status, text = asks(house)
    assert status == 422 and "10 times within an hour" in text
    assert client.get(f"/children/{child}").status_code == 404
    assert len(noted("open record refused")) == 10


def test_the_manager_of_the_childs_team_is_told_and_says_so(house: House, child: str) -> None:
    house.account("team.manager", "other.manager@bexley.example", team="Other team")
    asks(house)
    manager = house.client("team.manager")
    page = manager.get("/").text
    assert "opened the record of Orlin Thistlewick" in page and REASON in page
    for role in ("other.manager", "head.of.service", "iro"):
        assert "opened the record" not in house.client(role).get("/").text
    public_id = db.session.scalar(sa.select(StatedAccess.public_id))
    db.session.rollback()
    address = f"/reasons/{public_id}"
    assert REASON in manager.get(address).text
    for role in ("other.manager", "head.of.service"):
        assert house.client(role).get(address).status_code == 404
        assert house.client(role).post(f"{address}/read").status_code == 404
    assert manager.post(f"{address}/read").status_code == 303
    assert "opened the record" not in manager.get("/").text
    assert manager.post(f"{address}/read").status_code == 404
    assert [row.account_id for row in noted("read of opened record")] == [
        house.accounts["team.manager"]
    ]


def test_where_the_team_has_no_manager_the_head_of_service_is_told(
    house: House, child: str
) -> None:
    asks(house)
    with writing():
        db.session.execute(
            sa.update(Account)
            .where(Account.id == house.accounts["team.manager"])
            .values(active=False)
        )
    assert "opened the record of Orlin" in house.client("head.of.service").get("/").text


def test_a_child_whom_one_sees_already_is_simply_opened(house: House, child: str) -> None:
    answer = house.client("social.worker").post("/reasons", data=ASKED)
    assert answer.status_code == 303 and answer.location == f"/children/{child}"
    assert noted("open record") == []


def test_hostile_words_are_refused_and_kept(house: House, child: str) -> None:
    for typed in ({"local-id": "9" * 5_000}, {"reason": "why " * 2_000}, {"born-day": "x"}):
        _, status, _ = asks(house, **typed)
        assert status == 422, typed
