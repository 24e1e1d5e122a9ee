"""An administrator's day: a team, a new colleague, a name to match, a cover, a leaver."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from builders.house import House
from builders.records import whole_record
from builders.staff import named
from playwright.sync_api import Page, expect


def fill(page: Page, name: str, on: date) -> None:
    for part, value in (("day", on.day), ("month", on.month), ("year", on.year)):
        page.locator(f"#{name}-{part}").fill(str(value))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def unfold(page: Page, words: str) -> None:
    page.locator("summary", has_text=words).click()


def test_people_admin(house: House, visit: Callable) -> None:  # type: ignore[type-arg]
    whole_record(house)
    child_id, _ = house.child("0102", "Wisp", "Marlowe", worker=None)
    named(house, child_id, "J. Wexcombe", staff_number="40117")
    named(house, child_id, "J. Wexcombe", "manager", staff_number="40117")
    visitor = visit("authority.administrator@bexley.example")
    page = visitor.page
    visitor.see("home", "What needs me")
    page.get_by_role("link", name="People", exact=True).click()
    visitor.see("people", "People")

    page.get_by_role("link", name="Services and teams").click()
    unfold(page, "Add a team")
    page.get_by_label("Name of the team").fill("Heron team")
    press(page, "Add the team")
    expect(page.get_by_role("alert")).to_contain_text("Choose the service of the team")
    page.get_by_label("Service", exact=True).select_option(label="Care service")
    press(page, "Add the team")
    visitor.see("teams", "Services and teams")
    page.get_by_role("link", name="Change the team Quill team").click()
    press(page, "End the team")
    visitor.see("team-not-empty", "Quill team")

    page.goto(f"{visitor.address}/matching")
    visitor.see("to-match", "People to match")
    page.get_by_role("link", name=re.compile("^J. Wexcombe")).click()
    page.get_by_role("link", name="Nobody of these: add the person").click()
    press(page, "Add and make the invitation")
    visitor.see("new-refused", "Add a person")
    page.get_by_label("Name", exact=True).fill("Jane Wexcombe")
    page.get_by_label("E-mail address").fill("jane.wexcombe@bexley.example")
    page.get_by_label("Social worker", exact=True).check()
    page.get_by_label("Works in").select_option(label="Heron team, Care service")
    press(page, "Add and make the invitation")
    visitor.see("invitation", "Invitation for Jane Wexcombe")
    link = page.get_by_label("The link").input_value()

    page.goto(f"{visitor.address}/matching")
    page.get_by_role("link", name=re.compile("^J. Wexcombe")).click()
    expect(page.get_by_label("Who else?")).to_be_hidden()
    page.get_by_label("Somebody else").check()
    expect(page.get_by_label("Who else?")).to_be_visible()
    page.get_by_label("Jane Wexcombe").check()
    visitor.see("match", "J. Wexcombe")
    press(page, "Match")
    visitor.see("matched", "People to match")

    jane = visit()
    jane.page.goto(link)
    for label in ("Password", "Password again"):
        boxes = jane.page.locator("input[type=password]")
        boxes.nth(0 if label == "Password" else 1).fill("stone heron kettle 7")
    jane.page.locator("main button[type=submit]").last.click()
    jane.sign_in("jane.wexcombe@bexley.example", "stone heron kettle 7")
    jane.page.goto(f"{visitor.address}/children")
    expect(jane.page.locator("main")).to_contain_text("Wisp Marlowe")

    page.get_by_role("link", name="Jane Wexcombe").click()
    unfold(page, "Give a role")
    page.locator("#role").select_option(label="Panel member")
    press(page, "Give the role")
    expect(page.get_by_role("alert")).to_contain_text("Enter the first day")
    fill(page, "role-since", house.today)
    press(page, "Give the role")
    visitor.see("person", "Jane Wexcombe")

    page.get_by_role("link", name="Arrange cover for an absence").click()
    page.get_by_label("Who stands in?").select_option(label="Iro Of Bexley, Iro")
    fill(page, "since", house.today)
    fill(page, "last", house.today + timedelta(days=7))
    press(page, "Arrange the cover")
    visitor.see("covers", "Away and covered")

    page.goto(f"{visitor.address}/staff/several")
    page.get_by_label("The table").fill(
        "e-mail,name,roles\nned@bexley.example,Ned Larkin,iro\nbad,Una,emperor\n"
    )
    visitor.see("several", "Add several people")
    press(page, "Add them")
    visitor.see("joined", "1 person added")
    with page.expect_download() as taken:
        press(page, "Take the invitations as CSV")
    assert taken.value.suggested_filename == "invitations.csv"

    plain = visit("authority.administrator@bexley.example", scripts=False)
    plain.page.goto(f"{visitor.address}/staff?role=social.worker")
    plain.page.get_by_role("link", name=re.compile("^Social Worker")).click()
    plain.page.get_by_role("link", name="They leave").click()
    plain.page.get_by_label("Everything passes to").select_option(
        label="Jane Wexcombe, jane.wexcombe@bexley.example"
    )
    visitor.page.goto(plain.page.url)
    visitor.see("leaving", "leaves")
    press(plain.page, "Hand everything over")
    expect(plain.page.get_by_role("heading", level=1)).to_contain_text("has left")
    plain.page.screenshot(path=plain.pictures / "left.png", full_page=True)
