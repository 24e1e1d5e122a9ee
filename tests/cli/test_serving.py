"""`permanence serve`: the worker beside it is left the time to end what it writes."""

from __future__ import annotations

import os
import subprocess
import threading

import pytest
from flask import Flask

from core import serving, worker

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


class Stopping(threading.Event):
    """A server that is asked to stop once its worker works."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


def test_a_worker_that_writes_is_not_killed_when_the_server_stops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving.subprocess, "Popen", Writing)
    serving._keep_worker(Stopping())
    assert not Writing.killed


def test_the_worker_is_told_whose_it_is_and_ends_when_that_is_gone_before_it_works(
    monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    started: list[str] = []

    class Started(Writing):
        def __init__(self, given: list[str], **_also: object) -> None:
            started.extend(given)

    monkeypatch.setattr(serving.subprocess, "Popen", Started)
    serving._keep_worker(Stopping())
    assert started[-3:] == ["worker", "--beside", str(os.getpid())]
    rounds: list[None] = []

    def too_long() -> bool:
        rounds.append(None)
        return len(rounds) > 1

    gone = os.getpid()  # the parent of no worker in this process
    worker.run(app, until=too_long, beside=gone)
    assert len(rounds) == 1
