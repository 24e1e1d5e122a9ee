"""The approvals of a plan as their page shows them: asked for, given, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.domain import approved
from core.domain.plan_facts import PlanFacts
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
    """One approval; ``theirs``: the asker may answer it.

    ``why_changed``: the why of the plan is another one now, ``why_now``, than was put.
    """

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
    why_changed: bool = False
    why_now: str = ""

    @property
    def put_as(self) -> str:
        """Before the why as it was put: what was answered to it."""
        said = {State.GIVEN: "Approved", State.REFUSED: "Not approved"}
        return said.get(self.step.state, "Put")

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


def steps(
    found: Iterable[Step], roles: frozenset[str], facts: PlanFacts | None, on: date
) -> list[StepShown]:
    """Each approval, beside why the plan is the plan on a day."""
    why = replace(facts, on=max(facts.on, on)).rationale if facts is not None else ""
    return [_step(step, roles, why) for step in found]


def _step(step: Step, roles: frozenset[str], why: str) -> StepShown:
    entry = step.entry
    theirs = step.state is State.ASKED and step.rule.role in roles
    if entry is None:
        return StepShown(step, COLOURS[step.state], theirs)
    changed = step.state is not State.VOID and approved.why_changed(entry, why)
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
        changed,
        why if changed else "",
    )
