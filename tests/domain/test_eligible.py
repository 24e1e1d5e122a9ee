"""Becoming an eligible child, against a count of days one by one; settled placements by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from builders.dated import child, day, typed
from hypothesis import given
from hypothesis import strategies as st

from core.domain.care_days import Stretch
from core.domain.dated import Stay
from core.domain.eligible import ELIGIBLE_DAYS, InCare, eligible
from core.domain.entry_days import anchors
from core.domain.settled import matches, settled

AT_14, AT_16, AT_18 = date(2024, 3, 1), date(2026, 3, 1), date(2028, 3, 1)


def one_by_one(periods: list[tuple[date, date]]) -> date | None:
    """The first day on which somebody in care is 16 and has been in care for 13 weeks before it."""
    counted, on = 0, AT_14
    while on < AT_18:
        there = any(start <= on < end for start, end in periods)
        if there and on >= AT_16 and counted >= ELIGIBLE_DAYS:
            return on
        counted += there
        on += timedelta(days=1)
    return None


@given(st.lists(st.integers(1, 500), min_size=1, max_size=8), st.integers(-400, 900))
def test_it_is_the_day_that_a_count_of_days_gives(lengths: list[int], first: int) -> None:
    starts, on = [], AT_14 + timedelta(days=first)
    for number, length in enumerate(lengths):
        end = on + timedelta(days=length)
        if number % 2 == 0:
            starts.append((on, end))
        on = end
    found = eligible(AT_14, AT_16, AT_18, [InCare(start, True, end) for start, end in starts])
    assert (found.on if found else None) == one_by_one(starts)
    assert found is None or found.known


@given(st.integers(-800, 900), st.integers(0, 300))
def test_a_day_that_is_called_known_is_the_same_whenever_care_really_began(
    first: int, before: int
) -> None:
    in_hand = AT_14 + timedelta(days=first)
    found = eligible(AT_14, AT_16, AT_18, [InCare(in_hand, False, None)])
    really = one_by_one([(in_hand - timedelta(days=before), AT_18)])
    if found is not None and really is not None:
        assert really == found.on if found.known else really <= found.on


@pytest.mark.parametrize(
    ("on", "matched", "is_settled"),
    [
        ("2024-05-01", "2024-02-01", True),
        ("2024-05-01", "2023-06-01", True),
        ("2024-05-01", "2022-12-31", False),
        ("2024-05-01", "2024-05-02", False),
        ("2023-12-31", "2023-06-01", False),
        ("2025-06-01", "2024-02-01", False),
        ("2025-06-01", "2025-01-01", True),
    ],
)
def test_a_match_counts_with_the_carers_with_whom_the_child_is(
    on: str, matched: str, is_settled: bool
) -> None:
    placements = (
        Stay("U6", day("2023-01-01"), day("2024-01-01")),
        Stay("U4", day("2024-01-01"), day("2025-01-01")),
        Stay("U4", day("2025-01-01")),
    )
    stretches = [Stretch(one.code, one.start, end=one.end) for one in placements]
    entry = typed("match", **{"matched_on": matched, "for": "long-term-fostering"})
    one = child("2023-01-01", placements=stretches, recorded=[entry])
    assert settled(day(on), placements, matches(one)) is is_settled


def test_only_a_standing_match_for_long_term_fostering_counts() -> None:
    wrong = typed("match", **{"matched_on": "2024-02-01", "for": "adoption"})
    over = typed("match", **{"matched_on": "2024-02-01", "for": "connected-fostering",
                             "ended_on": "2024-03-01"})  # fmt: skip
    assert matches(child("2024-01-01", recorded=[wrong])) == ()
    placements = (Stay("U1", day("2024-01-01")),)
    one = child("2024-01-01", placements=placements, recorded=[over])
    assert settled(day("2024-02-15"), placements, matches(one))
    assert not settled(day("2024-03-01"), placements, matches(one))


@pytest.mark.parametrize(
    ("kind", "values", "field", "under"),
    [
        ("plan", {"primary": "sgo", "identified_on": "2026-01-01"}, "identified_on", True),
        ("plan", {"primary": "other", "identified_on": "2026-01-01"}, "identified_on", False),
        ("plan", {"primary": "unspecified", "identified_on": "2026-01-01"}, "identified_on", False),
        ("emergency", {"placed_on": "2026-01-01", "out_of_area": "no"}, "placed_on", False),
        ("emergency", {"placed_on": "2026-01-01", "out_of_area": "yes"}, "placed_on", True),
        ("proceedings", {"issued_on": "2026-01-01", "application": "adoption"}, "issued_on", False),
        ("proceedings", {"issued_on": "2026-01-01"}, "issued_on", True),
    ],
)
def test_what_else_an_entry_says_decides_what_runs_from_its_day(
    kind: str, values: dict[str, str], field: str, under: bool
) -> None:
    found = list(anchors(typed(kind, **values), field))
    assert found[0] == f"{kind}.{field}"
    assert (len(found) > 1) is under
