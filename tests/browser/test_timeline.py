"""A child is referred to another body, its answer recorded, and both are on the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.with_law import returned, with_law
from flask import Flask
from playwright.sync_api import expect
from pypdf import PdfReader

from core.store.database import db, writing
from core.store.tables import PeriodOfCare, Placement, Review


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    for made in with_law(tmp_path, database_url):
        made.config["WTF_CSRF_ENABLED"] = True
        yield made


def test_a_referral_its_answer_and_the_timeline(house: House, visit: Callable[..., Any]) -> None:
    _, child = house.child(became_looked_after=None)
    returned(house, "01/10/2026", reviews=("26/10/2026",))
    visitor = visit("social.worker@bexley.example")
    page = visitor.page
    page.goto(f"{visitor.address}/children/{child}")
    page.get_by_role("link", name="Refer to another body").click()
    page.get_by_label("Resource and Care panel").check()
    page.get_by_role("button", name="Refer", exact=True).click()
    expect(page.get_by_role("alert").get_by_text("Enter what is asked of them")).to_be_visible()
    visitor.see("refer-on", "Refer to another body")
    page.get_by_label("What is asked of them").fill("Fund the placement")
    page.get_by_role("button", name="Refer", exact=True).click()
    expect(page.get_by_text("It is referred")).to_be_visible()
    page.get_by_role("link", name="With whom", exact=True).click()
    visitor.see("with-whom", "What is with whom")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    when = page.get_by_role("group", name="When was it answered?")
    for box, typed in (("Day", "23"), ("Month", "11"), ("Year", "2026")):
        when.get_by_label(box).fill(typed)
    page.get_by_label("Agreed", exact=True).check()
    page.get_by_label("What was said").fill("Funded to the age of 18")
    page.get_by_role("button", name="Save the answer").click()
    expect(page.get_by_text("the record has a decision of another body")).to_be_visible()
    visitor.see("answered", "Referral to Resource and Care panel")

    page.goto(f"{visitor.address}/children/{child}")
    page.get_by_role("link", name="Timeline", exact=True).click()
    picture = page.get_by_role("img", name="Timeline of Orlin Thistlewick")
    expect(picture).to_be_visible()
    asked = page.locator(".app-picture__asked text").bounding_box()
    months = page.locator("svg.app-picture__svg > text")
    boxes = [months.nth(n).bounding_box() for n in range(months.count())]
    for box in boxes:
        across = box["x"] < asked["x"] + asked["width"] and asked["x"] < box["x"] + box["width"]
        down = box["y"] < asked["y"] + asked["height"] and asked["y"] < box["y"] + box["height"]
        assert not (across and down), box
    line = page.get_by_role("row").filter(has_text="With the Resource and Care panel; answered")
    expect(line).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Resource panel: Agreed.")).to_be_visible()
    region = page.get_by_role("region", name="Picture of the timeline")
    region.focus()
    expect(region).to_be_focused()
    visitor.see("timeline", "Orlin Thistlewick: timeline")


def long_life(house: House, child_id: int) -> None:
    """Eleven years in care, with forty placements and a review each half year."""
    own = {"authority_id": house.authority_id, "child_id": child_id}
    start = date(2015, 10, 5)
    with writing():
        db.session.execute(
            sa.insert(PeriodOfCare).values(
                **own, start=start, start_known=False, end_reason="", short_breaks=False
            )
        )
        for number in range(40):
            begun = start + timedelta(days=100 * number)
            db.session.execute(
                sa.insert(Placement).values(
                    **own, code="U6", provider="PR1", start=begun, start_known=number > 0,
                    end=begun + timedelta(days=100) if number < 39 else None, temporary=False,
                )
            )  # fmt: skip
        for number in range(20):
            held = start + timedelta(days=180 * number)
            db.session.execute(sa.insert(Review).values(**own, held_on=held, code="PN1"))


def test_a_long_life_on_paper_and_on_a_phone(house: House, visit: Callable[..., Any]) -> None:
    child_id, child = house.child(became_looked_after=None)
    long_life(house, child_id)
    visitor = visit("social.worker@bexley.example")
    page = visitor.page
    page.goto(f"{visitor.address}/children/{child}/timeline")
    printed = PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    first, second = (sheet.extract_text() for sheet in printed.pages[:2])
    assert "Orlin Thistlewick: timeline" in first and "Review held" in first
    assert "start" in first and "not known" in first and "In words" not in first
    assert second.lstrip().startswith("In words")
    box = printed.pages[0].mediabox
    assert box.width > box.height and len(printed.pages) <= 6
    page.set_viewport_size({"width": 390, "height": 844})
    region = page.get_by_role("region", name="Picture of the timeline")
    there = "e => [e.scrollWidth - e.clientWidth, Math.abs(e.scrollLeft)]"
    wide, left = region.evaluate(there)
    assert wide > 0 and left == 0
    region.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "() => document.querySelector('.app-picture').scrollLeft !== 0", timeout=5_000
    )
    visitor.see("timeline-long", "Orlin Thistlewick: timeline")
