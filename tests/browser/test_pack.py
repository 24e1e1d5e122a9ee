"""A member reads a pack: what is unread, a private question, the document; also unscripted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders.house import House
from builders.sitting import book
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("scripts", [True, False])
def test_a_member_reads_the_pack(house: House, visit: Callable[..., Any], scripts: bool) -> None:
    meeting_id, _ = house.meeting(date(2026, 12, 3), circulated=True)
    child_id, _ = house.child()
    book(house, meeting_id, (child_id,), answers={"sought": "Whether to begin guardianship"})
    visitor = visit("panel.member@bexley.example", scripts=scripts)
    page: Page = visitor.page
    page.goto(visitor.address)
    expect(page.get_by_role("heading", name=re.compile("^Read the pack"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Read it")).click()
    expect(page.get_by_text("0 of 1 read")).to_be_visible()
    if scripts:
        visitor.see("unread", "Permanence Panel")
    page.get_by_text("Note a question").click()
    page.get_by_label("Your question").fill("Who minds the cat?")
    page.get_by_role("button", name=re.compile("Save the question")).click()
    expect(page.get_by_label("Question 1")).to_have_value("Who minds the cat?")
    page.get_by_role("button", name=re.compile("^Mark as read")).click()
    expect(page.get_by_text("1 of 1 read")).to_be_visible()
    if scripts:
        visitor.see("read", "Permanence Panel")
        with page.expect_download(timeout=60_000) as download:
            # A click waits for the page that it leads to: here the document must be made first.
            button = page.get_by_role("button", name=re.compile("Download as one"))
            button.click(no_wait_after=True)
        assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
