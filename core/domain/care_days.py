"""What is dated of care itself in one period: placements, orders and reviews."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from core.domain.dated import REVIEWS, Dated, Origin, Stay
from core.domain.dates import day
from core.domain.entry_days import CARE_ENDED, CARE_ISSUED
from core.domain.episode import collection_year
from core.domain.settled import settled
from core.domain.ssda903_codes import (
    FOR_ADOPTION,
    LONG_TERM_FOSTERING,
    PLACEMENT_ORDERS,
    RESIDENTIAL,
    SECTION_20,
    WITH_PARENTS,
)

KEPT_HERE = ("meeting.", "reunification-prospect.", "plan-tracked.")
"""What is recorded here alone: no file tells of it."""

BY_STATUS = {"C1": "interim-care-order", "C2": "care-order", SECTION_20: "section-20"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of care, of a legal status or of a placement, with whether its start is known.

    ``same_carers`` is of a placement: whether its episode says that the carers stayed the same.
    """

    code: str
    start: date
    start_known: bool = True
    end: date | None = None
    origin: Origin = Origin()
    same_carers: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of a period, by anchor: what happened, what is not known, and since when.

    What is not known may stand beside what is: another one of its kind. ``since`` is the day on
    which that may have happened at the latest.
    """

    events: dict[str, tuple[Dated, ...]]
    unknown: dict[str, str] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)

    def not_known(self, anchor: str, why: str, since: date | None = None) -> None:
        """Say what is not known; of several under one anchor the last stands."""
        self.unknown[anchor] = why
        if since is not None:
            self.since[anchor] = since

    def begun(
        self, anchor: str, stretches: Iterable[Stretch], why: str, *, each: bool = False
    ) -> None:
        """Each as it begins; of one whose start is not known that is said.

        ``each`` is for those that have an end of their own.
        """
        listed = tuple(stretches)
        self.events[anchor] = tuple(
            Dated(one.start, origin=one.origin, of=_number(one) if each else 0)
            for one in listed
            if one.start_known
        )
        for one in listed:
            if not one.start_known:
                self.not_known(anchor, why, one.start)


def _number(one: Stretch) -> int:
    """What tells the start and the end of one stretch from those of others; no id of an entry."""
    return -one.start.toordinal()


def placed(found: Found, placements: Iterable[Stretch]) -> None:
    """Placements of each kind, as they begin and as those of a kind end."""
    listed = tuple(placements)
    began = "the day on which the placement began"
    for anchor, codes in (
        ("long-term-fostering", LONG_TERM_FOSTERING),
        ("placed-with-parents", WITH_PARENTS),
    ):
        found.begun(anchor, (one for one in listed if one.code in codes), began)
    found.events["placement"] = tuple(
        Dated(one.start, origin=one.origin) for one in listed if one.start_known
    )
    homes = tuple(one for one in listed if one.code in RESIDENTIAL)
    found.begun("residential-placement", homes, began, each=True)
    found.events["residential-placement-ended"] = tuple(
        Dated(one.end, origin=one.origin, of=_number(one)) for one in homes if one.end
    )
    ended = _given_way(listed, FOR_ADOPTION)
    found.events["placement-for-adoption-ended"] = ended
    own = found.events.get("adoption.placed_on", ())
    _with_the_record(
        found,
        "placed-for-adoption",
        own,
        _begun(listed, FOR_ADOPTION),
        ended,
        "the day on which the child was placed for adoption",
    )


def orders(found: Found, statuses: Iterable[Stretch]) -> None:
    """Legal statuses as they begin; a placement order by the record, else by the returns.

    A placement order ends as it is revoked or gives way: that the agency no longer plans adoption
    does not end it.
    """
    listed = tuple(statuses)
    for code, anchor in BY_STATUS.items():
        found.events[anchor] = tuple(
            Dated(one.start, origin=one.origin)
            for one in listed
            if one.code == code and one.start_known
        )
    ended = _given_way(listed, PLACEMENT_ORDERS)
    found.events["placement-order-ended"] = ended
    own = found.events.get("adoption.placement_order_on", ())
    begun = _begun(listed, PLACEMENT_ORDERS)
    _with_the_record(found, "placement-order", own, begun, ended, "the day of the placement order")
    for one in listed:
        if one.code == "C1" and not _issued_for(found, one):
            why = "the day on which proceedings were issued: there is an interim care order"
            if found.events.get(CARE_ISSUED):
                why += f" of {day(one.start)}"
            for anchor in ("proceedings.issued_on", CARE_ISSUED):
                found.not_known(anchor, why, one.start)


def _issued_for(found: Found, order: Stretch) -> bool:
    """Whether proceedings are recorded in which an interim order may have been made."""
    ends = {event.of: event.on for event in found.events.get(CARE_ENDED, ())}
    return any(
        (order.end is None or issued.on <= order.end)
        and order.start <= ends.get(issued.of, date.max)
        for issued in found.events.get(CARE_ISSUED, ())
    )


def _with_the_record(
    found: Found,
    anchor: str,
    own: tuple[Dated, ...],
    listed: Iterable[Stretch],
    ended: tuple[Dated, ...],
    why: str,
) -> None:
    """What the record says of the first one, with those that the returns have after it ended."""
    found.begun(anchor, listed, why)
    if own:
        again = (one for one in found.events[anchor] if ended and ended[0].on <= one.on)
        found.events[anchor] = _merged(again, own)
        found.unknown.pop(anchor, None)


def _begun(listed: Iterable[Stretch], codes: Collection[str]) -> tuple[Stretch, ...]:
    """The first of each row of such codes: moving on from one of them to another is none."""
    after = ((was.code if was else "", one) for was, one in pairwise((None, *listed)) if one)
    return tuple(one for was, one in after if one.code in codes and was not in codes)


def _given_way(listed: Iterable[Stretch], codes: Collection[str]) -> tuple[Dated, ...]:
    """Where a row of such codes ends with one of another code: the day on which that begins."""
    return tuple(
        Dated(one.start, origin=one.origin)
        for was, one in pairwise(listed)
        if was.code in codes and one.code not in codes
    )


def _merged(*many: Iterable[Dated]) -> tuple[Dated, ...]:
    """Dated things in their order, one a day."""
    by_day = {event.on: event for events in many for event in events}
    return tuple(by_day[on] for on in sorted(by_day))


def reviews(
    found: Found, held: tuple[Dated, ...], period: Stretch, years: Collection[int]
) -> Mapping[str, Dated]:
    """The reviews of a period, and which are surely the first, the second or a later one.

    A return holds the reviews of its year only: the first in hand is the first of all only where
    every year since the child became looked after is in hand, or nothing came from a return. Else
    it gives by when the first and the second were held at the latest.
    """
    found.events["review"] = held
    found.events["later-review"] = held[1:]
    if gap := _gap(period, held, years):
        found.unknown.update({"first-review": gap, "second-review": gap})
        if not held[1:]:
            found.not_known("later-review", gap)
        return dict(zip(("first-review", "second-review"), held, strict=False))
    found.events["first-review"], found.events["second-review"] = held[:1], held[1:2]
    return {}


def _gap(period: Stretch, held: tuple[Dated, ...], years: Collection[int]) -> str:
    """Why the first review in hand may not be the first of the period; "" where it is."""
    if not period.start_known:
        return f"whether reviews were held before {day(period.start)}, the earliest day in hand"
    if period.origin.file_id is None:
        return ""
    begun = collection_year(period.start)
    last = collection_year(held[0].on) if held else max((*years, begun))
    lacking = [year for year in range(begun, last + 1) if year not in years]
    if lacking and not years:
        return "whether reviews were held: no return that lists them is in hand"
    return not_in_hand(lacking)


@dataclass(frozen=True, slots=True)
class Told:
    """Of which reviews and meetings the sources in hand tell.

    ``years`` are those whose returns of reviews are in hand, ``until`` the day of the last of them;
    ``listed`` is the day of the last list of children in care, which names the last review of each.
    From ``kept_since`` on the meetings that plan permanence are recorded here.
    """

    years: Collection[int] = ()
    until: date | None = None
    listed: date | None = None
    kept_since: date | None = None

    def untold(self, anchor: str, after: date, until: date) -> str:
        """Why it is not known whether it happened after one day and up to another; else ""."""
        if anchor.startswith(KEPT_HERE) and self.kept_since and until < self.kept_since:
            since = day(self.kept_since)
            held = "one was held" if anchor.startswith("meeting.") else "that was done"
            return f"whether {held} before {since}, since when meetings are recorded here"
        return ""


@dataclass(frozen=True, slots=True)
class ToldByReturns(Told):
    """The same, of a period of care that returns say: they list the reviews of it too."""

    def untold(self, anchor: str, after: date, until: date) -> str:
        if anchor not in REVIEWS or (self.listed is not None and until <= self.listed):
            return Told.untold(self, anchor, after, until)
        last = max(filter(None, (self.until, self.listed)), default=None)
        if last is None:
            return ""
        if until > last:
            which = "no return or list of later is in hand"
            return f"whether a review was held after {day(last)}: {which}"
        years = range(collection_year(after), collection_year(until) + 1)
        return not_in_hand([year for year in years if year not in self.years])


def told_of(period: Stretch, told: Told) -> Told:
    """What the sources tell of a period, by whether it is from a return."""
    if period.origin.file_id is None:
        return told
    return ToldByReturns(told.years, told.until, told.listed, told.kept_since)


def not_in_hand(years: Sequence[int]) -> str:
    """That the returns of some years are not in hand; "" where there are none."""
    if not years:
        return ""
    said = " and ".join(filter(None, (", ".join(map(str, years[:-1])), str(years[-1]))))
    which = "that return is" if len(years) == 1 else "those returns are"
    return f"whether reviews were held in the year to 31 March {said}: {which} not in hand"


def settled_reviews(found: Found, stays: tuple[Stay, ...], matched: tuple[Stay, ...]) -> None:
    """Reviews held in a settled long-term foster placement, and when such placements end."""
    held = found.events.get("review", ())
    found.events["settled-review"] = tuple(e for e in held if settled(e.on, stays, matched))
    ends = [stay.end for stay in stays if stay.code in LONG_TERM_FOSTERING]
    found.events["long-term-fostering-ended"] = tuple(Dated(on) for on in ends if on is not None)
