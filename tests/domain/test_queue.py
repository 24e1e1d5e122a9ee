"""Whose deadline breaks behind a full agenda, and how a place in a queue is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.domain.dates import Period, Unit
from core.domain.due import Due
from core.domain.procedure.timetable import Deadline
from core.domain.queue import Waiting, breaks, place_words

TODAY, HELD, NEXT = date(2026, 11, 23), date(2026, 12, 3), date(2026, 12, 17)
RULE = Deadline(
    code="plan",
    clauses=("TOY-9",),
    title="A plan",
    anchor="care",
    anchor_words="becoming looked after",
    period=Period(10, Unit.WEEKS),
)
ASKS = replace(RULE, code="before-panel", title="Before panel", asks_for="panel")


def due(on: date, rule: Deadline = ASKS, **more: object) -> Due:
    return Due(rule, date(2026, 9, 1), on, reason="10 weeks after it", **more)  # type: ignore[arg-type]


def found(*dues: Due, next_on: date | None = NEXT) -> list[tuple[str, date, Waiting]]:
    said = breaks("Orlin", dues, "panel", HELD, next_on, TODAY)
    return [(one.title, one.due, one.kind) for one in said]


@pytest.mark.clause("BEX-1.13")
@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2026, 12, 18), None),
        (date(2026, 12, 17), None),
        (date(2026, 12, 16), Waiting.WAITS),
        (date(2026, 12, 3), Waiting.WAITS),
        (date(2026, 12, 2), Waiting.PASSES),
        (date(2026, 11, 23), Waiting.PASSES),
        (date(2026, 11, 22), Waiting.LATE),
    ],
)
def test_what_falls_due_before_the_next_meeting_is_not_kept(on: date, says: Waiting | None) -> None:
    assert found(due(on)) == ([("Before panel", on, says)] if says else [])


@pytest.mark.clause("BEX-1.13")
def test_no_date_that_another_than_this_body_meets_breaks_because_of_its_queue() -> None:
    on = date(2026, 12, 10)
    assert found(due(on, RULE)) == []
    assert found(due(on, replace(RULE, met_by=("review",)))) == []
    assert found(due(on, replace(ASKS, asks_for="another body"))) == []
    assert found(due(on, replace(RULE, met_by=("meeting.panel",)))) == [
        ("A plan", on, Waiting.WAITS)
    ]


def test_what_is_met_stopped_or_not_for_the_child_does_not_break() -> None:
    on = date(2026, 12, 10)
    assert found(due(on, met_on=TODAY)) == []
    assert found(due(on, stopped_on=TODAY)) == []
    assert found(due(on, not_for="Not of this age")) == []
    assert found(due(on, ends=TODAY)) == []
    assert found(due(on, met_on=date(2026, 12, 1))) != []


def test_the_deadline_of_a_case_itself_is_no_reason() -> None:
    assert found(due(date(2026, 12, 10), replace(ASKS, anchor="panel-date"))) == []


def test_the_soonest_stands_first() -> None:
    early, late = due(date(2026, 12, 4)), due(date(2026, 12, 15))
    assert [on for _, on, _ in found(late, early)] == [date(2026, 12, 4), date(2026, 12, 15)]


def test_where_no_later_meeting_is_made_only_what_asks_for_one_is_said() -> None:
    far = date(2027, 5, 1)
    assert found(due(far, RULE), due(far), next_on=None) == [("Before panel", far, Waiting.WAITS)]


def test_each_says_who_why_and_its_clauses() -> None:
    (one,) = breaks("Orlin", [due(date(2026, 12, 10))], "panel", HELD, NEXT, TODAY)
    assert (one.who, one.why, one.clauses) == (
        "Orlin",
        "by 10 December 2026: 10 weeks after it",
        ("TOY-9",),
    )


@pytest.mark.parametrize(
    ("place", "words"),
    [(1, "first"), (3, "third"), (9, "ninth"), (10, "10th"), (11, "11th"), (21, "21st"),
     (22, "22nd"), (23, "23rd"), (112, "112th")],
)  # fmt: skip
def test_a_place_in_words(place: int, words: str) -> None:
    assert place_words(place) == words
