"""Faults of the worker's rounds: said once a minute, with pauses that grow; what failed rests."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

PAUSE_SECONDS = 0.5
PAUSE_MOST_SECONDS = 30.0
SAID_AGAIN_SECONDS = 60
Job = Callable[..., Any]
log = logging.getLogger("permanence.worker")


class PartlyDone(Exception):
    """Something of a round was done, and something failed: the ``faults``, each by its job."""

    def __init__(self, faults: Mapping[Job, Exception]) -> None:
        self.fault = next(iter(faults.values()))
        self.jobs = frozenset(faults)
        super().__init__(str(self.fault))


class Faults:
    """Faults that come again and again: said once a minute, with pauses that grow."""

    def __init__(self) -> None:
        self._last, self._said = "", -float(SAID_AGAIN_SECONDS)
        self._rest, self._until = frozenset[Job](), 0.0
        self.pause = PAUSE_SECONDS

    def none(self) -> None:
        """Forget what went wrong, unless what failed had no turn since."""
        if not self.resting():
            self._last, self.pause = "", PAUSE_SECONDS

    def one(self, fault: Exception) -> None:
        """Log a fault, unless the same was said within the minute; the pause grows."""
        what = f"{type(fault).__name__}: {getattr(fault, 'orig', fault)}"
        self.pause = min(self.pause * 2, PAUSE_MOST_SECONDS) if self._last else PAUSE_SECONDS
        if what != self._last or time.monotonic() - self._said > SAID_AGAIN_SECONDS:
            log.error("the worker could not work; it tries again", exc_info=fault)
            self._said = time.monotonic()
        self._last = what

    def some(self, partly: PartlyDone) -> None:
        """One, where other jobs go on at once: those that failed have no turn for the pause."""
        waiting = self.resting()
        self.one(partly.fault)
        self._rest, self._until = waiting | partly.jobs, time.monotonic() + self.pause

    def resting(self) -> frozenset[Job]:
        """The jobs that failed, until their pause is over."""
        return self._rest if time.monotonic() < self._until else frozenset()
