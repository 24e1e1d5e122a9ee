"""Episodes chained into periods of care, runs of legal status and placements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.domain.care import care_on, facts_json
from core.domain.child import ChildFacts
from core.domain.episode import (
    AdoptionDecision,
    Episode,
    Review,
    RowSource,
    Typed,
    collection_year,
)
from core.domain.periods import (
    all_periods,
    as_at,
    in_hand,
    placement_spells,
    status_runs,
)


def episode(start: str, end: str | None = None, rne: str = "S", ls: str = "C2",
            place: str = "U6", rec: str | None = None, **more: object) -> Episode:  # fmt: skip
    dec = date.fromisoformat(end) if end else None
    reason = rec if rec is not None else ("X1" if end else "")
    row = Episode(date.fromisoformat(start), rne, ls, "N1", place, "PR1", dec, reason)
    return replace(row, **more)


def test_rows_that_follow_on_the_same_day_are_one_period() -> None:
    rows = [episode("2025-05-01", "2025-06-01"), episode("2025-06-01", rne="P")]
    (period,) = all_periods(reversed(rows))
    assert (period.start, period.start_known, period.end) == (date(2025, 5, 1), True, None)
    assert [row.rne for row in period.episodes] == ["S", "P"]


def test_a_gap_begins_a_new_period_whose_start_is_known_only_with_s() -> None:
    rows = [episode("2025-05-01", "2025-06-01", rec="E4A"), episode("2025-06-02", rne="P")]
    first, second = all_periods(rows)
    assert (first.end, first.end_reason) == (date(2025, 6, 1), "E4A")
    assert (second.start, second.start_known) == (date(2025, 6, 2), False)


def test_an_s_on_the_day_the_last_row_ended_begins_a_new_period() -> None:
    rows = [episode("2025-05-01", "2025-06-01", rec="E4A"), episode("2025-06-01")]
    assert len(all_periods(rows)) == 2


def test_periods_are_chained_before_short_breaks_are_dropped() -> None:
    mixed = [
        episode("2025-05-01", "2025-06-01", ls="V3"),
        episode("2025-06-01", rne="L", ls="C1"),
    ]
    (period,) = all_periods(mixed)
    assert period.mixed and period.start == date(2025, 5, 1)
    alone = [
        episode("2024-05-01", "2024-05-03", ls="V3", rec="E4A"),
        episode("2024-06-01", ls="V4"),
    ]
    assert [p.short_breaks_only for p in all_periods(alone)] == [True, True]


def test_an_overlap_breaks_the_chain_and_the_later_start_is_read_last() -> None:
    rows = [episode("2025-05-01", "2025-09-01"), episode("2025-08-01", rne="P")]
    assert [p.start for p in all_periods(rows)] == [date(2025, 5, 1), date(2025, 8, 1)]


def test_a_typed_row_carries_on_an_open_row_before_it_and_a_row_of_a_file_does_not() -> None:
    first = episode("2025-02-22", ls="C1")
    typed = episode("2026-11-01", rne="P", ls="C1", place="U4", typed=Typed(1))
    (period,) = all_periods([first, typed])
    assert (period.start, period.start_known, period.end) == (date(2025, 2, 22), True, None)
    assert [(s.code, s.start, s.start_known, s.end) for s in placement_spells(period)] == [
        ("U6", date(2025, 2, 22), True, date(2026, 11, 1)),
        ("U4", date(2026, 11, 1), True, None),
    ]
    assert [(r.start, r.end) for r in status_runs(period)] == [(date(2025, 2, 22), None)]
    assert len(all_periods([first, replace(typed, typed=None)])) == 2
    assert len(all_periods([first, replace(typed, rne="S")])) == 2
    assert len(all_periods([replace(first, ls="V4"), typed])) == 2
    found = care_on(ChildFacts("0101", (first, typed), in_header=True), date(2026, 11, 23))
    assert (found.became_looked_after, found.became_looked_after_known) == (first.decom, True)
    assert {"142", "433", "501"} <= {flag.partition(" ")[0] for flag in found.flags}


def test_an_open_row_sorts_after_one_that_ends_when_both_start_on_one_day() -> None:
    rows = [episode("2025-05-01", rne="P"), episode("2025-05-01", "2025-05-01")]
    (period,) = all_periods(rows)
    assert period.end is None and period.start_known


def test_a_repeated_row_counts_once() -> None:
    assert len(in_hand([episode("2025-05-01"), episode("2025-05-01")])) == 1


def test_the_later_years_row_wins_for_one_start_date() -> None:
    earlier = episode("2024-05-01", year=2025)
    later = episode("2024-05-01", "2025-06-01", rec="E4A", year=2026)
    assert in_hand([later, earlier]) == (later,)
    same_year = episode("2024-05-01", ls="V2", year=2025)
    assert len(in_hand([same_year, earlier])) == 2


def test_as_at_leaves_out_later_starts_and_opens_later_ends() -> None:
    rows = [episode("2025-05-01", "2025-06-01", rec="E4A"), episode("2025-07-01")]
    (row,) = as_at(rows, date(2025, 5, 31))
    assert (row.dec, row.rec) == (None, "")
    assert as_at(rows, date(2025, 6, 1))[0].dec == date(2025, 6, 1)


def test_a_move_does_not_break_a_run_of_legal_status() -> None:
    (period,) = all_periods([
        episode("2025-04-01", "2025-05-01", rne="P", ls="V2"),
        episode("2025-05-01", "2025-06-01", rne="P", ls="V2"),
        episode("2025-06-01", rne="L", ls="C1", source=RowSource("episodes.csv", 7)),
    ])  # fmt: skip
    first, second = status_runs(period)
    assert second.source == RowSource("episodes.csv", 7)
    assert (first.start, first.start_known) == (date(2025, 4, 1), False)
    assert first.end == date(2025, 6, 1)
    assert (second.code, second.start_known, second.end) == ("C1", True, None)


def test_a_change_of_legal_status_does_not_break_a_placement() -> None:
    (period,) = all_periods([
        episode("2025-04-01", "2025-05-01", ls="V2", place="U3"),
        episode("2025-05-01", "2025-06-01", rne="L", ls="C1", place="U3"),
        episode("2025-06-01", "2025-06-05", rne="P", ls="C1", place="T4"),
        episode("2025-06-05", rne="P", ls="C1", place="U3"),
    ])  # fmt: skip
    spells = placement_spells(period)
    assert [(s.code, s.start, s.temporary) for s in spells] == [
        ("U3", date(2025, 4, 1), False),
        ("T4", date(2025, 6, 1), True),
        ("U3", date(2025, 6, 5), False),
    ]
    assert spells[0].end == date(2025, 6, 1)


def test_an_l_row_with_another_placement_is_a_new_placement() -> None:
    (period,) = all_periods([
        episode("2025-04-01", "2025-05-01", place="U3"),
        episode("2025-05-01", rne="L", ls="E1", place="A6"),
    ])  # fmt: skip
    assert [s.code for s in placement_spells(period)] == ["U3", "A6"]


def test_a_collection_year_ends_on_31_march() -> None:
    assert collection_year(date(2018, 3, 31)) == 2018
    assert collection_year(date(2018, 4, 1)) == 2019


any_text = st.sampled_from(["", "S", "P", "L", "B", "ZZ"])
any_date = st.dates() | st.dates(date(2017, 1, 1), date(2017, 1, 12))
any_episode = st.builds(
    Episode,
    decom=any_date,
    rne=any_text,
    ls=st.sampled_from(["", "C1", "C2", "E1", "V2", "V3", "L1", "??"]),
    place=st.sampled_from(["", "T4", "A6", "U6", "P1", "Z14"]),
    dec=st.none() | any_date,
    rec=st.sampled_from(["", "X1", "E11", "E2", "E4A", "?"]),
    year=st.none() | st.integers(0, 10000),
)


@given(
    st.lists(any_episode, max_size=6).map(tuple),
    st.lists(st.builds(Review, any_date, any_text.map(lambda t: (t,)))).map(tuple),
    st.lists(st.builds(AdoptionDecision, any_date, st.none() | any_date)).map(tuple),
    st.lists(st.dates(), max_size=2).map(tuple),
    any_date,
    st.sets(st.integers(0, 10000), max_size=3),
)
def test_the_derivation_takes_any_episodes(episodes, reviews, decisions, births, on, years) -> None:
    child = ChildFacts("0001", episodes, reviews, decisions, (), births)
    facts = care_on(child, on, years)
    assert list(facts.flags) == sorted(set(facts.flags))
    assert sum(len(p.episodes) for p in all_periods(episodes)) == len(in_hand(episodes))
    assert facts_json(facts)["child"] == "0001"
    assert facts.second_review is None or facts.became_looked_after_known
    for period in facts.periods:
        status_runs(period), placement_spells(period)
