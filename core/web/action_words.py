"""Actions in words: their state, their body, what was said of them and where they rolled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.action import ActionState, Did
from core.domain.dates import day
from core.store.action_notes import Note, Roll
from core.store.actions import ActionRow
from core.web import asker

COLOURS: Mapping[str, str] = {
    ActionState.OPEN: "blue",
    ActionState.LATE: "red",
    ActionState.SAID: "yellow",
    ActionState.DONE: "green",
    ActionState.DONE_LATE: "orange",
    ActionState.ENDED: "grey",
}
HEADINGS: Mapping[str, str] = {
    Did.PROGRESS: "Progress",
    Did.DONE_MEANS: "What done looks like",
    Did.MOVED: "The day was moved",
    Did.HANDED_ON: "It was handed on",
    Did.SAID_DONE: "Said to be done",
    Did.SENT_BACK: "Sent back: it is not done yet",
    Did.ACCEPTED: "Accepted as done",
    Did.ENDED: "Ended without being done",
}


@dataclass(frozen=True, slots=True)
class NoteWords:
    """One thing said of an action, as the page says it; ``at`` is None where it is not known."""

    heading: str
    change: str
    words: str
    by: str
    at: datetime | None


def state(row: ActionRow, on: date) -> tuple[str, str]:
    """The state in a word, and its colour."""
    found = row.state(on)
    return str(found).capitalize(), COLOURS[found]


def body(row: ActionRow) -> str:
    """The title of the body that made an action; of a tracker's there is none."""
    if row.procedure_code is None:
        return ""
    return title(row.procedure_code, row.procedure_edition or "", row.body_code or "")


def title(procedure_code: str, edition: str, body_code: str) -> str:
    return asker.registry().body_title(procedure_code, edition, body_code)


def note(one: Note) -> NoteWords:
    change = ""
    if one.did == Did.MOVED:
        change = f"from {_day(one.before)} to {_day(one.after)}"
    elif one.did == Did.HANDED_ON:
        change = f"from {one.before or 'nobody'} to {one.after}"
    return NoteWords(HEADINGS.get(one.did, one.did), change, one.words, one.by, one.at)


def roll(one: Roll) -> str:
    """The meeting at which it stood overdue, in words."""
    body_title = title(one.procedure_code, one.procedure_edition, one.body_code)
    return f"{body_title} of {day(one.on)}: it was due on {day(one.due)}"


def times(count: int) -> str:
    """How often: "not yet", "once", "twice", "3 times"."""
    return {0: "not yet", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
