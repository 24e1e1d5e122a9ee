"""The plan in use as a meeting opens, and its open steps: taken over where that is asked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from core.domain.planning_options import CONTINGENCIES, PRIMARY, STEPS
from core.domain.prefill import next_number, row_id
from core.domain.procedure.forms import ROWS_MOST, Place
from core.domain.record.plan import OPTIONS, PLAN_STEP
from core.domain.record.recorded import Recorded, plan_as_at
from core.usecases.planning_options import Options

OF_STEP = ("plan", "what", "who", "due_on")


@dataclass(frozen=True, slots=True)
class InUse:
    """The plan in use on a meeting's day, and its steps that were not done by then."""

    plan: Recorded
    steps: tuple[Recorded, ...]

    @property
    def primary(self) -> str:
        return self.plan.value("primary")

    @property
    def contingencies(self) -> tuple[str, ...]:
        return tuple(filter(None, self.plan.value("contingencies").split(",")))


def plan_in_use(options: Options) -> InUse | None:
    """What the record says of the plan before the meeting is closed; None where there is none."""
    on = options.row.held_on
    plan = plan_as_at(options.entries, on)
    if plan is None:
        return None
    steps = [
        entry
        for entry in options.entries
        if entry.kind == PLAN_STEP.code
        and entry.parent_id == plan.id
        and entry.stands
        and ((done := entry.day("done_on")) is None or done > on)
    ]
    steps.sort(key=lambda step: (step.value("due_on") or "9999", step.id))
    return InUse(plan, tuple(steps))


def to_take_over(options: Options, used: InUse) -> dict[Place, str]:
    """The answers that the plan in use gives where the meeting has none yet: nothing is replaced.

    A step of the same words is the same step, and is not added twice.
    """
    draft, found = options.draft, {}
    if not draft.primary and used.primary in OPTIONS and used.primary not in draft.contingencies:
        found[Place(PRIMARY)] = used.primary
    spare = [code for code in used.contingencies if code in OPTIONS and code != draft.primary]
    if not draft.contingencies and spare:
        found[Place(CONTINGENCIES)] = ",".join(spare)
    there = {PLAN_STEP.as_key([step.what]) for step in draft.steps}
    rows = [step.row for step in draft.steps]
    for step in used.steps:
        what = step.value("what")
        if not what or PLAN_STEP.as_key([what]) in there or len(rows) >= ROWS_MOST:
            continue
        there.add(PLAN_STEP.as_key([what]))
        rows.append(row_id(STEPS, next_number(rows), secrets.token_hex(2)))
        found |= {Place(code, rows[-1]): value for code in OF_STEP if (value := step.value(code))}
    return found
