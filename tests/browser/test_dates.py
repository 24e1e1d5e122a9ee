"""A child's dates in a browser: what is missing is entered, a day asked, a fact corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders.house import House
from builders.with_law import returned, with_law
from flask import Flask
from playwright.sync_api import expect


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    for made in with_law(tmp_path, database_url):
        made.config["WTF_CSRF_ENABLED"] = True
        yield made


@pytest.mark.parametrize("scripts", [True, False])
def test_the_dates_of_a_child(house: House, visit: Callable[..., Any], scripts: bool) -> None:
    _, child = house.child(became_looked_after=None)
    returned(house, "08/10/2026", rne="P", reviews=("02/11/2026",))
    visitor = visit("social.worker@bexley.example", scripts=scripts)
    page = visitor.page
    picture = "dates" if scripts else "dates-without-scripts"

    page.goto(f"{visitor.address}/children/{child}")
    missing = page.get_by_role("link", name="Enter the day on which the child became looked after")
    expect(missing).to_have_count(1)
    if scripts:
        visitor.see(f"{picture}-unknown", "Orlin Thistlewick")
    missing.click()
    day = page.get_by_role("group", name="Started on")
    for box, typed in (("Day", "1"), ("Month", "10"), ("Year", "2026")):
        day.get_by_label(box).fill(typed)
    page.get_by_label("What happened that day").select_option("S")
    page.get_by_label("Legal status").select_option("C1")
    page.get_by_label("Category of need").select_option("N1")
    page.get_by_label("Placement", exact=True).select_option("U4")
    page.get_by_label("Who provides it").select_option("PR1")
    ended = page.get_by_role("group", name="Ended on")
    for box, typed in (("Day", "8"), ("Month", "10"), ("Year", "2026")):
        ended.get_by_label(box).fill(typed)
    page.get_by_label("Why it ended").select_option("X1")
    page.get_by_label("Why the placement changed").select_option("CARPL")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("An episode is saved")).to_be_visible()

    page.goto(f"{visitor.address}/children/{child}")
    late = page.get_by_role("region", name="Late")
    expect(late.get_by_text("4 weeks from becoming looked after on 1 October 2026")).to_be_visible()
    expect(missing).to_have_count(0)
    if scripts:
        visitor.see(picture, "Orlin Thistlewick")
    page.get_by_role("link", name="Every date of this child").click()
    expect(page.get_by_text("As it stands on 23 November 2026, today.")).to_be_visible()
    if scripts:
        page.get_by_text("The words of the clause").first.click()
        visitor.see(f"{picture}-page", "Orlin Thistlewick: dates")

    if scripts:
        page.get_by_text("Choose another day").click()
    else:
        page.locator("summary", has_text="Choose another day").click()
    asked = page.get_by_role("group", name="On which day?")
    for box, typed in (("Day", "31"), ("Month", "2"), ("Year", "2027")):
        asked.get_by_label(box).fill(typed)
    page.get_by_role("button", name="Show that day").click()
    expect(page.get_by_role("alert").get_by_text("must be a real date")).to_be_visible()
    if scripts:
        visitor.see(f"{picture}-no-such-day", "Orlin Thistlewick: dates")
    asked.get_by_label("Day").fill("28")
    page.get_by_role("button", name="Show that day").click()
    expect(page).to_have_url(f"{visitor.address}/children/{child}/dates?on=2027-02-28")
    expect(page.get_by_text("As it stands on 28 February 2027.")).to_be_visible()
    late = page.get_by_role("region", name="Late")
    expect(late.get_by_role("heading", name="Second review", exact=True)).to_be_visible()

    page.get_by_role("link", name="Show today").click()
    page.get_by_role("link", name="becoming looked after").first.click()
    row = page.get_by_role("row").filter(has_text="1 October 2026 to 8 October 2026")
    row.get_by_role("link", name="Correct").click()
    day.get_by_label("Day").fill("2")
    page.get_by_label("Why it is changed").fill("The court’s letter")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("dates moved: ")).to_be_visible()
    if scripts:
        visitor.see(f"{picture}-moved", "Orlin Thistlewick")
    page.goto(f"{visitor.address}/children/{child}/dates")
    expect(page.get_by_text("Was 29 October 2026 until").first).to_be_visible()
    if scripts:
        visitor.see(f"{picture}-earlier", "Orlin Thistlewick: dates")
