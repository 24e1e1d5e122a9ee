"""A decision for adoption typed under care and stated by a list: both shown, counted and linked."""

from __future__ import annotations

import re
from datetime import date

import pytest
from builders.house import AT, House

from core.domain.care_typing import ADOPTION_DECISION
from core.domain.finding import Refused
from core.store import record, record_stated
from core.store.database import db, writing
from core.store.record_stated import StatedRow
from core.usecases import care
from core.usecases.record_new import add

STATED = "The record says otherwise"
OTHERWISE = "Identity and care says otherwise: 12 January 2026"


@pytest.fixture
def child(house: House) -> tuple[int, str]:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.child()


def listed(house: House, child: tuple[int, str], **values: str) -> None:
    """What a list of adoptions says."""
    with writing():
        rows = [
            StatedRow(child[0], "adoption", "", field, value, "annex-a-10", date(2026, 3, 31))
            for field, value in values.items()
        ]
        record_stated.put(house.whole, rows, AT)


def decided(house: House, child: tuple[int, str], on: str) -> None:
    """A decision typed under Identity and care."""
    scope = house.scope("social.worker")
    care.save_row(scope, child[1], ADOPTION_DECISION, None, {"decided_on": on}, "", True, AT)


def shown(house: House, address: str, role: str = "social.worker") -> str:
    page = house.client(role).get(address).text
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_two_days_for_one_decision_are_shown_on_both_pages_and_counted(
    house: House, child: tuple[int, str]
) -> None:
    here = f"/children/{child[1]}"
    listed(house, child, decided_on="2026-01-05", matched_on="2026-02-01")
    assert "The record says:" in shown(house, f"{here}/care")
    decided(house, child, "2026-01-12")
    of_record, of_care = shown(house, f"{here}/record"), shown(house, f"{here}/care")
    assert "1 fact on which sources do not agree" in of_record
    assert OTHERWISE in of_record
    assert STATED in of_care and "5 January 2026" in of_care
    assert f'href="{here}/care#adoption-decision"' in house.client("iro").get(f"{here}/record").text
    [entry] = record.entries(house.whole, child[0])
    db.session.rollback()
    assert OTHERWISE in shown(house, f"/record/{entry.public_id}")
    assert f'href="/record/{entry.public_id}"' in house.client("iro").get(f"{here}/care").text
    assert "1 in the plan and record" in shown(house, here)


def test_where_they_agree_nothing_is_said(house: House, child: tuple[int, str]) -> None:
    here = f"/children/{child[1]}"
    listed(house, child, decided_on="2026-01-12")
    decided(house, child, "2026-01-12")
    assert "do not agree" not in shown(house, f"{here}/record")
    assert STATED not in shown(house, f"{here}/care")


def test_who_does_not_see_the_record_learns_nothing_of_it_on_the_page_of_care(
    house: House, child: tuple[int, str]
) -> None:
    listed(house, child, decided_on="2026-01-05")
    decided(house, child, "2026-01-12")
    of_care = shown(house, f"/children/{child[1]}/care", "authority.administrator")
    assert "12 January 2026" in of_care
    assert STATED not in of_care and "5 January 2026" not in of_care


def test_it_is_typed_in_one_place(house: House, child: tuple[int, str]) -> None:
    scope, here = house.scope("social.worker"), f"/children/{child[1]}"
    decided(house, child, "2026-01-12")
    client = house.client("social.worker")
    form = client.get(f"{here}/record/add/adoption").text
    assert "fact-decided_on" not in form and "fact-matched_on" in form
    assert f'href="{here}/care#adoption-decision"' in form and "12 January 2026" in form
    with pytest.raises(Refused, match="typed under Identity and care"):
        add(scope, child[1], "adoption", {"decided_on": "2026-01-05"}, AT)
