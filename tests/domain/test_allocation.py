"""Which days of a span nobody has yet."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.allocation import Span, left_open


def on(month: int) -> date:
    return date(2026, month, 1)


@pytest.mark.parametrize(
    ("span", "there", "left"),
    [
        ((on(1), None), [], [(on(1), None)]),
        ((on(1), on(6)), [], [(on(1), on(6))]),
        ((on(1), None), [(on(1), None)], []),
        ((on(2), on(6)), [(on(1), on(12))], []),
        ((on(1), None), [(on(3), None)], [(on(1), on(3))]),
        ((on(1), None), [(on(3), on(5))], [(on(1), on(3)), (on(5), None)]),
        ((on(1), on(6)), [(on(4), on(8)), (on(2), on(3))], [(on(1), on(2)), (on(3), on(4))]),
        ((on(4), on(6)), [(on(1), on(2)), (on(7), None)], [(on(4), on(6))]),
        ((on(1), on(6)), [(on(3), on(3))], [(on(1), on(6))]),
        ((on(1), on(9)), [(on(2), on(8)), (on(3), on(4))], [(on(1), on(2)), (on(8), on(9))]),
    ],
)
def test_the_days_that_are_left(span: Span, there: list[Span], left: list[Span]) -> None:
    assert left_open(*span, there) == left
