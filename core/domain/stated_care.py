"""Care as lists state it: the start that returns lack, and the care of a child of whom none is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from core.domain.episode import RowSource
from core.domain.periods import PeriodOfCare
from core.domain.ssda903_codes import LEGAL_STATUS, PLACEMENT, REASON_CEASED, SHORT_BREAKS

if TYPE_CHECKING:
    from core.domain.child import ChildFacts

LIST_8 = "annex-a-8"
STARTS_DIFFER = "903 and list 8 say different starts"
START_BEFORE_BIRTH = "list 8 start is before birth"
WORDS = {
    STARTS_DIFFER: "The return and a list of children in care say different days on which care "
    "started. What the return says is used. Correct the one that is wrong.",
    START_BEFORE_BIRTH: "A list says that care started before the child was born. The day is not "
    "used. Correct the list.",
}


@dataclass(frozen=True, slots=True)
class StatedCare:
    """What one source says of a child's care as at a day; codes are "" where it says none.

    ``format`` is the kind of file, "" for what a person typed, which stands before files.
    ``said_of`` is the local id of which it is said, where that record has been merged into the
    child's own; "" for the child's own.
    """

    as_at: date
    format: str = LIST_8
    started_on: date | None = None
    legal_status: str = ""
    legal_status_since: date | None = None
    placement: str = ""
    placement_since: date | None = None
    provider: str = ""
    latest_review_on: date | None = None
    ceased_on: date | None = None
    ceased_why: str = ""
    source: RowSource | None = None
    said_of: str = ""

    @property
    def typed(self) -> bool:
        return not self.format

    @property
    def tells_status(self) -> bool:
        """Whether it says how care stands; a list of adoptions says only when it began."""
        return self.typed or self.format == LIST_8


def latest_first(stated: Iterable[StatedCare]) -> tuple[StatedCare, ...]:
    """In the order in which they are believed: typed, then by day; lists in care before others.

    What was typed of a record merged into this one stands before its own files alone. Of two that
    one list states on one day, the care that began later is the care now.
    """
    return tuple(sorted(stated, key=_belief, reverse=True))


def _belief(said: StatedCare) -> tuple[object, ...]:
    return (
        said.typed and not said.said_of,
        said.as_at,
        said.typed,
        said.format == LIST_8,
        said.format,
        said.started_on or date.min,
        not said.said_of,
        said.said_of,
    )


def _born_by(child: ChildFacts, on: date) -> bool:
    return child.born is None or child.born <= on


def with_starts(periods: tuple[PeriodOfCare, ...], child: ChildFacts) -> tuple[PeriodOfCare, ...]:
    """The periods, those of unknown start with the start that a list gives them.

    A start counts for a period where it is on or before the period's first day in hand, after the
    period before, and said while or after that first day; never one before the birth.
    """
    if not child.stated or all(period.start_known for period in periods):
        return periods
    found: list[PeriodOfCare] = []
    before: date | None = None
    for period in periods:
        if not period.start_known:
            stated = next((s for s in child.stated if _starts(s, period, before, child)), None)
            if stated is not None and stated.started_on is not None:
                period = replace(
                    period, start=stated.started_on, start_known=True, start_source=stated.source
                )
        found.append(period)
        before = period.end
    return tuple(found)


def _starts(
    stated: StatedCare, period: PeriodOfCare, before: date | None, child: ChildFacts
) -> bool:
    start = stated.started_on
    return (
        start is not None
        and start <= period.start
        and (before is None or start >= before)
        and (stated.typed or stated.as_at >= period.start)
        and (stated.ceased_on is None or stated.ceased_on >= period.start)
        and _born_by(child, start)
    )


def stated_flags(periods: tuple[PeriodOfCare, ...], child: ChildFacts, on: date) -> tuple[str, ...]:
    """What is wrong with the start that the latest source says; ``periods`` are the returns'."""
    stated = next((s for s in child.stated if s.started_on and s.started_on <= on), None)
    if stated is None or stated.started_on is None:
        return ()
    if not _born_by(child, stated.started_on):
        return (START_BEFORE_BIRTH,)
    last = on if stated.typed else min(stated.as_at, on)
    period = next((p for p in reversed(periods) if p.start <= last), None)
    if period is None:
        return ()
    over = period.end is not None and stated.started_on >= period.end
    differs = (
        period.start != stated.started_on
        if period.start_known
        else stated.started_on > period.start
    )
    return (STARTS_DIFFER,) if differs and not over else ()


@dataclass(frozen=True, slots=True)
class StatedNow:
    """A child's care on a day where only lists tell it; ``missing`` from the latest list."""

    start: date | None
    start_known: bool
    ceased: date | None
    ceased_why: str
    legal_status: str
    legal_status_since: date | None
    placement: str
    provider: str
    placement_since: date | None
    missing: bool
    source: RowSource | None


def stated_on(child: ChildFacts, on: date) -> StatedNow | None:
    """How care stands on a day by what lists state; None where they say nothing of that day."""
    telling = [s for s in child.stated if s.tells_status]
    stated = next((s for s in telling if s.typed or s.as_at <= on), None)
    if stated is None and telling:
        stated = telling[-1]
    if stated is None or stated.legal_status in SHORT_BREAKS:
        return None
    start = stated.started_on
    if start is not None and not _born_by(child, start):
        start = None
    known = start is not None
    if start is None:
        days = [d for d in (stated.legal_status_since, stated.placement_since) if d is not None]
        start = min((d for d in days if _born_by(child, d)), default=None)
    if (start is not None and start > on) or (start is None and stated.as_at > on):
        return None
    ceased = stated.ceased_on if stated.ceased_on and stated.ceased_on <= on else None
    legal = _holds(stated.legal_status, LEGAL_STATUS, stated.legal_status_since, stated, on)
    placed = _holds(stated.placement, PLACEMENT, stated.placement_since, stated, on)
    return StatedNow(
        start=start,
        start_known=known,
        ceased=ceased,
        ceased_why=stated.ceased_why if ceased and stated.ceased_why in REASON_CEASED else "",
        legal_status=legal,
        legal_status_since=stated.legal_status_since if legal else None,
        placement=placed,
        provider=stated.provider if placed else "",
        placement_since=stated.placement_since if placed else None,
        missing=ceased is None
        and not stated.typed
        and child.listed_last is not None
        and stated.as_at < child.listed_last <= on,
        source=stated.source,
    )


def _holds(
    code: str, codes: Iterable[str], since: date | None, stated: StatedCare, on: date
) -> str:
    """The code, where it is one and is said to have held on the day."""
    if code not in codes:
        return ""
    if since is not None:
        return code if since <= on else ""
    return code if stated.typed or stated.as_at <= on else ""


def latest_review(
    child: ChildFacts, reviews: tuple[date, ...], start: date | None, on: date
) -> date | None:
    """The latest review by what returns and lists say; a list's only within the period."""
    said = {
        s.latest_review_on
        for s in child.stated
        if s.latest_review_on is not None
        and s.latest_review_on <= on
        and (start is None or s.latest_review_on >= start)
    }
    return max({*reviews, *said}, default=None)
