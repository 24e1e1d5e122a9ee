"""An action: something that somebody does by a day, and whether it is late on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.finding import Finding
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long


class ActionState(StrEnum):
    """Where an action stands on a day."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"
    DONE_LATE = "done late"


def state(due: date, done_on: date | None, on: date) -> ActionState:
    """The state as at a day: the due day is in time, to its end."""
    if done_on is not None and done_on <= on:
        return ActionState.DONE if done_on <= due else ActionState.DONE_LATE
    return ActionState.LATE if on > due else ActionState.OPEN


@dataclass(frozen=True, slots=True)
class Progress:
    """What somebody says of an action: a note of how it stands, or that and how it was done."""

    note: str
    done: bool = False
    done_words: str = ""

    def findings(self) -> tuple[Finding, ...]:
        long = [
            Finding(fault, field=field)
            for field, words in (("progress", self.note), ("done_words", self.done_words))
            if (fault := too_long(words, LONG_TEXT_MOST))
        ]
        if long:
            return tuple(long)
        if self.done and not self.done_words.strip():
            return (Finding("Say what was done", field="done_words"),)
        if not self.done and self.done_words.strip():
            return (Finding("Tick “This is done”, or clear what you wrote under it", field="done"),)
        return ()
