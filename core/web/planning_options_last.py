"""What the last planning meeting said, beside the questions of the options page of the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.dates import day
from core.domain.finding import Refused
from core.domain.planned import PlanDraft, Step
from core.domain.planning_options import CONCLUSIONS
from core.domain.record.plan import OPTIONS
from core.domain.record.recorded import Recorded
from core.store.planning import PlanningRow
from core.usecases import planning_options
from core.usecases.planning_options import Options
from core.web import asker


@dataclass(frozen=True, slots=True)
class LastTime:
    """The last meeting in words, part by part; each is "" where nothing was said of it."""

    on: date
    reunification: str
    no_family_meeting: str
    plan: str
    steps: tuple[str, ...]


def last_time(options: Options) -> LastTime | None:
    """What the meeting before this one left; None where there was none."""
    before = planning_options.last_time(asker.scope(), asker.registry(), options.row)
    if before is None:
        return None
    return _left(before)


def left_by(row: PlanningRow) -> LastTime | None:
    """What one meeting left of options and plan; None where it weighed none."""
    try:
        options = planning_options.options_of(asker.scope(), asker.registry(), row)
    except Refused:
        return None
    body = options.procedure.body(row.body_code)
    return _left(options) if body is not None and body.weighs_options else None


def _left(before: Options) -> LastTime:
    draft = before.draft
    said = {"yes": "considered", "no": "not considered"}.get(draft.reunification, "")
    return LastTime(
        before.row.held_on,
        ". ".join(filter(None, (said, draft.reunification_why))),
        draft.no_family_meeting,
        _plan(draft),
        tuple(_step(step) for step in draft.steps if step.what),
    )


def not_listed(options: Options, last: Mapping[str, Recorded]) -> Iterator[str]:
    """What was said before of options that are not listed at this meeting, one by one."""
    here = {one.code for one in options.draft.weighed}
    for code in (code for code in OPTIONS if code in last and code not in here):
        entry = last[code]
        came = CONCLUSIONS.get(entry.value("conclusion"), "").lower()
        on = entry.day("considered_on")
        when = f", on {day(on)}" if on is not None else ""
        yield f"{OPTIONS[code]}: {came}{when}. {entry.value('why')}".strip()


def _plan(draft: PlanDraft) -> str:
    if not draft.primary:
        return ""
    spare = ", ".join(_titles(draft, draft.contingencies))
    (primary,) = _titles(draft, [draft.primary])
    return f"{primary}; contingency: {spare or 'none'}"


def _titles(draft: PlanDraft, codes: Iterable[str]) -> list[str]:
    found = ((code, draft.option(code)) for code in codes)
    return [one.named if one is not None else OPTIONS.get(code, code) for code, one in found]


def _step(step: Step) -> str:
    by = f"by {day(step.due_on)}" if step.due_on is not None else ""
    beside = ", ".join(filter(None, (step.who, by)))
    return f"{step.what} ({beside})" if beside else step.what
