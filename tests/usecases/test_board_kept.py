"""The board as it is kept is the board as the statement has it, whatever has happened before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from builders.boards import acts, as_at, ids, kept, said
from builders.house import House
from builders.lives import OF_ALL, Lives
from builders.reckoned import up_to_date, with_the_law

from core.store import board_kept
from core.store.database import db
from core.store.scope import Scope
from core.usecases import reckoning

STEPS = 20


@pytest.mark.parametrize("seed", [1, 2])
def test_kept_rows_are_those_of_the_statement_after_each_of_many_changes(
    house: House, seed: int
) -> None:
    with_the_law(house)
    lives = Lives(house, seed)
    made = Random(seed)
    most = 0
    for number in range(STEPS):
        what = lives.step()
        if what in OF_ALL or what == "imported":
            up_to_date(house)
        if number % 5 == 0:
            child_id = made.choice(ids(house))
            acts(house, child_id, house.today + timedelta(days=made.randrange(-60, 20)))
        turned(house, house.today)
        there = kept(house)
        assert there == as_at(house, house.today), (seed, number, what)
        most = max(most, len(there))
    assert most
    the_days_go_by(house)


def turned(house: House, on: date) -> int:
    """Turn the board to a day, as the worker does; gives how many rows the day had moved past."""
    scope, moved = replace(house.whole, on=on), 0
    while stale := board_kept.moved_on(scope, 1000):
        assert not board_kept.is_of(scope)
        moved += len(stale)
        assert reckoning.turn_board(scope)
    assert board_kept.is_of(scope)
    assert not reckoning.turn_board(scope)
    db.session.rollback()
    return moved


def the_days_go_by(house: House) -> None:
    """A row that the day has not moved past still says what is so."""
    moved = 0
    for days in range(1, 60):
        on = house.today + timedelta(days=days)
        moved += turned(house, on)
        assert said(kept(house)) == said(as_at(house, on)), on
    assert moved


def test_as_at_an_earlier_day_kept_rows_are_not_used(house: House) -> None:
    with_the_law(house)
    lives = Lives(house, 4)
    for _ in range(12):
        lives.step()
    up_to_date(house)
    turned(house, house.today)
    assert kept(house)
    assert not board_kept.is_of(replace(house.whole, on=house.today - timedelta(days=1)))


def test_rows_left_for_later_are_worked_out_once_with_the_dates(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_the_law(house)
    child_id, _ = house.child()
    up_to_date(house)
    anew: list[object] = []
    whole = board_kept.row_anew

    def noted(scope: Scope, child_ids: Iterable[int]) -> None:
        anew.append(child_ids)
        whole(scope, child_ids)

    monkeypatch.setattr(board_kept, "row_anew", noted)
    with reckoning.left_for_later():
        acts(house, child_id, house.today - timedelta(days=4))
        acts(house, child_id, house.today - timedelta(days=2))
    assert not anew
    up_to_date(house)
    assert len(anew) == 1
    assert kept(house) == as_at(house, house.today)
