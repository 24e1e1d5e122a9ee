"""`permanence serve`: the worker beside it is left the time to end what it writes."""

from __future__ import annotations

import subprocess
import threading

import pytest

from core import serving

LONGEST_TRANSACTION_SECONDS = 20


class Writing:
    """A worker in the longest transaction there is (docs/speed.md) when it is asked to stop."""

    killed = False

    def __init__(self, *_given: object, **_also: object) -> None:
        pass

    def poll(self) -> None:
        return None

    def terminate(self) -> None:
        pass

    def wait(self, timeout: float) -> int:
        if timeout < 2 * LONGEST_TRANSACTION_SECONDS:
            raise subprocess.TimeoutExpired("worker", timeout)
        return 0

    def kill(self) -> None:
        Writing.killed = True


def test_a_worker_that_writes_is_not_killed_when_the_server_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving.subprocess, "Popen", Writing)
    stopping = threading.Event()
    stopping.set()
    serving._keep_worker(stopping)
    assert not Writing.killed
