"""A return home and its approval in a browser: by the worker and who approves; without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from builders.house import House
from builders.planned import both_standards, in_care, planned
from playwright.sync_api import Page, expect


def fill_day(page: Page, group: str, on: date) -> None:
    box = page.get_by_role("group", name=group, exact=True)
    for part, value in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
        box.get_by_label(part).fill(str(value))


@pytest.mark.clause("PPM2-3.2", "PPM2-3.3", "PPM2-3.4")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_return_home_is_made_ready_approved_and_agreed(
    house: House, visit: Callable[..., Any], scripts: bool
) -> None:
    both_standards(house)
    child_id, child = house.child(born=date(2010, 5, 4))
    in_care(house, child_id)
    plan = planned(house, child, "return-home")
    worker = visit("social.worker@bexley.example", scripts=scripts)
    page: Page = worker.page
    main = page.get_by_role("main")
    page.goto(f"{worker.address}/children/{child}")
    page.get_by_role("link", name="Approvals").first.click()
    expect(main).to_contain_text("It cannot be agreed on")
    if scripts:
        worker.see("not-ready", "approvals")
    page.get_by_role("link", name="Write the parts of the return home").click()
    fill_day(page, "Considered from", date(2026, 9, 1))
    page.get_by_label("Detailed assessment").check()
    fill_day(page, "Assessment done on", date(2026, 10, 20))
    for label, words in (
        ("Suitability of the accommodation and maintenance", "Two bedrooms; the rent is paid."),
        ("Services and support that the child might need after", "A mentor."),
        ("Services and support that the parents might need after", "Twice a week."),
        ("The child’s wishes and feelings, as the social worker", "Home before the holidays."),
    ):
        page.get_by_label(label).fill(words)
    fill_day(page, "Wishes and feelings ascertained on", date(2026, 10, 21))
    page.get_by_role("button", name="Save").click()
    page.goto(f"{worker.address}/children/{child}/approvals")
    page.get_by_role("link", name="Add a member of the household").click()
    page.get_by_label("Name").fill("Odd Nettlefold")
    page.get_by_label("Who they are to the child").fill("Uncle")
    fill_day(page, "DBS check done on", date(2026, 10, 1))
    page.get_by_label("What the DBS check says").fill("Nothing recorded")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{worker.address}/children/{child}/approvals")
    expect(main).to_contain_text("Odd Nettlefold (Uncle): 1 October 2026")
    expect(main).not_to_contain_text("PPM2-3.2")
    page.get_by_label("What they should know").fill("The family and the school agree.")
    page.get_by_role("button", name="Ask for the approval").click()
    expect(main).to_contain_text("It waits for the Assistant Director")
    if scripts:
        worker.see("asked", "approvals")

    director = visit("assistant.director@bexley.example", scripts=scripts)
    page = director.page
    expect(page.get_by_role("main")).to_contain_text("Approve or not: Return home at 16 or 17")
    if scripts:
        director.see("waits-on-the-first-page", "What needs me")
    page.get_by_role("button", name="Approve it or not").click()
    page.get_by_role("button", name="Save the answer").click()
    expect(page.get_by_text("Choose whether you approve it").first).to_be_visible()
    if scripts:
        director.see("answer-to-mend", "approvals")
    page.get_by_label("Approved", exact=True).check()
    page.get_by_label("Why, in your own words").fill("It is what he wants, and it is safe.")
    page.get_by_role("button", name="Save the answer").click()
    expect(page.get_by_role("main")).to_contain_text("It is what he wants, and it is safe.")

    page = worker.page
    page.goto(f"{worker.address}/record/{plan}/correct")
    page.get_by_label("Agreed", exact=True).check()
    fill_day(page, "Agreed on", date(2026, 11, 23))
    page.get_by_label("Agreed by").fill("The planning meeting")
    page.get_by_label("Why is it changed?").fill("It is agreed")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{worker.address}/children/{child}/approvals")
    expect(main).to_contain_text("Approved by Assistant Director Of Bexley")
    expect(main).not_to_contain_text("It cannot be agreed")
    if scripts:
        worker.see("agreed", "approvals")
