"""What is kept of deadlines is what is worked out from nothing, whatever has happened before."""

from __future__ import annotations

from collections import Counter

import pytest
from builders.house import House
from builders.lives import OF_ALL, Lives
from builders.reckoned import kept, same_as_from_nothing, up_to_date, waiting, with_the_law

STEPS = 40


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_each_of_many_changes_it_is_what_is_worked_out_from_nothing(
    house: House, seed: int
) -> None:
    with_the_law(house)
    lives = Lives(house, seed)
    happened: Counter[str] = Counter()
    for number in range(STEPS):
        what = lives.step()
        happened[what] += 1
        if what in OF_ALL:
            assert waiting(house) > 0
        if what in OF_ALL or what == "imported":
            up_to_date(house)
        assert same_as_from_nothing(house) is not None, (seed, number, what)
    assert len(kept(house)) > 10 and len(happened) > 10, happened


ENDS = frozenset(
    {
        "meeting_cancelled", "meeting_moved", "case_tabled", "case_decided", "adoption_reversed",
        "plan_ended", "match_ended",
    }
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_so_it_is_after_meetings_are_moved_cancelled_and_held_and_decisions_come_to_an_end(
    house: House, seed: int
) -> None:
    with_the_law(house)
    lives = Lives(house, seed)
    lives.mostly_meetings()
    happened: Counter[str] = Counter()
    for number in range(5 * STEPS):
        what = lives.step()
        happened[what] += 1
        assert same_as_from_nothing(house) is not None, (seed, number, what)
        if number > STEPS and happened.keys() >= ENDS:
            break
    assert happened.keys() >= ENDS, happened
