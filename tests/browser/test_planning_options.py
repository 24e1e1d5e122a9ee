"""The options page of a planning meeting in a browser: in place, without a script, by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders.house import AT, House
from builders.planned_meetings import booked
from builders.with_law import with_law
from flask import Flask
from playwright.sync_api import Locator, Page, expect

ON = date(2026, 12, 3)
CONSIDERED = "Has return to the child’s parents been considered?"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    for made in with_law(tmp_path, database_url):
        made.config["WTF_CSRF_ENABLED"] = True
        yield made


def fill_day(box: Locator, day: str, month: str, year: str) -> None:
    for part, value in (("Day", day), ("Month", month), ("Year", year)):
        box.get_by_label(part).fill(value)


def send(page: Page, button: str) -> None:
    """Press a button that sends the whole page, and wait until it is there again."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def titles(page: Page) -> list[str]:
    """The options that the page lists, by their headings."""
    found = page.locator(".app-option h4").all_inner_texts()
    return [text.split(" Why?")[0].split("\n")[0].strip() for text in found]


ALWAYS = ["Return to parents", "Return to parents with a supervision order"]
MAY_BE = [
    "Connected person foster care",
    "Special guardianship order (SGO)",
    "Child arrangements order (CAO)",
    "Care order with possibility of move to SGO/CAO",
]
IS_NOT = [
    "Adoption",
    "Long-term fostering",
    "Connected person foster care progressing to SGO with connected carers",
]


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.clause("PPM10-A.under7.no", "PPM10-A.under7.maybe", "PPM10-A.1", "PPM10-A.0")
def test_the_options_of_a_planning_meeting(
    house: House, visit: Callable[..., Any], scripts: bool
) -> None:
    _, child = house.child(born=date(2020, 1, 20))
    meeting = booked(house, child, ON, AT)
    visitor = visit("social.worker@bexley.example", scripts=scripts)
    page: Page = visitor.page
    page.goto(f"{visitor.address}/planning-meetings/{meeting}")
    with page.expect_navigation():
        page.get_by_role("link", name="Options and plan").first.click()
    assert titles(page) == ALWAYS + MAY_BE
    expect(page.get_by_text("turns 7.")).to_be_visible()
    if scripts:
        visitor.see("options", "Options and plan")

    page.get_by_text("Add a connected person").click()
    page.get_by_label("Name", exact=True).fill("Ode Fennimore")
    page.get_by_label("Who they are to the child").fill("Grandmother")
    fill_day(page.get_by_role("group", name="Identified on"), "1", "11", "2026")
    page.get_by_role("button", name="Add the connected person").click()
    expect(page.get_by_role("heading", name="Ode Fennimore, Grandmother")).to_be_visible()
    page.get_by_text("Rule out Ode Fennimore").click()
    fill_day(page.get_by_role("group", name="Ruled out on"), "20", "11", "2026")
    page.get_by_label("Why Ode Fennimore is ruled out").fill("She withdrew")
    page.get_by_role("button", name="Save why Ode Fennimore is ruled out").click()
    expect(page.get_by_role("heading", name="Adoption")).to_be_visible()
    assert titles(page) == ALWAYS + IS_NOT
    expect(page.get_by_text("Everybody identified is ruled out")).to_be_visible()

    considered = page.get_by_role(
        "group", name="Has return to the child’s parents been considered?"
    )
    considered.get_by_label("Yes").check()
    page.get_by_label("What came of considering it, and why").fill("Not safe within his time")
    adoption = page.get_by_role("group", name="Adoption: what came of it")
    adoption.get_by_label("Supported").check()
    page.get_by_label("Adoption: why").fill("He needs a family")
    out = page.get_by_role("group", name="Return to parents: what came of it")
    out.get_by_label("Ruled out").check()
    page.get_by_label("Return to parents: why").fill("Not safe")
    if scripts:
        primary = page.get_by_role("group", name="Primary plan")
        expect(primary.get_by_label("Return to parents", exact=True)).to_have_count(0)
        expect(page.locator("#option-adoption-why-said")).to_contain_text("Saved at")
        page.reload()  # Each was saved as it was left.
    else:
        send(page, "Save")
    assert adoption.get_by_label("Supported").is_checked()
    expect(page.get_by_label("Adoption: why")).to_have_value("He needs a family")
    page.get_by_role("group", name="Primary plan").get_by_label("Adoption", exact=True).check()
    send(page, "Add a step")
    step = page.get_by_role("group", name="Step 1")
    step.get_by_label("The primary plan").check()
    step.get_by_label("What is done").fill("Begin family finding")
    fill_day(step.get_by_role("group", name="By when"), "20", "12", "2026")
    send(page, "Save")
    expect(page.locator("#lacking")).to_contain_text("A plan has a contingency")
    if scripts:
        visitor.see("options-chosen", "Options and plan")

    send(page, "Add another option")
    other = page.get_by_role("group", name="Another option 1")
    other.get_by_label("Residential care").check()
    send(page, "Save")
    expect(page.locator("#lacking")).to_contain_text("Residential care: it needs a clear rationale")
    if scripts:
        visitor.see("options-outside", "Options and plan")


