"""Steps of a return home that were moved: of which plan, how often, and since which delay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from builders.dated import typed

from core.domain.home_drift import moved_steps
from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement

HOME = typed("plan", primary="return-home", identified_on="2026-05-04")
DELAY = {"raised_on": "2026-06-08", "plan_words": "Weekly meetings"}


def step(*days: int, of: Recorded = HOME, **values: str) -> Recorded:
    """A step whose day was said on these days of June, another each time."""
    made = typed("plan-step", what="Overnight stay", **values)
    said = tuple(
        Statement(9_000 + on, "due_on", f"2026-12-{on:02}", stated_at=datetime(2026, 6, on, 9))
        for on in days
    )
    return replace(made, parent_id=of.id, statements=(*made.statements, *said))


def moved(*entries: Recorded) -> list[tuple[int, date | None]]:
    return [(one.moved, one.since) for one in moved_steps(entries)]


@pytest.mark.clause("PPM2-3.5")
def test_a_step_of_the_return_home_itself_counts_as_often_as_its_day_became_another() -> None:
    assert moved(HOME, step(1, 2, 3)) == [(2, None)]
    assert moved(HOME, step(1)) == []
    assert moved(HOME, step(1, 2, 3, done_on="2026-06-20")) == []
    assert moved(HOME, step(1, 2, 3, plan="contingency")) == []
    same = replace(step(1, 2), statements=(*step(1, 2).statements, step(2).statements[-1]))
    assert moved(HOME, same) == [(1, None)]  # the same day said again is no move
    other = typed("plan", primary="sgo", identified_on="2026-05-04")
    assert moved(HOME, other, step(1, 2, 3, of=other)) == []
    over = replace(typed("plan", primary="return-home", state="ended"), id=HOME.id)
    assert moved(over, step(1, 2, 3)) == []


@pytest.mark.clause("PPM2-3.5")
def test_after_a_delay_was_raised_only_what_is_moved_since_counts() -> None:
    assert moved(HOME, step(1, 2, 9), typed("return-home-delay", **DELAY)) == []
    over = typed("return-home-delay", ended_on="2026-06-10", **DELAY)
    assert moved(HOME, step(1, 2, 8), over) == []
    assert moved(HOME, step(1, 2, 9, 12), over) == [(2, date(2026, 6, 8))]
