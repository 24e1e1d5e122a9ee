"""What is not known of a child's plan when it is recorded without its days."""

from __future__ import annotations

import pytest
from builders.dated import child, typed

from core.domain.courses import of_child


@pytest.mark.parametrize(
    ("values", "unknown"),
    [
        ({"primary": "adoption"}, {"plan.identified"}),
        ({"primary": "adoption", "state": "agreed"}, {"plan.identified", "plan.agreed_on"}),
        ({"primary": "adoption", "identified_on": "2026-05-01"}, set()),
        ({"primary": "other"}, set()),
        ({}, set()),
    ],
)
def test_a_plan_recorded_without_its_day_is_neither_late_nor_in_time(
    values: dict[str, str], unknown: set[str]
) -> None:
    recorded = [typed("plan", **values)] if values else []
    (course,) = of_child(child("2026-03-01", recorded=recorded))
    assert {anchor for anchor in course.unknown if anchor.startswith("plan.")} == unknown
