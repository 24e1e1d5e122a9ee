"""Limit days against a second, slow way of counting them, and a chain against a walk by days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from builders import slowly
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.domain.courses import birthday
from core.domain.dated import Course, Dated
from core.domain.dates import Calendar, Period, Unit, age_on
from core.domain.due import Due, State
from core.domain.procedure.schedule import WEEKDAYS
from core.domain.procedure.timetable import Deadline, Direction, Run
from core.domain.reckoning import due_from, reckon
from core.store.calendars import bank_holidays, calendar_for

FIRST, LAST = date(2019, 1, 1), date(2028, 12, 31)
DAYS = st.dates(FIRST, LAST)
OFFSETS = st.sets(st.integers(-200, 200), max_size=20)
PERIODS = st.one_of(
    st.builds(Period, st.integers(1, 60), st.just(Unit.WORKING_DAYS)),
    st.builds(Period, st.integers(1, 200), st.just(Unit.DAYS)),
    st.builds(Period, st.integers(1, 60), st.just(Unit.WEEKS)),
    st.builds(Period, st.integers(1, 30), st.just(Unit.MONTHS)),
)
SIGNS = st.sampled_from([1, -1])
ANNOUNCED = {on for year in slowly.BANK_HOLIDAYS for on in slowly.announced(year)}


def rule(**more: object) -> Deadline:
    plain = {"code": "toy-x", "clauses": ("TOY-3",), "anchor": "x", "anchor_words": "the day"}
    return Deadline(**plain | more)  # type: ignore[arg-type]


def directed(period: Period | None, sign: int, **more: object) -> Deadline:
    return rule(period=period, direction=Direction.AFTER if sign > 0 else Direction.BEFORE, **more)


@pytest.mark.parametrize("year", slowly.BANK_HOLIDAYS)
def test_the_bank_holidays_are_those_that_were_announced(year: int) -> None:
    assert {on for on in bank_holidays(year) if on.weekday() < 5} == slowly.announced(year)


@given(DAYS, PERIODS, SIGNS)
@example(date(2020, 5, 1), Period(3, Unit.WORKING_DAYS), 1)  # VE Day instead of the first Monday
@example(date(2022, 5, 31), Period(2, Unit.WORKING_DAYS), 1)  # two days of jubilee
@example(date(2022, 9, 16), Period(1, Unit.WORKING_DAYS), 1)  # the funeral of the Queen
@example(date(2023, 5, 9), Period(1, Unit.WORKING_DAYS), -1)  # the coronation
@example(date(2020, 12, 28), Period(1, Unit.WORKING_DAYS), -1)  # Boxing Day on a Saturday
@example(date(2021, 12, 24), Period(1, Unit.WORKING_DAYS), 1)  # Christmas on a Saturday
@example(date(2022, 12, 23), Period(2, Unit.WORKING_DAYS), 1)  # and on a Sunday
@example(date(2026, 8, 31), Period(6, Unit.MONTHS), 1)  # the last day of February
@example(date(2028, 2, 29), Period(12, Unit.MONTHS), -1)
@example(date(2026, 11, 30), Period(3, Unit.MONTHS), 1)
def test_a_limit_day_is_what_counting_on_a_calendar_gives(
    anchor: date, period: Period, sign: int
) -> None:
    due = due_from(directed(period, sign), anchor, calendar_for((FIRST, LAST)))
    assert due.due == slowly.limit(anchor, period, sign, ANNOUNCED)
    assert due.anchor_date == anchor


@given(DAYS, PERIODS, SIGNS, OFFSETS)
def test_days_that_are_added_are_left_out_like_bank_holidays(
    anchor: date, period: Period, sign: int, offsets: set[int]
) -> None:
    off = {anchor + timedelta(days=offset) for offset in offsets}
    due = due_from(directed(period, sign), anchor, Calendar.without(off))
    assert due.due == slowly.limit(anchor, period, sign, off)


@given(DAYS, st.none() | PERIODS, st.integers(0, 6), OFFSETS)
@example(date(2027, 1, 2), None, 4, set())  # the Friday before is New Year's Day
@example(date(2026, 12, 29), None, 4, set())  # Christmas Day on a Friday
def test_a_weekday_before_is_looked_for_backwards_and_rolls_back(
    anchor: date, period: Period | None, weekday: int, offsets: set[int]
) -> None:
    off = ANNOUNCED | {anchor + timedelta(days=offset) for offset in offsets}
    due = due_from(directed(period, -1, weekday=weekday), anchor, Calendar.without(off))
    end = slowly.limit(anchor, period, -1, off) if period else anchor
    assert due.due == slowly.weekday_before(end, WEEKDAYS[weekday], off)


@given(DAYS)
def test_without_a_period_it_is_the_day_before_or_the_day_itself(anchor: date) -> None:
    assert due_from(directed(None, -1), anchor, Calendar()).due == anchor - slowly.ONE_DAY
    assert due_from(directed(None, 1), anchor, Calendar()).due == anchor


CLOCK_CHANGES = st.sampled_from(
    [datetime(year, month, 31, 1) for year in range(2020, 2029) for month in (3, 10)]
)
MOMENTS = st.one_of(
    st.datetimes(datetime(2019, 1, 1), datetime(2028, 12, 31)),
    st.builds(lambda at, hours: at - timedelta(hours=hours), CLOCK_CHANGES, st.integers(0, 240)),
)


@given(MOMENTS, st.integers(1, 400), SIGNS)
@example(datetime(2026, 3, 28, 10, 0), 48, 1)  # a night of 23 hours
@example(datetime(2026, 10, 24, 9, 0), 48, 1)  # and one of 25
@example(datetime(2026, 10, 25, 0, 30), 1, 1)  # half past one comes twice
def test_hours_go_by_one_after_the_other_also_when_the_clocks_change(
    start: datetime, count: int, sign: int
) -> None:
    wall = slowly.on_the_wall(start)
    course = Course(events={"x": (Dated(wall.date(), start),)})
    (due,) = reckon(directed(Period(count, Unit.HOURS), sign), course, Calendar(), lambda _: None)
    limit = slowly.hours(start, count, sign)
    assert due.due_at == limit
    shown = slowly.on_the_wall(limit)
    assert due.due == shown.date()
    assert f"at {wall:%H:%M} on" in due.reason and due.reason.endswith(f"which is {shown:%H:%M}")


def test_hours_from_a_day_without_a_time_are_not_known() -> None:
    due = due_from(rule(period=Period(48, Unit.HOURS)), date(2026, 3, 28), Calendar())
    assert due.due is None and due.missing == "the time of the day is not known"
    assert due.anchor_date == date(2026, 3, 28)


@settings(max_examples=60)
@given(st.dates(date(1999, 1, 1), date(2012, 12, 31)), st.integers(0, 18))
@example(date(2008, 2, 29), 18)
@example(date(2008, 2, 29), 16)
def test_a_birthday_is_when_one_is_so_old_and_not_the_day_before(born: date, age: int) -> None:
    turns = birthday(born, age)
    assert turns == slowly.birthday(born, age)
    assert age_on(born, turns) == age
    assert age == 0 or age_on(born, turns - slowly.ONE_DAY) == age - 1


BY_AGE = ((5, Period(6, Unit.MONTHS)), (None, Period(12, Unit.MONTHS)))


@settings(max_examples=60)
@given(st.dates(date(2015, 1, 1), date(2020, 12, 31)), st.integers(-400, 3_000))
@example(date(2020, 2, 29), 366 + 4 * 365)  # five on 1 March 2025
@example(date(2020, 2, 29), 365 + 4 * 365)
def test_a_period_by_age_is_that_of_the_age_on_the_anchors_day(born: date, days: int) -> None:
    anchor = born + timedelta(days=days)
    course = Course(born=born, events={"x": (Dated(anchor),)})
    (due,) = reckon(rule(by_age=BY_AGE), course, Calendar(), lambda _: None)
    months = 6 if anchor < slowly.birthday(born, 5) else 12
    assert due.due == slowly.limit(anchor, Period(months, Unit.MONTHS), 1)


@given(DAYS, PERIODS, st.lists(st.tuples(PERIODS, SIGNS, st.none() | DAYS), max_size=4))
def test_the_earliest_of_several_is_the_least_of_those_that_are_known(
    anchor: date, period: Period, more: list[tuple[Period, int, date | None]]
) -> None:
    events = {"x": (Dated(anchor),)}
    runs, days = [], [slowly.limit(anchor, period, 1)]
    for number, (length, sign, on) in enumerate(more):
        name = f"y{number}"
        way = Direction.AFTER if sign > 0 else Direction.BEFORE
        runs.append(Run(anchor=name, anchor_words=name, period=length, direction=way))
        if on is not None:
            events[name] = (Dated(on),)
            days.append(slowly.limit(on, length, sign))
    unknown = {f"y{n}": f"y{n} is not known" for n, (_, _, on) in enumerate(more) if on is None}
    course = Course(events=events, unknown=unknown)
    earliest = rule(period=period, or_earlier=tuple(runs))
    due = reckon(earliest, course, Calendar(), lambda _: None)[0]
    assert due.due == min(days)
    assert due.ruled_on == anchor  # the edition is that of its own anchor's day
    assert all(words in due.reason for words in unknown.values())


EVENTS = st.lists(DAYS, max_size=8, unique=True).map(sorted)
NEXT = Period(6, Unit.MONTHS)


def walked(
    start: date, period: Period, met: Collection[date], stop: date | None, until: date
) -> list[tuple[date, date, date | None, date | None]]:
    """A clock that is wound up anew whenever it is met, watched day by day."""
    found, anchor, on = [], start, start
    if stop is not None and start > stop:
        return []
    while on < until:
        on += slowly.ONE_DAY
        over = stop is not None and on > stop
        if on in met and not over:
            found.append((anchor, slowly.limit(anchor, period, 1), on, None))
            anchor, period = on, NEXT
    return [*found, (anchor, slowly.limit(anchor, period, 1), None, stop)]


@settings(max_examples=60)
@given(DAYS, EVENTS, st.none() | DAYS)
def test_what_repeats_runs_from_when_it_was_met_and_not_beyond_its_stop(
    start: date, met: list[date], stop: date | None
) -> None:
    chained = rule(period=Period(3, Unit.MONTHS), then=(NEXT,), met_by=("y",), until=("z",))
    events = {"x": (Dated(start),), "y": tuple(map(Dated, met))}
    if stop is not None:
        events["z"] = (Dated(stop),)
    if stop is not None and stop < start:
        stop = None  # what ended before it began does not stop it
    found = reckon(chained, Course(events=events), Calendar(), lambda _: None)
    assert [(d.anchor_date, d.due, d.met_on, d.stopped_on) for d in found] == walked(
        start, Period(3, Unit.MONTHS), met, stop, LAST
    )
    assert [due.run for due in found] == list(range(1, len(found) + 1))
    assert all(stop is None or due.anchor_date <= stop for due in found if due.anchor_date)


@settings(max_examples=60)
@given(st.lists(DAYS, min_size=1, max_size=4, unique=True).map(sorted), EVENTS)
def test_another_anchor_of_its_own_kind_begins_it_anew_and_ends_what_ran(
    starts: list[date], met: list[date]
) -> None:
    chained = rule(period=Period(3, Unit.MONTHS), then=(NEXT,), met_by=("y",))
    events = {"x": tuple(map(Dated, starts)), "y": tuple(map(Dated, met))}
    found = reckon(chained, Course(events=events), Calendar(), lambda _: None)
    expected = []
    for start, over in zip(starts, [*starts[1:], None], strict=True):
        one = walked(start, Period(3, Unit.MONTHS), met, over, LAST)
        expected += [run for run in one if over is None or run[0] < over]
    assert [(d.anchor_date, d.due, d.met_on, d.stopped_on) for d in found] == expected


def known_by(course: Course, on: date) -> Course:
    """A course as it was on a day: what happened after it had not happened."""
    events = {
        name: tuple(event for event in events if event.on <= on)
        for name, events in course.events.items()
    }
    stops = course.stops if course.stops is not None and course.stops <= on else None
    return replace(course, events={k: v for k, v in events.items() if v}, stops=stops)


def first_of(other: Deadline, course: Course) -> Due | None:
    return next(iter(reckon(other, course, Calendar(), lambda _: None)), None)


def seen(chained: Deadline, other: Deadline, course: Course, on: date) -> list[tuple[object, ...]]:
    """What is there as at a day, as a page of that day says it."""
    found = reckon(chained, course, Calendar(), lambda _: first_of(other, course))
    there = [due for due in found if due.there(on)]
    return [
        (due.anchor_date, due.due, due.state(on), due.latest, due.missing)
        for due in sorted(there, key=lambda due: due.anchor_date or date.max)
    ]


@settings(max_examples=150)
@given(DAYS, EVENTS, EVENTS, st.none() | DAYS, DAYS, st.booleans())
def test_as_at_a_day_it_says_what_it_would_have_said_on_that_day(
    start: date, reviews: list[date], met: list[date], stops: date | None, on: date, again: bool
) -> None:
    begins = min([start, *reviews])
    stops = stops if stops is not None and stops >= start else None
    course = Course(
        begins=begins,
        stops=stops,
        events={
            "a": (Dated(begins),),
            "x": tuple(map(Dated, reviews)),
            "y": tuple(map(Dated, met)),
        },
    )
    other = rule(code="toy-other", anchor="a", period=Period(20, Unit.WORKING_DAYS), met_by=("x",))
    chained = rule(
        anchor="x", period=Period(3, Unit.MONTHS), met_by=("y",), latest="toy-other", repeats=again
    )
    if on < begins:
        return
    assert seen(chained, other, course, on) == seen(chained, other, known_by(course, on), on)


TO_COME = (
    {"anchor": "x", "latest": "toy-other", "met_early": True},
    {"anchor": "x", "latest": "toy-other", "direction": Direction.BEFORE},
    {
        "anchor": "a",
        "period": Period(10, Unit.WEEKS),
        "or_earlier": (
            Run(anchor="x", anchor_words="x", direction=Direction.BEFORE, latest="toy-other"),
        ),
    },
    {
        "anchor": "a",
        "period": Period(10, Unit.WEEKS),
        "or_earlier": (Run(anchor="x", anchor_words="x", direction=Direction.BEFORE),),
    },
)


@given(
    st.sampled_from(TO_COME),
    DAYS,
    st.none() | DAYS,
    st.none() | DAYS,
    st.none() | DAYS,
    DAYS,
)
def test_what_is_still_to_come_makes_nothing_earlier_or_later_as_at_a_day_before_it(
    form: dict[str, Any],
    begins: date,
    review: date | None,
    met: date | None,
    stops: date | None,
    on: date,
) -> None:
    days = {"a": begins, "x": review, "y": met}
    course = Course(
        begins=begins,
        stops=stops if stops is not None and stops >= begins else None,
        events={name: (Dated(day),) for name, day in days.items() if day and day >= begins},
    )
    other = rule(code="toy-other", anchor="a", period=Period(20, Unit.WORKING_DAYS), met_by=("x",))
    asked = rule(met_by=("y",), **form)
    if on >= begins:
        assert seen(asked, other, course, on) == seen(asked, other, known_by(course, on), on)


STATES = st.builds(
    Due,
    st.just(rule(period=Period(3, Unit.MONTHS))),
    st.just(FIRST),
    st.none() | DAYS,
    met_on=st.none() | DAYS,
    stopped_on=st.none() | DAYS,
    missing=st.sampled_from(["", "whether it was done"]),
    not_for=st.sampled_from(["", "", "the child is too young"]),
)


@given(STATES, DAYS, DAYS)
def test_a_state_never_comes_back_from_late_by_waiting(due: Due, one: date, other: date) -> None:
    before, after = sorted((one, other))
    if due.state(before) is State.LATE:
        assert due.state(after) in (State.LATE, State.MET_LATE, State.STOPPED)
    if due.state(before) in (State.MET, State.MET_LATE):
        assert due.state(after) in (due.state(before), State.STOPPED)
    if due.state(before) is State.STOPPED:
        assert due.state(after) is State.STOPPED