def test_the_options_are_answered_by_keyboard(house: House, visit: Callable[..., Any]) -> None:
    _, child = house.child(born=date(2017, 5, 4))
    meeting = booked(house, child, ON, AT)
    visitor = visit("social.worker@bexley.example")
    page: Page = visitor.page
    page.goto(f"{visitor.address}/planning-meetings/{meeting}/options")
    considered = page.get_by_role(
        "group", name="Has return to the child’s parents been considered?"
    )
    considered.get_by_label("Yes").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label("What came of considering it, and why")).to_be_focused()
    page.keyboard.type("Not safe in time")
    page.keyboard.press("Tab")
    expect(page.locator("#reunification-why-said")).to_contain_text("Saved at")
    first = page.get_by_role("group", name="Return to parents: what came of it")
    for _link_to_a_clause in ("the group", "the option"):
        page.keyboard.press("Tab")
    expect(first.get_by_label("Still considered")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(first.get_by_label("Supported")).to_be_checked()
    expect(page.locator("#option-return-home-conclusion-said")).to_contain_text("Saved at")
    expect(first.get_by_label("Supported")).to_be_focused()


@pytest.mark.clause("PPM10-A.2")
def test_what_was_refused_is_saved_once_its_reason_is_gone(
    house: House, visit: Callable[..., Any]
) -> None:
    _, child = house.child(born=date(2020, 1, 20))
    visitor = visit("social.worker@bexley.example")
    page: Page = visitor.page
    page.goto(f"{visitor.address}/planning-meetings/{booked(house, child, ON, AT)}/options")
    order = page.get_by_role("group", name="Special guardianship order (SGO): what came of it")
    primary = page.get_by_role("group", name="Primary plan")
    order.get_by_label("Supported").check()
    expect(page.locator("#option-sgo-conclusion-said")).to_contain_text("Say first")
    primary.get_by_label("Special guardianship order (SGO)", exact=True).check()
    expect(page.locator("#plan-primary-said")).to_contain_text("Not saved")
    page.get_by_role("group", name=CONSIDERED).get_by_label("Yes").check()
    page.get_by_label("What came of considering it, and why").fill("Not safe within his time")
    page.get_by_label("What came of considering it, and why").blur()
    expect(page.locator("#option-sgo-conclusion-said")).to_contain_text("Saved at")
    expect(page.locator("#plan-primary-said")).to_contain_text("Saved at")
    expect(page.get_by_text("Say first")).to_have_count(0)
    page.reload()
    expect(order.get_by_label("Supported")).to_be_checked()
    chosen = primary.get_by_label("Special guardianship order (SGO)", exact=True)
    expect(chosen).to_be_checked()
