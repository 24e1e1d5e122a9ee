"""The chair withdraws from one item: the vice chair has it, and the next one is the chair's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from builders.house import House
from builders.sitting import HELD, book, sit
from playwright.sync_api import Page, expect

EVERYBODY = ("chair", "vice-chair", "adoption", "fostering")
CHAIR, VICE = "Panel Chair Of Bexley", "Head Of Service Of Bexley"
MEMBER = "Panel Member Of Bexley"
AUNT = "I have known the aunt for years."


@pytest.mark.clause("BEX-1.3", "BEX-1.11", "BEX-1.2")
@pytest.mark.parametrize("scripts", [True, False])
def test_withdrawing(house: House, visit: Callable[..., Any], scripts: bool) -> None:
    meeting_id, meeting = house.meeting(HELD, state="open", circulated=True)
    sit(house, meeting_id, EVERYBODY)
    orlin, _ = book(house, meeting_id, (house.child()[0],), answers={"sought": "Special care"})
    wim, _ = book(house, meeting_id, (house.child("0202", "Wim", "Quennell")[0],), position=2)
    chair = visit("panel.chair@bexley.example", scripts=scripts)
    vice = visit("head.of.service@bexley.example", scripts=scripts)
    _withdraws(chair, meeting, orlin, scripts)
    _has_the_item(vice, orlin, scripts)
    _a_member_goes_and_comes_back(vice, scripts)
    _decides(vice, scripts)
    _is_in_the_chair_again(chair, meeting, wim)


def _open(visitor: Any, address: str) -> Page:
    page: Page = visitor.page
    page.goto(f"{visitor.address}{address}")
    return page


def _withdraws(chair: Any, meeting: str, orlin: str, scripts: bool) -> None:
    page = _open(chair, f"/items/{orlin}")
    page.get_by_role("button", name="Record the withdrawal").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose who withdraws")
    if scripts:
        chair.see("item-refused", "Orlin Thistlewick")
    page.get_by_label("Who withdraws?").select_option(label=CHAIR)
    page.get_by_label("They do", exact=True).check()
    page.get_by_label("Why?").fill(AUNT)
    page.get_by_role("button", name="Record the withdrawal").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("You have withdrawn from this item")
    expect(main).to_contain_text("Wim Quennell")
    expect(main).not_to_contain_text("Orlin")
    if scripts:
        chair.see("meeting-of-who-withdrew", "Permanence Panel")
    page = _open(chair, f"/items/{orlin}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("not found")


def _has_the_item(vice: Any, orlin: str, scripts: bool) -> None:
    page = _open(vice, f"/items/{orlin}")
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"{VICE} chairs")
    expect(main).to_contain_text(f"{CHAIR} has withdrawn from this item")
    expect(main).to_contain_text(AUNT)
    if scripts:
        vice.see("item-of-the-vice", "Orlin Thistlewick")


def _a_member_goes_and_comes_back(vice: Any, scripts: bool) -> None:
    page: Page = vice.page
    main = page.get_by_role("main")
    page.get_by_label("Who withdraws?").select_option(label=MEMBER)
    page.get_by_label("The chair", exact=True).check()
    page.get_by_label("Why?").fill("She taught the child.")
    page.get_by_role("button", name="Record the withdrawal").click()
    expect(main).to_contain_text("Not as it stands")
    expect(main).to_contain_text("besides those who have withdrawn")
    if scripts:
        vice.see("item-not-quorate", "Orlin Thistlewick")
    page.get_by_role("button", name=re.compile(f"Let them come back.*{MEMBER}")).click()
    expect(main).to_contain_text("came back at")
    expect(main).not_to_contain_text("Not as it stands")


def _decides(vice: Any, scripts: bool) -> None:
    page: Page = vice.page
    page.get_by_label(re.compile("Continue")).first.check()
    page.get_by_label("Rationale").fill("The plan is working.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("main")).to_contain_text(f"Chaired by {VICE}")
    if scripts:
        vice.see("item-decided", "Orlin Thistlewick")


def _is_in_the_chair_again(chair: Any, meeting: str, wim: str) -> None:
    page = _open(chair, f"/items/{wim}")
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"{CHAIR} chairs")
    expect(main).not_to_contain_text("Chair of this item")
    page = _open(chair, f"/meetings/{meeting}")
    expect(page.get_by_role("main")).not_to_contain_text("Orlin")
    expect(page.get_by_role("main")).not_to_contain_text("The plan is working.")
