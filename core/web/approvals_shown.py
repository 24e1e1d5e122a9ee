"""The approvals of a plan as their page shows them: asked for, given, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.record.plan import OPTIONS, PLAN_APPROVAL
from core.store import record
from core.store.scope import Scope
from core.usecases import plan_approving
from core.usecases.plan_approving import State, Step

COLOURS = {
    State.TO_ASK: "grey",
    State.ASKED: "blue",
    State.GIVEN: "green",
    State.REFUSED: "red",
    State.NOT_NEEDED: "grey",
    State.VOID: "grey",
}


@dataclass(frozen=True, slots=True)
class StepShown:
    """One approval; ``theirs``: the asker may answer it."""

    step: Step
    colour: str
    theirs: bool
    asked: str = ""
    answered: str = ""
    answered_on: date | None = None
    words: str = ""
    option: str = ""
    contingencies: str = ""
    rationale: str = ""

    @property
    def open(self) -> bool:
        return self.step.state is State.ASKED

    @property
    def to_ask(self) -> bool:
        return self.step.state is State.TO_ASK


def is_theirs(scope: Scope, child_id: int, public_id: str) -> bool:
    """Whether an entry is an approval that waits, or waited, for a role that the asker holds."""
    there = record.entries(scope, child_id, PLAN_APPROVAL.code)
    entry = next((one for one in there if one.public_id == public_id), None)
    return entry is not None and entry.value("role") in plan_approving.roles(scope)


def steps(found: Iterable[Step], roles: frozenset[str]) -> list[StepShown]:
    return [_step(step, roles) for step in found]


def _step(step: Step, roles: frozenset[str]) -> StepShown:
    entry = step.entry
    theirs = step.state is State.ASKED and step.rule.role in roles
    if entry is None:
        return StepShown(step, COLOURS[step.state], theirs)
    return StepShown(
        step,
        COLOURS[step.state],
        theirs,
        plan_approving.asked_words(entry),
        entry.value("answered_by"),
        entry.day("answered_on"),
        entry.value("words"),
        OPTIONS.get(entry.value("option"), entry.value("option")),
        ", ".join(OPTIONS.get(c, c) for c in entry.value("contingencies").split(",") if c),
        entry.value("rationale"),
    )
