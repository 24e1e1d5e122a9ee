"""A case list and a tracker in the browser: looked at, applied, and what people find of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from builders.house import House
from builders.imports import numbered
from playwright.sync_api import expect

from core.imports import templates

FOLLOWED = 15_000


def test_a_case_list_and_a_tracker_come_in_and_their_owner_does_an_action(
    house: House, visit: Callable[..., Any], tmp_path: Path
) -> None:
    numbered(house)
    paths = []
    for name in ("case-list", "tracker"):
        text = templates.example(name, "csv").decode("utf-8-sig").replace("S1042", "S1")
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text(text.replace("perrin.oakshade@authority.example", ""))
    visitor = visit("authority.administrator@bexley.example")
    page = visitor.page
    page.goto(f"{visitor.address}/imports/new")
    page.locator("input[type=file]").set_input_files(paths)
    page.get_by_role("button", name="Send the files").click()
    expect(page.get_by_role("button", name="Apply this import")).to_be_visible(timeout=FOLLOWED)
    expect(page.get_by_text("Collection year")).to_have_count(0)
    visitor.see("lists-preview", "Import")
    page.get_by_role("button", name="Apply this import").click()
    expect(page.get_by_text("Applied on")).to_be_visible(timeout=FOLLOWED)
    visitor.see("lists-applied", "Import")

    worker = visit("social.worker@bexley.example")
    page = worker.page
    page.goto(f"{worker.address}/actions")
    expect(page.get_by_text("from a tracker").first).to_be_visible()
    worker.see("lists-actions", "Actions")
    page.get_by_role("link", name="Update the life story book").click()
    worker.see("lists-action", "Update the life story book")
    page.get_by_label("How it stands").fill("A letter is written")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The progress is noted")).to_be_visible()
    page.get_by_role("link", name="Orlin Thistlewick").click()
    worker.see("lists-child", "Orlin Thistlewick")
    expect(page.get_by_text("Update the life story book").first).to_be_visible()
