"""The administrator fills a panel's posts: what is empty, what is refused, who follows whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from builders.house import BODY, House
from playwright.sync_api import Page, expect

ADMIN = "authority.administrator@bexley.example"


def dated(page: Page, name: str, on: date) -> None:
    for part, value in (("day", on.day), ("month", on.month), ("year", on.year)):
        page.locator(f"#{name}-{part}").fill(str(value))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_posts(house: House, visit: Callable) -> None:  # type: ignore[type-arg]
    house.account("team.manager", email="ada.quill@bexley.example")
    visitor = visit(ADMIN)
    page = visitor.page
    need = page.get_by_role("listitem").filter(has_text="Fill 4 empty posts")
    expect(need).to_contain_text("BEX-1.12")
    visitor.see("home", "What needs me")
    need.get_by_role("button").click()
    visitor.see("body", "Permanence Panel")
    expect(page.locator("main")).to_contain_text("Nobody holds Manager, placements")

    page.get_by_role("link", name="Manager, placements").first.click()
    page.locator("#who").select_option(label="Iro Of Bexley, Iro")
    dated(page, "since", house.today)
    press(page, "Fill the post")
    expect(page.get_by_role("alert")).to_contain_text("for the grade Team manager")
    expect(page.get_by_role("alert")).to_contain_text("BEX-1.12")
    visitor.see("refused", "Manager, placements")
    page.locator("#grade").select_option(label="Team manager")
    page.get_by_label("Why in another grade").fill("Acting up until the summer")
    dated(page, "last", house.today + timedelta(days=200))
    press(page, "Fill the post")
    expect(page.locator("#holders")).to_contain_text("Iro Of Bexley")
    visitor.see("filled", "Manager, placements")

    page.goto(f"{visitor.address}/posts/BEX/{BODY}/adoption")
    page.get_by_text("From a day, somebody else holds it").click()
    page.locator("#who").select_option(label="Iro Of Bexley, Iro")
    dated(page, "since", house.today + timedelta(days=7))
    page.locator("#grade").select_option(label="Service manager")
    press(page, "Fill the post")
    expect(page.get_by_role("alert")).to_contain_text("Enter why they hold it")
    expect(page.get_by_role("alert")).to_contain_text("holds two posts")
    page.get_by_label("Why in another grade").fill("Acting up")
    page.get_by_label("I have read it").check()
    visitor.see("warned", "Manager, adoption")
    press(page, "Fill the post")
    expect(page.locator("#holders")).to_contain_text("To come")

    page.get_by_text("Change the term, the grade or the service").first.click()
    visitor.see("change", "Manager, adoption")
    page.goto(f"{visitor.address}/posts")
    page.get_by_text("Choose another day").click()
    dated(page, "on", house.today + timedelta(days=7))
    press(page, "Show that day")
    expect(page).to_have_url(re.compile(r"/posts\?on=2026-11-30$"))
    visitor.see("posts", "Posts")
    row = page.get_by_role("row").filter(has_text="Manager, adoption")
    expect(row).to_contain_text("Iro Of Bexley")

    plain = visit("panel.administrator@bexley.example", scripts=False)
    plain.page.get_by_role("link", name="Posts").click()
    plain.page.get_by_role("link", name="Manager, adoption").click()
    expect(plain.page.locator("main")).to_contain_text("Adoption Of Bexley")
    expect(plain.page.get_by_role("button", name="Fill the post")).to_have_count(0)
