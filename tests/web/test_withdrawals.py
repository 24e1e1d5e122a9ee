"""Withdrawing on the page of an item: the forms, who may use them, and what the pages say then."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from builders.agenda import case
from builders.house import House
from builders.queries import counted
from builders.sitting import HELD, book, sit, who

from core.store.database import db, writing
from core.store.tables import PanelCase, Withdrawal

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
EVERYBODY = ("chair", "vice-chair", "adoption", "fostering")
VICE = "Head Of Service Of Bexley"


@pytest.fixture
def panel(house: House) -> SimpleNamespace:
    """An open panel of four with two cases: its address, and those of the items."""
    house.app.config["WTF_CSRF_ENABLED"] = False
    meeting_id, meeting = house.meeting(HELD, state="open", circulated=True)
    sit(house, meeting_id, EVERYBODY)
    first, _ = book(house, meeting_id, (house.child()[0],))
    second, _ = book(house, meeting_id, (house.child("0202", "Wim")[0],), position=2)
    return SimpleNamespace(
        id=meeting_id,
        meeting=f"/meetings/{meeting}",
        item=f"/items/{first}",
        other=f"/items/{second}",
    )


def says(house: House, role: str, by: str = "themself", why: str = "") -> dict[str, str]:
    return {"withdraws": who(house, role), "said-by": by, "withdraw-why": why}


def gone() -> str:
    found = db.session.execute(sa.select(Withdrawal.public_id).order_by(Withdrawal.id.desc()))
    public_id = found.scalars().first()
    db.session.rollback()
    return str(public_id)


@pytest.mark.clause("BEX-1.3", "BEX-1.11")
def test_the_chair_withdraws_and_the_vice_has_the_item_until_the_next_one(
    house: House, panel: SimpleNamespace
) -> None:
    chair, vice = house.client("panel.chair"), house.client("head.of.service")
    answer = chair.post(f"{panel.item}/withdrawals", data=says(house, "panel.chair"))
    assert answer.status_code == 303 and answer.headers["Location"].endswith("#agenda")
    assert answer.headers["Location"].startswith(panel.meeting)
    page = chair.get(panel.meeting).text
    assert "You have withdrawn from this item" in page
    assert panel.item not in page and "Orlin" not in page and "Wim" in page
    assert chair.get(panel.item).status_code == 404
    theirs = vice.get(panel.item).text
    assert "Chair of this item" in theirs and f"{VICE} chairs" in theirs
    assert "Panel Chair Of Bexley has withdrawn from this item" in theirs
    meeting = vice.get(panel.meeting).text
    assert "Withdrawn: Panel Chair Of Bexley." in meeting
    assert f"{VICE} chairs this item." in meeting
    assert "Chair of this item" not in vice.get(panel.other).text


def test_a_member_withdraws_themself_and_only_who_runs_the_meeting_lets_them_back(
    house: House, panel: SimpleNamespace
) -> None:
    member, administrator = house.client("panel.member"), house.client("panel.administrator")
    page = member.get(panel.item).text
    assert "Withdraw from this item" in page and "Who withdraws?" not in page
    own = {"withdraws": who(house, "panel.member"), "withdraw-why": "A neighbour."}
    others = {**own, "withdraws": who(house, "adoption")}
    assert "Choose who withdraws" in member.post(f"{panel.item}/withdrawals", data=others).text
    assert member.post(f"{panel.item}/withdrawals", data=own).status_code == 303
    assert member.get(panel.item).status_code == 404
    shown = administrator.get(panel.item).text
    assert "Panel Member Of Bexley withdrew at" in shown and "A neighbour." in shown
    end = {"withdrawal": gone()}
    for client in (member, house.client("adoption")):
        assert client.post(f"{panel.item}/withdrawals/end", data=end).status_code == 404
    assert "Let them come back" not in house.client("adoption").get(panel.item).text
    assert administrator.post(f"{panel.item}/withdrawals/end", data=end).status_code == 303
    assert member.get(panel.item).status_code == 200
    again = administrator.post(f"{panel.item}/withdrawals/end", data=end)
    assert again.status_code == 422 and "came back already" in again.text


def test_what_is_lacking_stands_beside_its_field_and_what_was_typed_stays(
    house: House, panel: SimpleNamespace
) -> None:
    chair = house.client("panel.chair")
    sent = {"withdraws": who(house, "adoption"), "said-by": "chair", "withdraw-why": ""}
    answer = chair.post(f"{panel.item}/withdrawals", data=sent)
    assert answer.status_code == 422 and "Give the chair’s reason" in answer.text
    assert f'<option value="{sent["withdraws"]}" selected' in answer.text
    nobody = chair.post(f"{panel.item}/withdrawals", data={"withdraw-why": "Because of that."})
    assert nobody.status_code == 422 and "Because of that." in nobody.text
    assert "Choose who withdraws" in nobody.text and "Say whether they or the chair" in nobody.text
    for role in ("inspector", "social.worker", "authority.administrator"):
        assert house.client(role).post(f"{panel.item}/withdrawals", data=sent).status_code == 404


@pytest.mark.clause("BEX-1.2")
def test_the_page_says_why_an_item_cannot_be_decided_and_the_decision_is_refused(
    house: House, panel: SimpleNamespace
) -> None:
    administrator = house.client("panel.administrator")
    for role in ("adoption", "panel.member"):
        data = says(house, role, "chair", "Knows the family.")
        assert administrator.post(f"{panel.item}/withdrawals", data=data).status_code == 303
    page = administrator.get(panel.item).text
    assert "Not as it stands" in page and "besides those who have withdrawn" in page
    refused = administrator.post(f"{panel.item}/decision", data={"rationale": "x"})
    assert refused.status_code == 422 and "Not quorate" in refused.text
    meeting = administrator.get(panel.meeting).text
    assert "Withdrawn: Adoption Of Bexley, Panel Member Of Bexley." in meeting
    assert "besides those who have withdrawn" in meeting
    assert "Not quorate" not in administrator.get(panel.other).text


@pytest.mark.clause("BEX-1.11")
def test_with_chair_and_vice_out_the_item_says_why_and_links_where_that_is_mended(
    house: House, panel: SimpleNamespace
) -> None:
    administrator, chair = house.client("panel.administrator"), house.client("panel.chair")
    for role in ("panel.chair", "head.of.service"):
        data = says(house, role)
        assert administrator.post(f"{panel.item}/withdrawals", data=data).status_code == 303
    why = "have withdrawn. Table the case for another meeting"
    page = administrator.get(panel.item).text
    assert why in page and "neither the chair nor the vice chair is here" not in page
    assert "Deputy Director’s decision" not in page and 'id="table"' not in page
    assert why in administrator.get(panel.meeting).text
    assert chair.get(panel.item).status_code == 404
    for post in ("chair", "vice-chair"):
        data = {"post": post, "state": "left", "seen": "1"}
        assert administrator.post(f"{panel.meeting}/attendance", data=data).status_code == 303
    page = administrator.get(panel.item).text
    assert "have withdrawn from this item, and are not here" in page
    assert f'href="{panel.meeting}#leave">Record the Deputy Director’s decision</a>' in page
    assert 'id="leave"' in (meeting := administrator.get(panel.meeting).text)
    assert "have withdrawn from this item, and are not here" in meeting


@pytest.mark.clause("BEX-1.2", "BEX-1.11")
def test_the_meeting_says_all_the_time_who_may_chair_the_quorum_and_what_is_missing(
    house: House,
) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    _, meeting = house.meeting(HELD)
    administrator = house.client("panel.administrator")
    before = " ".join(administrator.get(f"/meetings/{meeting}").text.split())
    assert "Who may chair" in before and "Missing: a chair and 2 more members" in before
    assert "Quorum: the chair and at least two other members" in before and "BEX-1.2" in before
    assert "who is not here yet" in before and VICE in before
    assert "goes ahead only if the Deputy Director decides so" in before
    mark = {"post": "chair", "state": "present", "seen": "0"}
    administrator.post(f"/meetings/{meeting}/attendance", data=mark)
    after = " ".join(administrator.get(f"/meetings/{meeting}").text.split())
    assert "In the chair" in after and "Missing: 2 more members" in after
    swapped = administrator.post(
        f"/meetings/{meeting}/attendance",
        data={"post": "adoption", "state": "present", "seen": "0"},
        headers={"HX-Request": "true"},
    ).text
    assert "Missing: 1 more member" in swapped and "Who may chair" in swapped


@pytest.mark.clause("BEX-1.12")
def test_the_chair_is_told_before_accepting_and_after_who_may_not_sit(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    meeting_id, meeting = house.meeting(date(2026, 12, 3))
    _, public_id = case(house, house.child()[0], meeting_id, "submitted", "panel.member")
    chair, said = house.client("panel.chair"), "so may not sit as a member at the meeting of"
    before = chair.get(f"/cases/{public_id}").text
    assert f"Panel Member Of Bexley refers this case, and {said} 3 December 2026" in before
    assert "BEX-1.12" in before
    after = chair.post(f"/cases/{public_id}/accept", follow_redirects=True).text
    assert "Accepted: case 1" in after and said in after
    assert "refers a case on this agenda" in chair.get(f"/meetings/{meeting}").text


@pytest.mark.clause("BEX-1.12")
def test_a_seat_taken_by_who_refers_is_refused_with_the_clause(
    house: House, panel: SimpleNamespace
) -> None:
    with writing():
        brought = sa.update(PanelCase).values(referrer_id=house.accounts["legal"])
        db.session.execute(brought)
    administrator = house.client("panel.administrator")
    taken = {"post": "placements", "state": "present", "seen": "0", "who-placements": ""}
    seat = {**taken, "who-placements": "Legal Of Bexley"}
    answer = administrator.post(f"{panel.meeting}/attendance", data=seat)
    assert answer.status_code == 422 and "refers a case on this agenda" in answer.text
    assert "a substitute may take the seat" in answer.text


def test_the_queries_do_not_grow_with_who_withdrew(house: House, panel: SimpleNamespace) -> None:
    administrator = house.client("panel.administrator")
    pages = (panel.meeting, panel.item, f"{panel.meeting}/minutes")
    before = [counted(lambda page=page: administrator.get(page)) for page in pages]  # type: ignore[misc]
    for item in (panel.item, panel.other):
        for role in ("adoption", "panel.member", "panel.chair"):
            data = says(house, role, "chair", "Knows the family.")
            assert administrator.post(f"{item}/withdrawals", data=data).status_code == 303
    after = [counted(lambda page=page: administrator.get(page)) for page in pages]  # type: ignore[misc]
    assert after == before
