"""Merging two records in the browser's own words: found, compared, merged, and taken apart."""

from __future__ import annotations

from datetime import date

import pytest
from builders.house import AT, House

from core.domain.record import KINDS
from core.store import merges
from core.store.database import db
from core.usecases.record_new import add

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def two(house: House) -> tuple[str, str]:
    house.app.config["WTF_CSRF_ENABLED"] = False
    _, kept = house.child("0101", "Ottoline", "Brackenfold", born=date(2019, 5, 4))
    _, other = house.child("0990", "Ottoline", "Brackenfold", born=date(2019, 5, 4))
    return kept, other


def versions(house: House, two: tuple[str, str]) -> dict[str, str]:
    kept, other = (merges.side(house.whole, public_id=one) for one in two)
    db.session.rollback()
    assert kept is not None and other is not None
    return {"version": str(kept.version), "other_version": str(other.version)}


def test_found_by_local_id_which_stays_out_of_the_address(
    house: House, two: tuple[str, str]
) -> None:
    client = house.client("panel.administrator")
    answer = client.post(f"/children/{two[0]}/merge", data={"local_id": " 0990 "})
    assert answer.status_code == 303
    assert answer.location == f"/children/{two[0]}/merge/{two[1]}"
    page = client.get(answer.location).get_data(as_text=True)
    assert "0101" in page and "0990" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the local id of the other record"),
        ("0101", "That is this record"),
        ("1234", "No record with this local id is open to you"),
        ("9" * 5000, "No record with this local id is open to you"),
    ],
)
def test_a_wrong_local_id_says_how_to_mend_it(
    house: House, two: tuple[str, str], typed: str, said: str
) -> None:
    answer = house.client("panel.administrator").post(
        f"/children/{two[0]}/merge", data={"local_id": typed}
    )
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_merged_the_old_address_leads_to_the_record_that_is_kept_and_back_again(
    house: House, two: tuple[str, str]
) -> None:
    client = house.client("panel.administrator")
    address = f"/children/{two[0]}/merge/{two[1]}"
    seen = versions(house, two)
    refused = client.post(address, data=seen)
    assert refused.status_code == 422
    assert "Say how you know that they are one child" in refused.get_data(as_text=True)
    assert client.post(address, data={**seen, "why": "One birth certificate"}).status_code == 303
    assert client.get(f"/children/{two[1]}").location == f"/children/{two[0]}"
    again = client.post(address, data={**seen, "why": "Pressed twice"})
    assert again.status_code == 409
    assert "These two records are one already" in again.text and "Pressed twice" in again.text

    page = client.get(f"/children/{two[0]}/merges").get_data(as_text=True)
    assert "One birth certificate" in page
    (made,) = merges.of_child(house.whole, merges.side(house.whole, public_id=two[0]).id)  # type: ignore[union-attr]
    db.session.rollback()
    undone = {"merge": made.public_id, "why": "Cousins of one name"}
    assert client.post(f"/children/{two[0]}/merges", data=undone).status_code == 303
    assert client.get(f"/children/{two[1]}").status_code == 200
    twice = client.post(f"/children/{two[0]}/merges", data=undone)
    assert twice.status_code == 422
    assert "stand apart already" in twice.get_data(as_text=True)
    guessed = {"merge": "a2b3c4d5e6f7g8", "why": "None"}
    assert client.post(f"/children/{two[0]}/merges", data=guessed).status_code == 404


def test_of_two_typed_plans_the_page_says_which_was_typed_of_the_record_merged_in(
    house: House, two: tuple[str, str]
) -> None:
    worker = house.scope("social.worker")
    for public_id, primary, on in zip(two, ("sgo", "adoption"), ("01", "08"), strict=True):
        add(worker, public_id, "plan", {"primary": primary, "identified_on": f"2026-10-{on}"}, AT)
    seen = {**versions(house, two), "why": "One birth certificate"}
    client = house.client("panel.administrator")
    client.post(f"/children/{two[0]}/merge/{two[1]}", data=seen)
    page = " ".join(client.get(f"/children/{two[0]}/record").get_data(as_text=True).split())
    said = "On the record that was merged into this one, Social Worker Of Bexley typed otherwise"
    assert said in page and "See what was typed" in page


def test_likely_duplicates_are_offered_to_be_compared(house: House, two: tuple[str, str]) -> None:
    page = house.client("panel.administrator").get("/merges").get_data(as_text=True)
    assert "The same name and date of birth" in page
    assert f"/children/{two[0]}/merge/{two[1]}" in page


