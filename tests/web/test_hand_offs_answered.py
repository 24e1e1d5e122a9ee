"""The page of a referral: what a decision asks, which answers need words, an answer corrected."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from builders.handed_on import answered, referred
from builders.house import AT, House
from builders.reading import get, words
from builders.sitting import book

from core.store.database import db, writing
from core.store.tables import (
    AdoptionDecision,
    Booking,
    Decision,
    DecisionOutcome,
    OnwardReferral,
)


@pytest.fixture
def house(house: House) -> House:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house


def test_the_page_of_a_referral_shows_the_earlier_answer_until_the_record_is_corrected(
    house: House,
) -> None:
    child_id, child = house.child()
    made = referred(house, child_id)
    answered(house, made, "agreed", "Funded to March.", 1)
    same = answered(house, made, "agreed", "Funded to the end of March.", 2)
    assert "It is in the record as a decision of another body" in same
    assert "the record was not changed" not in same and "The record still has" not in same
    other = answered(house, made, "not-agreed", "There is no money.", 3)
    assert "Before, the answer was of 20 November 2026: Agreed: Funded to March." in other
    assert "the record was not changed with it" in other
    client = house.client("social.worker")
    found = re.search(r'href="/record/(\w+)">in the record of', client.get(f"/onward/{made}").text)
    assert found, other
    entry = f"/record/{found[1]}"
    link = f'href="/onward/{made}">Answer of the resource panel to the referral of 2 November 2026<'
    assert link in client.get(entry).text
    assert link in client.get(f"/children/{child}/record").text
    seen = dict(
        re.findall(r'name="(fact-[\w-]+-seen)" value="(\d+)"', client.get(f"{entry}/correct").text)
    )
    typed = {
        "fact-body": "resource-panel", "fact-decision": "Not agreed. There is no money.",
        "fact-decided_on-day": "20", "fact-decided_on-month": "11",
        "fact-decided_on-year": "2026",
        "reason": "Told otherwise", **seen,
    }  # fmt: skip
    assert client.post(f"{entry}/correct", data=typed).status_code == 303
    after = words(client.get(f"/onward/{made}").text)
    assert "has been corrected there since" in after
    assert "the record was not changed with it" not in after


def test_a_decision_for_adoption_that_is_taken_out_ends_the_warning(house: House) -> None:
    child_id, _ = house.child()
    made = referred(house, child_id, "agency-decision-maker")
    answered(house, made, "should-be-placed", "", 1)
    warned = answered(house, made, "should-not-be-placed", "More is needed", 2)
    assert "the record was not changed with it" in warned
    with writing():
        db.session.execute(sa.delete(AdoptionDecision))
    after = words(get(house, f"/onward/{made}"))
    assert "has been corrected there since" in after and "was not changed with it" not in after


def test_a_referral_of_a_decision_says_which_and_what_is_asked(house: House) -> None:
    meeting_id, _ = house.meeting(date(2026, 11, 10))
    child_id, _ = house.child()
    item, case_id = book(house, meeting_id, (child_id,))
    made = referred(house, child_id, "agency-decision-maker", date(2026, 11, 10))
    with writing():
        of_house = {"authority_id": house.authority_id}
        booking = db.session.scalar(sa.select(Booking.id).where(Booking.public_id == item))
        decision = db.session.execute(
            sa.insert(Decision)
            .values(
                **of_house, case_id=case_id, booking_id=booking, meeting_id=meeting_id,
                decided_on=date(2026, 11, 10), chair_name="", recorded_at=AT,
                rationale="No relative can care for Orlin.",
            )
            .returning(Decision.id)
        ).scalar_one()  # fmt: skip
        db.session.execute(
            sa.insert(DecisionOutcome).values(
                **of_house, decision_id=decision, position=1, code="adm",
                words="Refer to the decision maker for adoption", clauses="", force="",
            )
        )  # fmt: skip
        db.session.execute(
            sa.update(OnwardReferral).values(
                decision_id=decision, case_id=case_id, child_id=None, made_by=None,
                outcome_code="adm",
            )
        )  # fmt: skip
    page = get(house, f"/onward/{made}")
    assert f'href="/items/{item}">the decision of the Permanence Panel</a>' in page
    assert "Refer to the decision maker for adoption" in page
    assert "No relative can care for Orlin." in page and 'href="/onward"' in page
    assert "Refer to the decision maker for adoption" in get(house, "/onward/list.csv")


def test_which_answers_need_words_is_said_before_and_in_the_refusal(house: House) -> None:
    child_id, _ = house.child()
    made = referred(house, child_id, "agency-decision-maker")
    page = words(get(house, f"/onward/{made}"))
    assert page.count("Say why below") == 4, "all but one: that the child should be placed"
    typed = {"answered_on-day": "20", "answered_on-month": "11", "answered_on-year": "2026"}
    refused = house.client("social.worker").post(
        f"/onward/{made}", data={**typed, "answer_code": "withdrawn", "version": "1"}
    )
    assert refused.status_code == 422 and "Say why: “Withdrawn" in refused.text


def test_a_second_referral_links_to_the_one_that_is_open(house: House) -> None:
    _, child = house.child()
    client = house.client("social.worker")
    typed = {"forum": "case-management-review", "asked": "Is the plan safe?"}
    on = {"made_on-day": "20", "made_on-month": "11", "made_on-year": "2026"}
    address = f"/children/{child}/refer-on"
    assert "Look at the open referral" not in get(house, address)
    made = client.post(address, data={**typed, **on}).headers["Location"]
    again = client.post(address, data={**typed, **on})
    assert again.status_code == 422
    assert f'href="{made}">Look at the open referral' in again.text
    assert "This asks something else" not in again.text
    later = client.post(address, data={**typed, **on, "made_on-day": "21"})
    assert later.status_code == 422
    assert "already, on 20 November 2026" in later.text and "This asks something else" in later.text
    assert f'href="{made}">Look at the open referral' in later.text and typed["asked"] in later.text
    other = client.post(address, data={**typed, **on, "made_on-day": "21", "another": "yes"})
    assert other.status_code == 303
