"""How a child stands on the board from one day to the next: stretches of facts, free of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.care_days import Stretch
from core.domain.courses import ChildDates, birthday, of_child
from core.domain.dated import Course, Dated, Stay
from core.domain.dates import Calendar, Period, Unit
from core.domain.entry_days import PANEL, PPM
from core.domain.record.plan import UNSPECIFIED
from core.domain.record.recorded import Recorded, begun_on, plan_as_at, plans
from core.domain.settled import matches
from core.domain.ssda903_codes import (
    FOR_ADOPTION,
    PLACEMENT_ORDERS,
    SECTION_20,
)

FOSTERING = frozenset({"U1", "U2", "U3", "U4", "U5", "U6"})
SECTION_20_DAYS = 84
"""Twelve weeks: "after 12 weeks" is true from day 85 (readings: counting)."""
BODIES = (PPM, PANEL)
Limits = Mapping[date, date]
"""A limit day by the day from which it is the one: another, once what it runs from happened."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is so of a child looked after throughout some days; codes "" where nothing is recorded.

    ``started`` is the day on which care began, or the earliest day in hand. ``legal_since`` is of
    an unbroken run of one status. ``plan_state`` is "none", "unknown", "provisional", "agreed" or
    "achieved", with the day of that where it is known. ``match`` is "" where the child is in no
    foster care, else "yes" or "no": a decision that they stay with their current carers.
    ``second_review`` is the day of the second review in care, or the last by which it could be
    lawfully held; None where neither is known. ``plan_reviews`` counts the reviews held since the
    primary plan became what it is; None where that day is not known.
    """

    started: date
    started_known: bool = True
    legal_status: str = ""
    legal_since: date | None = None
    legal_since_known: bool = False
    placement: str = ""
    placement_since: date | None = None
    placement_since_known: bool = False
    plan: str = ""
    plan_state: str = "none"
    plan_state_on: date | None = None
    plan_since: date | None = None
    plan_reviews: int | None = 0
    match: str = ""
    matched_on: date | None = None
    placement_order: bool = False
    placement_order_on: date | None = None
    placed_for_adoption: bool = False
    second_review: date | None = None
    second_review_held: bool = False
    section_20_limit: date | None = None
    last_planning: date | None = None
    last_panel: date | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """How a child stands from ``since`` up to before ``until`` (None: with no end in sight)."""

    since: date
    until: date | None
    standing: Standing


def spans(child: ChildDates, latest: Mapping[int, Limits]) -> tuple[Span, ...]:
    """The stretches of days on which a child is looked after, in their order; none overlap.

    ``latest`` is by the number of a period of care the last lawful day of its second review, where
    it is known. A child ceases on the day on which care ends, or turns 18.
    """
    found: list[Span] = []
    periods = [course for course in of_child(child) if course.case_id is None]
    for period, course in zip(child.periods, periods, strict=False):
        end = min(filter(None, (period.end, course.ends, _of_age(child))), default=None)
        if end is None or period.start < end:
            found += _of_period(child, period, course, end, latest.get(course.spell, {}))
    return tuple(found)


def last_lawful_second_review(started: date, calendar: Calendar) -> date:
    """The last day of a second review of care that began by a day: 20 working days, 3 months."""
    first = calendar.national.after(started, Period(20, Unit.WORKING_DAYS))
    return calendar.national.after(first, Period(3, Unit.MONTHS))


def _of_age(child: ChildDates) -> date | None:
    return birthday(child.born, 18) if child.born is not None and not child.unborn else None


def _of_period(
    child: ChildDates, period: Stretch, course: Course, end: date | None, latest: Limits
) -> Iterator[Span]:
    """One period of care, cut wherever something changes; neighbours that are alike are one."""
    planned = plans(child.entries)
    matched = matches(child)
    cuts = sorted(
        {
            on
            for on in (*_changes(child, course, planned, matched), *latest)
            if period.start < on and (end is None or on < end)
        }
    )
    since = period.start
    standing = _standing(child, period, course, since, planned, matched, latest)
    for cut in cuts:
        now = _standing(child, period, course, cut, planned, matched, latest)
        if now != standing:
            yield Span(since, cut, standing)
            since, standing = cut, now
    yield Span(since, end, standing)


def _changes(
    child: ChildDates, course: Course, planned: Iterable[Recorded], matched: Iterable[Stay]
) -> Iterator[date]:
    """Every day on which something of a standing may become another."""
    for stay in (*course.statuses, *course.placements, *matched):
        yield stay.start
        if stay.end is not None:
            yield stay.end
    for plan in planned:
        yield begun_on(plan)
        days = (plan.day(f) for f in ("identified_on", "agreed_on", "achieved_on", "ended_on"))
        yield from filter(None, days)
    for anchor in (
        "review", "placement-order", "placement-order-ended", "placed-for-adoption",
        "placement-for-adoption-ended", "adoption.order_on", "secured",
    ):  # fmt: skip
        yield from (event.on for event in course.happened(anchor))
    yield from (event.on for event in course.by_then.values())
    for body in BODIES:
        yield from (event.on for event in course.happened(f"meeting.{body}"))


def _standing(
    child: ChildDates,
    period: Stretch,
    course: Course,
    on: date,
    planned: Sequence[Recorded],
    matched: Sequence[Stay],
    latest: Limits,
) -> Standing:
    standing = Standing(period.start, period.start_known)
    standing = _with_care(standing, child, course, on)
    standing = _with_plan(standing, course, on, planned)
    standing = _with_match(standing, on, matched)
    standing = _with_adoption(standing, course, on)
    planning, panel = (_last(course.happened(f"meeting.{body}"), on) for body in BODIES)
    return replace(
        standing,
        **_second_review(course, on, latest),  # type: ignore[arg-type]
        last_planning=planning,
        last_panel=panel,
    )


def _with_care(standing: Standing, child: ChildDates, course: Course, on: date) -> Standing:
    """The legal status and the lasting placement, the later where several hold."""
    status = _holding(child.statuses, course.statuses, on)
    placed = _holding(child.placements, course.placements, on)
    by_agreement = status is not None and status.code == SECTION_20
    return replace(
        standing,
        legal_status=status.code if status else "",
        legal_since=status.start if status else None,
        legal_since_known=status.start_known if status else False,
        section_20_limit=status.start + timedelta(days=SECTION_20_DAYS)
        if status is not None and by_agreement
        else None,
        placement=placed.code if placed else "",
        placement_since=placed.start if placed else None,
        placement_since_known=placed.start_known if placed else False,
    )


def _holding(every: Iterable[Stretch], own: Iterable[Stay], on: date) -> Stretch | None:
    """What holds on a day of a period's own stretches; where several do, what began last."""
    starts = {(stay.code, stay.start) for stay in own if stay.holds(on)}
    return next((one for one in reversed(tuple(every)) if (one.code, one.start) in starts), None)


