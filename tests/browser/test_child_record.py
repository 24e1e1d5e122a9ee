"""A child's identity and care: added, corrected, linked and allocated, each with its history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from builders import imported
from builders.house import House
from playwright.sync_api import Page, expect

from core.store.database import db, writing
from core.store.tables import Child, Review

Visit = Callable[..., Any]


def fill_day(page: Page, name: str, on: date) -> None:
    for part, value in (("day", on.day), ("month", on.month), ("year", on.year)):
        page.locator(f"#{name}-{part}").fill(str(value))


def returned_child(house: House) -> str:
    """A child of a return, of whom the return says a wrong sex and one episode."""
    child_id, public_id = house.child()
    house.child("0102", "Pim", "Thistlewick", date(2022, 3, 2), sibling_group="g")
    house.child("0103", "Unseen", "Thistlewick", date(2023, 3, 2), sibling_group="g", worker=None)
    file_id = imported.returned(house)
    with writing():
        db.session.execute(sa.update(Child).where(Child.id == child_id).values(sex="M"))
    imported.said(house, child_id, file_id, "sex", "M")
    imported.said(house, child_id, file_id, "ethnicity", "WBRI")
    imported.episode(house, child_id, file_id, date(2026, 2, 1))
    imported.put(house, Review, child_id, file_id, held_on=date(2026, 3, 2), code="PN3")
    return public_id


def test_a_childs_record(house: House, visit: Visit) -> None:
    public_id = returned_child(house)
    visitor = visit("social.worker@bexley.example")
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{public_id}")
    page.get_by_role("link", name="Identity and care").click()
    visitor.see("identity-and-care", "Orlin Thistlewick")
    _correct_identity(visitor)
    _correct_episode(visitor)
    _link(visitor, public_id)
    _allocate(visit("team.manager@bexley.example"), public_id)
    _add(visit("social.worker@bexley.example", scripts=False))


def _correct_identity(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Change sex").click()
    page.get_by_label("Sex").select_option("F")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it is changed")
    visitor.see("identity-refused", "Sex")
    page.get_by_label("Why it is changed").fill("The birth certificate says so.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Sex is saved")).to_be_visible()
    expect(page.locator("#identity-sex")).to_contain_text("Says otherwise")
    page.get_by_role("link", name="Change sex").click()
    visitor.see("identity-typed-over-a-file", "Sex")
    page.get_by_role("link", name="Cancel").click()


def _correct_episode(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Correct 1 February 2026").click()
    page.get_by_label("Legal status").select_option("V2")
    page.get_by_label("Why it is changed").fill("Accommodated first; the order came later.")
    fill_day(page, "dec", date(2026, 2, 20))
    page.get_by_label("Why it ended").select_option("X1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Check this before it is saved")).to_be_visible()
    visitor.see("episode-breaks-a-rule", "Correct an episode")
    page.get_by_label("Yes: keep it although").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#episode-rows")).to_contain_text("Overruled")
    page.get_by_role("link", name="Add an episode").click()
    fill_day(page, "decom", date(2026, 2, 20))
    for label, value in (
        ("What happened that day", "L"),
        ("Legal status", "C1"),
        ("Category of need", "N1"),
        ("Placement", "U6"),
        ("Who provides it", "PR1"),
    ):
        page.get_by_label(label, exact=True).select_option(value)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("An episode is saved")).to_be_visible()
    visitor.see("care-corrected", "Orlin Thistlewick")
    page.get_by_role("link", name="Overview").click()
    expect(page.locator(".app-summary")).to_contain_text("Interim care order (C1)")
    visitor.see("overview-with-disagreements", "Orlin Thistlewick")


def _link(visitor: Any, public_id: str) -> None:
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{public_id}/siblings")
    page.get_by_label("Find a child").fill("Pim")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Pim Thistlewick").check()
    page.get_by_label("How it is known").fill("The same mother, says the court.")
    visitor.see("siblings-found", "Brothers and sisters")
    page.get_by_role("button", name="Link").click()
    expect(page.get_by_text("1 more in this group")).to_be_visible()
    visitor.see("siblings-linked", "Brothers and sisters")


def _allocate(visitor: Any, public_id: str) -> None:
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{public_id}/workers")
    page.get_by_text("Allocate another social worker").click()
    page.locator("#account-worker").select_option(label="Team Manager Of Bexley, Team manager")
    visitor.see("workers", "Who works with them")
    page.get_by_role("button", name="Allocate").first.click()
    expect(page.get_by_text("Social worker is allocated")).to_be_visible()
    expect(page.locator("#past")).to_contain_text("Social Worker Of Bexley")
    visitor.see("workers-after", "Who works with them")


def _add(visitor: Any) -> None:
    """Without scripts."""
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children")
    page.get_by_role("link", name="Add a child").click()
    page.get_by_role("button", name="Add the child").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Local id").fill("0200")
    page.get_by_label("Given name").fill("Baby")
    fill_day(page, "expected", date(2027, 1, 4))
    page.get_by_role("button", name="Add the child").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Baby")
    page.get_by_role("link", name="Identity and care").click()
    page.get_by_role("link", name="Record the birth").click()
    expect(page.get_by_text("The child is expected on 4 January 2027")).to_be_visible()
    fill_day(page, "born", date(2026, 11, 20))
    page.get_by_label("Why it is changed").or_(page.get_by_label("How it is known")).fill("Told")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#identity-expected")).to_contain_text("4 January 2027")
    expect(page.locator("#identity-born")).to_contain_text("20 November 2026")
