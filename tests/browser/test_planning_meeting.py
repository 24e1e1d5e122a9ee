"""A planning meeting, whole: from its date on the first page to the next, as each role in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders.house import House
from builders.two_weeks import in_care
from builders.with_law import with_law
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from core.store.database import db

Visit = Callable[..., Any]
HELD, NEXT = date(2026, 11, 26), date(2027, 1, 14)
DRAWING = Path(__file__).parents[2] / "docs/images/panel.png"
NAME = "Permanence planning meeting"
CONSIDERED = "Has return to the child’s parents been considered?"


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    for made in with_law(tmp_path, database_url):
        made.config["WTF_CSRF_ENABLED"] = True
        yield made


def fill_day(box: Locator, on: date) -> None:
    for part, value in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
        box.get_by_label(part).fill(str(value))


def group(page: Page | Locator, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("group", name=name)


def press(page: Page, button: str) -> None:
    """Press a button that sends a whole form, and wait for the page that follows."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def part(page: Page, name: str) -> None:
    """Go to a part of the meeting by the links above its pages."""
    page.get_by_label("This meeting").get_by_role("link", name=name, exact=True).click()


def choose(page: Page, label: str, words: str) -> None:
    choice = page.get_by_label(label, exact=True)
    value = choice.locator("option").filter(has_text=words).first.get_attribute("value")
    choice.select_option(value)


class Seen:
    """Pictures and axe where there are scripts: without one axe cannot run."""

    def __init__(self, visitor: Any, scripts: bool) -> None:
        self.visitor, self.page, self.scripts = visitor, visitor.page, scripts

    def see(self, name: str, heading: str) -> None:
        if self.scripts:
            self.visitor.see(name, heading)
        else:
            expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)


@pytest.mark.clause(
    "PPM10-A.2", "PPM10-A.under7.no", "PPM10-4", "PPM10-5", "PPM10-6", "PPM10-7", "PPM10-8"
)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_planning_meeting_whole(house: House, visit: Visit, scripts: bool) -> None:
    _, child = in_care(house, since=date(2026, 11, 2), status="C1", born=date(2020, 1, 20))
    db.session.remove()

    def as_(role: str) -> Seen:
        return Seen(visit(f"{role}@bexley.example", scripts=scripts), scripts)

    worker = as_("social.worker")
    _book(worker)
    meeting = worker.page.url.partition("#")[0].removesuffix("/people")
    _invite(worker)
    _views(worker)
    _weigh(worker)
    _write(worker)
    house.turn_to(HELD)
    manager = as_("team.manager")
    manager.page.goto(meeting)
    _close(manager)
    _ask(worker, meeting)
    _approve(as_("head.of.service"))
    _agreed(worker, child)
    house.turn_to(NEXT)
    _open_the_next(worker, child)


def _book(worker: Seen) -> None:
    page = worker.page
    main = page.get_by_role("main")
    expect(main).to_contain_text("First permanence planning meeting: Orlin Thistlewick")
    expect(main).to_contain_text("from becoming looked after")
    worker.see("home-due", "What needs me")
    page.get_by_role("button", name=re.compile("Book the meeting")).first.click()
    expect(main).to_contain_text("First permanence planning meeting")
    worker.see("book", "Book a planning meeting")
    press(page, "Book the meeting")
    expect(page.get_by_role("alert").first).to_contain_text("There is a problem")
    worker.see("book-refused", "Book a planning meeting")
    fill_day(group(page, "Day of the meeting"), HELD)
    page.get_by_label("When it begins").fill("10:30")
    page.get_by_label("Where", exact=True).fill("Room 4")
    press(page, "Book the meeting")
    expect(main).to_contain_text("The meeting of 26 November 2026 is booked")


def _invite(worker: Seen) -> None:
    page = worker.page
    main = page.get_by_role("main")
    expect(main).to_contain_text("PPM10-4")
    worker.see("people", "People")
    press(page, "Ask everybody who is known")
    expect(page.locator("#team-manager")).to_contain_text("Asked")
    page.locator("#foster-carers summary").filter(has_text="Not invited").click()
    carers = page.locator("#foster-carers")
    carers.get_by_label("Why they are not invited").fill("They leave for another child that day")
    carers.get_by_role("button", name="Keep the reason").click()
    expect(carers).to_contain_text("Why not: They leave for another child that day")
    parents = page.locator("#parents")
    parents.get_by_label("Name").fill("Merrin Thistlewick")
    parents.get_by_label("Who they are to the child").fill("Mother")
    parents.get_by_role("button", name="Ask them to come").click()
    expect(parents).to_contain_text("Merrin Thistlewick")
    gained = re.compile("Views of Merrin Thistlewick.* gained before the meeting on")
    fill_day(group(page, gained), date(2026, 11, 20))
    press(page, "Save who came")
    worker.see("people-asked", "People")