def _with_plan(
    standing: Standing, course: Course, on: date, planned: Sequence[Recorded]
) -> Standing:
    plan = plan_as_at(planned, on)
    if plan is None:
        return standing
    state, since = _state(plan, on)
    primary = plan.value("primary")
    same = _same_since(planned, primary, on)
    return replace(
        standing,
        plan=primary,
        plan_state=state if primary not in ("", UNSPECIFIED) else "unknown",
        plan_state_on=since,
        plan_since=same,
        plan_reviews=None
        if same is None
        else sum(same <= review.on <= on for review in course.happened("review")),
    )


def _state(plan: Recorded, on: date) -> tuple[str, date | None]:
    """How far a plan had got by a day, and since when, where that is known."""
    said = plan.value("state")
    begun = plan.day("identified_on")
    for state, field in (("achieved", "achieved_on"), ("agreed", "agreed_on")):
        there = plan.day(field)
        if there is not None and there <= on:
            return state, there
        if there is None and said == state:
            return state, None
    dated = plan.day("achieved_on") or plan.day("agreed_on")
    return ("provisional", begun) if said or dated else ("unknown", begun)


def _same_since(planned: Sequence[Recorded], primary: str, on: date) -> date | None:
    """Since when the primary plan has been the same without a break; None where not known."""
    since: date | None = None
    for cut in sorted({begun_on(plan) for plan in planned if begun_on(plan) <= on}, reverse=True):
        then = plan_as_at(planned, cut)
        if then is None or then.value("primary") != primary:
            break
        since = cut
    return since if since != date.min else None


def _with_match(standing: Standing, on: date, matched: Iterable[Stay]) -> Standing:
    """Whether there is a decision that a child in foster care stays with the current carers.

    A U1 or U4 code is no proof (readings: matched).
    """
    if standing.placement not in FOSTERING:
        return standing
    made = [match.start for match in matched if match.holds(on)]
    return replace(standing, match="yes" if made else "no", matched_on=max(made, default=None))


def _with_adoption(standing: Standing, course: Course, on: date) -> Standing:
    """A placement order that stands, and whether the child is placed for adoption."""
    ordered = _stands(course, "placement-order", "placement-order-ended", on)
    placed = _stands(course, "placed-for-adoption", "placement-for-adoption-ended", on)
    return replace(
        standing,
        placement_order=ordered is not None or not course.status(on).isdisjoint(PLACEMENT_ORDERS),
        placement_order_on=ordered,
        placed_for_adoption=placed is not None or course.placed(on) in FOR_ADOPTION,
    )


def _stands(course: Course, began: str, ended: str, on: date) -> date | None:
    """When something last began that has not ended since, as at a day."""
    since = _last(course.happened(began), on)
    over = _last(course.happened(ended), on)
    return since if since is not None and (over is None or over < since) else None


def _second_review(course: Course, on: date, latest: Limits) -> dict[str, object]:
    """The second review: when it was held (at the latest, where that is what is known), else the
    last lawful day, as it was on that day."""
    held = _last(course.happened("second-review")[:1], on)
    by_then = course.by_then.get("second-review")
    if held is None and by_then is not None and by_then.on <= on:
        held = by_then.on
    if held is not None:
        return {"second_review": held, "second_review_held": True}
    since = max((since for since in latest if since <= on), default=None)
    limit = latest[since] if since is not None else None
    return {"second_review": limit, "second_review_held": False}


def _last(events: Iterable[Dated], on: date) -> date | None:
    return max((event.on for event in events if event.on <= on), default=None)
