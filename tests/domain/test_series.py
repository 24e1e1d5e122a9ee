"""A series that never comes to an end is cut off, and it is said that it was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.domain.dated import Course, Dated
from core.domain.dates import Calendar, Period, Unit
from core.domain.procedure.timetable import Deadline
from core.domain.reckoning import MOST_RUNS, reckon


def test_a_series_is_cut_off_after_more_runs_than_a_childhood_has_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    daily = Deadline(
        code="toy-daily",
        clauses=("TOY-1",),
        anchor="x",
        anchor_words="the day",
        period=Period(1, Unit.DAYS),
        then=(Period(1, Unit.DAYS),),
        met_by=("y",),
    )
    begun = date(2020, 1, 1)
    days = tuple(Dated(begun + timedelta(days=n)) for n in range(1, MOST_RUNS + 5))

    def runs(many: int) -> int:
        events = {"x": (Dated(begun),), "y": days[:many]}
        return len(reckon(daily, Course(events=events), Calendar(), lambda _: None))

    assert runs(MOST_RUNS - 1) == MOST_RUNS and not caplog.text
    assert runs(len(days)) == MOST_RUNS
    assert f"what comes after {MOST_RUNS} runs is left out" in caplog.text
