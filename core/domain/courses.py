"""From what is recorded of a child to what is dated in each period of care and each case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.domain.care_days import (
    Found,
    Stretch,
    Told,
    orders,
    placed,
    reviews,
    settled_reviews,
    told_of,
)
from core.domain.dated import BIRTHDAYS, Course, Dated, Origin, Stay
from core.domain.dates import day, london_day
from core.domain.eligible import Eligible, InCare
from core.domain.eligible import eligible as becoming_eligible
from core.domain.entry_days import (
    ANY_HEALTH,
    AREA_NOT_SAID,
    OUT_OF_AREA,
    RELINQUISHED,
    across,
    anchors,
    apart,
    overs,
    relinquished,
    undated,
)
from core.domain.phrases import inside
from core.domain.record import KINDS
from core.domain.record.assessment import ASSESSMENTS
from core.domain.record.kind import FactType
from core.domain.record.recorded import Recorded
from core.domain.securing import stood_until
from core.domain.settled import matches
from core.domain.ssda903_codes import ADOPTED, CHILD_ARRANGEMENTS, SPECIAL_GUARDIANSHIP

NOT_BORN = "the date of birth is not known"
NO_MORE_COURT = ADOPTED | SPECIAL_GUARDIANSHIP | CHILD_ARRANGEMENTS | {"E2", "E3"}
"""Why care ended, where no proceedings of this authority go on: by an order that ends them, by
death, or as another authority took over."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A meeting of a body at which a case of the child was heard, or for which one is booked."""

    body: str
    on: date
    heard: bool = True


@dataclass(frozen=True, slots=True)
class Decided:
    """An agency decision that the child should be placed for adoption, and when it was reversed."""

    on: date
    reversed_on: date | None = None
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class CaseDates:
    """What is dated of a case: the meeting that it asks for, and its own steps (moments in UTC)."""

    id: int
    procedure: str
    edition: str
    opened_at: datetime
    meeting_on: date | None = None
    submitted_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChildDates:
    """Everything dated of a child, as it is recorded; runs and reviews in the order of their days.

    ``periods`` leave out those wholly of short breaks. Reviews of which ``told`` does not tell may
    be missing. ``origins`` are those of the record's statements, by their id.
    """

    born: date | None = None
    unborn: bool = False
    periods: tuple[Stretch, ...] = ()
    statuses: tuple[Stretch, ...] = ()
    placements: tuple[Stretch, ...] = ()
    reviews: tuple[Dated, ...] = ()
    told: Told = Told()
    entries: tuple[Recorded, ...] = ()
    origins: Mapping[int, Origin] = field(default_factory=dict)
    heard: tuple[Heard, ...] = ()
    decisions: tuple[Decided, ...] = ()
    cases: tuple[CaseDates, ...] = ()


def of_child(child: ChildDates) -> tuple[Course, ...]:
    """A course for each period of care, the first before the later ones, then one a case."""
    recorded = _recorded(child)
    eligible = _eligible(child)
    found = []
    nexts = (*(period.start for period in child.periods[1:]), None)
    for number, (period, before) in enumerate(zip(child.periods, nexts, strict=False), 1):
        found.append(_course(child, number, period, before, recorded, eligible))
    return (*found, *map(_case, child.cases))


def _case(case: CaseDates) -> Course:
    events: dict[str, tuple[Dated, ...]] = {}
    if case.meeting_on is not None:
        events["panel-date"] = (Dated(case.meeting_on),)
    if case.submitted_at is not None:
        events["submitted"] = (Dated(london_day(case.submitted_at), case.submitted_at),)
    return Course(
        begins=london_day(case.opened_at),
        stops=london_day(case.withdrawn_at) if case.withdrawn_at else None,
        events=events,
        unknown={} if case.meeting_on else {"panel-date": ""},
        case_id=case.id,
    )


def _course(
    child: ChildDates,
    number: int,
    period: Stretch,
    before: date | None,
    recorded: Mapping[str, tuple[Dated, ...]],
    eligible: Eligible | None,
) -> Course:
    """A period of care, up to ``before``, when the next one begins.

    Of the child's only or first period is also what came before care, such as planning. Proceedings
    are of the period in which they were issued, with all their days.
    """
    issued = {event.of: event.on for event in recorded.get("proceedings.issued_on", ())}

    def begun(event: Dated) -> bool:
        return number == 1 or period.start <= issued.get(event.of, event.on)

    def within(event: Dated) -> bool:
        return begun(event) and (before is None or issued.get(event.of, event.on) < before)

    found = Found({anchor: tuple(filter(within, dated)) for anchor, dated in recorded.items()})
    _care(found, period)
    placements = _during(child.placements, period, before)
    statuses = _during(child.statuses, period, before)
    stays = tuple(Stay(one.code, one.start, one.end) for one in placements)
    placed(found, placements)
    orders(found, statuses)
    held = tuple(one for one in child.reviews if _lies_in(one.on, period, before))
    by_then = reviews(found, held, period, child.told.years)
    settled_reviews(found, stays, matches(child))
    _becoming_eligible(found, child, eligible, number, period)
    _birthdays(found, child)
    _not_recorded(found, child)
    of_care = Course(
        spell=number,
        begins=period.start,
        ends=before,
        stops=_stops(period, child),
        born=child.born,
        unborn=child.unborn,
        events={anchor: dated for anchor, dated in found.events.items() if dated},
        unknown=found.unknown,
        since=found.since,
        untold=told_of(period, child.told).untold,
        by_then=by_then,
        placements=stays,
        statuses=tuple(Stay(one.code, one.start, one.end) for one in statuses),
    )
    later = {
        anchor: tuple(filter(within if anchor.startswith("proceedings.") else begun, dated))
        for anchor, dated in recorded.items()
    }
    stops = of_care.stops if period.code in NO_MORE_COURT else _of_age(child)
    beyond = replace(of_care, ends=None, stops=stops, events={**of_care.events, **later})
    return replace(of_care, beyond=beyond)


