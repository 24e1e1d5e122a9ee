"""Under which anchors a day of an entry of the record goes: what deadlines run from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from core.domain.dated import Dated
from core.domain.record.plan import NATIONAL_ONLY
from core.domain.record.recorded import Recorded, plan_state

ANY_HEALTH = "assessment.any-health"
CARE_ISSUED, CARE_ENDED = "proceedings.care-issued", "proceedings.care-ended"
OUT_OF_AREA, AREA_NOT_SAID = "emergency.out-of-area", "emergency.area-not-said"
BODIES = {
    "ppm": "permanence-planning-meeting",
    "panel": "permanence-panel",
    "final-care-planning": "final-care-planning-meeting",
}
ORDERS_SECURE = frozenset({"sgo", "sgo-supervision-order", "cao", "adoption-order"})
EACH_ITS_OWN = ("temporary-approval.", "emergency.", "proceedings.")
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
        case "plan", "identified_on" if entry.value("primary") not in NO_PLAN_YET:
            yield "plan.identified"
    if secures(entry, code):
        yield "secured"


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


def secures(entry: Recorded, code: str) -> bool:
    """Whether a day in the field of an entry is the day on which permanence was secured."""
    if entry.kind == "match":
        return code == "matched_on"
    if entry.kind == "proceedings":
        return code == "ended_on" and entry.value("order") in ORDERS_SECURE
    return (entry.kind, code) in (("plan", "achieved_on"), ("adoption", "order_on"))


def stood_until(entry: Recorded) -> date | None:
    """From when what an entry says no longer holds: a plan that was dropped, a match that ended."""
    return entry.day("ended_on") if entry.kind in ("plan", "match") else None
