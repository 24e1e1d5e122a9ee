"""How long tries that failed make the next ones wait: longer each time, forgotten after a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.domain.lock_out import OF_AN_ADDRESS, OF_AN_EMAIL, waits_until

START = datetime(2026, 11, 23, 9, 0)


def tries(number: int, every: timedelta, start: datetime = START) -> list[datetime]:
    return [start + every * step for step in range(number)]


def test_four_failures_make_nobody_wait_and_the_fifth_does() -> None:
    failures = tries(5, timedelta(minutes=1))
    assert waits_until(failures[:4], OF_AN_EMAIL) is None
    assert waits_until(failures, OF_AN_EMAIL) == failures[4] + timedelta(minutes=5)


def test_failures_far_apart_make_nobody_wait() -> None:
    assert waits_until(tries(20, timedelta(minutes=5)), OF_AN_EMAIL) is None


def test_each_wait_is_longer_than_the_one_before_until_the_last() -> None:
    failures: list[datetime] = []
    waits = []
    start = START
    for _ in range(6):
        failures += tries(5, timedelta(seconds=10), start)
        until = waits_until(failures, OF_AN_EMAIL)
        assert until is not None
        waits.append((until - failures[-1]) // timedelta(minutes=1))
        start = until
    assert waits == [5, 15, 60, 240, 240, 240]


def test_an_address_may_fail_more_often_than_an_email() -> None:
    failures = tries(50, timedelta(seconds=10))
    assert waits_until(failures[:49], OF_AN_ADDRESS) is None
    assert waits_until(failures, OF_AN_ADDRESS) is not None
