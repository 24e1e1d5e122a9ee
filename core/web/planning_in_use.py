"""The plan in use as a meeting opens, as its options page shows it and offers to take it over."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.dates import day
from core.domain.offer import Among
from core.domain.record.plan import NATIONAL_ONLY, OPTIONS
from core.domain.record.recorded import Recorded, begun_on
from core.usecases import plan_standing
from core.usecases.planning_options import Options
from core.usecases.planning_taken_over import plan_in_use, to_take_over
from core.web import asker


@dataclass(frozen=True, slots=True)
class InUseView:
    """The plan and its open steps in words; ``not_listed`` are its options that cannot be chosen.

    ``outside`` says that these can be weighed as another option; ``offered`` that something of the
    plan is not in the meeting's yet; ``how_far`` says of each approval that it lacks how that
    stands.
    """

    since: str
    primary: str
    contingencies: tuple[str, ...]
    steps: tuple[str, ...]
    not_listed: tuple[str, ...]
    outside: bool
    offered: bool
    how_far: tuple[str, ...] = ()


def in_use(options: Options) -> InUseView | None:
    """The plan in use, while the meeting is open; None where there is none."""
    used = plan_in_use(options) if options.row.open else None
    if used is None:
        return None
    codes = tuple(filter(None, (used.primary, *used.contingencies)))
    missing = tuple(code for code in codes if code in OPTIONS and not _weighed(options, code))
    own = used.plan.day("identified_on")
    return InUseView(
        f"since {day(begun_on(used.plan))}" if own else "",
        _title(options, used.primary) if used.primary else "",
        tuple(_title(options, code) for code in used.contingencies),
        tuple(_step(step) for step in used.steps),
        tuple(_title(options, code) for code in missing),
        all(code in options.offer.outside for code in missing),
        bool(to_take_over(options, used)),
        _how_far(options.row.child_id),
    )


def _how_far(child_id: int) -> tuple[str, ...]:
    how = plan_standing.of_plan(asker.scope(), asker.registry(), child_id)
    return how.words if how is not None else ()


def _weighed(options: Options, code: str) -> bool:
    one = options.draft.option(code)
    return one is not None and one.among is not Among.THEN


def _title(options: Options, code: str) -> str:
    one = options.draft.option(code)
    return one.named if one is not None else OPTIONS.get(code, NATIONAL_ONLY.get(code, code))


def _step(step: Recorded) -> str:
    due = step.day("due_on")
    by = f"by {day(due)}" if due is not None else ""
    beside = ", ".join(filter(None, (step.value("who"), by)))
    return f"{step.value('what')} ({beside})" if beside else step.value("what")
