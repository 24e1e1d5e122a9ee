"""What lists show of a child's record, worked out from the entries: plan, proceedings, match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.record.recorded import (
    Recorded,
    latest,
    plan_in_use,
    plan_otherwise,
    plan_state,
    proceedings_alike,
)

CODE_MOST = 64
CODES_MOST = 400


@dataclass(frozen=True, slots=True)
class Summary:
    """One child's; codes and days as recorded, "" and None where nothing is."""

    plan: str = ""
    plan_state: str = ""
    plan_identified_on: date | None = None
    plan_agreed_on: date | None = None
    plan_achieved_on: date | None = None
    contingencies: str = ""
    proceedings_issued_on: date | None = None
    final_hearing_on: date | None = None
    proceedings_ended_on: date | None = None
    gateway_held_on: date | None = None
    gateway_determination: str = ""
    matched_on: date | None = None
    disagreements: int = 0


def disagreements(entries: Iterable[Recorded]) -> int:
    """How many facts that stand are said otherwise by a current source."""
    listed = [entry for entry in entries if entry.stands]
    fields = sum(len(entry.disagreements) for entry in listed)
    return fields + (plan_otherwise(listed) is not None) + len(proceedings_alike(listed))


def plan_of(entries: Iterable[Recorded]) -> tuple[str, date | None]:
    """How far the plan in use is, and when it was agreed, as these entries say."""
    plan = plan_in_use(entries)
    return (plan_state(plan)[:32], plan.day("agreed_on")) if plan else ("", None)


def summary(entries: Iterable[Recorded]) -> Summary:
    """The summary of a child with these entries, in any order."""
    listed = list(entries)
    plan = plan_in_use(listed)
    state, agreed_on = plan_of(listed)
    court = latest(listed, "proceedings", "issued_on")
    gateway = latest(listed, "gateway", "held_on")
    match = latest([entry for entry in listed if not entry.ended], "match", "matched_on")
    return Summary(
        plan=plan.value("primary")[:CODE_MOST] if plan else "",
        plan_state=state,
        plan_identified_on=plan.day("identified_on") if plan else None,
        plan_agreed_on=agreed_on,
        plan_achieved_on=plan.day("achieved_on") if plan else None,
        contingencies=plan.value("contingencies")[:CODES_MOST] if plan else "",
        proceedings_issued_on=court.day("issued_on") if court else None,
        final_hearing_on=_final_hearing(court, listed) if court else None,
        proceedings_ended_on=court.day("ended_on") if court else None,
        gateway_held_on=gateway.day("held_on") if gateway else None,
        gateway_determination=gateway.value("determination")[:CODE_MOST] if gateway else "",
        matched_on=match.day("matched_on") if match else None,
        disagreements=disagreements(listed),
    )


def _final_hearing(court: Recorded, entries: Iterable[Recorded]) -> date | None:
    """The final hearing of the latest proceedings, else the last that is known of open ones."""
    if (known := court.day("final_hearing_on")) or court.ended:
        return known
    days = (
        entry.day("final_hearing_on")
        for entry in entries
        if entry.kind == "proceedings" and entry.stands and not entry.ended
    )
    return max((day for day in days if day is not None), default=None)
