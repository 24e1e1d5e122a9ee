"""A dispute of a reviewing officer on a child: what it can be about, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from core.domain.dates import day
from core.domain.finding import Finding
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long

OTHER, ACTION, DATE = "other", "action", "date"
ABOUT: Mapping[str, str] = MappingProxyType(
    {
        "drift": "Drift: the plan does not go on within the child’s timescale",
        ACTION: "An action that is not done",
        "plan": "A plan that is not agreed, or that the reviewing officer does not agree with",
        DATE: "A date that is not kept",
        OTHER: "Something else",
    }
)
ABOUT_SHORT: Mapping[str, str] = MappingProxyType(
    {
        "drift": "Drift",
        ACTION: "An action not done",
        "plan": "The plan",
        DATE: "A date not kept",
        OTHER: "Something else",
    }
)
RESOLVED, WITHDRAWN, NEXT = "resolved", "withdrawn", "next"
ENDS = (RESOLVED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a reviewing officer types to open one: about what, in words, and of which record.

    ``action`` is the public id of an action, ``deadline`` the words of a deadline, "" for none.
    """

    about: str
    words: str
    action: str = ""
    deadline: str = ""

    def findings(self) -> tuple[Finding, ...]:
        found = []
        if self.about not in ABOUT:
            found.append(Finding("Choose what the dispute is about", field="about"))
        fault = _words(self.words, "words", "Enter what is in dispute, and what you ask for")
        return (*found, *fault)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a stage: by whom, on which day and in what words.

    ``day_fault`` says what is wrong with a day that was typed and is none.
    """

    name: str
    on: date | None
    words: str
    day_fault: str = ""

    def findings(self, begun_on: date, today: date) -> tuple[Finding, ...]:
        found = []
        if not self.name.strip():
            found.append(Finding("Enter who answered", field="name"))
        elif len(self.name.strip()) > 200:
            found.append(Finding("The name must be 200 characters or fewer", field="name"))
        if self.on is None:
            said = self.day_fault or "Enter the day of the answer"
            found.append(Finding(said, field="on"))
        elif self.on > today:
            found.append(Finding("The day of the answer must be today or in the past", field="on"))
        elif self.on < begun_on:
            message = f"The day of the answer must be on or after {day(begun_on)}"
            found.append(Finding(f"{message}, when this stage began", field="on"))
        return (*found, *_words(self.words, "answer", "Enter the answer"))


def outcome_findings(what: str, words: str, *, last: bool) -> tuple[Finding, ...]:
    """What is wrong with how a dispute goes on: to the next stage, resolved or withdrawn."""
    choices = ENDS if last else (NEXT, *ENDS)
    chosen = [] if what in choices else [Finding("Choose what happens now", field="what")]
    return (*chosen, *_words(words, "outcome", "Enter why"))


def _words(text: str, field: str, asked: str) -> tuple[Finding, ...]:
    if not text.strip():
        return (Finding(asked, field=field),)
    long = too_long(text, LONG_TEXT_MOST)
    return (Finding(long, field=field),) if long else ()
