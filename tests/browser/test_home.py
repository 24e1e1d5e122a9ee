"""The first page of each role in a browser: what waits, one kind of it, where its links lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from builders.agenda import case
from builders.house import House
from playwright.sync_api import expect

from core.store.database import db, writing
from core.store.tables import DeadlineRow

ROLES = (
    "social.worker",
    "team.manager",
    "panel.administrator",
    "panel.chair",
    "authority.administrator",
    "inspector",
)


def fill(house: House) -> None:
    """A draft, a referral for the chair, minutes to ratify, and dates late, today and unknown."""
    house.meeting(date(2026, 11, 19), "closed", circulated=True)
    meeting_id, _ = house.meeting()
    child_id, _ = house.child()
    other_id, _ = house.child("0102", "Ada", "Quillfeather")
    case(house, child_id, meeting_id, "draft")
    case(house, other_id, meeting_id, "submitted")
    with writing():
        for child, code, due in (
            (child_id, "first-ppm", house.today - timedelta(days=3)),
            (other_id, "first-ppm", house.today),
            (other_id, "plan-agreed", None),
        ):
            db.session.execute(
                sa.insert(DeadlineRow).values(
                    authority_id=house.authority_id,
                    child_id=child,
                    procedure_code=house.code,
                    procedure_edition="",
                    code=code,
                    due=due,
                    soon_on=due,
                    why="4 weeks from becoming looked after",
                    missing="" if due else "no review is recorded",
                )
            )


def test_the_first_page_of_each_role(house: House, visit: Callable[..., Any]) -> None:
    fill(house)
    for role in ROLES:
        visitor = visit(f"{role}@bexley.example")
        visitor.page.goto(visitor.address)
        visitor.see(role, "What needs me")
    expect(visitor.page.get_by_text("Nothing waits for you today.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_one_kind_of_what_waits(house: House, visit: Callable[..., Any], scripts: bool) -> None:
    fill(house)
    visitor = visit("social.worker@bexley.example", scripts=scripts)
    page = visitor.page
    page.goto(visitor.address)
    expect(page.get_by_role("heading", name="Finish the referral")).to_be_visible()
    page.get_by_role("link", name="Dates").click()
    expect(page.get_by_role("heading", name="Finish the referral")).to_have_count(0)
    assert page.url.endswith("/?kind=dates")
    headings = page.get_by_role("heading", level=2)
    expect(headings.filter(has_text="Late")).to_be_visible()
    expect(headings.filter(has_text="Today")).to_be_visible()
    page.get_by_role("button", name="Enter what is missing").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ada Quillfeather")
