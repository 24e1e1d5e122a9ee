"""From what is recorded of a child to what is dated in each period of care and each case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from core.domain.dated import BIRTHDAYS, REVIEWS, Course, Dated, Origin, Stay
from core.domain.dates import day, london_day
from core.domain.eligible import Eligible, InCare
from core.domain.eligible import eligible as becoming_eligible
from core.domain.entry_days import (
    ANY_HEALTH,
    AREA_NOT_SAID,
    CARE_ISSUED,
    OUT_OF_AREA,
    anchors,
    apart,
    undated,
)
from core.domain.episode import collection_year
from core.domain.record import KINDS
from core.domain.record.assessment import ASSESSMENTS
from core.domain.record.kind import FactType
from core.domain.record.recorded import Recorded
from core.domain.settled import matches, settled
from core.domain.ssda903_codes import (
    FOR_ADOPTION,
    LONG_TERM_FOSTERING,
    PLACEMENT_ORDERS,
    RESIDENTIAL,
    WITH_PARENTS,
)

BY_STATUS = {"C1": "interim-care-order", "C2": "care-order", "V2": "section-20"}


@dataclass(frozen=True, slots=True)
class Run:
    """A run of care, of a legal status or of a placement, with whether its start is known."""

    code: str
    start: date
    start_known: bool = True
    end: date | None = None
    origin: Origin = Origin()


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

    ``periods`` leave out those wholly of short breaks. ``years`` are the collection years whose
    returns of reviews are in hand, ``told_until`` the day of the latest of them, or of the latest
    list of children in care: reviews of other years, and of later, may be missing.
    ``origins`` are those of the record's statements, by their id.
    """

    born: date | None = None
    unborn: bool = False
    periods: tuple[Run, ...] = ()
    statuses: tuple[Run, ...] = ()
    placements: tuple[Run, ...] = ()
    reviews: tuple[Dated, ...] = ()
    years: Collection[int] = ()
    told_until: date | None = None
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
    nexts = [period.start for period in child.periods[1:]]
    for number, period in enumerate(child.periods, 1):
        ends = nexts[number - 1] if number <= len(nexts) else None
        found.append(_course(child, number, period, ends, recorded, eligible))
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
    period: Run,
    ends: date | None,
    recorded: Mapping[str, tuple[Dated, ...]],
    eligible: Eligible | None,
) -> Course:
    first, last = number == 1, ends is None
    unknown: dict[str, str] = {}

    def within(on: date) -> bool:
        """Of the child's only or first period is also what came before care, such as planning."""
        return (first or period.start <= on) and (last or on < ends)  # type: ignore[operator]

    events = {
        anchor: tuple(event for event in dated if within(event.on))
        for anchor, dated in recorded.items()
    }
    if period.start_known:
        events["became-looked-after"] = (Dated(period.start, origin=period.origin),)
    else:
        unknown["became-looked-after"] = (
            "the day on which the child became looked after: the earliest day in hand is "
            f"{day(period.start)}"
        )
    if period.end is not None:
        events["ceased"] = (Dated(period.end, origin=period.origin),)
    placements = _during(child.placements, period, ends)
    statuses = _during(child.statuses, period, ends)
    _placed(events, placements, unknown)
    _orders(events, statuses, unknown)
    by_then = _reviews(events, unknown, child, period, ends)
    _settled(events, placements, matches(child.entries))
    if eligible is not None and eligible.period == number - 1:
        if eligible.known:
            events["eligible"] = (Dated(eligible.on, origin=period.origin),)
        else:
            unknown["eligible"] = (
                f"the day on which care began: by {day(eligible.on)} 13 weeks since the age of 14 "
                "were reached at the latest"
            )
    _birthdays(events, unknown, child)
    unknown |= {anchor: why for anchor, why in undated(child.entries) if not events.get(anchor)}
    for what, title in ASSESSMENTS.items():
        if not events.get(f"assessment.{what}"):
            unknown[f"assessment.{what}"] = (
                f"no {title[:1].lower()}{title[1:]} is recorded, and whether there was one is "
                "not known"
            )
    if not events.get(ANY_HEALTH):
        unknown[ANY_HEALTH] = (
            "no health assessment is recorded, and whether there was one is not known"
        )
    if "C1" in {run.code for run in statuses} and not events.get(CARE_ISSUED):
        unknown["proceedings.issued_on"] = unknown[CARE_ISSUED] = (
            "the day on which proceedings were issued: there is an interim care order"
        )
    if (said := events.get(AREA_NOT_SAID)) and not events.get(OUT_OF_AREA):
        unknown[OUT_OF_AREA] = (
            f"whether the emergency placement of {day(said[0].on)} was outside the authority's area"
        )
    return Course(
        spell=number,
        begins=period.start,
        ends=ends,
        stops=period.end,
        born=child.born,
        unborn=child.unborn,
        events={anchor: dated for anchor, dated in events.items() if dated},
        unknown=unknown,
        told=_told(child, period),
        by_then=by_then,
        placements=tuple(Stay(run.code, run.start, run.end) for run in placements),
        statuses=tuple(Stay(run.code, run.start, run.end) for run in statuses),
    )


