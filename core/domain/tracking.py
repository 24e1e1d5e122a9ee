"""How a child's plan is watched from the start of planning until permanence is achieved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.care_days import Stretch
from core.domain.courses import ChildDates
from core.domain.due import Due
from core.domain.entry_days import PPM
from core.domain.record.recorded import Recorded, agree, latest, plan_in_use
from core.domain.securing import secured
from core.domain.ssda903_codes import SECTION_20

PRE_PROCEEDINGS, LOOKED_AFTER = "pre-proceedings", "looked-after"
TRIGGERS = {
    PRE_PROCEEDINGS: "on entering pre-proceedings",
    LOOKED_AFTER: "on becoming looked after",
}
TRACKS = frozenset({"plan-tracked", "plan-tracked-alone", "next-ppm"})
"""Deadlines that ask for the plan to be looked at again, by their codes."""


@dataclass(frozen=True, slots=True)
class Track:
    """What is so of a child's plan, free of today; None and "" where nothing is recorded.

    ``planning_on`` is the day on which planning began and ``trigger`` what began it; it is not
    known where the day care began is not. ``met_on`` is that of the last planning meeting,
    ``tracked_on`` that of the last tracking outside one. ``tracked_due`` is by when the plan is to
    be looked at again; it is asked for up to before ``tracked_until``. ``section_20_on`` is from
    when the child is accommodated by agreement, up to before ``section_20_until``. ``aim`` is what
    the care plan names, agreed at the review of ``aim_on``, and ``differs`` whether the permanence
    plan is another. ``ceased_on`` is when care ended.
    """

    planning_on: date | None = None
    planning_known: bool = True
    trigger: str = ""
    met_on: date | None = None
    tracked_on: date | None = None
    tracked_due: date | None = None
    tracked_until: date | None = None
    section_20_on: date | None = None
    section_20_until: date | None = None
    prospect: str = ""
    prospect_on: date | None = None
    aim: str = ""
    aim_on: date | None = None
    differs: bool = False
    secured_on: date | None = None
    secured_by: str = ""
    ceased_on: date | None = None


def track(child: ChildDates, dues: Iterable[Due]) -> Track:
    """How the plan of a child stands; ``dues`` are the deadlines of the latest period of care."""
    period = child.periods[-1] if child.periods else None
    before = child.periods[-2].end if len(child.periods) > 1 else None
    began, known, trigger = _planning(child, period, before)
    met = [on for on in planning_meetings(child) if before is None or on > before]
    entries = [one for one in child.entries if one.stands]
    tracked = _latest_day(entries, "plan-tracked", "tracked_on")
    prospect = latest(entries, "reunification-prospect", "answered_on")
    aim = latest(entries, "care-plan-aim", "review_on")
    due = _asked(dues)
    achieved = secured(child, period.start if period else None)
    by_agreement = section_20(child)
    return Track(
        began,
        known,
        trigger,
        met[-1] if met else None,
        tracked,
        due.due if due else None,
        due.stopped_on if due else None,
        by_agreement.start if by_agreement else None,
        by_agreement.end if by_agreement else None,
        prospect.value("prospect") if prospect else "",
        prospect.day("answered_on") if prospect else None,
        aim.value("aim") if aim else "",
        aim.day("review_on") if aim else None,
        aim is not None and _differs(aim, entries),
        achieved.on if achieved else None,
        achieved.outcome if achieved else "",
        period.end if period else None,
    )


def planning_meetings(child: ChildDates) -> list[date]:
    """The days of the planning meetings that were held, in their order."""
    held = {one.on for one in child.heard if one.heard and one.body == PPM}
    for entry in child.entries:
        if entry.kind == "earlier-meeting" and entry.stands and entry.value("meeting") == "ppm":
            held |= {on for on in (entry.day("held_on"),) if on is not None}
    return sorted(held)


def section_20(child: ChildDates) -> Stretch | None:
    """The last stretch of accommodation by agreement in the latest period of care."""
    start = child.periods[-1].start if child.periods else None
    found = [
        one
        for one in child.statuses
        if one.code == SECTION_20 and start is not None and one.start >= start
    ]
    return found[-1] if found else None


def _planning(
    child: ChildDates, period: Stretch | None, before: date | None
) -> tuple[date | None, bool, str]:
    """When planning began, whether that is known, and what began it: the earlier of the two."""
    start = period.start if period is not None else None
    entered = [
        on
        for on in (*_pre_proceedings(child.entries), *planning_meetings(child))
        if (before is None or on > before) and (start is None or on < start)
    ]
    if entered:
        return min(entered), True, PRE_PROCEEDINGS
    if period is None:
        return None, True, ""
    return start, period.start_known, LOOKED_AFTER


def _pre_proceedings(entries: Iterable[Recorded]) -> Iterable[date]:
    for entry in entries:
        if entry.kind == "gateway" and entry.stands:
            on = entry.day("held_on")
            if on is not None and entry.value("determination") == PRE_PROCEEDINGS:
                yield on


def _asked(dues: Iterable[Due]) -> Due | None:
    """What asks next for the plan to be looked at: neither met nor without a day."""
    found = (
        due
        for due in dues
        if due.rule.code in TRACKS
        and due.due is not None
        and due.met_on is None
        and not due.not_for
        and not due.missing
        and due.ends is None
    )
    return min(found, key=lambda due: (due.stopped_on is not None, due.due), default=None)


def _differs(aim: Recorded, entries: Iterable[Recorded]) -> bool:
    used = plan_in_use(entries)
    said = used.value("primary") if used is not None else ""
    return bool(said) and not agree("plan", "primary", aim.value("aim"), said)


def _latest_day(entries: Iterable[Recorded], kind: str, code: str) -> date | None:
    found = latest(entries, kind, code)
    return found.day(code) if found is not None else None
