"""Pieces of pages that are made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from markupsafe import Markup

from core.web import fragments
from core.web.fragments import once
from core.web.register import Item


@pytest.fixture(autouse=True)
def nothing_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "_made", {})


def counted() -> Callable[[], Markup]:
    made: Iterator[int] = iter(range(1, 9_999))
    return lambda: Markup(f"made {next(made)} times")


def test_the_same_words_are_made_once_and_others_anew() -> None:
    make = counted()
    some = [Item("1", "A made-up worker")]
    assert once("worker", some, "", caller=make) == "made 1 times"
    assert once("worker", [Item("1", "A made-up worker")], "", caller=make) == "made 1 times"
    assert once("worker", [Item("1", "Another name now")], "", caller=make) == "made 2 times"
    assert once("worker", some, "1", caller=make) == "made 3 times"
    assert once("team", some, "", caller=make) == "made 4 times"


def test_what_was_typed_wrong_is_not_kept() -> None:
    make = counted()
    assert once("age", "x" * 1_000, unless="Age must be a number", caller=make) == "made 1 times"
    assert once("age", "x" * 1_000, unless="Age must be a number", caller=make) == "made 2 times"
    assert not fragments._made


def test_no_more_are_kept_than_so_many() -> None:
    make = counted()
    for number in range(2 * fragments.MOST + 3):
        once("age", str(number), caller=make)
        assert len(fragments._made) <= fragments.MOST
    assert once("age", str(number), caller=make) == f"made {number + 1} times"


def test_no_more_characters_are_kept_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MOST_CHARACTERS", 100)
    for number in range(10):
        once("worker", str(number), caller=lambda: Markup("x" * 30))
        assert sum(map(len, fragments._made.values())) <= 100