def _views(worker: Seen) -> None:
    page = worker.page
    main = page.get_by_role("main")
    part(page, "Papers and views")
    expect(main).to_contain_text("No view is recorded")
    worker.see("views", "Papers and views")
    page.get_by_label("Whose").select_option("child")
    page.get_by_label("How it was given").select_option("drawn")
    page.get_by_label("What was said").fill("A house with a red door, and her aunt in it")
    fill_day(group(page, "When"), date(2026, 11, 19))
    press(page, "Add the view")
    expect(main).to_contain_text("A house with a red door")
    page.get_by_text("Add its file").click()
    page.locator("input[type=file]").set_input_files(DRAWING)
    press(page, "Keep the file")
    expect(page.get_by_role("link", name="Open its file")).to_be_visible()
    worker.see("views-kept", "Papers and views")


def _weigh(worker: Seen) -> None:
    page = worker.page
    part(page, "Options and plan")
    placed = page.locator("#placed")
    expect(placed).to_contain_text("May be an option")
    expect(placed).to_contain_text("On 20 January 2027")
    expect(page.get_by_role("heading", name="Long-term fostering")).to_have_count(0)
    worker.see("options", "Options and plan")
    _rule_out(worker)
    expect(placed).to_contain_text("Is not an option")
    worker.see("options-changed", "Options and plan")
    _say(page, CONSIDERED, "Yes", "What came of considering it, and why",
         "Both parents were assessed: not safe within his time")  # fmt: skip
    page.get_by_label("Why no family network meeting was held").fill("The family did not agree")
    for option, came, why in (
        ("Return to parents", "Ruled out", "Neither parent can be safe within his time"),
        ("Return to parents with a supervision order", "Ruled out", "An order changes neither"),
        ("Adoption", "Still considered", "He is 6 and asks to see his brother: it may be found"),
        ("Long-term fostering", "Supported", "His carers wish to keep him and his school"),
    ):
        _say(page, f"{option}: what came of it", came, f"{option}: why", why)
    rationale = page.get_by_label("Long-term fostering: the rationale")
    rationale.fill("He has lived with these carers since he was born, and will not be moved")
    if worker.scripts:
        rationale.blur()
        expect(page.locator("#option-long-term-fostering-rationale-said")).to_contain_text("Saved")
    else:
        press(page, "Save")
    group(page, "Primary plan").get_by_label("Long-term fostering", exact=True).check()
    press(page, "Add a step")
    step = group(page, "Step 1")
    step.get_by_label("The primary plan").check()
    step.get_by_label("What is done").fill("Match him with his carers")
    fill_day(group(step, "By when"), date(2027, 2, 1))
    press(page, "Save")
    expect(page.locator("#lacking")).to_contain_text("A plan has a contingency")
    expect(page.locator("#lacking")).to_contain_text("head of service")
    worker.see("options-lacking", "Options and plan")


def _say(page: Page, asked: str, answer: str, label: str, why: str) -> None:
    group(page, asked).get_by_label(answer, exact=True).check()
    page.get_by_label(label, exact=True).fill(why)


def _rule_out(worker: Seen) -> None:
    """Somebody who may care is named, then ruled out: the options change where they stand."""
    page = worker.page
    if worker.scripts:
        page.evaluate("window.still = 'the same page'")
    page.get_by_text("Add a connected person").click()
    page.get_by_label("Name", exact=True).fill("Ode Fennimore")
    page.get_by_label("Who they are to the child").fill("Grandmother")
    fill_day(group(page, "Identified on"), date(2026, 11, 3))
    page.get_by_role("button", name="Add the connected person").click()
    expect(page.get_by_role("heading", name="Ode Fennimore, Grandmother")).to_be_visible()
    page.get_by_text("Rule out Ode Fennimore").click()
    fill_day(group(page, "Ruled out on"), date(2026, 11, 20))
    page.get_by_label("Why Ode Fennimore is ruled out").fill("She withdrew after her assessment")
    page.get_by_role("button", name="Save why Ode Fennimore is ruled out").click()
    expect(page.get_by_role("heading", name="Long-term fostering", exact=False)).to_be_visible()
    expect(page.locator("#connected")).to_contain_text("Ruled out on 20 November 2026")
    if worker.scripts:
        assert page.evaluate("window.still") == "the same page"


def _write(worker: Seen) -> None:
    page = worker.page
    part(page, "Record")
    worker.see("record", "Record")
    page.get_by_label("Progress on the actions").fill("His grandmother was assessed")
    page.get_by_label("What was discussed").fill("His wish to stay, and his school")
    page.get_by_label("Analysis, and why").fill("Moving him again would harm him")
    page.get_by_label("What was decided").fill("He stays with his carers")
    fill_day(group(page, "The next meeting is on"), NEXT)
    press(page, "Add an action")
    action = group(page, "Action 1")
    action.get_by_label("What is to be done").fill("Begin the assessment of his carers")
    choose(page, "Who does it", "Social Worker Of Bexley")
    fill_day(group(action, "By when"), date(2026, 12, 10))
    action.get_by_label("What done looks like").fill("It is signed by the manager")
    press(page, "Save")
    expect(action.get_by_label("What done looks like")).to_have_value("It is signed by the manager")
    worker.see("record-written", "Record")


