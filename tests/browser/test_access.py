"""Access in a browser: an agenda circulated, a record opened for a reason, another one closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from builders.agenda import book, case
from builders.house import House
from playwright.sync_api import Page, expect

Visit = Callable[..., Any]
REASON = "The school rang about tonight."


def test_access_is_given_told_of_and_taken_away(house: House, visit: Visit) -> None:
    child_id, child = house.child("0101", "Tamsel", "Quillfeather")
    house.child("0102", "Bryn", "Nettlewhistle")
    house.account("social.worker", "other@bexley.example", team="Other team")
    meeting_id, meeting = house.meeting(date(2026, 12, 3))
    case_id, _ = case(house, child_id, meeting_id)
    book(house, meeting_id, case_id)
    _circulate(visit, meeting)
    _open_for_a_reason(visit, child)
    _close(visit)
    _look_back(visit, child)


def _circulate(visit: Visit, meeting: str) -> None:
    member = visit("panel.member@bexley.example")
    page: Page = member.page
    page.goto(f"{member.address}/meetings/{meeting}")
    expect(page.get_by_role("main")).to_contain_text("1 other case")
    expect(page.get_by_role("main")).not_to_contain_text("Tamsel")
    administrator = visit("panel.administrator@bexley.example", scripts=False)
    administrator.page.goto(f"{administrator.address}/meetings/{meeting}")
    administrator.page.get_by_role("button", name="Circulate the agenda").click()
    expect(administrator.page.get_by_role("main")).to_contain_text("The agenda is circulated")
    administrator.page.get_by_role("link", name="Tamsel Quillfeather").first.click()
    administrator.page.get_by_label("Invite somebody").select_option(label="Iro Of Bexley, Iro")
    administrator.page.get_by_role("button", name="Invite to this case").click()
    expect(administrator.page.get_by_role("main")).to_contain_text("is invited to this case")
    page.reload()
    page.get_by_role("link", name="Tamsel Quillfeather").first.click()
    member.see("item-of-a-member", "Tamsel Quillfeather")
    page.goto(f"{member.address}/access")
    member.see("who-sees-what", "Who may see what")


def _open_for_a_reason(visit: Visit, child: str) -> None:
    worker = visit("other@bexley.example")
    page: Page = worker.page
    page.goto(f"{worker.address}/children/{child}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("not found")
    page.get_by_role("link", name="Children").first.click()
    page.get_by_role("link", name="Open another child’s record").click()
    page.get_by_label("The child’s local id").fill("0101")
    page.get_by_label("Family name").fill("Nettlewhistle")
    page.get_by_label("Why do you need to see it?").fill(REASON)
    page.get_by_role("button", name="Open the record for one hour").click()
    expect(page.get_by_role("alert").first).to_contain_text("No record can be opened")
    worker.see("reason-refused", "Open another child’s record")
    page.get_by_label("Family name").fill("Quillfeather")
    page.get_by_role("button", name="Open the record for one hour").click()
    worker.see("opened-for-a-reason", "Tamsel Quillfeather")
    manager = visit("team.manager@bexley.example")
    expect(manager.page.get_by_role("main")).to_contain_text(REASON)
    manager.see("manager-is-told", "What needs me")
    manager.page.get_by_role("button", name="Read it, and say so").click()
    manager.see("who-opened", "opened a record of your team")
    manager.page.get_by_role("button", name="I have read this").click()
    expect(manager.page.get_by_role("main")).not_to_contain_text(REASON)
    page.get_by_role("button", name="Close it now").first.click()
    worker.see("closed-again", "Open another child’s record")


def _close(visit: Visit) -> None:
    administrator = visit("authority.administrator@bexley.example")
    page: Page = administrator.page
    page.goto(f"{administrator.address}/closings")
    page.get_by_role("button", name="Close the record").click()
    administrator.see("closing-refused", "Closed records")
    page.get_by_label("The child’s local id").fill("0102")
    page.get_by_label("Restricted").check()
    page.get_by_label("Who may see it?").fill("iro@bexley.example")
    page.get_by_label("Why is it closed?").fill("His uncle works in the Quill team.")
    page.get_by_role("button", name="Close the record").click()
    administrator.see("closed-record", "Closed record 0102")
    page.get_by_role("link", name="Closed records").first.click()
    administrator.see("closed-records", "Closed records")


def _look_back(visit: Visit, child: str) -> None:
    auditor = visit("inspector@bexley.example")
    page: Page = auditor.page
    page.get_by_role("link", name="Audit").click()
    page.get_by_label("Child").fill("0101")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("main")).to_contain_text(REASON)
    auditor.see("audit", "Audit")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take all of it as CSV").click()
    assert taken.value.suggested_filename == "audit.csv"
    page.goto(f"{auditor.address}/children/{child}/looked")
    expect(page.get_by_role("main")).to_contain_text(REASON)
    auditor.see("who-looked", "Who looked at Tamsel Quillfeather")
