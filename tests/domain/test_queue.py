"""Whose deadline breaks behind a full agenda, and how a place in a queue is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.domain.dates import Period, Unit
from core.domain.due import Due
from core.domain.procedure.timetable import Deadline
from core.domain.queue import breaks, place_words

TODAY, HELD, NEXT = date(2026, 11, 23), date(2026, 12, 3), date(2026, 12, 17)
RULE = Deadline(
    code="plan",
    clauses=("TOY-9",),
    title="A plan",
    anchor="care",
    anchor_words="becoming looked after",
    period=Period(10, Unit.WEEKS),
)
ASKS = replace(RULE, code="first-ppm", title="The first meeting", asks_for="panel")


def due(on: date, rule: Deadline = RULE, **more: object) -> Due:
    return Due(rule, date(2026, 9, 1), on, reason="10 weeks after it", **more)  # type: ignore[arg-type]


def found(*dues: Due, next_on: date | None = NEXT) -> list[tuple[str, date, bool, bool]]:
    said = breaks("Orlin", dues, "panel", HELD, next_on, TODAY)
    return [(one.title, one.due, one.asks, one.late) for one in said]


@pytest.mark.clause("BEX-1.13")
@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2026, 12, 16), [("A plan", date(2026, 12, 16), False, False)]),
        (date(2026, 12, 17), []),
        (date(2026, 12, 18), []),
        (date(2026, 12, 2), [("A plan", date(2026, 12, 2), False, True)]),
        (date(2026, 12, 3), [("A plan", date(2026, 12, 3), False, False)]),
    ],
)
def test_what_falls_due_before_the_next_meeting_breaks(on: date, says: list[object]) -> None:
    assert found(due(on)) == says


def test_what_is_met_stopped_or_not_for_the_child_does_not_break() -> None:
    on = date(2026, 12, 10)
    assert found(due(on, met_on=TODAY)) == []
    assert found(due(on, stopped_on=TODAY)) == []
    assert found(due(on, not_for="Not of this age")) == []
    assert found(due(on, ends=TODAY)) == []
    assert found(due(on, met_on=date(2026, 12, 1))) != []


def test_the_deadline_of_a_case_itself_is_no_reason() -> None:
    assert found(due(date(2026, 12, 10), replace(RULE, anchor="panel-date"))) == []


def test_what_asks_for_this_body_stands_first_then_the_soonest() -> None:
    early, late = due(date(2026, 12, 4)), due(date(2026, 12, 15), ASKS)
    assert [title for title, *_ in found(early, late)] == ["The first meeting", "A plan"]
    other = due(date(2026, 12, 15), replace(ASKS, asks_for="another body"))
    assert [asks for *_, asks, _ in found(other)] == [False]


def test_where_no_later_meeting_is_made_only_what_asks_for_one_is_said() -> None:
    far = date(2027, 5, 1)
    assert found(due(far), due(far, ASKS), next_on=None) == [
        ("The first meeting", far, True, False)
    ]


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
