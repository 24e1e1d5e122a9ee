"""The child of a planning meeting as the rules on who comes see them on its day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from core.domain.care_days import Stretch
from core.domain.courses import ChildDates
from core.domain.finding import Refused
from core.domain.procedure.on_day import ChildOnDay
from core.domain.record.recorded import Recorded, plan_as_at, proceedings_on
from core.registry import Registry
from core.store import courses
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases.planning_options import options_of

FOSTER_HOMES = "U"
NOTHING: Mapping[str, str] = MappingProxyType({})


def child_on_day(scope: Scope, registry: Registry, row: PlanningRow) -> ChildOnDay:
    """The child as the rules on who comes see them on the meeting's day."""
    dates = courses.dates_of(scope, [row.child_id])[row.child_id]
    return as_recorded(dates, row, _said_here(scope, registry, row))


def as_recorded(
    dates: ChildDates, row: PlanningRow, said_here: Mapping[str, str] = NOTHING
) -> ChildOnDay:
    """The child of the record on the meeting's day; ``said_here`` is what came of each option."""
    on = row.held_on
    status = _on(dates.statuses, on)
    entries = [entry for entry in dates.entries if entry.stands]
    plan = plan_as_at(entries, on)
    primary = plan.value("primary") if plan is not None else ""
    spare = plan.value("contingencies") if plan is not None else ""
    weighed = _weighed(entries, plan, on)
    weighed |= said_here
    ruled_out = frozenset(code for code, came in weighed.items() if came == "ruled-out")
    contingencies = frozenset(code for code in spare.split(",") if code)
    options = frozenset({primary} - {""}) | contingencies | frozenset(weighed)
    return ChildOnDay(
        on,
        row.born,
        row.unborn,
        options - ruled_out,
        primary,
        contingencies,
        ruled_out,
        True if status == "C1" else proceedings_on(entries, on),
        status,
        lives_with_foster_carers(dates, row.unborn, on),
    )


def lives_with_foster_carers(dates: ChildDates, unborn: bool, on: date) -> bool | None:
    """Whether the child lives with foster carers; None where no placement is known of that day.

    Who is not born, or whose care is known and does not hold then, does not.
    """
    if placement := _on(dates.placements, on):
        return placement.startswith(FOSTER_HOMES)
    in_care = any(one.start <= on and (one.end is None or on < one.end) for one in dates.periods)
    return False if unborn or (dates.periods and not in_care) else None


def _on(stretches: Iterable[Stretch], on: date) -> str:
    """The code of the last stretch that holds on a day."""
    held = [one for one in stretches if one.start <= on and (one.end is None or on < one.end)]
    return held[-1].code if held else ""


def _weighed(entries: Iterable[Recorded], plan: Recorded | None, on: date) -> dict[str, str]:
    """What came last of each option of the plan in use, by its code; or before there was one."""
    whole = plan.id if plan is not None else None
    parts = [
        entry
        for entry in entries
        if entry.kind == "plan-option"
        and entry.parent_id == whole
        and (entry.day("considered_on") or date.min) <= on
    ]
    parts.sort(key=lambda entry: (entry.day("considered_on") or date.min, entry.id))
    return {entry.value("option"): entry.value("conclusion") for entry in parts}


def _said_here(scope: Scope, registry: Registry, row: PlanningRow) -> dict[str, str]:
    """What this meeting has written of each option so far; nothing where its rules are gone.

    What it chose for its plan it considers, also before it says what came of it.
    """
    try:
        draft = options_of(scope, registry, row).draft
    except Refused:
        return {}
    chosen = dict.fromkeys(filter(None, (draft.primary, *draft.contingencies)), "")
    said = reversed(draft.weighed)
    return chosen | {one.code: one.conclusion for one in said if one.code and one.conclusion}
