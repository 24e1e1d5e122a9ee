"""A session that ends in the middle of a form: nothing typed is lost, with and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from builders.house import PASSWORD, House
from builders.late import Late
from playwright.sync_api import Page, expect

WORDS = "What was typed before the session ended."
MORE = "And what was still being typed, in another field."


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_is_offered_back_and_saved(
    house: House, visit: Callable[..., Any], scripts: bool
) -> None:
    house.meeting()
    _, child = house.child()
    visitor = visit("social.worker@bexley.example", scripts=scripts)
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{child}")
    page.get_by_role("button", name=re.compile("Refer")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Referral")
    page.wait_for_load_state("networkidle")  # no answer still to come brings a cookie back
    page.context.clear_cookies(**({} if scripts else {"name": "session"}))
    late = Late(page, "**/field?**")
    page.get_by_label(re.compile("please explain why")).fill(WORDS)
    page.get_by_label(re.compile("What recommendations or decisions")).fill(MORE)
    if scripts:
        late.wait()
        late.answer()
    else:
        page.get_by_role("button", name="Save and come back later").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible(timeout=20_000)
    page.get_by_label("E-mail address").fill("social.worker@bexley.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    if scripts:
        visitor.see("kept", "What you typed is here")
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    expect(page.get_by_role("main")).to_contain_text(MORE)
    page.get_by_role("button", name="Save what I typed").click()
    page.goto(f"{visitor.address}/children/{child}")
    page.get_by_role("main").get_by_role("link", name=re.compile("referral", re.I)).first.click()
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    expect(page.get_by_role("main")).to_contain_text(MORE)


def test_somebody_else_is_not_offered_what_was_typed(
    house: House, visit: Callable[..., Any]
) -> None:
    house.meeting()
    _, child = house.child()
    visitor = visit("social.worker@bexley.example", scripts=False)
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{child}")
    page.get_by_role("button", name=re.compile("Refer")).click()
    page.get_by_label(re.compile("What recommendations or decisions")).fill(MORE)
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_label("E-mail address").fill("iro@bexley.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What needs me")
    expect(page.get_by_text("was not yours")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text(MORE)
