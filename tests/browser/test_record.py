"""A child's record in a browser: a plan weighed, a disagreement settled; without a script too."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from playwright.sync_api import Page, expect

from core.store import record_stated
from core.store.database import db, writing
from core.store.record_stated import StatedRow
from core.store.tables import ImportFile, ImportRun
from core.usecases.record_new import add


def put_beside(house: House, child_id: int) -> None:
    """A tracker says otherwise than was typed of a legal gateway meeting and of the plan."""
    own = {"authority_id": house.authority_id}
    with writing():
        run = db.session.execute(
            sa.insert(ImportRun)
            .values(**own, state="applied", asked_at=AT, changed_at=AT, counts={})
            .returning(ImportRun.id)
        ).scalar_one()
        file = db.session.execute(
            sa.insert(ImportFile)
            .values(**own, run_id=run, name="tracker 2026-10.csv", size=1)
            .returning(ImportFile.id)
        ).scalar_one()
        said = (
            ("gateway", "held_on", "2026-10-03"),
            ("gateway", "determination", "s20"),
            ("plan", "primary", "adoption"),
        )
        record_stated.put(
            house.whole,
            [
                StatedRow(child_id, kind, "", field, value, "tracker", date(2026, 10, 31), file, 14)
                for kind, field, value in said
            ],
            AT,
        )


@pytest.mark.parametrize("scripts", [True, False])
def test_the_record_of_a_child(house: House, visit: Callable[..., Any], scripts: bool) -> None:
    child_id, child = house.child()
    scope = house.scope("social.worker")
    lgm = {"held_on": "2026-10-03", "meeting": "lgm", "determination": "issue"}
    add(scope, child, "gateway", lgm, AT)
    words = {"whose": "child", "said_on": "2026-10-20", "how": "told", "words": "I like it here."}
    add(scope, child, "view", words, AT)
    aunt = {"name": "Perpetua Thistlewick", "relation": "Aunt", "phone": "020 7946 0000"}
    add(scope, child, "contact", aunt, AT)
    put_beside(house, child_id)
    visitor = visit("social.worker@bexley.example", scripts=scripts)
    page: Page = visitor.page
    main = page.get_by_role("main")
    page.goto(f"{visitor.address}/children/{child}")
    page.get_by_role("link", name="Plan and record").first.click()
    page.get_by_role("button", name="Record a new plan").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Primary plan: choose an answer").first).to_be_visible()
    if scripts:
        visitor.see("plan-to-mend", "Add a plan")
    page.get_by_label("Primary plan").select_option(label="Special guardianship order")
    page.get_by_label("Child arrangements order", exact=True).check()
    page.get_by_label("Agreed", exact=True).check()
    for group, day in (("Identified on", "1"), ("Agreed on", "3")):
        box = page.get_by_role("group", name=group)
        for part, value in (("Day", day), ("Month", "10"), ("Year", "2026")):
            box.get_by_label(part).fill(value)
    page.get_by_label("Agreed by").fill("The permanence panel")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The plan before it is kept").first).to_be_visible()
    expect(main).to_contain_text(
        re.compile("tracker 2026-10.csv of 31 October 2026 says otherwise")
    )
    page.get_by_role("link", name="Add an option considered").click()
    page.get_by_label("Option", exact=True).select_option(label="Adoption")
    page.get_by_label("Ruled out").check()
    page.get_by_label("Why").fill("She lives with her aunt, who has asked to be her guardian.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add a step of the primary plan").click()
    page.get_by_label("What", exact=True).fill("Assess the aunt as special guardian")
    page.get_by_role("button", name="Save").click()
    expect(main).to_contain_text("Assess the aunt as special guardian")
    if scripts:
        visitor.see("record", "plan and record")
    page.get_by_role("link", name=re.compile("Use what the file says.*What it determined")).click()
    page.get_by_label("Why is the file right?").fill("The minutes of the meeting say section 20.")
    if scripts:
        visitor.see("file-says", "use what the file says")
    page.get_by_role("button", name="Use what the file says").click()
    expect(main).to_contain_text("Taken back")
    if scripts:
        visitor.see("history", "3 October 2026")
    page.get_by_role("link", name="Take out of the record").click()
    page.get_by_label("Why is it taken out?").fill("It was her brother's.")
    page.get_by_role("button", name="Take out of the record").click()
    page.get_by_role("button", name="Put back into the record").click()
    page.get_by_role("button", name="Correct", exact=True).click()
    page.get_by_label("Threshold not met").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Say why").first).to_be_visible()
    if scripts:
        visitor.see("correction", "Correct a legal gateway")
    page.get_by_label("Why is it changed?").fill("The minutes were corrected.")
    page.get_by_role("button", name="Save").click()
    expect(main).to_contain_text("The minutes were corrected.")
