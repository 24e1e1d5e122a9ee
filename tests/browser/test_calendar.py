"""The calendar of a panel: made from a schedule, a meeting moved, one cancelled, themes swapped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import moot
from builders.agenda import book, case
from builders.house import House
from conftest import PLUGINS, TODAY, settings
from flask import Flask
from playwright.sync_api import Page, expect

from core.app import create_app
from core.store.database import db
from core.store.meeting_days import to_come

Visit = Callable[..., Any]


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(settings(tmp_path, database_url), {**PLUGINS, "toyshire": moot})
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def fill(page: Page, name: str, on: date) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"#{name}-{part}").fill(str(getattr(on, part)))


@pytest.mark.clause("BEX-1.12", "SOM-9")
def test_a_calendar_made_moved_and_cancelled(house: House, visit: Visit) -> None:
    administrator = visit("panel.administrator@bexley.example")
    _make(administrator)
    _book(house)
    _move(administrator)
    _cancel(administrator)
    _look(visit("inspector@bexley.example"))


def _make(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Meetings").click()
    visitor.see("calendar-empty", "Meetings")
    page.get_by_role("button", name="Make dates").click()
    visitor.see("dates", "Make dates of the Permanence Panel")
    page.get_by_role("button", name="See the dates first").click()
    expect(page.get_by_role("alert").first).to_contain_text("Enter the first date")
    visitor.see("dates-refused", "Make dates of the Permanence Panel")
    fill(page, "first", date(2026, 12, 4))
    fill(page, "until", date(2027, 2, 12))
    page.get_by_label("Weekday").select_option(label="Friday")
    page.get_by_label("Time of day").fill("10:00")
    page.get_by_label("Place").fill("Room 3")
    page.get_by_role("button", name="See the dates first").click()
    expect(page.get_by_role("main")).to_contain_text("1 date falls on a day off")
    visitor.see("dates-shown", "Make dates of the Permanence Panel")
    page.get_by_label(re.compile("New Year")).check()
    page.get_by_role("button", name="See the dates again").click()
    expect(page.get_by_role("main")).to_contain_text("made all the same")
    page.get_by_role("button", name="Make these dates").click()
    expect(page.get_by_role("main")).to_contain_text("Friday 1 January 2027")
    visitor.see("calendar", "Meetings")


def _book(house: House) -> None:
    """Two cases on the first meeting, and one that is still being written."""
    first = to_come(house.whole, "BEX", "permanence-panel")[0]
    db.session.rollback()
    for number, name in enumerate(("Orlin", "Bryn", "Tamsel"), 1):
        child, _ = house.child(f"010{number}", name, "Quillfeather")
        state = "draft" if number == 3 else "booked"
        case_id, _ = case(house, child, first.id, state)
        if state == "booked":
            book(house, first.id, case_id, number)


def _move(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name=re.compile("4 December 2026")).click()
    page.get_by_role("link", name="Move this meeting").click()
    fill(page, "on", date(2026, 11, 25))
    page.get_by_label("Place").fill("Room 9")
    page.get_by_role("button", name="See what changes first").click()
    expect(page.get_by_role("alert").first).to_contain_text("Say why the meeting is moved")
    visitor.see("move-refused", "Move the Permanence Panel, Friday 4 December 2026")
    page.get_by_label("Why is it moved?").fill("The hall is flooded.")
    page.get_by_role("button", name="See what changes first").click()
    expect(page.get_by_role("main")).to_contain_text("Late: the referral was due by")
    visitor.see("move-shown", "Move the Permanence Panel")
    page.get_by_role("button", name="Move the meeting").click()
    expect(page.get_by_role("main")).to_contain_text("The meeting is moved.")
    expect(page.get_by_role("main")).to_contain_text("Tamsel Quillfeather")
    visitor.see("changes-moved", "Changes of the Permanence Panel, Wednesday 25 November 2026")
    page.get_by_role("link", name="Permanence Panel, Wednesday 25 November 2026").click()
    visitor.see("meeting-moved", "Permanence Panel, Wednesday 25 November 2026")


def _cancel(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Cancel this meeting").click()
    visitor.see("cancel", "Cancel the Permanence Panel")
    page.get_by_label("Why is it cancelled?").fill("Nobody can chair.")
    page.get_by_label("Where do its cases go?").select_option(
        label="Friday 18 December 2026, 0 of 5 cases booked"
    )
    page.get_by_label("Bryn Quillfeather").select_option("wait")
    page.get_by_role("button", name="See what changes first").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("On the agenda of Friday 18 December 2026")
    expect(main).to_contain_text("Waits for a place at the meeting of Friday 18 December 2026")
    visitor.see("cancel-shown", "Cancel the Permanence Panel")
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(main).to_contain_text("The meeting is cancelled.")
    visitor.see("changes-cancelled", "Changes of the Permanence Panel")
    page.get_by_role("link", name="Permanence Panel, Wednesday 25 November 2026").click()
    expect(main).to_contain_text("Nothing is recorded in it")
    visitor.see("meeting-cancelled", "Permanence Panel, Wednesday 25 November 2026")


def _look(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Meetings").click()
    expect(page.get_by_role("main")).to_contain_text("Why: Nobody can chair.")
    visitor.see("calendar-changed", "Meetings")
    page.get_by_text("Filter the meetings").click()
    page.get_by_label("Show").select_option(label="Cancelled")
    page.get_by_role("button", name="Apply filters").click()
    expect(page).to_have_url(re.compile("state=cancelled"))
    expect(page.get_by_role("row")).to_have_count(2)
    visitor.see("calendar-filtered", "Meetings")


def test_cohorts_in_turn_without_scripts(app: Flask, visit: Visit) -> None:
    House(app, TODAY, "TOY", "toyshire")
    visitor = visit("panel.administrator@toyshire.example", scripts=False)
    page: Page = visitor.page
    page.get_by_role("link", name="Meetings").click()
    page.get_by_role("button", name="Make dates").click()
    expect(page.get_by_role("main")).to_contain_text("Which body meets?")
    page.get_by_role("link", name="Toyshire Round").click()
    fill(page, "first", date(2026, 12, 2))
    fill(page, "until", date(2027, 1, 20))
    page.get_by_label("Time of day").fill("1.30pm")
    page.get_by_role("button", name="See the dates first").click()
    page.get_by_role("button", name="Make these dates").click()
    page.get_by_role("link", name=re.compile("9 December 2026")).click()
    page.get_by_role("link", name="Swap its theme").click()
    page.get_by_label("With which meeting?").select_option(index=2)
    page.get_by_label("Why are they swapped?").fill("A holiday.")
    page.get_by_role("button", name="See what changes first").click()
    page.get_by_role("button", name="Swap the two").click()
    expect(page.get_by_role("main")).to_contain_text("The two meetings are swapped.")
    page.get_by_role("link", name="Meetings").first.click()
    page.get_by_role("link", name=re.compile("2 December 2026")).first.click()
    page.get_by_role("link", name="Cancel this meeting").click()
    page.get_by_label("Why is it cancelled?").fill("Snow.")
    page.get_by_role("button", name="See what changes first").click()
    expect(page.get_by_role("main")).to_contain_text("has no meeting now")
    page.get_by_role("button", name="Cancel the meeting").click()
    expect(page.get_by_role("main")).to_contain_text("The meeting is cancelled.")


def test_the_form_of_a_body_whose_days_are_not_laid_down(app: Flask, visit: Visit) -> None:
    House(app, TODAY, "TOY", "toyshire")
    visitor = visit("panel.administrator@toyshire.example")
    page: Page = visitor.page
    page.goto(f"{visitor.address}/meetings/dates")
    visitor.see("bodies", "Make dates")
    page.get_by_role("link", name="Toyshire Gathering").click()
    visitor.see("shape", "Make dates of the Toyshire Gathering")
    page.get_by_label("In certain weeks of each month").check()
    page.get_by_label("last", exact=True).check()
    page.get_by_label("Weekday").select_option(label="Friday")
    fill(page, "first", date(2026, 12, 1))
    fill(page, "until", date(2027, 3, 31))
    page.get_by_label("Time of day").fill("9:30")
    page.get_by_role("button", name="See the dates first").click()
    expect(page.get_by_role("main")).to_contain_text("Friday 29 January 2027")
    visitor.see("shape-shown", "Make dates of the Toyshire Gathering")
    page.goto(f"{visitor.address}/meetings/add?body=TOY:toy-round")
    fill(page, "on", date(2026, 12, 28))
    page.get_by_label("Time of day").fill("9:30")
    page.get_by_role("button", name="See what is found on that day").click()
    expect(page.get_by_role("main")).to_contain_text("is a day off")
    visitor.see("add-shown", "Add a meeting of the Toyshire Round")
