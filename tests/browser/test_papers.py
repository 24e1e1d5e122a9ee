"""Papers dropped onto a child's page, taken, given a new version and taken out; also unscripted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from builders.files import PDF, PROGRAM, word
from builders.house import House
from playwright.sync_api import Page, expect

#: What a person does who drags files onto the field: the browser hands them over as dropped.
DROP = """([field, files]) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) carried.items.add(new File([text], name));
  const over = { bubbles: true, cancelable: true, dataTransfer: carried };
  field.dispatchEvent(new DragEvent('drop', over));
}"""


@pytest.mark.parametrize("scripts", [True, False])
def test_papers(house: House, visit: Callable[..., Any], tmp_path: Path, scripts: bool) -> None:
    _, child = house.child()
    visitor = visit("social.worker@bexley.example", scripts=scripts)
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{child}")
    page.get_by_role("link", name="Papers").first.click()
    if scripts:
        visitor.see("empty", "Orlin Thistlewick")
        field = page.locator("button.govuk-file-upload-button")
        dropped = [["Court report.pdf", PDF.decode()], ["Note.txt", "We met."]]
        page.evaluate(DROP, [field.element_handle(), dropped])
        expect(page.get_by_role("button", name=re.compile("2 files chosen"))).to_be_visible()
    else:
        give(page, tmp_path, "Court report.pdf", PDF)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("added")
    give(page, tmp_path, "Letter.docx", PROGRAM)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Letter.docx is a program")
    if scripts:
        visitor.see("refused", "Orlin Thistlewick")
        expect(page).to_have_title(re.compile("^Error: Papers"))
    page.goto(f"{visitor.address}/children/{child}/papers")
    page.get_by_label("Or a link to it").fill("https://cases.example/paper/12")
    page.get_by_label("Title").fill("Genogram")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name="Genogram", exact=True)).to_be_visible()
    expect(page.get_by_text("At cases.example")).to_be_visible()
    if scripts:
        visitor.see("list", "Orlin Thistlewick")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download Court report")).click()
    assert Path(download.value.path()).read_bytes() == PDF
    page.get_by_role("link", name="Court report", exact=True).click()
    expect(page.get_by_role("button", name="Add this version")).to_be_visible()
    if scripts:
        page.evaluate(DROP, [field.element_handle(), dropped])
        said = re.compile(r"^\s*Error: Only one file is taken")
        expect(page.locator(".govuk-error-message")).to_have_text(said)
    give(page, tmp_path, "Court report final.docx", word())
    page.get_by_role("button", name="Add this version").click()
    expect(page.get_by_role("alert")).to_contain_text("Version 2 was added")
    if scripts:
        visitor.see("paper", "Court report")
    page.get_by_text("Take this paper out").click()
    page.get_by_label("Why is it taken out?").fill("It is another child's.")
    page.get_by_role("button", name="Take it out").click()
    expect(page.get_by_text("It is kept, and not given out.")).to_be_visible()
    if scripts:
        visitor.see("taken-out", "Court report")
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_role("link", name=re.compile("version 1"))).to_be_visible()


def give(page: Page, folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.write_bytes(content)
    page.locator("input[type=file]").set_input_files(path)


def test_what_is_too_large_in_all_is_said_beside_the_files(
    house: House, visit: Callable[..., Any], tmp_path: Path
) -> None:
    parts = house.app.extensions["permanence"]
    small = replace(parts, settings=replace(parts.settings, paper_most_mebibytes=1))
    house.app.extensions["permanence"] = small
    _, child = house.child()
    visitor = visit("social.worker@bexley.example")
    page: Page = visitor.page
    page.goto(f"{visitor.address}/children/{child}/papers")
    give(page, tmp_path, "Scan.pdf", PDF + b" " * 9_000_000)
    page.get_by_role("button", name="Add", exact=True).click()
    beside = page.locator(".govuk-form-group .govuk-error-message")
    expect(beside).to_have_text(re.compile(r"^\s*Error: \S"))
    expect(beside).to_contain_text("each may have 1 MB, and all that are sent at once 4 MB")
    expect(beside).to_contain_text("add a link to a large one")
    visitor.faults.clear()  # the browser itself notes the answer as one
    visitor.see("too-large", "Orlin Thistlewick")
