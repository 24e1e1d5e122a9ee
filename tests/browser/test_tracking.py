"""A team manager tracks a plan and answers a suggestion; the service manager reviews the plans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from builders.house import House
from builders.two_weeks import follows_two_weeks, in_care, met, planned, said, step
from builders.with_law import WITH_LAW
from conftest import TODAY, settings
from flask import Flask
from playwright.sync_api import Page, expect

from core.app import create_app
from core.store.database import db

Visit = Callable[..., Any]


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(settings(tmp_path, database_url), WITH_LAW)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def house(app: Flask) -> House:
    return follows_two_weeks(House(app, TODAY))


def test_plans_are_tracked_and_drift_suggests_a_meeting(house: House, visit: Visit) -> None:
    _, child = in_care(house)
    plan = planned(house, child, primary="adoption", contingencies="sgo", approved_on="2026-09-14")
    met(house, child, "2026-09-14")
    step(house, child, plan, "Assess the aunt", "2026-10-01", plan="primary")
    step(house, child, plan, "Begin family finding", "2027-01-11", plan="contingency")
    said(house, child, "care-plan-aim", review_on="2026-09-21", aim="long-term-fostering")
    _, other = in_care(house, "0102", "Bryn", status="C1")
    met(house, other, "2026-11-02")
    db.session.remove()
    manager = visit("team.manager@bexley.example")
    page: Page = manager.page
    main = page.get_by_role("main")
    expect(main).to_contain_text("A further planning meeting is suggested: Orlin Thistlewick")
    expect(main).to_contain_text("Late, and accommodated under section 20: Orlin Thistlewick")
    page.get_by_role("link", name="Plans", exact=True).click()
    expect(main).to_contain_text("The care plan, agreed at the review of 21 September 2026")
    manager.see("tracking", "Plans that are tracked")
    page.get_by_label("Only children under section 20").check()
    page.get_by_role("button", name="Show").press("Enter")
    expect(main).to_contain_text("1 plan")
    expect(main).not_to_contain_text("Bryn")
    page.get_by_role("link", name="Tracked today").press("Enter")
    manager.see("track", "track the plan")
    page.get_by_role("button", name="Record that it was tracked").click()
    expect(page.get_by_role("alert").first).to_contain_text("How the plan stands")
    manager.see("track-refused", "track the plan")
    page.get_by_label("How does the plan stand?").fill("The aunt has not been reached yet")
    page.get_by_role("button", name="Record that it was tracked").press("Enter")
    expect(main).to_contain_text("Tracked 23 November 2026")
    page.goto(f"{manager.address}/children/{child}")
    manager.see("suggested", "Orlin Thistlewick")
    page.get_by_role("link", name="Say why not").first.click()
    manager.see("say-why-not", "Why is no planning meeting needed?")
    _declined(visit("social.worker@bexley.example", scripts=False), child)
    service = visit("service.manager@bexley.example")
    service.page.goto(f"{service.address}/plans")
    expect(service.page.get_by_role("main")).to_contain_text("Last tracked 23 November 2026")
    service.see("plans-to-review", "Plans to review")
    service.page.goto(f"{service.address}/children/{child}/record")
    service.see("steps-of-both-plans", "plan and record")


def _declined(visitor: Any, child: str) -> None:
    """Without a script: the child's page suggests the meeting, and a reason takes it away."""
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{child}")
    expect(page.get_by_role("main")).to_contain_text("A further planning meeting is suggested")
    page.get_by_role("link", name="Say why not").first.click()
    page.get_by_role("button", name="Keep this reason").click()
    expect(page.get_by_role("alert").first).to_contain_text("Say why no planning meeting")
    page.get_by_label("Why not").fill("The aunt is back in May")
    page.get_by_role("button", name="Keep this reason").click()
    expect(page.get_by_text("A further planning meeting is suggested")).to_have_count(0)
