"""An import in the browser: dropped files, the year confirmed, the changes looked at, applied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from builders.house import House
from builders.uploaded import CHILD, EPISODES, HEADER, OPEN
from playwright.sync_api import expect

WHO = "authority.administrator@bexley.example"
FOLLOWED = 15_000


def written(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def a_return(folder: Path, born: str, status: str) -> list[Path]:
    folder.mkdir()
    ids = ["0101", "0102", "0103"]
    return [
        written(folder, "header.csv", HEADER,
                *(CHILD.replace("0101", i).replace("04/05/2019", born) for i in ids)),
        written(folder, "episodes.csv", EPISODES,
                *(OPEN.replace("0101", i).replace("C1", status) for i in ids)),
        written(folder, "previous_permanence.csv", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
                f"0102,{born},P2,,zz/03/2022"),
    ]  # fmt: skip


def test_files_are_dropped_looked_at_and_applied(
    house: House, visit: Callable[..., Any], tmp_path: Path
) -> None:
    visitor = visit(WHO)
    page = visitor.page
    page.goto(f"{visitor.address}/imports/new")
    visitor.see("imports-new", "Import files")
    for born, status in (("04/05/2019", "C1"), ("05/05/2019", "C2")):
        page.goto(f"{visitor.address}/imports/new")
        page.locator("input[type=file]").set_input_files(a_return(tmp_path / status, born, status))
        expect(page.get_by_text("3 files chosen")).to_be_visible()
        page.get_by_role("button", name="Send the files").click()
        expect(page.get_by_text("Is this right?")).to_be_visible(timeout=FOLLOWED)
        if status == "C2":
            visitor.see("imports-preview", "Import")
            page.get_by_role("link", name="See all changes").click()
            visitor.see("imports-changes", "Changes to children")
            page.get_by_role("link", name="Time in care").click()
            expect(page.get_by_text("header.csv")).to_have_count(0)
            page.go_back()
            page.go_back()
        page.get_by_role("button", name="Yes, 2026 is right").click()
        page.get_by_role("button", name="Apply this import").click()
        expect(page.get_by_text("Applied on")).to_be_visible(timeout=FOLLOWED)
    visitor.see("imports-applied", "Import")


def test_an_import_works_without_a_script(
    house: House, visit: Callable[..., Any], tmp_path: Path
) -> None:
    visitor = visit(WHO, scripts=False)
    page = visitor.page
    page.goto(f"{visitor.address}/imports/new")
    page.get_by_label("Files", exact=True).set_input_files(
        a_return(tmp_path / "once", "04/05/2019", "C1")
    )
    page.get_by_role("button", name="Send the files").click()
    for _ in range(30):
        if page.get_by_role("button", name="Yes, 2026 is right").count():
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="See how far it is now").click()
    page.get_by_role("button", name="Yes, 2026 is right").click()
    expect(page.get_by_role("button", name="Apply this import")).to_be_visible()
