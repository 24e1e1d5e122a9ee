"""The days that a schedule gives, against counting through every day; and what a shape may be."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.procedure.schedule import NTH, Pattern, Schedule

DAYS = st.dates(date(2019, 1, 1), date(2033, 12, 31))
LENGTHS = st.integers(-3, 900)
WEEKDAYS = st.one_of(st.none(), st.integers(0, 6))


def every_day(first: date, until: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((until - first).days + 1)]


@given(DAYS, LENGTHS, st.integers(1, 52), WEEKDAYS)
def test_every_so_many_weeks_is_what_counting_day_by_day_gives(
    first: date, length: int, weeks: int, weekday: int | None
) -> None:
    until = first + timedelta(days=length)
    wanted, counted = first.weekday() if weekday is None else weekday, -1
    expected = []
    for on in every_day(first, until):
        if on.weekday() == wanted:
            counted += 1
            if counted % weeks == 0:
                expected.append(on)
    assert list(Pattern(weeks, (), weekday).days(first, until)) == expected


def is_nth(on: date, nth: int) -> bool:
    """Whether a day is the nth of its weekday in its month, by looking at the whole month."""
    length = monthrange(on.year, on.month)[1]
    same = [n for n in range(1, length + 1) if on.replace(day=n).weekday() == on.weekday()]
    place = same.index(on.day)
    return place == len(same) - 1 if nth == -1 else place == nth - 1


@given(DAYS, LENGTHS, st.sets(st.sampled_from(sorted(NTH)), min_size=1), WEEKDAYS)
def test_the_nth_weekdays_are_what_looking_at_each_month_gives(
    first: date, length: int, nth: set[int], weekday: int | None
) -> None:
    until = first + timedelta(days=length)
    wanted = first.weekday() if weekday is None else weekday
    expected = [
        on
        for on in every_day(first, until)
        if on.weekday() == wanted and any(is_nth(on, one) for one in nth)
    ]
    assert list(Pattern(0, tuple(sorted(nth)), weekday).days(first, until)) == expected


def test_a_month_without_a_fifth_friday_has_no_such_day_and_its_last_is_the_fourth() -> None:
    fifth = Pattern(nth=(5,), weekday=4)
    assert list(fifth.days(date(2027, 1, 1), date(2027, 3, 31))) == [date(2027, 1, 29)]
    last = Pattern(nth=(-1,), weekday=4)
    assert list(last.days(date(2027, 1, 1), date(2027, 3, 31))) == [
        date(2027, 1, 29),
        date(2027, 2, 26),
        date(2027, 3, 26),
    ]
    both = Pattern(nth=(4, -1), weekday=4)
    assert len(list(both.days(date(2027, 2, 1), date(2027, 2, 28)))) == 1


@pytest.mark.parametrize(
    ("weeks", "nth", "weekday"),
    [(0, (), 1), (2, (1,), 1), (-1, (), 1), (53, (), 1), (0, (6,), 1), (0, (0,), 1), (1, (), 7)],
)
def test_a_shape_that_cannot_be_is_refused_when_it_is_declared(
    weeks: int, nth: tuple[int, ...], weekday: int
) -> None:
    with pytest.raises(ValueError):
        Pattern(weeks, nth, weekday)


def test_a_schedule_that_lays_no_days_down_has_no_pattern_and_says_so() -> None:
    none = Schedule(code="panel-days", clauses=("TOY-1",), place="The Old Mill")
    assert none.pattern is None
    with pytest.raises(ValueError):
        Schedule(code="panel-days", clauses=("TOY-1",), every_weeks=1, nth=(1,))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (Pattern(1, weekday=3), "every week on a Thursday"),
        (Pattern(2), "every 2 weeks"),
        (Pattern(nth=(1, 3), weekday=1), "1st and 3rd Tuesday of each month"),
        (Pattern(nth=(-1,), weekday=4), "last Friday of each month"),
        (Pattern(nth=(2,)), "2nd such weekday of each month"),
    ],
)
def test_how_it_is_said(pattern: Pattern, words: str) -> None:
    assert pattern.words == words
