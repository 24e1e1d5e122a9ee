"""An action: something that somebody does by a day, until it is done and that is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.clauses import SET_HERE
from core.domain.dates import Calendar, Period, Unit, day
from core.domain.finding import Finding
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long

#: How far ahead of today the day of an action is moved at most, where no procedure gives it more.
LONGEST_MOVE = Period(60, Unit.WORKING_DAYS)
#: How long after its meeting the day typed with a decision is at most, for an action that it makes.
LONGEST_GIVEN = Period(24, Unit.MONTHS)


class ActionState(StrEnum):
    """Where an action stands on a day."""

    OPEN = "open"
    LATE = "late"
    SAID = "said to be done"
    DONE = "done"
    DONE_LATE = "done late"
    ENDED = "ended"


class Did(StrEnum):
    """What was said or done of an action, as its notes keep it."""

    PROGRESS = "progress"
    DONE_MEANS = "done-means"
    MOVED = "moved"
    HANDED_ON = "handed-on"
    SAID_DONE = "said-done"
    SENT_BACK = "sent-back"
    ACCEPTED = "accepted"
    ENDED = "ended"


def state(
    due: date,
    on: date,
    *,
    done_on: date | None = None,
    accepted_on: date | None = None,
    ended_on: date | None = None,
) -> ActionState:
    """The state as at a day: the due day is in time, to its end.

    ``done_on`` is the day for which somebody said that it is done. It is done only once somebody
    else accepted that; nobody is late meanwhile.
    """
    if ended_on is not None and ended_on <= on:
        return ActionState.ENDED
    said = done_on is not None and done_on <= on
    if accepted_on is not None and accepted_on <= on:
        late = done_on is not None and done_on > due
        return ActionState.DONE_LATE if late else ActionState.DONE
    if said:
        return ActionState.SAID
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
        if not self.done and not self.note.strip():
            return (Finding("Enter how it stands", field="progress"),)
        return ()


def words_findings(words: str, ask: str, field: str) -> tuple[Finding, ...]:
    """What is wrong with words that are needed: nothing typed (``ask`` says so), or too long."""
    if not words.strip():
        return (Finding(ask, field=field),)
    fault = too_long(words, LONG_TEXT_MOST)
    return (Finding(fault, field=field),) if fault else ()


def move_findings(
    to: date | None,
    day_fault: str,
    due: date,
    on: date,
    calendar: Calendar,
    within: Period | None = None,
) -> list[Finding]:
    """What is wrong with the day to which an action is moved on a day.

    It is moved at most ``LONGEST_MOVE`` ahead, or as far as the procedure gave it from the first
    (``within``): a slip of the year would keep everybody from hearing that it is late.
    """
    if day_fault or to is None:
        return [Finding(day_fault or "Enter the new day", field="due")]
    if to < on:
        return [Finding("The new day must be today or later", field="due")]
    if to == due:
        return [Finding(f"It is due on {day(to)} already", field="due")]
    last, most = calendar.after(on, LONGEST_MOVE), f"{LONGEST_MOVE} ({SET_HERE})"
    if within is not None and calendar.after(on, within) > last:
        last, most = calendar.after(on, within), str(within)
    if to > last:
        said = f"The new day must be {day(last)} or earlier: {most} from today at most"
        return [Finding(said, field="due")]
    return []


def lacks(owner: str, done_means: str) -> Iterator[str]:
    """What an action lacks before minutes can be ratified, each in words.

    Never a date: none is kept without one.
    """
    if not owner.strip():
        yield "an owner"
    if not done_means.strip():
        yield "what done looks like"