def test_a_child_added_by_hand_who_may_be_there_already_is_said(
    house: House, two: tuple[str, str]
) -> None:
    client = house.client("panel.administrator")
    typed = {
        "local_id": "0555",
        "given_name": "Ottoline",
        "family_name": "Brackenfold",
        "born-day": "4",
        "born-month": "5",
        "born-year": "2019",
    }
    page = client.post("/children/add", data=typed, follow_redirects=True)
    assert "Another record has this name and date of birth: 0101, 0990" in page.get_data(True)


def test_who_sees_children_by_team_says_the_team_of_a_child_they_add(
    house: House, two: tuple[str, str]
) -> None:
    typed = {"local_id": "0556", "given_name": "Baby", "born-day": "4", "born-month": "5"}
    answer = house.client("team.manager").post("/children/add", data={**typed, "born-year": "2026"})
    assert answer.status_code == 422
    assert "Choose the team that has the child" in answer.get_data(True)


def merged_meanwhile(house: House, two: tuple[str, str]) -> None:
    answer = house.client("panel.administrator").post(
        f"/children/{two[0]}/merge/{two[1]}",
        data={**versions(house, two), "why": "One birth certificate"},
    )
    assert answer.status_code == 303


VIEW = {
    "fact-whose": "child",
    "fact-said_on-day": "3",
    "fact-said_on-month": "11",
    "fact-said_on-year": "2026",
    "fact-words": "She would like to stay",
    **{f"fact-{field.code}-seen": "0" for field in KINDS["view"].typed_here},
}


def test_words_typed_on_a_record_that_is_merged_meanwhile_are_offered_on_the_one_kept(
    house: House, two: tuple[str, str]
) -> None:
    writer = house.client("panel.administrator")
    merged_meanwhile(house, two)
    answer = writer.post(f"/children/{two[1]}/record/add/view?x=1", data=VIEW)
    assert answer.status_code == 409
    assert "This record is now part of another" in answer.text
    assert "She would like to stay" in answer.text
    there = f"/children/{two[0]}/record/add/view?x=1"
    assert f'action="{there}"' in answer.text and f'href="/children/{two[0]}"' in answer.text
    assert "Save what I typed" in answer.text
    saved = writer.post(there, data=VIEW)
    assert saved.status_code == 303, saved.text
    assert "She would like to stay" in writer.get(f"/children/{two[0]}/record").text


@pytest.mark.parametrize("below", ["/papers", "/siblings", "/care/episodes", "/team", "/workers"])
def test_every_form_below_a_record_that_is_merged_meanwhile_says_so(
    house: House, two: tuple[str, str], below: str
) -> None:
    writer = house.client("panel.administrator")
    merged_meanwhile(house, two)
    answer = writer.post(f"/children/{two[1]}{below}", data={"why": "Words of mine"})
    if answer.status_code != 404:  # whoever may not use the form is told nothing
        assert answer.status_code == 409 and "Words of mine" in answer.text
        assert f"/children/{two[0]}{below}" in answer.text


def test_a_page_of_a_merged_record_leads_to_the_same_page_of_the_one_kept(
    house: House, two: tuple[str, str]
) -> None:
    client = house.client("panel.administrator")
    merged_meanwhile(house, two)
    assert client.get(f"/children/{two[1]}/record").location == f"/children/{two[0]}/record"
    both = client.get(f"/children/{two[0]}/merge/{two[1]}")
    assert both.location == f"/children/{two[0]}/merges"


def test_a_form_without_words_leads_to_the_record_that_is_kept(
    house: House, two: tuple[str, str]
) -> None:
    client = house.client("panel.administrator")
    merged_meanwhile(house, two)
    answer = client.post(f"/children/{two[1]}/merges", data={})
    assert answer.status_code == 303 and answer.location == f"/children/{two[0]}"
    assert "nothing was saved" in client.get(answer.location).text


def test_of_two_who_merge_a_pair_the_other_way_round_the_second_is_told(
    house: House, two: tuple[str, str]
) -> None:
    seen = versions(house, two)
    merged_meanwhile(house, two)
    turned = {"version": seen["other_version"], "other_version": seen["version"]}
    answer = house.client("head.of.service").post(
        f"/children/{two[1]}/merge/{two[0]}", data={**turned, "why": "The midwife told me"}
    )
    assert answer.status_code == 409
    assert "These two records are one already" in answer.text
    assert "The midwife told me" in answer.text and "Save what I typed" not in answer.text
    assert f'href="/children/{two[0]}/merges"' in answer.text


def test_who_does_not_see_the_record_that_is_kept_learns_nothing_of_it(
    house: House, two: tuple[str, str]
) -> None:
    merged_meanwhile(house, two)
    client = House(house.app, house.today, "TOY", "toyshire").client("social.worker")
    address = f"/children/{two[1]}/record/add/view"
    gone, never = (
        client.post(one, data=VIEW) for one in (address, address.replace(two[1], "a2b3c4d5e6f7g8"))
    )
    assert gone.status_code == never.status_code == 404
