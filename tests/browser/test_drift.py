"""The head of service looks who is drifting; an action is done, accepted, and off the tracker."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from builders.boards import acts, stands
from builders.house import House
from playwright.sync_api import Page, expect

from core.domain.board import Standing
from core.store.database import db

Visit = Callable[..., Any]
FOSTERED = Standing(
    started=date(2025, 3, 4), legal_status="C2", legal_since=date(2025, 3, 4),
    legal_since_known=True, placement="U4", placement_since=date(2025, 3, 4), match="no",
    plan="long-term-fostering", plan_state="provisional", second_review=date(2025, 7, 1),
    second_review_held=True,
)  # fmt: skip


def test_drift(house: House, visit: Visit) -> None:
    first, again = (house.meeting(date(2026, 11, day), state="closed")[0] for day in (3, 17))
    orlin, _ = house.child("01", "Orlin", "Thistlewick")
    perrin, _ = house.child("02", "Perrin", "Quillfeather")
    for child in (orlin, perrin):
        stands(house, child, FOSTERED)
    worker = house.accounts["social.worker"]
    acts(house, orlin, date(2026, 11, 2), (first, again), owner_id=worker)
    db.session.remove()
    _board(visit("head.of.service@bexley.example"))
    _said_done(visit("social.worker@bexley.example"))
    _accepted(visit("team.manager@bexley.example", scripts=False))


def _board(visitor: Any) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text("1 child: action rolled twice")
    visitor.see("home-head-of-service", "What needs me")
    page.get_by_role("button", name=re.compile("See the child.*rolled twice")).press("Enter")
    expect(page).to_have_url(re.compile("view=rolled-twice"))
    expect(page.get_by_role("main")).to_contain_text("stood overdue at 2 meetings")
    expect(page.get_by_role("main")).not_to_contain_text("Perrin Quillfeather")
    visitor.see("board-rolled-twice", "Board")
    page.goto(f"{visitor.address}/board")
    page.get_by_role("link", name="Actions overdue").press("Enter")
    expect(page).to_have_url(re.compile("sort=overdue"))
    expect(page.locator("#sort-overdue")).to_be_focused()
    page.get_by_text("Filter the board").click()
    page.get_by_label("Plan").select_option("provisional")
    page.get_by_role("button", name="Apply filters").press("Enter")
    expect(page).to_have_url(re.compile("plan=provisional"))
    expect(page.get_by_role("main")).to_contain_text("2 children")
    visitor.see("board", "Board")
    with page.expect_download() as taken:
        page.get_by_role("link", name="as a spreadsheet").click()
    assert taken.value.suggested_filename.startswith("board-2026-")


def _said_done(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Actions", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("twice")
    visitor.see("tracker", "Actions")
    page.get_by_role("link", name="Ask the carers").click()
    expect(page.get_by_role("main")).to_contain_text("Twice: it stood overdue at two meetings")
    page.get_by_label("This is done").check()
    page.get_by_role("button", name="Save").click()
    visitor.see("action-refused", "Ask the carers")
    page.get_by_label("What was done").fill("They were asked on Thursday, and agree")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("somebody else accepts that")
    expect(page.get_by_role("button", name="Accept that it is done")).to_have_count(0)


def _accepted(visitor: Any) -> None:
    """Without scripts, as the team manager, who is asked on the first page."""
    page: Page = visitor.page
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Accept that it is done").click()
    expect(page.get_by_role("main")).to_contain_text("The action is done")
    page.goto(f"{visitor.address}/actions?whose=all&show=open")
    expect(page.get_by_role("main")).to_contain_text("There are none")
    page.goto(f"{visitor.address}/actions?whose=all&show=done")
    expect(page.get_by_role("main")).to_contain_text("Ask the carers")
