"""The agenda circulated, the minutes ratified, and a colleague invited to one case."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.agenda import book, case
from builders.house import House
from builders.sitting import who

from core.store.database import db
from core.store.tables import AuditRow

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def booked(house: House) -> tuple[int, str, str, str]:
    """A meeting with one case: its id, its public id, the item's and the case's."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    meeting_id, meeting = house.meeting()
    case_id, public_id = case(house, house.child()[0], meeting_id)
    return meeting_id, meeting, book(house, meeting_id, case_id)[1], public_id


def did(what: str) -> list[tuple[str, object]]:
    rows = db.session.execute(
        sa.select(AuditRow.subject_id, AuditRow.after).where(AuditRow.did == what)
    ).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


@pytest.mark.clause("BEX-1.18")
def test_the_administrator_circulates_once_and_members_see_the_cases(
    house: House, booked: tuple[int, str, str, str]
) -> None:
    _, meeting, item, case_id = booked
    address = f"/meetings/{meeting}"
    member, administrator = house.client("panel.member"), house.client("panel.administrator")
    page = member.get(address).text
    assert "1 other case" in page and "Orlin" not in page and "Circulate the agenda" not in page
    assert member.get(f"/items/{item}").status_code == 404
    for role in ("panel.chair", "panel.member", "social.worker"):
        assert house.client(role).post(f"{address}/circulation").status_code == 404
    assert administrator.post(f"{address}/circulation").status_code == 303
    assert "Orlin Thistlewick" in member.get(address).text
    assert member.get(f"/items/{item}").status_code == 200
    assert did("circulate agenda") == [(meeting, {"cases": [case_id]})]
    again = administrator.post(f"{address}/circulation")
    assert again.status_code == 422 and "circulated already" in again.text


def test_an_empty_agenda_is_not_circulated(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    _, meeting = house.meeting()
    answer = house.client("panel.administrator").post(f"/meetings/{meeting}/circulation")
    assert answer.status_code == 422 and "Book a case first" in answer.text


def test_the_chair_ratifies_after_the_close_and_members_and_invitees_see_no_more(
    house: House,
) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    held, meeting = house.meeting(date(2026, 11, 19), "closed", circulated=True)
    case_id, case_public = case(house, house.child()[0], held, "heard")
    _, item = book(house, held, case_id, state="heard")
    chair, member, kinship = (
        house.client(role) for role in ("panel.chair", "panel.member", "kinship")
    )
    invited = {"invitee": who(house, "kinship")}
    assert chair.post(f"/items/{item}/invitees", data=invited).status_code == 303
    assert member.get(f"/cases/{case_public}").status_code == 200
    assert kinship.get(f"/cases/{case_public}").status_code == 200
    address = f"/meetings/{meeting}/ratification"
    for role in ("panel.administrator", "panel.member", "deputy.director"):
        assert house.client(role).post(address).status_code == 404
    _, planned = house.meeting(date(2026, 12, 17))
    early = chair.post(f"/meetings/{planned}/ratification")
    assert early.status_code == 422 and "Close the meeting before" in early.text
    assert chair.post(address).status_code == 303
    for client in (member, kinship):
        assert client.get(f"/cases/{case_public}").status_code == 404
    assert member.get(f"/meetings/{meeting}/minutes").status_code == 404
    assert chair.get(f"/cases/{case_public}").status_code == 200
    assert did("ratify minutes") == [(meeting, {"ratified": True, "invitations ended": 1})]
    assert chair.post(address).status_code == 422
    late = chair.post(f"/items/{item}/invitees", data=invited)
    assert late.status_code == 422 and "ratified" in late.text


def test_an_invitee_sees_the_case_until_the_invitation_is_ended(
    house: House, booked: tuple[int, str, str, str]
) -> None:
    _, _, item, case_public = booked
    administrator, kinship = house.client("panel.administrator"), house.client("kinship")
    address = f"/items/{item}/invitees"
    for typed in ("", "nobody", who(house, "inspector")):
        answer = administrator.post(address, data={"invitee": typed})
        assert answer.status_code == 422 and "Choose whom to invite" in answer.text
    someone = {"invitee": who(house, "kinship")}
    assert house.client("panel.member").post(address, data=someone).status_code == 404
    assert administrator.post(address, data=someone).status_code == 303
    assert "Kinship Of Bexley, Kinship, since" in administrator.get(f"/items/{item}").text
    assert kinship.get(f"/cases/{case_public}").status_code == 200
    assert "invited already" in administrator.post(address, data=someone).text
    assert administrator.post(f"{address}/end", data=someone).status_code == 303
    assert kinship.get(f"/cases/{case_public}").status_code == 404
    assert administrator.post(f"{address}/end", data=someone).status_code == 422
    assert [len(did(what)) for what in ("invite to case", "end invitation to case")] == [1, 1]


def test_the_table_is_shown_to_every_role(house: House) -> None:
    text = house.client("inspector").get("/access").text
    for words in ("Panel member", "until it is ratified", "for a stated reason", "People to reach"):
        assert words in text
    assert house.client().get("/access").status_code == 401