def _of_age(child: ChildDates) -> date | None:
    """The 18th birthday: nobody is looked after from then on, nor are there care proceedings."""
    return birthday(child.born, 18) if child.born is not None else None


def _stops(period: Stretch, child: ChildDates) -> date | None:
    """From when nothing of care runs: it ended, or the 18th birthday."""
    return min(filter(None, (period.end, _of_age(child))), default=None)


def _care(found: Found, period: Stretch) -> None:
    """When the period began, and ended."""
    found.begun(
        "became-looked-after",
        (period,),
        "the day on which the child became looked after: the earliest day in hand is "
        f"{day(period.start)}",
    )
    if period.end is not None:
        found.events["ceased"] = (Dated(period.end, origin=period.origin),)


def _during(listed: Iterable[Stretch], period: Stretch, before: date | None) -> tuple[Stretch, ...]:
    return tuple(one for one in listed if _lies_in(one.start, period, before))


def _lies_in(on: date, period: Stretch, before: date | None) -> bool:
    """Whether a day is one of a period; one on which another begins is a day of that one."""
    last = period.end is None or on <= period.end
    return period.start <= on and last and (before is None or on < before)


def _becoming_eligible(
    found: Found, child: ChildDates, eligible: Eligible | None, number: int, period: Stretch
) -> None:
    if child.born is None and not child.unborn:
        found.not_known("eligible", NOT_BORN)
    elif eligible is not None and eligible.period == number - 1:
        if eligible.known:
            found.events["eligible"] = (Dated(eligible.on, origin=period.origin),)
            return
        found.not_known(
            "eligible",
            f"the day on which care began: by {day(eligible.on)} 13 weeks since the age of 14 "
            "were reached at the latest",
        )


def _birthdays(found: Found, child: ChildDates) -> None:
    for age in BIRTHDAYS:
        anchor = f"birthday-{age}"
        if child.born is None:
            found.not_known(anchor, NOT_BORN)
        else:
            found.events[anchor] = (Dated(birthday(child.born, age)),)


def _not_recorded(found: Found, child: ChildDates) -> None:
    """What the record does not say of: plans without their day, assessments, an area."""
    for anchor, why in undated(child.entries):
        found.not_known(anchor, why)
    for what, title in ASSESSMENTS.items():
        if not found.events.get(f"assessment.{what}"):
            found.not_known(
                f"assessment.{what}",
                f"no {inside(title)} is recorded, and whether there was one is not known",
            )
    if not found.events.get(ANY_HEALTH):
        found.not_known(
            ANY_HEALTH, "no health assessment is recorded, and whether there was one is not known"
        )
    for event in found.events.get(AREA_NOT_SAID, ()):
        found.not_known(
            OUT_OF_AREA,
            f"whether the emergency placement of {day(event.on)} was outside the authority's area",
            event.on,
        )


def birthday(born: date, age: int) -> date:
    """The day on which somebody turns this old; who was born on 29 February, on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _eligible(child: ChildDates) -> Eligible | None:
    """When the child becomes an eligible child; None where they do not, or born is not known."""
    if child.born is None:
        return None
    at_14, at_16, at_18 = (birthday(child.born, age) for age in (14, 16, 18))
    in_care = (InCare(run.start, run.start_known, run.end) for run in child.periods)
    return becoming_eligible(at_14, at_16, at_18, in_care)


def _recorded(child: ChildDates) -> dict[str, tuple[Dated, ...]]:
    """Every day of the record's entries that stand, by kind and field; assessments by what."""
    found: dict[str, list[Dated]] = {}
    for entry in child.entries:
        if not entry.stands:
            continue
        for said in KINDS[entry.kind].fields if entry.kind in KINDS else ():
            on = entry.day(said.code) if said.type is FactType.DAY else None
            if on is None:
                continue
            origin = child.origins.get(entry.values[said.code].statement.id, Origin())
            for anchor in anchors(entry, said.code):
                until = stood_until(entry, said.code, child)
                found.setdefault(anchor, []).append(
                    Dated(on, origin=origin, of=entry.id, until=until)
                )
    for anchor, entry, code in across(child.entries):
        on, origin = entry.day(code), child.origins.get(entry.values[code].statement.id, Origin())
        if on is not None:
            until = stood_until(entry, code, child)
            dated = Dated(on, origin=origin, of=entry.id, until=until)
            found.setdefault(anchor, []).append(dated)
    for entry, on, said_by in relinquished(child.entries):
        origin = child.origins.get(said_by.id, Origin())
        found.setdefault(RELINQUISHED, []).append(Dated(on, origin=origin, of=entry.id))
    for anchor, entry, on in overs(child.entries):
        found.setdefault(anchor, []).append(Dated(on, of=entry.id))
    for decided in child.decisions:
        found.setdefault("adoption.decided_on", []).append(Dated(decided.on, origin=decided.origin))
        if decided.reversed_on is not None:
            found.setdefault("adoption.reversed_on", []).append(
                Dated(decided.reversed_on, origin=decided.origin)
            )
    for one in child.heard:
        anchor = f"{'meeting' if one.heard else 'booked'}.{one.body}"
        found.setdefault(anchor, []).append(Dated(one.on))
    return {anchor: apart(anchor, events) for anchor, events in found.items()}
