"""A return home that drifts: the steps of its plan, and how often the day of each was moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from core.domain.record.going_home import HOME_OPTIONS, RETURN_HOME_DELAY
from core.domain.record.recorded import Recorded
from core.domain.suggesting import moves_of


@dataclass(frozen=True, slots=True)
class MovedStep:
    """A step that is not done and was moved so many times, ``since`` a delay was last raised."""

    step: Recorded
    moved: int
    since: date | None = None


def home_steps(entries: Iterable[Recorded]) -> Iterator[tuple[Recorded, Recorded]]:
    """The steps of plans whose primary option is a return home, each with its plan.

    A step of the contingency is none of the return home.
    """
    standing = [entry for entry in entries if entry.stands]
    plans = {entry.id: entry for entry in standing if entry.kind == "plan"}
    for step in standing:
        whole = plans.get(step.parent_id or 0) if step.kind == "plan-step" else None
        if whole is None or whole.value("primary") not in HOME_OPTIONS:
            continue
        if step.value("plan") != "contingency":
            yield step, whole


def moved_steps(entries: Iterable[Recorded]) -> Iterator[MovedStep]:
    """The steps of a return home that are not done and were moved; none while a delay is raised.

    What was moved before a delay was raised has been heard of.
    """
    listed = [entry for entry in entries if entry.stands]
    delays = [entry for entry in listed if entry.kind == RETURN_HOME_DELAY.code]
    if any(not delay.ended for delay in delays):
        return
    raised = max(filter(None, (delay.day("raised_on") for delay in delays)), default=None)
    for step, whole in home_steps(listed):
        if whole.ended or step.value("done_on"):
            continue
        moves = moves_of((one for one in step.statements if one.field == "due_on"), raised)
        if moves is not None:
            yield MovedStep(step, moves.times, raised)
