"""The states of a deadline, and how its reason is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.dates import Calendar, Period, Unit
from core.domain.due import Due, State
from core.domain.procedure.timetable import Deadline, Direction
from core.domain.reckoning import due_from

DUE = date(2027, 3, 4)
RULE = Deadline(
    code="toy-card",
    clauses=("TOY-3", "TOY-4"),
    anchor="panel-date",
    anchor_words="the Circle",
    period=Period(1, Unit.WEEKS),
    direction=Direction.BEFORE,
    soon=3,
    missing="no Circle has been chosen",
)


def due(met_on: date | None = None, stopped_on: date | None = None) -> Due:
    return Due(RULE, date(2027, 3, 11), DUE, met_on, stopped_on)


def after(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("met", "stopped", "on", "state"),
    [
        (None, None, -4, State.RUNNING),
        (None, None, -3, State.SOON),
        (None, None, 0, State.SOON),
        (None, None, 1, State.LATE),
        (-10, None, -11, State.RUNNING),
        (-10, None, -10, State.MET),
        (-10, None, 30, State.MET),
        (0, None, 0, State.MET),
        (1, None, 0, State.SOON),
        (1, None, 1, State.MET_LATE),
        (5, None, 4, State.LATE),
        (None, -5, -6, State.RUNNING),
        (None, -5, -5, State.STOPPED),
        (None, -5, 30, State.STOPPED),
        (-6, -5, -6, State.MET),
        (-6, -5, -5, State.STOPPED),
        (None, 9, 5, State.LATE),
    ],
)
def test_the_state_as_at_a_day(met: int | None, stopped: int | None, on: int, state: State) -> None:
    one = due(
        None if met is None else after(met),
        None if stopped is None else after(stopped),
    )
    assert one.state(after(on)) is state


@given(st.integers(-60, 60))
def test_without_its_anchor_a_deadline_is_unknown_whatever_the_day(days: int) -> None:
    one = due_from(RULE, None, Calendar())
    assert one.due is None
    assert one.state(after(days)) is State.UNKNOWN
    assert one.why == "no Circle has been chosen (TOY-3, TOY-4)"


def test_a_missing_fact_that_no_plugin_words_is_said_all_the_same() -> None:
    one = due_from(
        Deadline(
            code="toy-x",
            clauses=("TOY-1",),
            anchor="x",
            anchor_words="x",
            period=Period(1, Unit.DAYS),
        ),
        None,
        Calendar(),
    )
    assert one.why == "the day of x is not known (TOY-1)"


def test_the_reason_says_day_period_direction_anchor_and_clause() -> None:
    one = due_from(RULE, date(2027, 3, 11), Calendar())
    assert one.due == DUE
    assert one.why == "by 4 March 2027: 1 week before the Circle on 11 March 2027 (TOY-3, TOY-4)"


def test_a_deadline_after_its_anchor_counts_forwards() -> None:
    rule = Deadline(
        code="toy-tell",
        clauses=("TOY-4",),
        anchor="held",
        anchor_words="the Circle",
        period=Period(10, Unit.WEEKS),
    )
    found = due_from(rule, date(2026, 9, 1), Calendar())
    assert found.due == date(2026, 11, 10)
    assert found.reason == "10 weeks from the Circle on 1 September 2026"


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_deadline_never_comes_back_from_late_by_waiting(first: int, second: int) -> None:
    earlier, later = sorted((first, second))
    order = [State.RUNNING, State.SOON, State.LATE]
    states = [due().state(after(days - 200)) for days in (earlier, later)]
    assert order.index(states[0]) <= order.index(states[1])
