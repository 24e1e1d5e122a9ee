"""Telling a period of care whose start was corrected from one that was added before it."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.spells import same_periods


def starts(*days: str) -> dict[int, date]:
    return {number: date.fromisoformat(day) for number, day in enumerate(days, 1)}


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        ((), ("2026-10-08",), {}),
        (("2026-10-08",), (), {}),
        (("2026-10-08",), ("2026-10-08",), {1: 1}),
        # The start was corrected, however far.
        (("2026-10-08",), ("2024-01-10",), {1: 1}),
        (("2024-01-10", "2026-10-08"), ("2024-01-10", "2026-09-01"), {1: 1, 2: 2}),
        (("2024-01-10", "2026-10-08"), ("2023-12-01", "2026-10-08"), {1: 1, 2: 2}),
        # One was added, before or between: the others only changed their number.
        (("2026-10-08",), ("2024-01-10", "2026-10-08"), {1: 2}),
        (
            ("2020-01-01", "2026-10-08"),
            ("2020-01-01", "2024-01-10", "2026-10-08"),
            {1: 1, 2: 3},
        ),
        # One is gone, and the other takes its number.
        (("2024-01-10", "2026-10-08"), ("2026-10-08",), {2: 1}),
        # An older year gives the start of what was under way, and a period before that.
        (("2025-04-01",), ("2024-01-10", "2024-11-01"), {1: 2}),
        (("2022-01-01", "2025-04-01"), ("2025-03-01",), {2: 1}),
        # One was corrected to the day on which another began that is gone.
        (("2024-01-10", "2026-10-08"), ("2026-10-08", "2026-11-01"), {2: 1}),
    ],
)
def test_the_same_period_keeps_what_is_its_own(
    was: tuple[str, ...], now: tuple[str, ...], same: dict[int, int]
) -> None:
    assert same_periods(starts(*was), starts(*now)) == same


def test_many_periods_are_told_apart_at_once() -> None:
    was = {n: date(2000 + n // 2, 1 + 6 * (n % 2), 1) for n in range(1, 60)}
    now = {n + 1: date(day.year, day.month, 3) for n, day in was.items()} | {1: date(1999, 1, 1)}
    assert same_periods(was, now) == {n: n + 1 for n in was}
