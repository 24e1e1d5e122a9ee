"""The day of a late action is moved: how far at most, and who hears of it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.disputed import DUE, go_through, late_action, registry
from builders.house import AT, House

from core.domain.action import move_findings
from core.domain.dates import Period, Unit
from core.store.calendars import calendar_for
from core.store.database import db
from core.store.tables import Account, Escalation, Message
from core.usecases import action as doing
from core.usecases import escalating

FRIDAY, TO = date(2026, 11, 27), date(2026, 12, 11)


def told(house: House) -> dict[str, str]:
    """The message that the day was moved, by the name of whom it is for."""
    rows = db.session.execute(
        sa.select(Account.name, Message.body)
        .join(Account, Account.id == Message.account_id)
        .where(Message.kind == "action")
    ).all()
    db.session.rollback()
    found = {name.partition(" Of ")[0]: body for name, body in rows}
    assert len(found) == len(rows), "one message each"
    return found


def test_who_was_told_and_has_not_answered_hears_that_the_day_was_moved_and_by_whom(
    house: House,
) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, FRIDAY)
    head = house.scope("panel.administrator")
    doing.move(head, registry(house), action, TO, "Orlin Thistlewick is ill", 1, AT)
    found = told(house)
    assert sorted(found) == ["Service Manager", "Social Worker", "Team Manager"]
    words = found["Service Manager"]
    assert "It is due on 11 December 2026 now; it was due on 20 November 2026." in words
    assert f"{head.name} moved the day; why is on its page." in words
    assert f"/actions/{action}" in words
    assert "It had come to you" not in found["Social Worker"], "its owner is told as before"
    assert all("Thistlewick" not in body and "ill" not in body for body in found.values())


def test_who_answered_and_who_moved_it_are_not_told(house: House) -> None:
    child, _ = house.child()
    action = late_action(house, child)
    go_through(house, FRIDAY)
    at_stage = sa.select(Escalation.public_id).where(Escalation.stage == "service-manager")
    stage = db.session.scalar(at_stage)
    db.session.rollback()
    escalating.answer(house.scope("service.manager"), action, stage or "", "I shall see", AT)
    doing.move(house.scope("team.manager"), registry(house), action, TO, "Ill", 1, AT)
    assert sorted(told(house)) == ["Social Worker"]


@pytest.mark.parametrize(
    ("to", "within", "said"),
    [
        (date(2027, 2, 16), None, ""),
        (date(2027, 2, 17), None, "16 February 2027 or earlier: 60 working days (set here"),
        (date(2027, 2, 17), Period(10, Unit.WORKING_DAYS), "16 February 2027 or earlier"),
        (date(2027, 5, 19), Period(6, Unit.MONTHS), ""),
        (date(2027, 5, 20), Period(6, Unit.MONTHS), "19 May 2027 or earlier: 6 months from today"),
    ],
)
def test_a_day_is_moved_so_far_at_most_or_as_far_as_the_procedure_gives(
    to: date, within: Period | None, said: str
) -> None:
    found = move_findings(to, "", DUE, date(2026, 11, 19), calendar_for([DUE]), within)
    assert said in (found[0].message if found else "")
    assert bool(found) is bool(said)
