"""Who may be what to a child, and which days of a span nobody has yet."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.allocation import RELATIONS, Span, left_open
from core.domain.sight import Relation, seeing
from core.domain.staff import SUITS


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


def test_who_may_be_allocated_takes_a_leavers_children_and_sees_them() -> None:
    for code, one in RELATIONS.items():
        assert SUITS[code] == one.roles, code
    assert RELATIONS["worker"].roles == seeing(Relation.ALLOCATED)
    assert RELATIONS["iro"].roles == seeing(Relation.CASELOAD)
    assert RELATIONS["manager"].roles < RELATIONS["worker"].roles
