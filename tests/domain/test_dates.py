"""Days, working days, periods and ages, against slow and obvious ways of counting them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.dates import Calendar, Period, Unit, age_on, day, london_day, on_day
from core.domain.time_left import time_left, working_days_between

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
BANK_HOLIDAYS = Calendar.without(
    holidays.country_holidays("GB", subdiv="ENG", years=range(2024, 2030))
)
COUNTS = st.integers(0, 40)


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        (datetime(2026, 7, 1, 22, 59), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0), date(2026, 7, 2)),
        (datetime(2026, 1, 1, 23, 59), date(2026, 1, 1)),
        (datetime(2026, 3, 29, 0, 59), date(2026, 3, 29)),
    ],
)
def test_the_day_in_london_of_a_stored_moment(moment: datetime, on: date) -> None:
    assert london_day(moment) == on
    for other in (date(2026, 7, 15), date(2026, 12, 15)):
        assert london_day(on_day(other, moment)) == other


def days_off(start: date, offsets: set[int]) -> Calendar:
    return Calendar.without(start + timedelta(days=offset) for offset in offsets)


OFFSETS = st.sets(st.integers(-120, 120), max_size=25)


def slowly(start: date, count: int, step: int, calendar: Calendar) -> date:
    """Every day in turn, written down where it is worked, until there are enough of them."""
    worked: list[date] = []
    number = 0
    while len(worked) < count:
        number += 1
        on = start + timedelta(days=number * step)
        if on.strftime("%a") not in {"Sat", "Sun"} and on not in calendar.days_off:
            worked.append(on)
    return worked[-1] if worked else start


@given(DAYS, COUNTS, OFFSETS, st.sampled_from([1, -1]))
def test_working_days_are_those_that_one_counts_on_fingers(
    start: date, count: int, offsets: set[int], step: int
) -> None:
    calendar = days_off(start, offsets)
    assert calendar.working_days(start, step * count) == slowly(start, count, step, calendar)


@given(DAYS, st.integers(1, 40), OFFSETS)
def test_the_limit_is_a_working_day_and_the_first_day_is_not_counted(
    start: date, count: int, offsets: set[int]
) -> None:
    calendar = days_off(start, offsets)
    limit = calendar.after(start, Period(count, Unit.WORKING_DAYS))
    assert calendar.is_working_day(limit)
    assert limit > start
    assert working_days_between(start, limit, calendar) == count


@given(DAYS, st.integers(1, 40), OFFSETS)
def test_before_leaves_the_whole_period_and_no_day_more(
    end: date, count: int, offsets: set[int]
) -> None:
    calendar = days_off(end, offsets)
    last = calendar.before(end, Period(count, Unit.WORKING_DAYS))
    between = working_days_between(last, end, calendar) - calendar.is_working_day(end)
    assert between + 1 == count


@given(DAYS, st.integers(1, 200))
def test_weeks_are_seven_days_both_ways(start: date, count: int) -> None:
    weeks = Period(count, Unit.WEEKS)
    days = Period(7 * count, Unit.DAYS)
    assert Calendar().after(start, weeks) == Calendar().after(start, days)
    assert Calendar().before(Calendar().after(start, weeks), weeks) == start


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 31), 4, date(2026, 12, 31)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 15), 4, date(2027, 3, 15)),
    ],
)
def test_months_are_calendar_months_and_end_with_the_month(
    start: date, months: int, end: date
) -> None:
    assert Calendar().after(start, Period(months, Unit.MONTHS)) == end


def test_months_before_end_with_the_month_too() -> None:
    assert Calendar().before(date(2027, 5, 31), Period(3, Unit.MONTHS)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("start", "count", "limit"),
    [
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Christmas, and Boxing Day on the Monday
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # New Year's Day is a Friday
        (date(2027, 3, 25), 2, date(2027, 3, 31)),  # Good Friday and Easter Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # a Saturday is no start of its own
        (date(2026, 11, 23), -3, date(2026, 11, 18)),
        (date(2026, 12, 29), -3, date(2026, 12, 22)),
    ],
)
def test_bank_holidays_and_weekends_are_stepped_over(start: date, count: int, limit: date) -> None:
    assert BANK_HOLIDAYS.working_days(start, count) == limit


def test_no_working_day_at_all_leaves_the_day_itself() -> None:
    assert Calendar().working_days(date(2026, 11, 22), 0) == date(2026, 11, 22)


def test_after_twelve_weeks_is_true_from_day_85() -> None:
    start = date(2026, 9, 1)
    limit = Calendar().after(start, Period(12, Unit.WEEKS))
    assert (limit - start).days == 84


@given(DAYS, DAYS)
def test_an_age_is_the_number_of_birthdays_there_have_been(one: date, other: date) -> None:
    born, on = min(one, other), max(one, other)
    birthdays = 0
    for year in range(born.year + 1, on.year + 1):
        leapling = (born.month, born.day) == (2, 29)
        try:
            birthday = born.replace(year=year)
        except ValueError:
            assert leapling
            birthday = date(year, 3, 1)
        birthdays += birthday <= on
    assert age_on(born, on) == birthdays


def test_a_date_and_a_period_are_said_in_words() -> None:
    assert day(date(2026, 11, 1)) == "1 November 2026"
    assert str(Period(3, Unit.WORKING_DAYS)) == "3 working days"
    assert str(Period(1, Unit.WORKING_DAYS)) == "1 working day"
    assert str(Period(1, Unit.MONTHS)) == "1 month"


@pytest.mark.parametrize(
    ("due", "unit", "said"),
    [
        (date(2026, 12, 23), Unit.WORKING_DAYS, "today"),
        (date(2026, 12, 29), Unit.WORKING_DAYS, "in 2 working days"),
        (date(2026, 12, 22), Unit.WORKING_DAYS, "1 working day ago"),
        (date(2026, 12, 30), Unit.DAYS, "in 7 days"),
        (date(2026, 12, 22), Unit.WEEKS, "1 day ago"),
    ],
)
def test_the_time_left_is_said_in_the_unit_of_the_limit(due: date, unit: Unit, said: str) -> None:
    assert time_left(due, date(2026, 12, 23), unit, BANK_HOLIDAYS) == said


def test_where_no_working_day_lies_between_days_are_counted() -> None:
    saturday, sunday = date(2026, 11, 21), date(2026, 11, 22)
    assert time_left(sunday, saturday, Unit.WORKING_DAYS, BANK_HOLIDAYS) == "in 1 day"
