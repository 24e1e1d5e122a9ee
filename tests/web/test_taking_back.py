"""Pages on which a referral is taken back: by whom, with what refused, and who is told why."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.referred import AT, accepted, case_of, registry, submitted, typed_care

from core.store.database import db
from core.store.tables import Booking
from core.usecases import taking_back

CHAIR, ADMIN, WORKER = "panel.chair", "panel.administrator", "social.worker"


@pytest.fixture(autouse=True)
def browsers(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def booked(house: House) -> tuple[str, str]:
    """A case on an agenda, and its item, by their public ids."""
    _, meeting = house.meeting()
    case, _ = accepted(house, meeting, house.child()[1])
    return case, item_of(house, case)


def item_of(house: House, case: str) -> str:
    found = db.session.scalar(
        sa.select(Booking.public_id).where(Booking.case_id == case_of(house, case).id)
    )
    db.session.rollback()
    return str(found)


def text(house: House, role: str, address: str) -> str:
    answer = house.client(role).get(address)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def needs(page: str) -> list[str]:
    return [" ".join(w.split()) for w in re.findall(r'app-need__what">(.*?)</h\d>', page, re.S)]


def test_the_referrer_asks_and_the_chair_answers(house: House, booked: tuple[str, str]) -> None:
    case, item = booked
    worker, chair = house.client(WORKER), house.client(CHAIR)
    assert "Ask the chair to withdraw it" in text(house, WORKER, f"/cases/{case}")
    address = f"/cases/{case}/ask-to-withdraw"
    refused = worker.post(address, data={"withdraw-reason": ""})
    assert refused.status_code == 422 and "Say why it should be withdrawn" in refused.text
    said = {"withdraw-reason": "The aunt has come forward"}
    assert worker.post(address, data=said).status_code == 303
    for role, what in (
        (CHAIR, "Withdraw Orlin Thistlewick from the agenda, or keep it"),
        (ADMIN, "Withdraw Orlin Thistlewick from the agenda, or ask the chair"),
    ):
        page = text(house, role, "/")
        assert what in needs(page)
        assert "Social Worker Of Bexley asks for it: The aunt has come forward" in page
    page = text(house, CHAIR, f"/cases/{case}")
    assert "Keep it on the agenda" in page and f"/items/{item}#withdraw" in page
    assert "Keep it on the agenda" not in text(house, WORKER, f"/cases/{case}")
    refused = chair.post(f"/cases/{case}/keep", data={"keep-reason": ""})
    assert refused.status_code == 422 and "Say why it stays on the agenda" in refused.text
    kept = chair.post(f"/cases/{case}/keep", data={"keep-reason": "The panel can hear of her"})
    assert kept.status_code == 303
    page = text(house, WORKER, f"/cases/{case}")
    assert "Kept it on the agenda" in page and "The panel can hear of her" in page


def test_the_chairs_reason_begins_with_the_referrers_words_and_one_state_is_shown(
    house: House, booked: tuple[str, str]
) -> None:
    case, item = booked
    said = {"withdraw-reason": "The aunt has come forward"}
    house.client(WORKER).post(f"/cases/{case}/ask-to-withdraw", data=said)
    page = text(house, CHAIR, f"/items/{item}")
    field = re.search(r'<textarea[^>]*id="off-reason"[^>]*>(.*?)</textarea>', page, re.S)
    assert field is not None and field[1].strip() == "The aunt has come forward"
    sent = house.client(CHAIR).post(f"/items/{item}/withdrawal", data={"off-reason": " "})
    field = re.search(r'<textarea[^>]*id="off-reason"[^>]*>(.*?)</textarea>', sent.text, re.S)
    assert sent.status_code == 422 and field is not None and field[1].strip() == ""
    answer = house.client(CHAIR).post(f"/items/{item}/withdrawal", data={"off-reason": "Gone"})
    assert answer.status_code == 303
    due = re.search(
        r'id="referral-due">(.*?)</div>\s*</div>', text(house, WORKER, f"/cases/{case}"), re.S
    )
    assert due is not None
    assert "Stopped" in due[1] and "no longer runs from" in due[1] and "met on" not in due[1]


def test_a_withdrawn_case_stays_on_the_agenda_with_the_reason_for_everybody(
    house: House, booked: tuple[str, str]
) -> None:
    case, item = booked
    address = f"/items/{item}/withdrawal"
    admin = house.client(ADMIN)
    refused = admin.post(address, data={"off-reason": ""})
    assert refused.status_code == 422
    assert 'id="off-reason-error"' in refused.text and "Say why it is withdrawn" in refused.text
    long = admin.post(address, data={"off-reason": "w" * 301})
    assert long.status_code == 422 and "w" * 301 in long.text
    assert admin.post(address, data={"off-reason": "She is home"}).status_code == 303
    meeting = case_of(house, case).meeting_public_id
    for role in (CHAIR, ADMIN, WORKER):
        page = text(house, role, f"/meetings/{meeting}")
        assert "Withdrawn on 23 November 2026: She is home" in page
        assert "She is home" in text(house, role, f"/cases/{case}")
        assert "She is home" in text(house, role, f"/items/{item}")
    page = text(house, WORKER, "/")
    assert needs(page) == [
        "The referral of Orlin Thistlewick was withdrawn from the agenda of 3 December 2026"
    ]
    assert "She is home" in page
    assert admin.post(address, data={"off-reason": "Again"}).status_code == 422


def test_a_withdrawn_referral_is_started_again_and_not_twice_by_mistake(house: House) -> None:
    _, meeting = house.meeting()
    case = submitted(house, meeting, house.child()[1])
    taking_back.withdraw(house.scope(WORKER), case, "Too early", AT)
    page = text(house, WORKER, f"/cases/{case}")
    assert "Start again from this" in page and "Too early" in page
    assert "Start again from this" not in text(house, CHAIR, f"/cases/{case}")
    worker, address = house.client(WORKER), f"/cases/{case}/again"
    made = worker.post(address)
    assert made.status_code == 303
    form = html.unescape(worker.get(made.headers["Location"]).text)
    assert "That the plan is agreed" in form
    again = worker.post(address)
    assert again.status_code == 422
    assert "Refer all the same" in again.text and f'action="{address}"' in again.text
    assert worker.post(address, data={"confirm": "yes"}).status_code == 303


def test_the_chair_decides_about_a_child_who_has_left_care(
    house: House,
) -> None:
    _, meeting = house.meeting()
    child_id, child = house.child()
    case, _ = accepted(house, meeting, child)
    item = item_of(house, case)
    typed_care(house, child, date(2025, 6, 2), date(2026, 11, 20), "E4A")
    words = "Ceased to be looked after on 20 November 2026: returned home, as planned"
    for role in (CHAIR, ADMIN):
        assert "Is Orlin Thistlewick still heard on 3 December 2026?" in needs(
            text(house, role, "/")
        )
    for address in (f"/meetings/{meeting}", f"/cases/{case}", f"/items/{item}"):
        assert words in text(house, CHAIR, address)
    asks = f"/items/{item}/children/{child}/hearing"
    chair, admin = house.client(CHAIR), house.client(ADMIN)
    refused = chair.post(asks, data={})
    assert refused.status_code == 422 and "Say whether the child is heard" in refused.text
    typed = {f"decision-{child}": "hear", f"reason-{child}": ""}
    refused = chair.post(asks, data=typed)
    assert refused.status_code == 422
    assert f'id="reason-{child}-error"' in refused.text
    typed[f"reason-{child}"] = "To close the plan"
    assert admin.post(asks, data=typed).status_code == 422
    assert 'value="hear"' not in admin.get(f"/items/{item}").text
    assert chair.post(asks, data=typed).status_code == 303
    page = text(house, CHAIR, f"/meetings/{meeting}")
    assert "Heard all the same" in page and "“To close the plan”" in page
    assert "still heard" not in text(house, CHAIR, "/")
    assert child_id


def test_the_last_child_withdrawn_takes_the_case_off(house: House) -> None:
    _, meeting = house.meeting()
    _, child = house.child()
    case, _ = accepted(house, meeting, child)
    typed_care(house, child, date(2025, 6, 2), date(2026, 11, 20), "E4A")
    asks = f"/items/{item_of(house, case)}/children/{child}/hearing"
    typed = {f"decision-{child}": "withdraw", f"reason-{child}": "Home"}
    assert house.client(ADMIN).post(asks, data=typed).status_code == 303
    assert case_of(house, case).state == "withdrawn"


def test_accepting_a_child_of_18_asks_why(house: House) -> None:
    _, meeting = house.meeting()
    _, child = house.child(born=date(2008, 12, 1))
    case = submitted(house, meeting, child)
    page = text(house, CHAIR, f"/cases/{case}")
    words = "Turns 18 on 1 December 2026, before the panel of 3 December 2026"
    assert words in page and "Why is it heard all the same?" in page
    chair = house.client(CHAIR)
    refused = chair.post(f"/cases/{case}/accept", data={"all-the-same": " "})
    assert refused.status_code == 422 and 'id="all-the-same-error"' in refused.text
    done = chair.post(f"/cases/{case}/accept", data={"all-the-same": "Her last panel"})
    assert done.status_code == 303


@pytest.mark.parametrize("role", ["team.manager", "iro", "inspector", "panel.member", "legal"])
def test_nobody_else_has_these_forms_or_may_send_them(
    house: House, booked: tuple[str, str], role: str
) -> None:
    case, item = booked
    client = house.client(role)
    child = case_of(house, case).id
    for address in (
        f"/cases/{case}/ask-to-withdraw",
        f"/cases/{case}/keep",
        f"/items/{item}/withdrawal",
        f"/items/{item}/children/{child}/hearing",
        f"/cases/{case}/again",
    ):
        assert client.post(address, data={}).status_code == 404, address


def test_another_child_than_those_of_the_case_is_not_found(
    house: House, booked: tuple[str, str]
) -> None:
    _, item = booked
    _, other = house.child("0999")
    answer = house.client(CHAIR).post(f"/items/{item}/children/{other}/hearing", data={})
    assert answer.status_code == 404
    assert registry(house)
