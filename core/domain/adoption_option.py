"""Since when adoption is an option for a child, and the planning meetings held since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.record.recorded import FIRST, Recorded, before_a_plan, begun_on

ADOPTION = "adoption"
LAST = date.max


@dataclass(frozen=True, slots=True)
class AdoptionFacts:
    """A child who is referred to the agency decision maker ``on`` a day.

    ``since`` is the day since which adoption is an option, None where it is none on that day;
    ``meetings`` are the days of the planning meetings about the child.
    """

    on: date
    since: date | None
    meetings: tuple[date, ...] = ()

    @property
    def planned(self) -> bool:
        """Whether a planning meeting was held since then, and by the day."""
        since = self.since
        return since is not None and any(since <= held <= self.on for held in self.meetings)


def option_since(entries: Iterable[Recorded], on: date) -> date | None:
    """Since when adoption has been an option, without a break up to a day; None: it is none then.

    As the primary plan or a contingency, or as an option considered or supported; until the plan
    ended or it was ruled out.
    """
    listed = [entry for entry in entries if entry.stands]
    spans: list[tuple[date, date]] = []
    for plan in listed:
        if plan.kind == "plan":
            weighed = [
                entry
                for entry in listed
                if entry.kind == "plan-option"
                and entry.parent_id == plan.id
                and entry.value("option") == ADOPTION
            ]
            spans += _spans(plan, weighed)
    spans += _before_a_plan(listed)
    found: date | None = None
    for start, end in sorted(spans, reverse=True):
        joins = start <= on < end if found is None else end >= found
        if joins:
            found = start
    return found


def _spans(plan: Recorded, weighed: Iterable[Recorded]) -> list[tuple[date, date]]:
    """From when until when adoption was an option of one plan."""
    begun, over = begun_on(plan), _over(plan)
    primary = plan.value("primary") == ADOPTION
    planned = primary or ADOPTION in plan.value("contingencies").split(",")
    since: date | None = begun if planned else None
    found = []
    for option in sorted(weighed, key=lambda one: (one.day("considered_on") or FIRST, one.id)):
        day = max(option.day("considered_on") or begun, begun)
        if option.value("conclusion") == "ruled-out":
            if since is not None and not primary:
                found.append((since, day))
                since = None
        elif since is None:
            since = day
    if since is not None:
        found.append((since, over))
    return [(start, end) for start, end in found if start < end]


def _before_a_plan(listed: Iterable[Recorded]) -> list[tuple[date, date]]:
    """From when until when it was one while there was no plan: until the first plan after it."""
    begun = sorted(begun_on(plan) for plan in listed if plan.kind == "plan")
    weighed = [one for one in before_a_plan(listed) if one.value("option") == ADOPTION]
    found = []
    since: date | None = None
    for option in sorted(weighed, key=lambda one: (one.day("considered_on") or FIRST, one.id)):
        day = option.day("considered_on") or FIRST
        if option.value("conclusion") != "ruled-out":
            since = since or day
        elif since is not None:
            found.append((since, day))
            since = None
    if since is not None:
        found.append((since, next((day for day in begun if day > since), LAST)))
    return found


def _over(plan: Recorded) -> date:
    """The day from which a plan is over; one that ended on no known day never counts."""
    return plan.day("ended_on") or (FIRST if plan.ended else LAST)