def _during(runs: Iterable[Run], period: Run, ends: date | None) -> tuple[Run, ...]:
    return tuple(run for run in runs if _lies_in(run.start, period, ends))


def _lies_in(on: date, period: Run, ends: date | None) -> bool:
    """Whether a day is one of a period; one on which another begins is a day of that one."""
    last = period.end is None or on <= period.end
    return period.start <= on and last and (ends is None or on < ends)


Events = dict[str, tuple[Dated, ...]]


def _placed(events: Events, placements: Iterable[Run], unknown: dict[str, str]) -> None:
    """Placements of each kind, as they begin; one whose start is not known has none."""
    kinds = (
        ("residential-placement", RESIDENTIAL),
        ("long-term-fostering", LONG_TERM_FOSTERING),
        ("placed-with-parents", WITH_PARENTS),
    )
    listed = tuple(placements)
    events["placement"] = tuple(Dated(r.start, origin=r.origin) for r in listed if r.start_known)
    for anchor, codes in kinds:
        of_kind = [run for run in listed if run.code in codes]
        events[anchor] = tuple(Dated(r.start, origin=r.origin) for r in of_kind if r.start_known)
        if of_kind and not of_kind[0].start_known:
            unknown[anchor] = "the day on which the placement began"
    ended = _given_way(listed, FOR_ADOPTION)
    events["placement-for-adoption-ended"] = ended
    begun = _begun(listed, FOR_ADOPTION)
    placed = tuple(Dated(run.start, origin=run.origin) for run in begun if run.start_known)
    if own := events.get("adoption.placed_on"):
        again = (event for event in placed if ended and ended[0].on <= event.on)
        events["placed-for-adoption"] = _merged(again, own)
        return
    events["placed-for-adoption"] = placed
    if begun and not begun[0].start_known:
        unknown["placed-for-adoption"] = "the day on which the child was placed for adoption"


def _orders(events: Events, statuses: Iterable[Run], unknown: dict[str, str]) -> None:
    """Legal statuses as they begin; a placement order by the record, else by the returns."""
    listed = tuple(statuses)
    for code, anchor in BY_STATUS.items():
        events[anchor] = tuple(
            Dated(r.start, origin=r.origin) for r in listed if r.code == code and r.start_known
        )
    orders = _begun(listed, PLACEMENT_ORDERS)
    ended = _given_way(listed, PLACEMENT_ORDERS)
    events["placement-order-ended"] = _merged(ended, events.get("adoption.reversed_on", ()))
    if own := events.get("adoption.placement_order_on"):
        events["placement-order"] = own
    elif orders and not orders[0].start_known:
        unknown["placement-order"] = "the day of the placement order"
    else:
        events["placement-order"] = tuple(Dated(r.start, origin=r.origin) for r in orders)