def _close(manager: Seen) -> None:
    page = manager.page
    main = page.get_by_role("main")
    expect(main).to_contain_text("A plan has a contingency")
    manager.see("overview", NAME)
    part(page, "People")
    for who, came in (("Team Manager", "Came"), ("Social Worker", "Came"), ("Merrin", "Apologies")):
        group(page.locator("#came"), re.compile(who)).get_by_label(came).first.check()
    press(page, "Save who came")
    expect(main).to_contain_text("Who came is recorded")
    manager.see("people-came", "People")
    part(page, "Record")
    page.get_by_role("link", name="Check and close the meeting").click()
    expect(main).to_contain_text("The plan stays provisional")
    manager.see("check", "Check and close")
    press(page, "Close the meeting")
    expect(page.get_by_role("alert").first).to_contain_text("A plan has a contingency")
    manager.see("close-refused", "Check and close")
    page.get_by_role("alert").get_by_role("link").filter(has_text="contingency").click()
    part(page, "Options and plan")
    group(page, "Contingency plans").get_by_label("Adoption", exact=True).check()
    press(page, "Add another step")
    step = group(page, "Step 2")
    step.get_by_label("The contingency plan").check()
    step.get_by_label("What is done").fill("Ask the adoption service who might be found")
    fill_day(group(step, "By when"), date(2027, 2, 8))
    press(page, "Save")
    part(page, "Record")
    page.get_by_role("link", name="Check and close the meeting").click()
    press(page, "Close the meeting")
    expect(main).to_contain_text("The meeting is closed")
    expect(main).to_contain_text("The plan stays provisional: the child is 6")
    expect(main).to_contain_text("Otherwise: Adoption")
    expect(main).to_contain_text("Chaired by")
    expect(main).to_contain_text("Begin the assessment of his carers")
    manager.see("closed", NAME)


def _ask(worker: Seen, meeting: str) -> None:
    page = worker.page
    main = page.get_by_role("main")
    page.goto(meeting)
    page.get_by_role("link", name="What it needs to be agreed").click()
    expect(main).to_contain_text("long-term fostering")
    worker.see("approvals", "approvals")
    page.get_by_label("What they should know").fill("His carers asked for him themselves")
    press(page, "Ask for the approval")
    expect(main).to_contain_text("It waits for the head of service")


def _approve(head: Seen) -> None:
    page = head.page
    expect(page.get_by_role("main")).to_contain_text("Approve or not: Long-term fostering under 7")
    head.see("home-approve", "What needs me")
    page.get_by_role("button", name="Approve it or not").click()
    page.get_by_label("Approved", exact=True).check()
    page.get_by_label("Why, in your own words").fill("A settled child stays where he is settled")
    press(page, "Save the answer")
    expect(page.get_by_role("main")).to_contain_text("A settled child stays where he is settled")
    head.see("approved", "approvals")


def _agreed(worker: Seen, child: str) -> None:
    page = worker.page
    page.goto(f"{worker.visitor.address}/children/{child}/approvals")
    expect(page.get_by_role("main")).to_contain_text("Approved by Head Of Service Of Bexley")
    page.goto(f"{worker.visitor.address}/children/{child}/record")
    main = page.get_by_role("main")
    for words in ("Long-term fostering", "Match him with his carers", "Ode Fennimore", "red door"):
        expect(main).to_contain_text(words)
    worker.see("child-record", "Orlin Thistlewick")


def _open_the_next(worker: Seen, child: str) -> None:
    page = worker.page
    main = page.get_by_role("main")
    page.goto(f"{worker.visitor.address}/children/{child}/planning")
    expect(main).to_contain_text("26 November 2026")
    worker.see("journey", "planning meetings")
    page.get_by_role("button", name="Book a planning meeting").click()
    expect(main).to_contain_text("The last was held on 26 November 2026")
    page.get_by_label("Permanence planning meeting (PPM)").check()
    fill_day(group(page, "Day of the meeting"), NEXT)
    page.get_by_label("When it begins").fill("10:30")
    press(page, "Book the meeting")
    part(page, "Record")
    expect(main).to_contain_text("Last time: 26 November 2026")
    expect(main).to_contain_text("His wish to stay, and his school")
    expect(main).to_contain_text("Begin the assessment of his carers")
    expect(main).to_contain_text("First due 10 December 2026")
    worker.see("next-record", "Record")
    part(page, "Options and plan")
    expect(main).to_contain_text("On 26 November 2026: supported")
    worker.see("next-options", "Options and plan")
