"""A case that goes to other meetings and comes back: who is out of it, and who was let back in."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from builders.agenda import AT, book, case
from builders.house import House
from builders.sitting import who

from core.domain.meeting import Person
from core.registry import Registry
from core.store import cases, items, meetings, withdrawals
from core.store.database import db, writing
from core.store.tables import Booking, Meeting, Withdrawal
from core.usecases import cancelling, changed
from core.usecases.cancelling import Cancel
from core.usecases.tabling import table_case
from core.usecases.withdrawing import come_back, withdraw

ADMIN, CHAIR, MEMBER, WORKER = (
    "panel.administrator", "panel.chair", "panel.member", "social.worker",
)  # fmt: skip
DAYS = {"B": date(2026, 12, 3), "C": date(2026, 12, 10), "D": date(2026, 12, 17)}


def registry(house: House) -> Registry:
    return house.app.extensions["permanence"].registry


@pytest.fixture
def panel(house: House) -> SimpleNamespace:
    """Three meetings to come, B, C and D, and a case on the agenda of the first."""
    made = {name: house.meeting(on, circulated=True) for name, on in DAYS.items()}
    child_id, _ = house.child("0101", "Ada", "Q")
    case_id, public_id = case(house, child_id, made["B"][0])
    book(house, made["B"][0], case_id)
    return SimpleNamespace(
        ids={name: ids[0] for name, ids in made.items()},
        at={name: ids[1] for name, ids in made.items()},
        case_id=case_id,
        case=public_id,
    )


def item(panel: SimpleNamespace) -> str:
    """The item of the case that is to be heard."""
    found = db.session.execute(
        sa.select(Booking.public_id).where(
            Booking.case_id == panel.case_id, Booking.state == "booked"
        )
    ).scalar_one()
    db.session.rollback()
    return str(found)


def sees(house: House, panel: SimpleNamespace, role: str = MEMBER) -> tuple[bool, bool]:
    """Whether somebody sees the item, and the case with its papers."""
    scope = house.scope(role)
    found = (
        items.find(scope, item(panel)) is not None,
        cases.case_by_public_id(scope, panel.case) is not None,
    )
    db.session.rollback()
    return found


def table(house: House, panel: SimpleNamespace, to: str) -> None:
    table_case(house.scope(ADMIN), registry(house), item(panel), panel.at[to], "No time.", AT)


def cancel(house: House, panel: SimpleNamespace, name: str, to: str) -> None:
    """Cancel a meeting; its case goes to another."""
    scope, wanted = house.scope(ADMIN), Cancel("The chair is on a jury.", to)
    seen = cancelling.preview(scope, registry(house), panel.at[name], wanted).mark
    db.session.rollback()
    cancelling.cancel_meeting(scope, registry(house), panel.at[name], wanted, seen, AT)


def out(house: House, panel: SimpleNamespace, role: str = MEMBER) -> None:
    named = who(house, role)
    scope = house.scope(ADMIN)
    withdraw(scope, registry(house), item(panel), named, False, "I know the family.", AT)


def back(house: House, panel: SimpleNamespace) -> None:
    """Let whoever is out of the item that is to be heard come back to it."""
    gone = db.session.execute(
        sa.select(Withdrawal.public_id)
        .join(Booking, Booking.id == Withdrawal.booking_id)
        .where(Booking.public_id == item(panel), Withdrawal.ended_at.is_(None))
    ).scalar_one()
    db.session.rollback()
    come_back(house.scope(ADMIN), registry(house), item(panel), gone, AT)


def test_a_withdrawal_follows_a_case_on_from_an_agenda_to_which_it_came_back(
    house: House, panel: SimpleNamespace
) -> None:
    table(house, panel, "C")
    cancel(house, panel, "C", panel.at["B"])
    assert sees(house, panel) == (True, True)
    out(house, panel)
    assert sees(house, panel) == (False, False)
    table(house, panel, "D")
    assert sees(house, panel) == (False, False)
    back(house, panel)
    assert sees(house, panel) == (True, True)


def test_who_withdrew_at_a_cancelled_meeting_is_let_back_in_at_an_earlier_one(
    house: House, panel: SimpleNamespace
) -> None:
    table(house, panel, "C")
    out(house, panel)
    cancel(house, panel, "C", panel.at["B"])
    assert sees(house, panel) == (False, False)
    back(house, panel)
    assert sees(house, panel) == (True, True)


def test_who_is_let_back_in_sees_the_case_where_the_days_of_the_meetings_changed_places(
    house: House, panel: SimpleNamespace
) -> None:
    out(house, panel)
    table(house, panel, "D")
    with writing():
        meetings.change(house.whole, panel.ids["D"], {"held_on": date(2026, 12, 1)})
    assert sees(house, panel) == (False, False)
    back(house, panel)
    assert sees(house, panel) == (True, True)


def test_a_case_that_a_cancelled_meeting_left_waiting_is_not_seen_by_who_withdrew_there(
    house: House, panel: SimpleNamespace
) -> None:
    out(house, panel, CHAIR)
    cancel(house, panel, "B", cancelling.WAIT)
    assert cases.case_by_public_id(house.scope(CHAIR), panel.case) is None
    db.session.rollback()
    assert cases.case_by_public_id(house.scope("head.of.service"), panel.case) is not None
    db.session.rollback()


def test_who_was_let_back_in_stays_so_where_the_case_returns_to_an_agenda_they_had_left(
    house: House, panel: SimpleNamespace
) -> None:
    out(house, panel)
    table(house, panel, "C")
    back(house, panel)
    assert sees(house, panel) == (True, True)
    cancel(house, panel, "C", panel.at["B"])
    assert sees(house, panel) == (True, True)
    ended = db.session.execute(sa.select(Withdrawal.ended_at, Withdrawal.ended_by)).all()
    db.session.rollback()
    assert [tuple(one) for one in ended] == [(AT, house.accounts[ADMIN])] * 2


def test_the_bookings_of_a_case_are_numbered_in_the_order_in_which_they_were_made(
    house: House, panel: SimpleNamespace
) -> None:
    table(house, panel, "C")
    cancel(house, panel, "C", panel.at["B"])
    table(house, panel, "D")
    rows = db.session.execute(
        sa.select(Meeting.public_id, Booking.turn)
        .join(Meeting, Meeting.id == Booking.meeting_id)
        .where(Booking.case_id == panel.case_id)
    ).all()
    db.session.rollback()
    assert dict(tuple(row) for row in rows) == {
        panel.at["B"]: 3, panel.at["C"]: 2, panel.at["D"]: 4,
    }  # fmt: skip


def told(house: House, panel: SimpleNamespace, role: str) -> list[tuple[list[str], int]]:
    """Of each change of the first meeting the cases of which somebody reads, and how many not."""
    found = changed.of_meeting(house.scope(role), panel.at["B"])
    db.session.rollback()
    return [([one.public_id for one in change.cases], change.hidden) for change in found]


@pytest.mark.parametrize("left", ["B", "C"])
def test_a_worker_who_withdrew_keeps_the_case_and_reads_nothing_of_the_item_among_the_changes(
    house: House, panel: SimpleNamespace, left: str
) -> None:
    cancel(house, panel, "B", panel.at["C"])
    assert told(house, panel, WORKER) == [([panel.case], 0)]
    booking_id = db.session.execute(
        sa.select(Booking.id).where(Booking.meeting_id == panel.ids[left])
    ).scalar_one()
    db.session.rollback()
    with writing():
        person = Person("The worker", house.accounts[WORKER])
        withdrawals.insert(house.scope(ADMIN), booking_id, person, False, "", AT)
    assert cases.case_by_public_id(house.scope(WORKER), panel.case) is not None
    assert told(house, panel, WORKER) == [([], 1)]
    assert told(house, panel, ADMIN) == [([panel.case], 0)]
