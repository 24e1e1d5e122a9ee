"""What follows a planning meeting, and the team's report to the panel, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders.elsewhere import NAMED
from builders.house import AT, House
from builders.planned_meetings import held
from conftest import TODAY, settings
from flask import Flask
from playwright.sync_api import Page, expect

from core.app import create_app
from core.store.database import db
from core.usecases import record_new

Visit = Callable[..., Any]


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(settings(tmp_path, database_url), NAMED)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def house(app: Flask) -> House:
    """An authority that follows the two-week standard, with its circulation."""
    return House(app, TODAY, "SOM", "somerset")


@contextmanager
def downloaded(page: Page, link: str) -> Iterator[Path]:
    with page.expect_download() as begun:
        page.get_by_role("link", name=link).click()
    yield Path(begun.value.path())


def test_the_record_is_filed_and_sent_and_the_team_reported(house: House, visit: Visit) -> None:
    _, child = house.child()
    plan = {"primary": "return-home", "contingencies": "adoption", "identified_on": "2026-11-02"}
    record_new.add(house.scope("social.worker"), child, "plan", plan, AT)
    key = "PPM2/permanence-planning-meeting"
    meeting = held(house, child, date(2026, 11, 19), AT, key=key)
    db.session.remove()
    worker = visit("social.worker@somerset.example")
    page: Page = worker.page
    main = page.get_by_role("main")
    expect(main).to_contain_text("Put on file the record of the planning meeting")
    page.get_by_role("button", name="Tick it there").first.press("Enter")
    worker.see("afterwards", "Afterwards")
    with downloaded(page, "Download the record of this meeting") as file:
        assert file.read_bytes()[:2] == b"PK"
    page.get_by_role("button", name="Tick: it is on file").click()
    expect(page.get_by_role("alert").first).to_contain_text("Enter the day")
    worker.see("afterwards-refused", "Afterwards")
    boxes = page.get_by_role("group", name="Filed on")
    for part, text in (("Day", "20"), ("Month", "11"), ("Year", "2026")):
        boxes.get_by_label(part).fill(text)
    page.get_by_role("button", name="Tick: it is on file").press("Enter")
    expect(main).to_contain_text("ticked by Social Worker Of Somerset")
    page.locator("#copy-reviewing-officer").get_by_role("button", name="in the app").click()
    expect(page.locator("#copy-reviewing-officer")).to_contain_text("in the app, on 23 November")
    page.goto(f"{worker.address}/children/{child}/planning")
    with downloaded(page, "Download the running record") as file:
        assert file.read_bytes()[:2] == b"PK"
    plain = visit("social.worker@somerset.example", scripts=False)
    plain.page.goto(f"{plain.address}/planning-meetings/{meeting}/afterwards")
    copy = plain.page.locator("#copy-team-manager")
    copy.get_by_role("button", name="in the app").click()
    expect(plain.page.locator("#copy-team-manager")).to_contain_text("Sent")
    manager = visit("team.manager@somerset.example")
    page = manager.page
    page.get_by_role("link", name="Panel reports").click()
    manager.see("panel-reports", "Reports to the tracking panel")
    page.get_by_label("Team", exact=True).select_option(label="Quill team")
    page.get_by_role("button", name="Make the report").press("Enter")
    expect(page.get_by_role("main")).to_contain_text(
        "Plan: Return to parents; contingency: Adoption"
    )
    manager.see("panel-report-made", "Reports to the tracking panel")
    for link in ("Download the report", "Download the spreadsheet"):
        with downloaded(page, link) as file:
            assert file.read_bytes()[:2] == b"PK"
