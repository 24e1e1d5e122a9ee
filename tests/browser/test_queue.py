"""A full agenda: who waits, a place that frees, a child who has left care, and starting again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from builders.house import House
from builders.referred import accepted, full, needs_the_panel, submitted, typed_care
from playwright.sync_api import Page, expect

from core.store.database import db

Visit = Callable[..., Any]
LATE = datetime(2026, 11, 23, 23, 59)
CHAIR, WORKER = "panel.chair@bexley.example", "social.worker@bexley.example"


@pytest.mark.clause("BEX-1.13")
def test_queue(house: House, visit: Visit) -> None:
    _, meeting = house.meeting(date(2026, 12, 3))
    house.meeting(date(2026, 12, 17))
    full(house, meeting)
    _, child = house.child("0801", "Wren", "Fogbottom")
    needs_the_panel(house, child)
    submitted(house, meeting, child)
    db.session.remove()
    _accept(visit(CHAIR))
    accepted(house, meeting, house.child("0802", "Xanthe", "Fogbottom")[1], at=LATE)
    db.session.remove()
    _wait(visit(WORKER), meeting)
    _make_room(visit(CHAIR), meeting)
    _start_again(visit(WORKER))


def _accept(visitor: Any) -> None:
    page: Page = visitor.page
    visitor.see("home-chair-before-the-queue", "What needs me")
    page.get_by_text("Decide on it: Accept, return or defer").click()
    expect(page.get_by_role("main")).to_contain_text("5 of 5 cases are booked")
    visitor.see("case-before-the-queue", "Case of Wren Fogbottom")
    page.get_by_role("button", name="Accept into the queue").click()
    expect(page.get_by_role("main")).to_contain_text("It is first in the queue")
    visitor.see("case-in-the-queue", "Case of Wren Fogbottom")


def _wait(visitor: Any, meeting: str) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text("Wren Fogbottom waits for a place")
    visitor.see("home-referrer-in-the-queue", "What needs me")
    page.goto(f"{visitor.address}/meetings")
    expect(page.get_by_role("main")).to_contain_text("If it waits for 17 December 2026")
    visitor.see("calendar-with-a-queue", "Meetings")
    page.get_by_role("link", name="2 wait for a place").click()
    expect(page.get_by_role("heading", name="Permanence Panel, 3 Dec")).to_be_in_viewport()
    page.goto(f"{visitor.address}/meetings/{meeting}")
    expect(page.get_by_role("button", name=re.compile("Put it on the agenda"))).to_have_count(0)


def _make_room(visitor: Any, meeting: str) -> None:
    page: Page = visitor.page
    visitor.see("home-chair-with-a-queue", "What needs me")
    page.goto(f"{visitor.address}/meetings/{meeting}")
    page.get_by_role("link", name="Booked0 Farthingale").click()
    page.get_by_role("button", name="Withdraw the case").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it is withdrawn")
    visitor.see("item-withdrawn-without-a-reason", "Booked0 Farthingale")
    page.get_by_label("Why is it withdrawn?").fill("She has gone to live with her father")
    page.get_by_role("button", name="Withdraw the case").click()
    expect(page.get_by_role("main")).to_contain_text("She has gone to live with her father")
    visitor.see("item-withdrawn", "Booked0 Farthingale")
    page.get_by_role("link", name="Back to the meeting").click()
    expect(page.get_by_role("main")).to_contain_text("A place is free.")
    visitor.see("meeting-with-a-free-place", "Permanence Panel")
    page.get_by_role("button", name=re.compile("Put it on the agenda.*Wren Fogbottom")).click()
    expect(page.get_by_role("main")).to_contain_text("From the queue onto the agenda, as case 5")
    expect(page.get_by_role("main")).not_to_contain_text("A place is free.")
    visitor.see("meeting-after-the-place-is-given", "Permanence Panel")


def _start_again(visitor: Any) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text("She has gone to live with her father")
    visitor.see("home-referrer-withdrawn", "What needs me")
    page.get_by_role("button", name=re.compile("Read it, or start again")).click()
    visitor.see("case-withdrawn", "Case of Booked0 Farthingale")
    page.get_by_role("button", name="Start again from this").click()
    expect(page.get_by_label("What recommendations")).to_have_value("That the plan is agreed")


def test_child_who_has_left_care(house: House, visit: Visit) -> None:
    _, meeting = house.meeting(date(2026, 12, 3))
    _, first = house.child("0101", "Orlin", sibling_group="T", born=date(2008, 12, 1))
    _, second = house.child("0102", "Perrin", sibling_group="T")
    accepted(house, meeting, first, second, all_the_same="His sister is heard with him")
    typed_care(house, second, date(2025, 6, 2), date(2026, 11, 20), "E4A")
    db.session.remove()
    visitor = visit(CHAIR)
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text("Is Perrin Thistlewick still heard")
    visitor.see("home-child-who-left-care", "What needs me")
    page.goto(f"{visitor.address}/meetings/{meeting}")
    expect(page.get_by_role("main")).to_contain_text("His sister is heard with him")
    visitor.see("meeting-child-who-left-care", "Permanence Panel")
    page.get_by_role("link", name="Orlin Thistlewick, Perrin Thistlewick").click()
    visitor.see("item-child-who-left-care", "Orlin Thistlewick, Perrin Thistlewick")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_contain_text("Say whether the child is heard")
    visitor.see("item-child-undecided", "Orlin Thistlewick, Perrin Thistlewick")
    page.get_by_label("Withdraw the child").check()
    asked = page.get_by_role("region", name="Is Perrin Thistlewick still heard?")
    asked.get_by_label("Why?").fill("At home with her mother")
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("main")).to_contain_text("At home with her mother")
    visitor.see("item-child-withdrawn", "Orlin Thistlewick")
