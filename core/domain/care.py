"""A child's care on a day, derived from the episodes: status, placement, reviews and what is known.

Every answer is "as at" a date: a row that starts later is not there yet, a DEC after it is open.
Source: SSDA903 reference, section 5. Nothing is repaired; what does not fit is a flag.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from core.domain.child import ChildFacts
from core.domain.episode import (
    AdoptionDecision,
    Episode,
    Review,
    collection_year,
    year_ends,
)
from core.domain.periods import PeriodOfCare, StatusRun, all_periods, as_at, status_runs
from core.domain.ssda903_codes import FOR_ADOPTION, PLACEMENT_ORDERS, SECTION_20, TEMPORARY
from core.domain.ssda903_rules import broken_rules, flags
from core.domain.stated_care import latest_review, stated_flags, stated_on, with_starts

LOOKED_AFTER = "looked after"
CEASED = "ceased"
MISSING = "open but missing from latest file"
UNKNOWN = "status unknown"
SHORT_BREAKS_ONLY = "short breaks only"
NO_EPISODES = "no episodes"


@dataclass(frozen=True, slots=True)
class CareFacts:
    """What is known of a child's care as at `on`; None is not known or does not apply.

    Fields of the current row (legal status, placement, proceedings) are None once care has
    ceased or the status is unknown. Days are whole days. `reviews` are the distinct dates in the
    latest period, first to last. `periods` leave out those wholly of short breaks. A start that
    is not known is the earliest date in hand, and days counted from it are "at least".
    """

    child: str
    on: date
    status: str
    became_looked_after: date | None = None
    became_looked_after_known: bool = False
    ceased: date | None = None
    ceased_reason: str | None = None
    legal_status: str | None = None
    legal_status_since: date | None = None
    legal_status_since_known: bool = False
    placement: str | None = None
    base_placement: str | None = None
    in_proceedings: bool | None = None
    reviews: tuple[date, ...] = ()
    latest_review: date | None = None
    second_review: date | None = None
    flags: tuple[str, ...] = ()
    section20_days: int | None = None
    section20_days_in_period: int = 0
    full_care_order_ever: bool = False
    placement_order_granted: date | None = None
    placement_order_granted_known: bool = False
    placement_order_revoked: date | None = None
    placed_for_adoption_since: date | None = None
    placed_for_adoption_since_known: bool = False
    adoption_decision: AdoptionDecision | None = None
    adoption_decision_live: bool = False
    asylum_seeking: bool = False
    placements_in_12_months: int = 0
    periods: tuple[PeriodOfCare, ...] = ()


def care_on(child: ChildFacts, on: date, years_loaded: Collection[int] = ()) -> CareFacts:
    """The child's care as at the end of `on`.

    `years_loaded` are the collection years whose returns have been read for the authority. The
    latest tells an open row that its later file no longer has; and the second review is given
    only if every file from the start of the period to that review was read (rows that no file
    states, typed ones, need none).
    """
    found = flags(broken_rules(child), on)
    in_returns = all_periods(as_at(child.episodes, on))
    found = tuple(sorted((*found, *stated_flags(in_returns, child, on))))
    every = with_starts(in_returns, child)
    periods = tuple(period for period in every if not period.short_breaks_only)
    decision = _latest_decision(child, on)
    plain: dict[str, Any] = {
        "child": child.child,
        "on": on,
        "flags": found,
        "adoption_decision": decision,
        "adoption_decision_live": decision is not None and decision.reversed_on is None,
        "asylum_seeking": _asylum_seeking(child, on),
        "periods": periods,
    }
    if not periods:
        if not child.episodes and (listed := _as_listed(child, on)):
            return CareFacts(**plain, **listed)
        return CareFacts(status=SHORT_BREAKS_ONLY if every else NO_EPISODES, **plain)
    period = periods[-1]
    status = _status(period, on, years_loaded)
    reviews = _reviews(period, child.reviews, on)
    return CareFacts(
        status=status,
        became_looked_after=period.start,
        became_looked_after_known=period.start_known,
        ceased=period.end if status == CEASED else None,
        ceased_reason=period.end_reason if status == CEASED else None,
        reviews=reviews,
        latest_review=latest_review(child, reviews, period.start, on),
        second_review=_second_review(period, reviews, years_loaded),
        placements_in_12_months=_placements(periods, on),
        **_period_orders(period, on),
        **(_current(period, on) if period.end is None else {}),
        **plain,
    )


def _as_listed(child: ChildFacts, on: date) -> dict[str, Any]:
    """The care of a child of whom no return is in hand, as a list of children in care has it."""
    listed = stated_on(child, on)
    if listed is None:
        return {}
    found: dict[str, Any] = {
        "status": CEASED if listed.ceased else MISSING if listed.missing else LOOKED_AFTER,
        "became_looked_after": listed.start,
        "became_looked_after_known": listed.start_known,
        "ceased": listed.ceased,
        "ceased_reason": listed.ceased_why or None,
        "latest_review": latest_review(child, (), listed.start, on),
    }
    if listed.ceased is None:
        placed = listed.placement or None
        found |= {
            "legal_status": listed.legal_status or None,
            "legal_status_since": listed.legal_status_since,
            "legal_status_since_known": listed.legal_status_since is not None,
            "placement": placed,
            "base_placement": placed if placed not in TEMPORARY else None,
            "in_proceedings": {"C1": True, "C2": False, "E1": False}.get(listed.legal_status),
        }
    return found


def _status(period: PeriodOfCare, on: date, years_loaded: Collection[int]) -> str:
    if period.end is not None:
        return UNKNOWN if period.end_reason in ("", "X1") else CEASED
    year = period.episodes[-1].year
    if year is not None and years_loaded and max(years_loaded) > year and on > year_ends(year):
        return MISSING
    return LOOKED_AFTER


def _current(period: PeriodOfCare, on: date) -> dict[str, Any]:
    row = period.episodes[-1]
    run = status_runs(period)[-1]
    placed = _placed_for_adoption(period.episodes)
    return {
        "legal_status": row.ls or None,
        "legal_status_since": run.start,
        "legal_status_since_known": run.start_known,
        "placement": row.place or None,
        "base_placement": base_placement(period.episodes),
        "in_proceedings": {"C1": True, "C2": False, "E1": False}.get(row.ls),
        "section20_days": (on - run.start).days if row.ls == SECTION_20 else None,
        "placed_for_adoption_since": placed,
        "placed_for_adoption_since_known": placed is not None
        and (period.start_known or placed > period.start),
    }


def base_placement(rows: tuple[Episode, ...]) -> str | None:
    """The last placement that is not temporary (T0 to T4), None if there was none in the period."""
    return next((row.place for row in reversed(rows) if row.place not in TEMPORARY), None) or None


def _placed_for_adoption(rows: tuple[Episode, ...]) -> date | None:
    """The start of the run of A3 to A6 that is still so; temporary moves do not break it."""
    since = None
    for row in rows:
        if row.place in FOR_ADOPTION:
            since = since or row.decom
        elif row.place not in TEMPORARY:
            since = None
    return since


def _period_orders(period: PeriodOfCare, on: date) -> dict[str, Any]:
    runs = status_runs(period)
    granted = next((run for run in runs if run.code in PLACEMENT_ORDERS), None)
    section20 = sum(((run.end or on) - run.start).days for run in runs if run.code == SECTION_20)
    return {
        "section20_days_in_period": max(section20, 0),
        "full_care_order_ever": any(run.code == "C2" for run in runs),
        "placement_order_granted": granted.start if granted else None,
        "placement_order_granted_known": granted is not None and granted.start_known,
        "placement_order_revoked": _revoked(runs),
    }


def _revoked(runs: tuple[StatusRun, ...]) -> date | None:
    """When the latest placement order gave way to another status; None while one is in force."""
    revoked = None
    for before, run in zip(runs, runs[1:], strict=False):
        if run.code in PLACEMENT_ORDERS:
            revoked = None
        elif before.code in PLACEMENT_ORDERS:
            revoked = run.start
    return revoked


def _reviews(period: PeriodOfCare, reviews: tuple[Review, ...], on: date) -> tuple[date, ...]:
    end = min(period.end or on, on)
    return tuple(sorted({review.on for review in reviews if period.start <= review.on <= end}))


def _second_review(
    period: PeriodOfCare, reviews: tuple[date, ...], years_loaded: Collection[int]
) -> date | None:
    if not period.start_known or len(reviews) < 2:
        return None
    if all(row.year is None for row in period.episodes):
        return reviews[1]
    needed = range(collection_year(period.start), collection_year(reviews[1]) + 1)
    return reviews[1] if all(year in years_loaded for year in needed) else None


def _placements(periods: tuple[PeriodOfCare, ...], on: date) -> int:
    """Placements begun in the 12 months to `on` with RNE S, P or B, temporary moves left out."""
    after = on - relativedelta(years=1) if on.year > 1 else date.min
    return sum(
        1
        for period in periods
        for row in period.episodes
        if after < row.decom <= on and row.rne in ("S", "P", "B") and not row.is_temporary
    )


def _asylum_seeking(child: ChildFacts, on: date) -> bool:
    """Whether a UASC row of the latest year that has one is without an end or ends after `on`."""
    latest = max((row.year or 0 for row in child.asylum), default=0)
    rows = [row for row in child.asylum if (row.year or 0) == latest]
    return any(row.until is None or on < row.until for row in rows)


def _latest_decision(child: ChildFacts, on: date) -> AdoptionDecision | None:
    """The latest decision made by `on`; later years' rows win, and a reversal wins over none."""
    made = [decision for decision in child.adoption_decisions if decision.decided <= on]
    if not made:
        return None
    latest = max(
        made, key=lambda d: (d.decided, d.year or 0, d.reversed_on is not None, d.reversed_why)
    )
    if latest.reversed_on is not None and latest.reversed_on > on:
        return AdoptionDecision(latest.decided, source=latest.source, year=latest.year)
    return latest


def facts_json(facts: CareFacts) -> dict[str, object]:
    """The object of `permanence facts --json`: dates as ISO text."""

    def iso(on: date | None) -> str | None:
        return on.isoformat() if on else None

    return {
        "child": facts.child,
        "status": facts.status,
        "became_looked_after": iso(facts.became_looked_after),
        "became_looked_after_known": facts.became_looked_after_known,
        "ceased": iso(facts.ceased),
        "legal_status": facts.legal_status,
        "legal_status_since": iso(facts.legal_status_since),
        "placement": facts.placement,
        "base_placement": facts.base_placement,
        "in_proceedings": facts.in_proceedings,
        "reviews": [on.isoformat() for on in facts.reviews],
        "second_review": iso(facts.second_review),
        "flags": list(facts.flags),
    }
