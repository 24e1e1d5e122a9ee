"""The last migration, down and up again with rows in the tables: nothing that was said is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from builders.agenda import book, case
from builders.house import House
from builders.reckoned import with_the_law
from flask_migrate import downgrade, upgrade

from core.store.database import db, writing
from core.store.tables import Authority, Booking, DeadlineEarlier, DeadlineRow, PeriodOfCare

AT = datetime(2026, 11, 20, 9, 0)
PERIODS = (date(2024, 1, 8), date(2026, 10, 8))


@pytest.fixture
def rows(house: House) -> Iterator[House]:
    """A child twice in care, with an earlier value of each period and of a case, on two agendas."""
    with_the_law(house)
    child, _ = house.child(became_looked_after=PERIODS[1])
    (first, _), (second, _) = house.meeting(), house.meeting(date(2026, 12, 15))
    case_id, _ = case(house, child, first)
    of_child = {"authority_id": house.authority_id, "child_id": child}
    said = {**of_child, "procedure_code": "STAT", "code": "review-1", "run": 1}
    with writing():
        for start, end in zip(PERIODS, (PERIODS[0] + timedelta(90), None), strict=True):
            period = {**of_child, "start": start, "start_known": True, "end": end}
            db.session.execute(sa.insert(PeriodOfCare).values(**period, end_reason=""))
        for period, due in zip((*PERIODS, None), (1, 2, 3), strict=True):
            db.session.execute(
                sa.insert(DeadlineEarlier).values(
                    **said,
                    period=period,
                    case_id=None if period else case_id,
                    due=date(2026, 1, due),
                    replaced_at=AT,
                )
            )
        long = {"procedure_edition": "", "spell": 1, "instead_of": "BEX-1.4.b, " * 60}
        db.session.execute(sa.insert(DeadlineRow).values(**said, **long))
    book(house, first, case_id)
    book(house, second, case_id, 2)
    with writing():
        # It went on to the second meeting, and came back to the first.
        db.session.execute(
            sa.update(Booking).where(Booking.meeting_id == second).values(state="tabled", turn=1)
        )
        db.session.execute(sa.update(Booking).where(Booking.meeting_id == first).values(turn=2))
    yield house
    db.session.rollback()
    upgrade()  # Also where the test failed half way: others use the same database.


def told() -> tuple[list[Any], list[Any], date | None]:
    """The earlier values with their periods, the turns of the bookings, and since when."""
    earlier = db.session.execute(
        sa.select(DeadlineEarlier.due, DeadlineEarlier.period, DeadlineEarlier.case_id).order_by(
            DeadlineEarlier.due
        )
    ).all()
    turns = db.session.execute(sa.select(Booking.state, Booking.turn).order_by(Booking.turn)).all()
    since = db.session.scalar(sa.select(Authority.kept_since).where(Authority.code == "BEX"))
    db.session.rollback()
    return list(earlier), list(turns), since


def test_down_and_up_again_everything_is_as_it_was(rows: House) -> None:
    earlier, turns, _ = told()
    assert [period for _, period, _ in earlier] == [*PERIODS, None]
    assert list(turns) == [("tabled", 1), ("booked", 2)]
    set_up = db.session.scalar(sa.text("SELECT min(at) FROM audit WHERE subject = 'authority'"))
    db.session.rollback()
    downgrade(revision="0006")
    spells = (
        db.session.execute(sa.text("SELECT spell FROM deadline_earlier ORDER BY due"))
        .scalars()
        .all()
    )
    longest = db.session.scalar(sa.text("SELECT max(length(instead_of)) FROM deadline"))
    db.session.rollback()
    assert (spells, longest) == ([1, 2, 0], 400)
    upgrade()
    assert told()[:2] == (earlier, turns)
    assert str(told()[2]) == str(set_up)[:10]
