"""Under which anchors a day of an entry of the record goes: what deadlines run from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from core.domain.dated import Dated
from core.domain.dates import london_day
from core.domain.home_drift import home_steps
from core.domain.record.adoption import DOUBTED
from core.domain.record.plan import NATIONAL_ONLY
from core.domain.record.recorded import Recorded, begun_on, over_since, plan_state
from core.domain.record.statements import Statement
from core.domain.securing import outcome

ANY_HEALTH = "assessment.any-health"
CARE_ISSUED, CARE_ENDED = "proceedings.care-issued", "proceedings.care-ended"
IN_DOUBT, RELINQUISHED = "adoption.in-doubt", "plan.adoption-relinquished"
HOME_STEP, HOME_STEP_OVER = "plan-step.return-home", "plan-step.return-home-over"
OUT_OF_AREA, AREA_NOT_SAID = "emergency.out-of-area", "emergency.area-not-said"
PPM, PANEL = "permanence-planning-meeting", "permanence-panel"
BODIES = {
    "ppm": PPM,
    "panel": PANEL,
    "final-care-planning": "final-care-planning-meeting",
}
EACH_ITS_OWN = (
    "temporary-approval.", "emergency.", "proceedings.", "plan-step.", "return-home-delay.",
)  # fmt: skip
NO_PROSPECT = "reunification-prospect.none"
OTHER_PROSPECT = "reunification-prospect.some"
NO_PLAN_YET = frozenset({"other", *NATIONAL_ONLY, ""})
"""Primary plans that identify none (readings: plan identified)."""

CARE_APPLICATIONS = frozenset({"care-order", ""})
"""What proceedings for a care or supervision order are applied for; a tracker does not say it."""


def anchors(entry: Recorded, code: str) -> Iterator[str]:
    """Every anchor of a day in the field of an entry, the first by kind and field."""
    yield f"{entry.kind}.{code}"
    match entry.kind, code:
        case "assessment", "done_on":
            what = entry.value("what")
            yield f"assessment.{what}"
            if what.startswith("health"):
                yield ANY_HEALTH
        case "earlier-meeting", "held_on":
            yield f"meeting.{BODIES.get(entry.value('meeting'), entry.value('meeting'))}"
        case "proceedings", "issued_on" if entry.value("application") in CARE_APPLICATIONS:
            yield CARE_ISSUED
        case "proceedings", "ended_on" if entry.value("application") in CARE_APPLICATIONS:
            yield CARE_ENDED
        case "emergency", "placed_on":
            said = entry.value("out_of_area")
            if said != "no":
                yield OUT_OF_AREA if said else AREA_NOT_SAID
        case "adoption", "doubted_on":
            yield IN_DOUBT
        case "placement-order-review", "reviewed_on" if entry.value("viable") in DOUBTED:
            yield IN_DOUBT
        case "reunification-prospect", "answered_on":
            yield NO_PROSPECT if entry.value("prospect") == "no" else OTHER_PROSPECT
        case "plan", "identified_on" if entry.value("primary") not in NO_PLAN_YET:
            yield "plan.identified"
    if outcome(entry, code):
        yield "secured"


def across(entries: Iterable[Recorded]) -> Iterator[tuple[str, Recorded, str]]:
    """Anchors that two entries make together, with the entry and the field of the day."""
    standing = [entry for entry in entries if entry.stands]
    for step, _ in home_steps(standing):
        due, done = step.day("due_on"), step.day("done_on")
        if due is not None and (done is None or done > due):
            yield HOME_STEP, step, "due_on"


def relinquished(entries: Iterable[Recorded]) -> Iterator[tuple[Recorded, date, Statement]]:
    """The plans of adoption of a relinquished child, agreed or not, each from when it is both.

    With what said so: the plan, or the mark where that came after it.
    """
    standing = [entry for entry in entries if entry.stands]
    marks = (e for e in standing if e.kind == "adoption" and e.value("relinquished") == "yes")
    mark = next((entry.values["relinquished"].statement for entry in marks), None)
    if mark is None:
        return
    marked = mark.as_at or (london_day(mark.stated_at) if mark.stated_at else date.min)
    for plan in standing:
        if plan.kind != "plan" or plan.value("primary") != "adoption":
            continue
        begun, over = begun_on(plan), over_since(plan)
        on = max(begun, marked)
        if over is None or on < over:
            yield plan, on, mark if marked > begun else plan.values["primary"].statement


def overs(entries: Iterable[Recorded]) -> Iterator[tuple[str, Recorded, date]]:
    """The steps of plans that are over: the anchor, the step, and from when the plan is."""
    standing = [entry for entry in entries if entry.stands]
    plans = {entry.id: entry for entry in standing if entry.kind == "plan"}
    for step in standing:
        whole = plans.get(step.parent_id or 0) if step.kind == "plan-step" else None
        if whole is not None and (on := over_since(whole)) is not None:
            yield HOME_STEP_OVER, step, on


def apart(anchor: str, events: Iterable[Dated]) -> tuple[Dated, ...]:
    """One a day, in their order; where each entry has its own clock, two of a day stay two."""
    own = anchor.startswith(EACH_ITS_OWN)
    found = {(event.on, event.of if own else 0): event for event in events}
    return tuple(found[key] for key in sorted(found))


def undated(entries: Iterable[Recorded]) -> Iterator[tuple[str, str]]:
    """Anchors of plans that are recorded without their day: what is not known, by the anchor."""
    for entry in entries:
        if entry.kind != "plan" or not entry.stands or entry.value("primary") in NO_PLAN_YET:
            continue
        if not entry.value("identified_on"):
            yield "plan.identified", "the day on which the plan was identified: one is recorded"
        if plan_state(entry) in ("agreed", "achieved") and not entry.value("agreed_on"):
            yield "plan.agreed_on", "the day on which the plan was agreed: it is recorded as agreed"
