"""Two people write at one planning meeting at once, each in a browser of their own."""

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
from playwright.sync_api import Page, expect

Visit = Callable[..., Any]
ON = date(2026, 11, 23)
SOON = 10_000
"""Within so many milliseconds the other sees it, without loading the page again."""
DISCUSSED, DECIDED, ANALYSIS = "What was discussed", "What was decided", "Analysis, and why"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    for made in with_law(tmp_path, database_url):
        made.config["WTF_CSRF_ENABLED"] = True
        yield made


@pytest.fixture
def meeting(house: House) -> str:
    _, child = house.child(born=date(2020, 1, 20))
    return booked(house, child, ON, AT)


Two = tuple[Any, Any]


def both(visit: Visit, address: str) -> Two:
    """The social worker and the team manager on the same page, which is never loaded again."""
    found = tuple(visit(f"{role}@bexley.example") for role in ("social.worker", "team.manager"))
    for visitor in found:
        visitor.page.goto(f"{visitor.address}{address}")
        visitor.page.evaluate("window.still = 'the same page'")
    return found  # type: ignore[return-value]


def same_page(*pages: Page) -> None:
    for page in pages:
        assert page.evaluate("window.still") == "the same page"


def test_two_write_the_record_at_once(house: House, visit: Visit, meeting: str) -> None:
    address = f"/planning-meetings/{meeting}/record"
    worker, manager = both(visit, address)
    mine, theirs = worker.page, manager.page

    # Different fields: each sees the other's, also where the cursor rests.
    mine.get_by_label(DISCUSSED).fill("Said by the worker")
    theirs.get_by_label(DECIDED).fill("Decided with the manager")
    mine.get_by_label(DISCUSSED).blur()
    theirs.get_by_label(DECIDED).blur()
    theirs.get_by_label(DISCUSSED).focus()
    expect(theirs.get_by_label(DISCUSSED)).to_have_value("Said by the worker", timeout=SOON)
    expect(theirs.get_by_label(DISCUSSED)).to_be_focused()
    expect(mine.get_by_label(DECIDED)).to_have_value("Decided with the manager", timeout=SOON)
    said = mine.locator("#agreed-said")
    expect(said).to_contain_text("by Team Manager Of Bexley")

    # A field in which one of them types is left to them; then both texts are there to choose from.
    mine.get_by_label(ANALYSIS).press_sequentially("Typed and not left yet")
    theirs.get_by_label(ANALYSIS).fill("The manager’s analysis")
    theirs.get_by_label(ANALYSIS).blur()
    expect(theirs.locator("#rationale-said")).to_contain_text("Saved at")
    theirs.get_by_label(DISCUSSED).fill("Said by the worker, and more")
    theirs.get_by_label(DISCUSSED).blur()
    expect(mine.get_by_label(DISCUSSED)).to_have_value("Said by the worker, and more", timeout=SOON)
    expect(mine.get_by_label(ANALYSIS)).to_have_value("Typed and not left yet")
    expect(mine.get_by_label(ANALYSIS)).to_be_focused()
    mine.get_by_label(ANALYSIS).blur()
    clash = mine.locator("#rationale-said")
    expect(clash).to_contain_text("The manager’s analysis")
    expect(clash).to_contain_text("Typed and not left yet")
    mine.wait_for_timeout(6_000)  # The page has asked again: the choice is still to be made.
    expect(clash).to_contain_text("The manager’s analysis")
    same_page(mine, theirs)
    worker.see("clash", "Record")
    clash.get_by_role("radio").last.check()
    expect(mine.locator("#rationale-said")).to_contain_text("Saved at")
    kept = mine.get_by_label(ANALYSIS).input_value()
    expect(theirs.get_by_label(ANALYSIS)).to_have_value(kept, timeout=SOON)
    same_page(mine, theirs)


def test_a_row_of_a_colleague_appears_and_goes(house: House, visit: Visit, meeting: str) -> None:
    address = f"/planning-meetings/{meeting}/record"
    worker, manager = both(visit, address)
    mine, theirs = worker.page, manager.page
    with theirs.expect_navigation():
        theirs.get_by_role("button", name="Add an action").click()
    theirs.evaluate("window.still = 'the same page'")
    mine.get_by_label(DISCUSSED).press_sequentially("Still typed")
    theirs.get_by_label("What is to be done").fill("Book the health assessment")
    theirs.get_by_label("What is to be done").blur()
    row = mine.get_by_role("group", name="Action 1")
    done = row.get_by_label("What is to be done")
    expect(done).to_have_value("Book the health assessment", timeout=SOON)
    expect(mine.get_by_label(DISCUSSED)).to_have_value("Still typed")
    expect(mine.get_by_label(DISCUSSED)).to_be_focused()
    expect(mine.locator("#live-rows")).to_contain_text(
        "Added just now by Team Manager Of Bexley: action 1"
    )
    worker.see("row-added", "Record")
    row.get_by_label("What done looks like").fill("The letter is on file")
    row.get_by_label("What done looks like").blur()
    expect(theirs.get_by_label("What done looks like")).to_have_value(
        "The letter is on file", timeout=SOON
    )
    expect(mine.get_by_role("group", name="Action 1")).to_have_count(1)
    same_page(mine, theirs)
    with theirs.expect_navigation():
        theirs.get_by_role("button", name="Remove action 1").click()
    expect(mine.get_by_role("group", name="Action 1")).to_have_count(0, timeout=SOON)
    expect(mine.get_by_label(DISCUSSED)).to_have_value("Still typed")
    same_page(mine)


