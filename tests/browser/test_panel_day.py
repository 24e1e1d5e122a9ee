"""One case, whole, as each role in turn: a return in, a referral, a panel, and the next panel."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from builders.house import House
from builders.late import Late
from playwright.sync_api import Page, expect

from core.usecases.children import Described, describe_children
from core.worker import now

Visit = Callable[..., Any]
SOUGHT = "We ask the panel to agree that special guardianship is explored & timed."
RATIONALE = "The aunt has come forward; the child cannot wait for a third assessment."
PANEL, NEXT_PANEL = date(2026, 12, 1), date(2026, 12, 15)


def _return(folder: Path) -> list[Path]:
    """A return of two children: one of them with leading zeros, one with a date that is not one."""
    tables = {
        "header.csv": [
            "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
            "00417,F,04/05/2019,WBRI,UN1,,",
            "00418,M,2019-05-04,WBRI,UN1,,",
        ],
        "episodes.csv": [
            "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,"
            "HOME_POST,PL_POST,URN",
            "00417,02/09/2026,S,L2,N1,U6,PR1,10/09/2026,X1,,,,",
            "00417,10/09/2026,L,C1,N1,U6,PR1,,,,,,",
        ],
        "reviews.csv": ["CHILD,DOB,REVIEW,REVIEW_CODE", "00417,04/05/2019,29/09/2026,PN3"],
    }
    for name, lines in tables.items():
        (folder / name).write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    return [folder / name for name in tables]


@pytest.mark.clause("BEX-1.10", "BEX-1.13", "BEX-1.16", "BEX-1.18", "BEX-1.24", "BEX-A.B")
def test_one_case_whole(
    house: House, visit: Visit, move_to: Callable[[date], None], tmp_path: Path
) -> None:
    _import(visit("authority.administrator@bexley.example"), tmp_path)
    _name(house)
    _make_dates(visit("panel.administrator@bexley.example"))
    _refer(visit("social.worker@bexley.example"))
    _accept(visit("panel.chair@bexley.example"))
    move_to(PANEL)
    _hold(visit("panel.administrator@bexley.example"))
    _read(visit("inspector@bexley.example"))
    _do(visit("social.worker@bexley.example"))
    move_to(NEXT_PANEL)
    _come_back(visit("head.of.service@bexley.example"))


def _import(visitor: Any, tmp_path: Path) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Imports").click()
    page.get_by_role("button", name="Import files").click()
    visitor.see("import-new", "Import files")
    page.locator("input[type=file]").set_input_files(_return(tmp_path))
    page.get_by_role("button", name="Send the files").click()
    page.get_by_role("button", name="Yes, 2027 is right").click(timeout=20_000)
    expect(page.get_by_role("button", name="Apply this import")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("main")).to_contain_text("header.csv")
    visitor.see("import-preview", "Import")
    page.get_by_role("button", name="Apply this import").click()
    expect(page.get_by_role("main")).to_contain_text("Applied on", timeout=20_000)
    visitor.see("import-applied", "Import")
    page.get_by_role("link", name="See the children").click()
    expect(page.get_by_role("main")).to_contain_text("00417")
    visitor.see("register", "Children")


def _name(house: House) -> None:
    """Names and allocations, which no return carries."""
    describe_children(
        house.whole,
        [
            Described(
                "00417", "Tamsel", "Quillfeather", "Quill team", "Care service",
                {"worker": house.accounts["social.worker"], "iro": house.accounts["iro"]},
                date(2026, 9, 1),
            )
        ],
        now(),
    )  # fmt: skip


def _make_dates(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Meetings").click()
    page.get_by_role("button", name="Make dates").click()
    for name, on in (("first", PANEL), ("until", date(2027, 2, 1))):
        for part in ("day", "month", "year"):
            page.locator(f"#{name}-{part}").fill(str(getattr(on, part)))
    page.get_by_label("Time of day").fill("10:00")
    page.get_by_label("Place").fill("Room 3")
    page.get_by_role("button", name="See the dates first").click()
    page.get_by_role("button", name="Make these dates").click()
    expect(page.get_by_role("main")).to_contain_text("15 December 2026")
    visitor.see("meetings", "Meetings")


def _refer(visitor: Any) -> None:
    page: Page = visitor.page
    visitor.see("home-empty", "What needs me")
    page.get_by_role("link", name="Children").first.click()
    page.get_by_role("link", name=re.compile("Tamsel")).click()
    expect(page.get_by_role("main")).to_contain_text("Interim care order")
    visitor.see("child", "Tamsel Quillfeather")
    page.get_by_role("button", name=re.compile("Refer")).click()
    visitor.see("referral-begun", "Permanence Panel Referral")
    _choose(page, "Which meeting?", "1 December 2026")
    expect(page.locator("#meeting-said")).to_contain_text("Saved at")
    expect(page.get_by_role("main")).to_contain_text("26 November 2026")
    page.get_by_role("button", name="Submit the referral").click()
    expect(page.get_by_role("alert").first).to_contain_text("criterion")
    visitor.see("referral-refused", "Permanence Panel Referral")
    page.get_by_label(re.compile("subject of care proceedings")).check()
    page.get_by_role("group", name=re.compile("family network meeting")).get_by_label("No").check()
    page.get_by_role("group", name=re.compile("safety plan")).get_by_label("Yes").check()
    page.get_by_label(re.compile("please explain why")).fill("It is booked for next week.")
    page.get_by_label(re.compile("What recommendations or decisions")).fill(SOUGHT)
    page.get_by_role("button", name="Submit the referral").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case of Tamsel Quillfeather")
    expect(page.get_by_role("main")).to_contain_text(SOUGHT)
    visitor.see("case-submitted", "Case of Tamsel Quillfeather")


def _choose(page: Page, label: str, words: str) -> None:
    """Choose the option that has these words."""
    choice = page.get_by_label(label)
    value = choice.locator("option").filter(has_text=words).first.get_attribute("value")
    choice.select_option(value)


def _accept(visitor: Any) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text("Tamsel Quillfeather")
    visitor.see("home-chair", "What needs me")
    page.get_by_role("button", name="Decide on it").click()
    page.get_by_role("button", name="Accept onto the agenda").click()
    expect(page.get_by_role("main")).to_contain_text("On the agenda")
    visitor.see("case-accepted", "Case of Tamsel Quillfeather")


def _hold(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Meetings").click()
    page.get_by_role("link", name=re.compile("1 December 2026")).click()
    page.get_by_role("button", name="Circulate the agenda").click()
    expect(page.get_by_role("main")).to_contain_text("Circulated 1 December 2026")
    visitor.see("meeting-before", "Tuesday 1 December 2026")
    expect(page.get_by_role("main")).to_contain_text("Not quorate")
    for post in ("chair", "adoption", "fostering"):
        page.locator(f"#present-{post}").click()
        expect(page.locator(f"#present-{post}")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("main")).not_to_contain_text("Not quorate")
    page.get_by_role("button", name="Read to the meeting").click()
    expect(page.get_by_role("main")).to_contain_text("Read at")
    visitor.see("meeting-open", "Tuesday 1 December 2026")
    page.get_by_role("link", name="Tamsel Quillfeather").first.click()
    visitor.see("item", "Tamsel Quillfeather")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("alert").first).to_contain_text("Choose at least one outcome")
    visitor.see("item-refused", "Tamsel Quillfeather")
    page.get_by_label(re.compile("Multi-agency care planning review meeting")).check()
    _owner(page)
    page.get_by_label("Rationale").fill(RATIONALE)
    late = Late(page, "**/field?**")
    for part, value in (("day", "15"), ("month", "12"), ("year", "2026")):
        page.locator(f"#return-by-{part}").fill(value)
    late.wait()
    page.get_by_role("button", name="Record the decision").click()  # while a box still saves
    late.answer()
    expect(page.get_by_role("main")).to_contain_text("15 December 2026")
    expect(page.get_by_role("button", name="Record the decision")).to_have_count(0)
    visitor.see("item-recorded", "Tamsel Quillfeather")
    _documents(page)


def _owner(page: Page) -> None:
    row = "outcome-care-planning-review.owner"
    choice = page.locator(f'select[name="{row}"]')
    value = choice.locator("option").filter(has_text="Social Worker").first.get_attribute("value")
    choice.select_option(value)


def _taken(page: Page, link: Any) -> docx.document.Document:
    with page.expect_download() as taken:
        link.click()
    assert "Quillfeather" not in taken.value.suggested_filename
    return docx.Document(io.BytesIO(Path(taken.value.path()).read_bytes()))


def _words(document: Any) -> str:
    cells = (c.text for t in document.tables for r in t.rows for c in r.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def _documents(page: Page) -> None:
    part_b = _words(_taken(page, page.get_by_role("link", name=re.compile("Part B|Word")).first))
    for words in ("Tamsel Quillfeather", RATIONALE, "Care plan review meeting", "15 December 2026"):
        assert words in part_b
    page.get_by_role("link", name="Back to the meeting").click()
    minutes = _words(_taken(page, page.get_by_role("link", name=re.compile("minutes", re.I)).first))
    for words in (
        "Panel Chair Of Bexley",
        SOUGHT,
        RATIONALE,
        "statement",
        "Social Worker Of Bexley",
    ):
        assert words in minutes
    page.get_by_role("button", name="Close the meeting").click()
    expect(page.get_by_role("main")).to_contain_text("Closed")


def _read(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Meetings").click()
    page.get_by_role("link", name=re.compile("1 December 2026")).click()
    expect(page.get_by_role("button", name="Close the meeting")).to_have_count(0)
    visitor.see("meeting-closed", "Tuesday 1 December 2026")


def _do(visitor: Any) -> None:
    page: Page = visitor.page
    expect(page.get_by_role("main")).to_contain_text("care planning review meeting")
    visitor.see("home-action", "What needs me")
    page.get_by_role("link", name="Actions", exact=True).click()
    visitor.see("actions", "Actions")
    page.get_by_role("link", name=re.compile("care planning review meeting")).click()
    page.get_by_label("How it stands").fill("The school and the health visitor have said yes.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("The school and the health visitor")
    visitor.see("action", "care planning review meeting")


def _come_back(visitor: Any) -> None:
    page: Page = visitor.page
    page.get_by_role("link", name="Meetings").click()
    page.get_by_role("link", name=re.compile("15 December 2026")).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Review of previous recommendations and decisions")
    expect(main).to_contain_text("Returns by 15 December 2026")
    expect(main).to_contain_text("Hold a multi-agency care planning review meeting")
    expect(main).to_contain_text("The school and the health visitor have said yes.")
    visitor.see("next-panel", "Tuesday 15 December 2026")
