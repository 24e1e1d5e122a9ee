"""Days off that an authority adds: counted, audited, refused where they are off already."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from builders.house import AT, House
from builders.queries import counted

from core.domain.dates import Period, Unit
from core.domain.finding import Refused
from core.store import days_off as kept
from core.store.calendars import calendar_for, calendar_of, named_bank_holidays
from core.store.database import db
from core.store.tables import AuditRow, DeadlineMark
from core.usecases import days_off
from core.usecases.days_off import NoSuchDayOff

ROLE = "panel.administrator"
CLOSED = date(2026, 12, 29)  # a Tuesday between Christmas and the new year
THREE = Period(3, Unit.WORKING_DAYS)


def found(house: House, on: date | None, title: str = "Offices closed") -> dict[str | None, str]:
    with pytest.raises(Refused) as refused:
        days_off.add(house.scope(ROLE), on, title, AT)
    return {finding.field: finding.message for finding in refused.value.findings}


def the_id(house: House) -> str:
    (row,) = kept.between(house.scope(ROLE), CLOSED, CLOSED)
    return row.public_id


def test_a_day_off_counts_in_the_authoritys_calendar_and_in_no_others(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    before = date(2027, 1, 4)
    assert calendar_of(house.whole, (before,)).before(before, THREE) == date(2026, 12, 29)
    days_off.add(house.scope(ROLE), CLOSED, "Offices closed", AT)
    assert calendar_of(house.whole, (before,)).before(before, THREE) == date(2026, 12, 24)
    assert calendar_of(other.whole, (before,)).before(before, THREE) == date(2026, 12, 29)
    assert calendar_for((before,)).is_working_day(CLOSED)


def test_the_calendar_of_an_authority_takes_one_query(house: House) -> None:
    days_off.add(house.scope(ROLE), CLOSED, "Offices closed", AT)
    scope = house.scope(ROLE)
    asked = counted(lambda: calendar_of(scope, (CLOSED, date(2028, 1, 1))))
    assert asked == counted(lambda: kept.standing(scope))


def test_adding_one_marks_every_child_and_is_audited(house: House) -> None:
    child_id, _ = house.child()
    days_off.add(house.scope(ROLE), CLOSED, "  Offices   closed ", AT)
    assert list(db.session.scalars(sa.select(DeadlineMark.child_id))) == [child_id]
    row = db.session.scalars(sa.select(AuditRow).where(AuditRow.subject == "day off")).one()
    assert (row.did, row.account_id) == ("add", house.accounts[ROLE])
    assert row.after == {"on": "2026-12-29", "title": "Offices closed"}


def test_one_taken_out_is_a_working_day_again_and_stays_on_record(house: House) -> None:
    days_off.add(house.scope(ROLE), CLOSED, "Offices closed", AT)
    days_off.take_out(house.scope(ROLE), the_id(house), AT)
    assert calendar_of(house.whole, (CLOSED,)).is_working_day(CLOSED)
    (row,) = kept.between(house.scope(ROLE), CLOSED, CLOSED)
    assert (row.taken_out_at, row.taken_out_by) == (AT, "Panel Administrator Of Bexley")
    days_off.add(house.scope(ROLE), CLOSED, "Closed after all", AT)
    assert not calendar_of(house.whole, (CLOSED,)).is_working_day(CLOSED)


def test_one_is_taken_out_once_and_by_its_own_authority(house: House) -> None:
    days_off.add(house.scope(ROLE), CLOSED, "Offices closed", AT)
    public_id = the_id(house)
    other = House(house.app, house.today, "TOY", "toyshire")
    with pytest.raises(NoSuchDayOff):
        days_off.take_out(other.scope(ROLE), public_id, AT)
    days_off.take_out(house.scope(ROLE), public_id, AT)
    with pytest.raises(NoSuchDayOff):
        days_off.take_out(house.scope(ROLE), public_id, AT)


def test_a_day_is_added_once(house: House) -> None:
    days_off.add(house.scope(ROLE), CLOSED, "Offices closed", AT)
    assert found(house, CLOSED) == {"on": "29 December 2026 is a day off already"}


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 12, 25), "25 December 2026 is a bank holiday (Christmas Day)"),
        (date(2026, 12, 28), "is a bank holiday"),
        (date(2026, 12, 26), "Saturday 26 December 2026 is at a weekend"),
        (date(2025, 11, 20), "Enter a day of the past year, or one to come"),
        (date(2032, 1, 5), "Enter a day of the next five years"),
        (None, "Enter the day"),
    ],
)
def test_a_day_that_cannot_be_added_says_why(house: House, on: date | None, said: str) -> None:
    assert said in found(house, on)["on"]


@pytest.mark.parametrize("title", ["", "   ", "w" * 201, "Closed\x07"])
def test_a_day_has_a_title(house: House, title: str) -> None:
    assert set(found(house, CLOSED, title)) == {"title"}


def test_the_one_off_holidays_are_there() -> None:
    assert named_bank_holidays(2022)[date(2022, 9, 19)] == "State Funeral of Queen Elizabeth II"
    assert date(2022, 6, 3) in named_bank_holidays(2022)
    assert date(2023, 5, 8) in named_bank_holidays(2023)
    assert date(2020, 5, 8) in named_bank_holidays(2020)
    assert date(2020, 5, 4) not in named_bank_holidays(2020)
