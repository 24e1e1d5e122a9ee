"""Which codes are taken: of this period and those beside it, each once, however it is typed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.domain.one_time_codes import period_of, was_used

MOMENT = datetime(2026, 11, 23, 9, 0, 15)
NOW = int(MOMENT.replace(tzinfo=UTC).timestamp()) // 30


def code_of(period: int) -> str:
    return f"{period % 1_000_000:06}"


@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_a_code_of_this_period_or_one_beside_it_is_taken(beside: int) -> None:
    assert period_of(code_of(NOW + beside), code_of, MOMENT) == NOW + beside


@pytest.mark.parametrize("beside", [-2, 2])
def test_an_older_or_later_code_is_not(beside: int) -> None:
    assert period_of(code_of(NOW + beside), code_of, MOMENT) is None


def test_none_is_taken_twice_nor_one_before_it() -> None:
    assert period_of(code_of(NOW), code_of, MOMENT, str(NOW)) is None
    assert period_of(code_of(NOW - 1), code_of, MOMENT, str(NOW)) is None
    assert period_of(code_of(NOW + 1), code_of, MOMENT, str(NOW)) == NOW + 1


def test_it_may_be_typed_with_spaces() -> None:
    code = code_of(NOW)
    assert period_of(f" {code[:3]} {code[3:]} ", code_of, MOMENT) == NOW


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "9" * 10_000, "½23456"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert period_of(typed, code_of, MOMENT) is None


def test_a_code_that_was_taken_is_told_apart_while_it_would_be_taken_yet() -> None:
    assert was_used(code_of(NOW), code_of, MOMENT, str(NOW))
    assert was_used(code_of(NOW - 1), code_of, MOMENT, str(NOW - 1))
    assert not was_used(code_of(NOW - 1), code_of, MOMENT, str(NOW))
    assert not was_used(code_of(NOW - 2), code_of, MOMENT, str(NOW - 2))
    assert not was_used("", code_of, MOMENT, str(NOW))