def test_two_weigh_the_options_at_once(house: House, visit: Visit, meeting: str) -> None:
    address = f"/planning-meetings/{meeting}/options"
    worker, manager = both(visit, address)
    mine, theirs = worker.page, manager.page
    primary = mine.get_by_role("group", name="Primary plan")
    expect(primary.get_by_label("Return to parents", exact=True)).to_have_count(1)

    # What the other says of an option comes, and what follows from it for the plan.
    first = theirs.get_by_role("group", name="Has return to the child’s parents been considered?")
    first.get_by_label("Yes").check()
    theirs.get_by_label("What came of considering it, and why").fill("Not safe within his time")
    theirs.get_by_label("What came of considering it, and why").blur()
    expect(theirs.locator("#reunification-why-said")).to_contain_text("Saved at")
    out = theirs.get_by_role("group", name="Return to parents: what came of it")
    out.get_by_label("Ruled out").check()
    mine.get_by_label("Special guardianship order (SGO): why").press_sequentially("Still typed")
    same = mine.get_by_role("group", name="Return to parents: what came of it")
    expect(same.get_by_label("Ruled out")).to_be_checked(timeout=SOON)
    expect(primary.get_by_label("Return to parents", exact=True)).to_have_count(0, timeout=SOON)

    # Somebody whom the other rules out: the options change, once nobody writes among them.
    theirs.get_by_text("Add a connected person").click()
    theirs.get_by_label("Name", exact=True).fill("Ode Fennimore")
    theirs.get_by_label("Who they are to the child").fill("Grandmother")
    for part, value in (("Day", "1"), ("Month", "11"), ("Year", "2026")):
        box = theirs.get_by_role("group", name="Identified on")
        box.get_by_label(part).fill(value)
    theirs.get_by_role("button", name="Add the connected person").click()
    shown = mine.get_by_role("heading", name="Ode Fennimore, Grandmother")
    expect(shown).to_be_visible(timeout=SOON)
    theirs.get_by_text("Rule out Ode Fennimore").click()
    for part, value in (("Day", "20"), ("Month", "11"), ("Year", "2026")):
        box = theirs.get_by_role("group", name="Ruled out on")
        box.get_by_label(part).fill(value)
    theirs.get_by_label("Why Ode Fennimore is ruled out").fill("She withdrew")
    theirs.get_by_role("button", name="Save why Ode Fennimore is ruled out").click()
    expect(mine.locator("#placed")).to_contain_text("Is not an option", timeout=SOON)
    typed = mine.get_by_label("Special guardianship order (SGO): why")
    expect(typed).to_have_value("Still typed")
    expect(typed).to_be_focused()
    typed.blur()
    expect(mine.get_by_role("heading", name="Adoption")).to_be_visible(timeout=SOON)

    # A step of the other's, and one field that both change.
    with theirs.expect_navigation():
        theirs.get_by_role("button", name="Add a step").click()
    theirs.get_by_label("What is done").fill("Begin family finding")
    theirs.get_by_label("What is done").blur()
    step = mine.get_by_role("group", name="Step 1")
    expect(step.get_by_label("What is done")).to_have_value("Begin family finding", timeout=SOON)
    mine.get_by_label("Adoption: why").press_sequentially("The worker’s reason")
    theirs.get_by_label("Adoption: why").fill("The manager’s reason")
    theirs.get_by_label("Adoption: why").blur()
    expect(theirs.locator("#option-adoption-why-said")).to_contain_text("Saved at")
    mine.wait_for_timeout(6_000)
    expect(mine.get_by_label("Adoption: why")).to_have_value("The worker’s reason")
    mine.get_by_label("Adoption: why").blur()
    clash = mine.locator("#option-adoption-why-said")
    expect(clash).to_contain_text("The manager’s reason")
    expect(clash).to_contain_text("The worker’s reason")
    same_page(mine)
    worker.see("options-together", "Options and plan")