def _begun(runs: Iterable[Run], codes: Collection[str]) -> tuple[Run, ...]:
    """The first of each run of such codes: moving on from one of them to another is none."""
    after = ((before.code if before else "", run) for before, run in pairwise((None, *runs)) if run)
    return tuple(run for before, run in after if run.code in codes and before not in codes)


def _given_way(runs: Iterable[Run], codes: Collection[str]) -> tuple[Dated, ...]:
    """Where a run of such codes ends with one of another code: the day on which that begins."""
    return tuple(
        Dated(run.start, origin=run.origin)
        for before, run in pairwise(runs)
        if before.code in codes and run.code not in codes
    )


def _merged(*many: Iterable[Dated]) -> tuple[Dated, ...]:
    """Dated things in their order, one a day."""
    by_day = {event.on: event for events in many for event in events}
    return tuple(by_day[on] for on in sorted(by_day))


def _reviews(
    events: Events, unknown: dict[str, str], child: ChildDates, period: Run, ends: date | None
) -> Mapping[str, Dated]:
    """The reviews of a period, and which are surely the first, the second or a later one.

    A return holds the reviews of its year only: the first in hand is the first of all only where
    every year since the child became looked after is in hand, or nothing came from a return. Else
    it gives by when the first and the second were held at the latest.
    """
    held = tuple(review for review in child.reviews if _lies_in(review.on, period, ends))
    events["review"] = held
    if gap := _gap(child, period, held):
        unknown |= {"first-review": gap, "second-review": gap}
        events["later-review"] = held[1:]
        if not held[1:]:
            unknown["later-review"] = gap
        return dict(zip(("first-review", "second-review"), held, strict=False))
    events["first-review"], events["second-review"] = held[:1], held[1:2]
    events["later-review"] = held[1:]
    return {}


def _told(child: ChildDates, period: Run) -> Mapping[str, tuple[date, str]]:
    """Until when the returns and lists in hand tell of the reviews of a period that is theirs."""
    last = child.told_until
    if period.origin.file_id is None or last is None:
        return {}
    after = f"whether a review was held after {day(last)}: no return or list of later is in hand"
    return dict.fromkeys(REVIEWS, (last, after))


def _gap(child: ChildDates, period: Run, held: tuple[Dated, ...]) -> str:
    """Why the first review in hand may not be the first of the period; "" where it is."""
    if not period.start_known:
        return f"whether reviews were held before {day(period.start)}, the earliest day in hand"
    if period.origin.file_id is None:
        return ""
    begun = collection_year(period.start)
    last = collection_year(held[0].on) if held else max((*child.years, begun))
    lacking = [year for year in range(begun, last + 1) if year not in child.years]
    if not lacking:
        return ""
    if not child.years:
        return "whether reviews were held: no return that lists them is in hand"
    return (
        "whether reviews were held in the year to 31 March "
        + (" and ".join(filter(None, (", ".join(map(str, lacking[:-1])), str(lacking[-1])))))
        + ": that return is not in hand"
    )


def _birthdays(events: Events, unknown: dict[str, str], child: ChildDates) -> None:
    for age in BIRTHDAYS:
        anchor = f"birthday-{age}"
        if child.born is None:
            unknown[anchor] = "the date of birth is not known"
        else:
            events[anchor] = (Dated(birthday(child.born, age)),)


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


def _settled(events: Events, placements: Iterable[Run], matched: tuple[Stay, ...]) -> None:
    """Reviews held in a settled long-term foster placement, and when such placements end."""
    stays = tuple(Stay(run.code, run.start, run.end) for run in placements)
    reviews = events.get("review", ())
    events["settled-review"] = tuple(e for e in reviews if settled(e.on, stays, matched))
    ends = [run.end for run in stays if run.code in LONG_TERM_FOSTERING]
    events["long-term-fostering-ended"] = tuple(Dated(on) for on in ends if on is not None)


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
                found.setdefault(anchor, []).append(Dated(on, origin=origin, of=entry.id))
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
