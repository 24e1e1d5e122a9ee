"""A refused message is found on the first page and stopped; what went out is read in full."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from builders.house import AT, House
from builders.mail import queue
from playwright.sync_api import expect

from core import sender, worker
from core.store.database import db, writing
from core.store.tables import Message


def test_messages(house: House, visit: Callable) -> None:  # type: ignore[type-arg]
    _, meeting = house.meeting(date(2026, 12, 3))
    settings = house.app.extensions["permanence"].settings
    worker.follow_notices(settings)
    # The thread beside looks at the meetings once at its start, and then in a quarter of a minute.
    sender.follow_meetings(house.app, worker.now(settings))
    queue(house, "Papers are late", role="iro")
    with writing():
        db.session.execute(
            sa.update(Message)
            .where(Message.key == "Papers are late")
            .values(state="failed", fault="address", failed_at=AT, tries=1, said="550 No such user")
        )
    visitor = visit("panel.administrator@bexley.example")
    page = visitor.page
    need = page.get_by_role("listitem").filter(has_text="1 message could not be sent")
    need.get_by_role("button").click()
    visitor.see("list", "What went out")
    page.get_by_role("link", name="Papers are late").click()
    expect(page.locator("#to-do")).to_contain_text("The authority administrator mends it at People")
    visitor.see("refused", "Papers are late")
    page.get_by_text("Stop this message").click()
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why it is not to be sent")
    visitor.see("why", "Papers are late")
    page.get_by_label("Why is it not to be sent?").fill("I rang them")
    page.get_by_role("button", name="Stop it").click()
    expect(page.locator("main")).to_contain_text("Not sent: I rang them")

    page.goto(f"{visitor.address}/outbox?list=sent")
    page.get_by_role("link", name="Invitation: Permanence Panel, 3 December 2026").first.click()
    page.get_by_text("Its invitation, as calendars read it").click()
    expect(page.locator("#calendar")).to_contain_text("METHOD:REQUEST")
    visitor.see("invitation", "Invitation: Permanence Panel, 3 December 2026")
    page.goto(f"{visitor.address}/meetings/{meeting}")
    page.get_by_text("Told: who, when and what").click()
    expect(page.locator("#told")).to_contain_text("Legal Of Bexley")
    visitor.see("told", "Permanence Panel")
