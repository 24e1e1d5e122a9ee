"""A final care plan from its first words to the court, by each of those who have a part in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from builders.house import House
from builders.staged import following, in_care, proceedings
from playwright.sync_api import Page, expect

from core.store.database import db

Visit = Callable[..., Any]
TEXT = "Orlin stays with his foster carers, under a care order."
NEED = "Read the final care plan, and approve it or send it back"


def email(role: str) -> str:
    return f"{role}@bexley.example"


@pytest.mark.clause("PPM2-3.1", "PPM10-10", "PPM10-11")
def test_the_final_care_plan_goes_from_hand_to_hand(house: House, visit: Visit) -> None:
    following(house)
    child_id, child = house.child()
    in_care(house, child_id)
    proceedings(house, child)
    db.session.remove()
    address = _write(visit(email("social.worker")), child)
    _answer(visit(email("team.manager")), "team-manager", "Approve this text")
    _answer(visit(email("iro")), "iro", "I have reviewed this text")
    _send_back(visit(email("legal"), scripts=False), child)
    _mend(visit(email("social.worker")), address)
    for role, button in (
        ("team.manager", "Approve this text"),
        ("iro", "I have reviewed this text"),
        ("legal", "I have reviewed this text"),
        ("head.of.service", "Approve this text"),
    ):
        _answer(visit(email(role)), role.replace(".", "-"), button)
    _file(visit(email("social.worker")))


def _write(visitor: Any, child: str) -> str:
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{child}")
    page.get_by_role("link", name="Court", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("8 March 2027")
    page.get_by_role("link", name="Enter the day of final evidence").click()
    box = page.get_by_role("group", name="Local authority's final evidence due on")
    for part, value in (("Day", "18"), ("Month", "1"), ("Year", "2027")):
        box.get_by_role("textbox", name=part).fill(value)
    page.get_by_role("button", name="Save").click()
    page.goto(f"{visitor.address}/children/{child}/court")
    expect(page.get_by_role("main")).to_contain_text("by 17 January 2027")
    visitor.see("court", "Court")
    page.get_by_role("link", name="Write it").click()
    page.get_by_role("button", name="Keep the text").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the text")
    visitor.see("final-care-plan-new", "Final care plan")
    page.get_by_label("Text").fill(TEXT)
    page.get_by_role("button", name="Keep the text").click()
    expect(page.get_by_role("main")).to_contain_text("No legal colleague is invited to it yet")
    page.get_by_label("Invite a legal colleague").select_option(index=1)
    page.get_by_role("button", name="Invite to this document").click()
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_role("main")).to_contain_text("Waits for the manager of the child’s team")
    page.get_by_role("button", name="Record that it is filed with the court").click()
    expect(page.get_by_role("alert").first).to_contain_text("Stage 3, Approval by the head of")
    visitor.see("final-care-plan-not-filed", "Final care plan")
    return str(page.url).rpartition("/file")[0] or str(page.url)


def _answer(visitor: Any, name: str, button: str) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text(NEED)
    page.get_by_text("Read it").first.click()
    visitor.see(f"final-care-plan-{name}", "Final care plan")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("main")).to_contain_text("Your answer is kept")


def _send_back(visitor: Any, child: str) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text(NEED)
    page.get_by_text("Read it").first.click()
    page.get_by_role("button", name="Send it back").click()
    expect(page.get_by_role("main")).to_contain_text("Choose to whom it goes back")
    page.get_by_label("The author").check()
    page.get_by_label("Why, and what has to change").fill("The threshold is not set out")
    page.get_by_role("button", name="Send it back").click()
    expect(page.get_by_role("main")).to_contain_text("It is sent back, with your words")
    page.goto(f"{visitor.address}/children/{child}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("not found")


def _mend(visitor: Any, address: str) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text("Go on with the final care plan")
    page.goto(f"{address}/text")
    visitor.see("final-care-plan-text", "Change the text")
    page.get_by_label("Text").fill(f"{TEXT} The threshold is met on grounds one to four.")
    page.get_by_role("button", name="Keep this text").click()
    expect(page.get_by_role("main")).to_contain_text("Counts no more")
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_role("main")).to_contain_text("Waits for the manager")


def _file(visitor: Any) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text("Have the final care plan filed")
    page.get_by_text("Open it").first.click()
    box = page.get_by_role("group", name="On which day was it filed?")
    for part, value in (("Day", "23"), ("Month", "11"), ("Year", "2026")):
        box.get_by_role("textbox", name=part).fill(value)
    page.get_by_role("button", name="Record that it is filed with the court").click()
    expect(page.get_by_role("main")).to_contain_text("Filed with the court")
    visitor.see("final-care-plan-filed", "Final care plan")
