"""Cohorts that go in turn: made, cancelled and swapped, held against simpler ways to say it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.finding import Refused
from core.domain.rotation import Themed, cancelled, next_theme, swapped, themes_for

FIVE = ("one", "two", "three", "four", "five")
FIRST = date(2027, 1, 7)


def week(n: int) -> date:
    return FIRST + timedelta(weeks=n)


def weeks(*themes: str, circulated: tuple[int, ...] = ()) -> list[Themed]:
    return [Themed(n, week(n), theme, n in circulated) for n, theme in enumerate(themes)]


def after(planned: list[Themed], changed: tuple[tuple[int, str], ...], gone: int) -> list[str]:
    now = dict(changed)
    return [now.get(m.id, m.theme) for m in planned if m.id != gone]


@given(st.integers(1, 40), st.integers(0, 4))
def test_new_weeks_go_on_in_the_declared_order_from_the_last_one(many: int, start: int) -> None:
    held = [(week(-1), FIVE[start])]
    made = themes_for([week(n) for n in range(many)], FIVE, held)
    assert list(made.values()) == [FIVE[(start + 1 + n) % 5] for n in range(many)]


def test_the_first_new_week_may_be_chosen_and_a_gap_is_filled_from_what_was_before_it() -> None:
    chosen = themes_for([week(0), week(1)], FIVE, [], "four")
    assert list(chosen.values()) == ["four", "five"]
    held = [(week(0), "one"), (week(1), "two"), (week(3), "four")]
    assert themes_for([week(2), week(4)], FIVE, held) == {week(2): "three", week(4): "five"}
    assert themes_for([week(0)], (), []) == {week(0): ""}


@given(st.lists(st.sampled_from(FIVE), min_size=5, max_size=25))
def test_whatever_went_before_each_theme_has_a_turn_within_the_next_five(before: list[str]) -> None:
    made: list[str] = []
    for _ in range(5):
        made.append(next_theme(FIVE, [*before, *made]))
    assert set(made) == set(FIVE)


def test_a_swap_at_the_end_gives_no_theme_two_turns_before_another_has_one() -> None:
    assert next_theme(FIVE, ["one", "two", "three", "five", "four"]) == "one"


@given(st.integers(2, 30), st.data())
def test_a_cancelled_week_moves_its_cohort_and_each_later_uncirculated_one_by_one_week(
    many: int, data: st.DataObject
) -> None:
    frozen = data.draw(st.sets(st.integers(0, many - 1)))
    gone = data.draw(st.integers(0, many - 1))
    planned = weeks(*(FIVE[n % 5] for n in range(many)), circulated=tuple(frozen))
    change = cancelled(planned, gone)
    # The slow way: write the moving cohorts in a row, and put them one place later.
    open_weeks = [n for n in range(gone + 1, many) if n not in frozen]
    row = [planned[n].theme for n in (gone, *open_weeks)]
    expected = {n: row[place] for place, n in enumerate(open_weeks)}
    assert dict(change.themes) == expected
    assert change.left == row[-1]
    assert not frozen & dict(change.themes).keys()
    before = [m.theme for m in planned]
    assert sorted([*after(planned, change.themes, gone), change.left]) == sorted(before)


def test_what_is_left_without_a_week_comes_first_when_later_dates_are_made() -> None:
    planned = weeks("one", "two", "three", "four", "five", "one", "two")
    change = cancelled(planned, 1)
    now = after(planned, change.themes, 1)
    assert now == ["one", "two", "three", "four", "five", "one"] and change.left == "two"
    assert next_theme(FIVE, now) == "two"


def test_a_swap_persists_when_an_earlier_week_is_cancelled() -> None:
    planned = weeks("one", "two", "three", "four", "five")
    swap = swapped(planned, 2, 3)
    assert dict(swap.themes) == {2: "four", 3: "three"}
    now = [Themed(m.id, m.on, dict(swap.themes).get(m.id, m.theme)) for m in planned]
    assert after(now, cancelled(now, 0).themes, 0) == ["one", "two", "four", "three"]


def test_a_meeting_without_a_theme_is_left_alone_and_moves_none() -> None:
    planned = weeks("one", "", "two")
    assert cancelled(planned, 1).themes == ()
    assert dict(cancelled(planned, 0).themes) == {2: "one"}


@pytest.mark.parametrize(("one", "other"), [(0, 0), (0, 9), (0, 1), (0, 2)])
def test_a_swap_with_itself_a_circulated_list_or_no_theme_is_refused(one: int, other: int) -> None:
    with pytest.raises(Refused) as caught:
        swapped(weeks("one", "", "three", circulated=(2,)), one, other)
    assert caught.value.findings[0].field == "with"
