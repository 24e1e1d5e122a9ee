"""An administrator takes up a standard, sets a figure of it, and adds a day off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from builders.house import House
from builders.standards import with_standards
from playwright.sync_api import Page, expect


def fill(page: Page, name: str, on: date) -> None:
    for part, value in (("day", on.day), ("month", on.month), ("year", on.year)):
        page.locator(f"#{name}-{part}").fill(str(value))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def unfold(page: Page, words: str) -> None:
    page.locator("summary", has_text=words).first.click()


def test_procedures(house: House, visit: Callable) -> None:  # type: ignore[type-arg]
    with_standards(house)
    visitor = visit("authority.administrator@bexley.example")
    page = visitor.page
    page.get_by_role("link", name="Procedures", exact=True).click()
    visitor.see("listed", "Procedures")
    page.get_by_role("link", name="Begin, end and order").click()
    visitor.see("followed", "Which procedures are followed")

    unfold(page, "Follow another procedure")
    press(page, "Follow it")
    visitor.see("refused", "Which procedures are followed")
    expect(page.get_by_role("alert")).to_contain_text("Choose a procedure from the list")
    page.get_by_label("STD: The made-up standard").check()
    fill(page, "since", date(2024, 4, 1))
    page.get_by_label("Why", exact=True).fill("The strategy of April 2024")
    press(page, "Follow it")
    expect(page.get_by_role("table").first).to_contain_text("The strategy of April 2024")

    page.get_by_role("link", name="Figures of STD").click()
    visitor.see("figures", "Figures of STD")
    page.get_by_role("link", name="Set Made up ppm of STD-1").click()
    unfold(page, "Set it from a day on")
    page.get_by_label("How many").fill("four")
    press(page, "Set it")
    visitor.see("figure-refused", "Made up ppm of STD-1")
    page.get_by_label("How many").fill("4")
    page.get_by_label("Counted in").select_option("weeks")
    fill(page, "since", date(2026, 9, 1))
    page.get_by_label("Why", exact=True).fill("Agreed with the reviewing officers")
    press(page, "Set it")
    visitor.see("figure", "Made up ppm of STD-1")
    unfold(page, "Take it back")
    visitor.see("taking-back", "Made up ppm of STD-1")
    for rule, heading in (("case-timing/minutes", "Minutes"), ("chair-order/posts", "Who chairs")):
        page.goto(f"{visitor.address}/admin/procedures/STD/figures/planning-circle/{rule}")
        unfold(page, "Set it from a day on")
        press(page, "Set it")
        visitor.see(rule.partition("/")[0], heading)

    page.goto(f"{visitor.address}/admin/procedures/STD")
    for words in ("Put another procedure", "End it", "Move it"):
        unfold(page, words)
    visitor.see("one-followed", "The made-up standard")
    unfold(page, "Change the first day")
    press(page, "Change the first day of STD")
    visitor.see("first-day-refused", "The made-up standard")
    fill(page, "first", date(2019, 9, 1))
    page.locator("#first-why").fill("Followed since the strategy of 2019")
    press(page, "Change the first day of STD")
    expect(page.get_by_role("table").first).to_contain_text("1 September 2019")
    unfold(page, "End it")
    fill(page, "last", date(2026, 11, 21))
    page.locator("#end-why").fill("A slip")
    press(page, "End STD")
    unfold(page, "Take back the last day")
    press(page, "Take back the last day of STD")
    visitor.see("last-day-refused", "The made-up standard")
    page.locator("#back-why").fill("Another was meant")
    press(page, "Take back the last day of STD")
    expect(page.get_by_role("table").last).to_contain_text("Another was meant")
    visitor.see("last-day-back", "The made-up standard")
    page.get_by_role("link", name="Its clauses, and what came of each").click()
    visitor.see("standard", "The made-up standard")
    page.goto(f"{visitor.address}/procedures/BEX")
    visitor.see("bexley", "Permanence Panel protocol")

    page.goto(f"{visitor.address}/procedures")
    page.get_by_role("link", name="Days off").click()
    unfold(page, "Add a day off")
    fill(page, "on", date(2026, 12, 25))
    press(page, "Add the day")
    visitor.see("day-off-refused", "Days off in 2026")
    fill(page, "on", date(2026, 12, 29))
    page.get_by_label("What it is").fill("Offices closed")
    press(page, "Add the day")
    expect(page.get_by_role("table").first).to_contain_text("Offices closed")
    visitor.see("days-off", "Days off in 2026")
    page.get_by_role("button", name="Take out").click()
    visitor.see("taken-out", "Days off in 2026")


def test_procedures_without_scripts(house: House, visit: Callable) -> None:  # type: ignore[type-arg]
    with_standards(house)
    visitor = visit("authority.administrator@bexley.example", scripts=False)
    page = visitor.page
    page.goto(f"{visitor.address}/admin/procedures")
    unfold(page, "Follow another procedure")
    page.get_by_label("STD: The made-up standard").check()
    page.get_by_label("Why", exact=True).fill("Agreed")
    press(page, "Follow it")
    expect(page.get_by_role("table").first).to_contain_text("The made-up standard")
    page.goto(f"{visitor.address}/admin/procedures/STD")
    unfold(page, "Change the first day")
    fill(page, "first", date(2019, 9, 1))
    page.locator("#first-why").fill("Since then")
    press(page, "Change the first day of STD")
    expect(page.get_by_role("table").first).to_contain_text("1 September 2019")
