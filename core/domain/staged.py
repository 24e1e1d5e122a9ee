"""Where a document stands in its stages: worked out from its texts and what was said of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from core.domain.finding import Finding
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long
from core.domain.procedure.stages import ASKED_WORDS, Does, Stages, StageStep
from core.domain.reason import reason_fault

AUTHOR = "author"
"""To whom a document goes back that goes back to no step."""
TEXT_MOST = 5 * LONG_TEXT_MOST
WORDS_MOST = 4_000


class Said(StrEnum):
    """What can be said of a text."""

    ASKED = "asked"
    APPROVED = "approved"
    REVIEWED = "reviewed"
    SENT_BACK = "sent-back"
    GIVEN_UP = "given-up"


SAID_WORDS = {
    Said.ASKED: "Asked for approval",
    Said.APPROVED: "Approved",
    Said.REVIEWED: "Reviewed",
    Said.SENT_BACK: "Sent back",
    Said.GIVEN_UP: "Given up",
}
DONE = {Does.APPROVES: Said.APPROVED, Does.REVIEWS: Said.REVIEWED}


class State(StrEnum):
    """Where a document is; what is filed or given up stays as it was."""

    WRITTEN = "being written"
    UNDER_WAY = "with those who approve"
    COMPLETE = "approved at every stage"
    FILED = "filed"
    GIVEN_UP = "given up"


OVER = frozenset({State.FILED, State.GIVEN_UP})


@dataclass(frozen=True, slots=True)
class Saying:
    """Something said of a text (by its number): at a step, or "" where its author asks.

    ``to`` is the step to which it was sent back, or AUTHOR.
    """

    number: int
    said: Said
    step: str = ""
    to: str = ""
    words: str = ""
    by: str = ""
    by_id: int | None = None
    at: datetime | None = None
    stands_for: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text stands: what is done of it by step, and the steps that are open now."""

    state: State
    done: dict[str, Saying] = field(default_factory=dict)
    open: tuple[StageStep, ...] = ()

    @property
    def stage(self) -> tuple[str, ...]:
        return tuple(step.code for step in self.open)


def standing(
    stages: Stages, number: int, sayings: Iterable[Saying], *, filed: bool = False
) -> Standing:
    """Where the text of this number stands, from what was said of it in order.

    What was said of an earlier text counts for nothing: changed text voids it. Sent back to the
    author nothing counts either; sent back to a step, that step and every later stage answer again.
    """
    asked, done = False, dict[str, Saying]()
    for one in sayings:
        if one.said is Said.GIVEN_UP:
            return Standing(State.GIVEN_UP, done)
        if one.number != number:
            continue
        if one.said is Said.ASKED:
            asked = True
        elif one.said is not Said.SENT_BACK:
            done[one.step] = one
        elif one.to == AUTHOR:
            asked, done = False, {}
        else:
            place = stages.place(one.to)
            done = {
                code: kept
                for code, kept in done.items()
                if code != one.to and stages.place(code) <= place
            }
    if filed:
        return Standing(State.FILED, done)
    if not asked:
        return Standing(State.WRITTEN, done)
    for stage in stages.stages:
        lacking = tuple(step for step in stage if step.code not in done)
        if lacking:
            return Standing(State.UNDER_WAY, done, lacking)
    return Standing(State.COMPLETE, done)


def back_to(stages: Stages, step: StageStep) -> tuple[StageStep, ...]:
    """The steps to which a step may send a document back: those of every stage before its own."""
    place = stages.place(step.code)
    return tuple(one for stage in stages.stages[: place - 1] for one in stage)


def lacking(stages: Stages, now: Standing) -> tuple[Finding, ...]:
    """What stands against filing: each step that is not done of the text as it is."""
    found = []
    for number, stage in enumerate(stages.stages, 1):
        for step in stage:
            if now.state is State.WRITTEN or step.code not in now.done:
                did = "has not approved" if step.does is Does.APPROVES else "has not reviewed"
                who = ASKED_WORDS[step.who]
                found.append(
                    Finding(
                        step.said(f"Stage {number}, {step.title}: {who} {did} this text"),
                        step.code,
                        step.clauses,
                        field="stages",
                    )
                )
    return tuple(found)


def filing(
    stages: Stages, now: Standing, on: date | None, fault: str, since: date, today: date
) -> tuple[Finding, ...]:
    """What stands against filing on a day: stages, no day, one to come, one before the approval."""
    found = list(lacking(stages, now))
    if fault:
        found.append(Finding(fault, field="filed"))
    elif on is None:
        found.append(Finding("Enter the day on which it was filed", field="filed"))
    elif on > today:
        found.append(Finding("The day of filing must be today or in the past", field="filed"))
    elif not found and on < since:
        message = "The day of filing must not be before the last approval"
        found.append(Finding(message, field="filed"))
    return tuple(found)


def text_fault(words: str) -> Finding | None:
    """What is wrong with a text: nothing written, or too much."""
    if not words.strip():
        return Finding("Write the text", field="text")
    message = too_long(words, TEXT_MOST, "text")
    return Finding(message, field="text") if message else None


def back_fault(stages: Stages, step: StageStep, to: str, words: str) -> tuple[Finding, ...]:
    """What is wrong with sending back: to nobody, to a later stage, or without words."""
    able = {AUTHOR, *(one.code for one in back_to(stages, step))}
    found = []
    if to not in able:
        found.append(Finding("Choose to whom it goes back", field="to"))
    asked = "Say why it goes back, and what has to change"
    if fault := reason_fault(words, field="words", asked=asked, most=WORDS_MOST):
        found.append(fault)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Voided:
    """What was said of an earlier text, and the number of the text that made it count no more."""

    saying: Saying
    by: int


def voided(number: int, sayings: Sequence[Saying]) -> tuple[Voided, ...]:
    """Approvals and reviews of earlier texts, each with the change that voided it."""
    counts = (Said.APPROVED, Said.REVIEWED)
    return tuple(
        Voided(one, one.number + 1) for one in sayings if one.said in counts and one.number < number
    )
