"""Pages of the board, from either end and with few or many rows, are one order without gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders.boards import stands
from builders.house import House

from core.domain.board import Standing
from core.registry import Registry
from core.store import board
from core.store.board import Sort, Wanted
from core.store.database import db

MANY = 11
MATCHED = (None, 3, 3, None, 5, 1, None, 3, 2, 5, None)


def registry_of(house: House) -> Registry:
    registry: Registry = house.app.extensions["permanence"].registry
    return registry


def children(house: House) -> list[int]:
    found = []
    for number in range(MANY):
        day = MATCHED[number]
        child_id, _ = house.child(
            f"C{number:02d}", "Orlin", f"Thistle{number % 4}", born=date(2015, 1, 1 + number % 3)
        )
        matched = date(2026, 3, day) if day else None
        started = date(2025, 1, 5) + timedelta(days=number % 3)
        stands(house, child_id, replace(Standing(started=started), matched_on=matched))
        found.append(child_id)
    return found


@pytest.mark.parametrize("few", [0, 1_000])
def test_pages_put_together_are_every_row_once_in_one_order(
    house: House, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = children(house)
    monkeypatch.setattr(board, "PAGE", 3)
    monkeypatch.setattr(board, "FEW", few)
    scope, registry = house.scope("head.of.service"), registry_of(house)
    for sort in Sort:
        for descending in (False, True):
            wanted = Wanted(sort=sort, descending=descending)
            paged = []
            for number in range(1, 5):
                page = board.page(scope, registry, replace(wanted, page=number), house.today)
                assert (page.total, page.pages, page.page) == (MANY, 4, number)
                paged += [row.child_id for row in page.rows]
            _, rows, _ = board.every(scope, registry, wanted, house.today, MANY)
            assert paged == [row.child_id for row in rows], (sort, descending)
            assert sorted(paged) == ids
            db.session.rollback()


@pytest.mark.parametrize("few", [0, 1_000])
def test_what_is_not_known_is_last_either_way(
    house: House, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = children(house)
    monkeypatch.setattr(board, "PAGE", 3)
    monkeypatch.setattr(board, "FEW", few)
    known = sorted((day, one) for day, one in zip(MATCHED, ids, strict=True) if day)
    unknown = [one for day, one in zip(MATCHED, ids, strict=True) if not day]
    scope = house.scope("head.of.service")
    for descending in (False, True):
        paged = []
        for number in range(1, 5):
            wanted = Wanted(sort=Sort.MATCH, descending=descending, page=number)
            page = board.page(scope, registry_of(house), wanted, house.today)
            paged += [row.child_id for row in page.rows]
        first = [one for _, one in (reversed(known) if descending else known)]
        assert paged == [*first, *unknown]


def test_children_of_one_name_are_in_the_order_of_their_local_ids(house: House) -> None:
    ids = children(house)
    page = board.page(
        house.scope("head.of.service"), registry_of(house), Wanted(sort=Sort.NAME), house.today
    )
    assert [row.child_id for row in page.rows] == sorted(
        ids, key=lambda one: (ids.index(one) % 4, one)
    )
