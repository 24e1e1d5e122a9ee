"""The allocations that follow from whom files name, beside those that people made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.domain.allocating import Allocated, allocate, by_hand

MARCH, JUNE, SEPTEMBER = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)
ANNA, BEN = 7, 8


@dataclass(frozen=True)
class Row:
    id: int
    account_id: int
    since: date
    until: date | None = None


def test_who_is_named_is_allocated_until_a_later_file_names_another() -> None:
    found = allocate([], [(MARCH, ANNA), (JUNE, BEN)], [])
    assert found.new == [(ANNA, MARCH, JUNE), (BEN, JUNE, None)]


def test_who_is_named_without_an_account_ends_the_one_before() -> None:
    assert allocate([], [(MARCH, ANNA), (JUNE, None)], []).new == [(ANNA, MARCH, JUNE)]


def test_the_same_again_changes_nothing() -> None:
    said, held = [(MARCH, ANNA)], [Row(1, ANNA, MARCH)]
    assert allocate(said, said, held) == Allocated()


def test_what_no_file_says_any_more_is_gone_and_what_ends_otherwise_is_told() -> None:
    held = [Row(1, ANNA, MARCH, JUNE), Row(2, BEN, JUNE)]
    found = allocate([(MARCH, ANNA), (JUNE, BEN)], [(MARCH, ANNA)], held)
    assert found == Allocated(until={1: None}, gone=[2])


def test_nobody_is_allocated_beside_somebody_whom_a_person_allocated() -> None:
    assert allocate([], [(JUNE, BEN)], [Row(1, ANNA, MARCH)]) == Allocated()


def test_a_file_allocates_once_what_a_person_made_is_over() -> None:
    held = [Row(1, ANNA, MARCH, SEPTEMBER)]
    assert allocate([], [(JUNE, BEN), (SEPTEMBER, BEN)], held).new == [(BEN, SEPTEMBER, None)]


def test_what_a_person_ended_stays_ended() -> None:
    ended = date(2026, 5, 1)
    said, held = [(MARCH, ANNA)], [Row(1, ANNA, MARCH, ended)]
    assert allocate(said, said, held) == Allocated()


def test_what_is_known_to_be_made_by_hand_stays_though_a_file_named_the_same_from_that_day() -> (
    None
):
    held = [Row(1, ANNA, MARCH)]
    assert allocate([(MARCH, ANNA)], [], held, made={1}) == Allocated()
    assert allocate([(MARCH, ANNA)], [], held) == Allocated(gone=[1])


def test_what_no_file_gave_was_made_by_hand() -> None:
    held = [Row(1, ANNA, MARCH), Row(2, ANNA, JUNE), Row(3, BEN, MARCH)]
    assert [row.id for row in by_hand(held, [(MARCH, ANNA), (MARCH, None)])] == [2, 3]
