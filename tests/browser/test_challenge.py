"""A late action comes to the team manager, who answers; the reviewing officer opens a dispute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from builders.disputed import go_through, late_action
from builders.house import House
from playwright.sync_api import Page, expect

from core.store.database import db

Visit = Callable[..., Any]
OFFICER, MANAGER = "iro@bexley.example", "team.manager@bexley.example"


@pytest.mark.clause("BCP-1.6")
def test_challenge(house: House, visit: Visit) -> None:
    child_id, child = house.child()
    late_action(house, child_id, due=date(2026, 11, 13))
    go_through(house, date(2026, 11, 23))
    db.session.remove()
    _answer(visit(MANAGER))
    _dispute(visit(OFFICER), child)


def _answer(visitor: Any) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text("Late since 13 November 2026")
    visitor.see("home-manager-escalated", "What needs me")
    page.get_by_text("Answer it").first.click()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter what happens next")
    visitor.see("escalation-refused", "Write to the court")
    page.get_by_label("What happens next?").fill("It is written by Friday")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("main")).to_contain_text("It is written by Friday")
    page.get_by_role("textbox", name="Day").fill("27")
    page.get_by_role("textbox", name="Month").fill("11")
    page.get_by_role("textbox", name="Year").fill("2026")
    page.get_by_label("Why is it paused?").fill("The court has moved its day")
    page.get_by_role("button", name="Pause it").click()
    expect(page.get_by_role("main")).to_contain_text("up to and with 27 November 2026")
    visitor.see("escalation-paused", "Write to the court")


def _dispute(visitor: Any, child: str) -> None:
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{child}")
    page.get_by_role("link", name="Open a dispute").click()
    visitor.see("dispute-new", "Open a dispute")
    page.get_by_label("Drift").check()
    page.get_by_label("What is in dispute").fill("Two reviews with no plan")
    page.get_by_role("button", name="Open the dispute").click()
    expect(page.get_by_role("main")).to_contain_text("answer due by 30 November 2026")
    visitor.see("dispute-open", "Dispute: drift")
    page.get_by_label("It goes further").check()
    page.get_by_label("Why?").fill("They do not agree")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("main")).to_contain_text("Taken further on 23 November 2026")
    page.get_by_role("link", name="Disputes").click()
    expect(page.get_by_role("main")).to_contain_text("The service manager")
    visitor.see("disputes", "Disputes")
