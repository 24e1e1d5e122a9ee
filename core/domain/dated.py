"""What is dated of a child in one period of care, or of one case: what deadlines run from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from core.domain.dates import age_on

NOTHING: Mapping[str, tuple[Dated, ...]] = MappingProxyType({})
NONE: Mapping[str, str] = MappingProxyType({})
NOT_KNOWN: Mapping[str, Dated] = MappingProxyType({})
AT_NO_DAY: Mapping[str, date] = MappingProxyType({})

#: What deadlines run from or are met by that is no day of the record's entries, in words. A day of
#: an entry goes by its kind and field (``proceedings.issued_on``), an assessment by what it is
#: (``assessment.care-plan``), a meeting that considered the child by its body
#: (``meeting.permanence-panel``).
ANCHORS: Mapping[str, str] = MappingProxyType(
    {
        "became-looked-after": "The period of care begins",
        "ceased": "The child ceases to be looked after",
        "review": "A review is held",
        "first-review": "The first review of the period of care is held",
        "second-review": "The second review of the period of care is held",
        "later-review": "A review is held that is surely not the first",
        "placement": "A placement begins, temporary ones left out",
        "residential-placement": "A placement in a children's home begins",
        "residential-placement-ended": "A placement in a children's home ends",
        "long-term-fostering": "A long-term foster placement begins",
        "placed-with-parents": "A placement with parents begins",
        "placed-for-adoption": "The child is placed for adoption",
        "placement-for-adoption-ended": "A placement for adoption ends with another placement",
        "placement-order": "A placement order is made",
        "placement-order-ended": "A placement order is revoked or gives way",
        "section-20": "Accommodation by agreement (section 20) begins",
        "interim-care-order": "An interim care order is made",
        "care-order": "A full care order is made",
        "settled-review": "A review is held in a long-term foster placement with a match for it",
        "long-term-fostering-ended": "A long-term foster placement ends",
        "eligible": "The child becomes an eligible child",
        "assessment.any-health": "A health assessment is done, the initial one or another",
        "proceedings.care-issued": "Proceedings for a care or supervision order are issued",
        "proceedings.care-ended": "The final order in such proceedings is made",
        "emergency.out-of-area": "An emergency placement is made outside the authority's area",
        "reunification-prospect.none": "The chair sees no prospect of reunification",
        "reunification-prospect.some": "The chair sees a prospect of reunification, or is not sure",
        "plan.identified": 'A plan is identified: one that is neither "other" nor unspecified',
        "adoption.in-doubt": "The plan of adoption is marked as perhaps not viable any more",
        "plan.adoption-relinquished": "Adoption is the plan of a relinquished child, agreed or not",
        "plan-step.return-home": "A step of a plan of return home is due, and is not done by then",
        "plan-step.return-home-over": "The plan of which it is a step is no longer the plan",
        "secured": "Permanence is secured: an order, a permanent match, or return home",
        "birthday-5": "The 5th birthday",
        "birthday-14": "The 14th birthday",
        "birthday-16": "The 16th birthday",
        "birthday-17": "The 17th birthday",
        "birthday-18": "The 18th birthday",
        "panel-date": "The day of the meeting for which a case asks",
        "submitted": "A referral is submitted",
        "meeting-date": "The day of a meeting, for what is due of the meeting itself",
        "circulated": "The agenda of the meeting is circulated",
        "ratified": "The minutes of the meeting are ratified",
        "filed": "The record of the meeting is put on the child's file",
        "copied": "The record of the meeting is sent to everybody who gets a copy",
    }
)

OF_MEETING = "meeting-date"
OF_CASES = frozenset({"panel-date", "submitted"})
RESTS_ON_RECORD = frozenset(
    {
        "secured",
        "settled-review",
        "placement-order",
        "placement-order-ended",
        "placed-for-adoption",
    }
)
"""What is worked out from the plan and record too, although its anchor has a name of its own."""

REVIEWS = frozenset({"review", "first-review", "second-review", "later-review", "settled-review"})
BIRTHDAYS = (5, 14, 16, 17, 18)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact comes from: a line of a file, or who typed it; ``said_of`` as on the fact."""

    file_id: int | None = None
    line: int | None = None
    typed_by: int | None = None
    said_of: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """One thing that happened or will: its day, its moment (UTC) where hours count, its source.

    ``of`` is the id of the entry of the record of which it is a day; 0 where it is of none. It no
    longer holds from ``until``: a plan that was dropped, a match that ended.
    """

    on: date
    at: datetime | None = None
    origin: Origin = Origin()
    of: int = 0
    until: date | None = None

    def stands(self, on: date) -> bool:
        """Whether it had not ceased to hold by a day."""
        return self.until is None or self.until > on

    def order(self) -> tuple[date, str]:
        """By the day, then by the moment."""
        return self.on, str(self.at or "")


@dataclass(frozen=True, slots=True)
class Stay:
    """A run of one placement or legal status, by its national code; ``end`` None: not over."""

    code: str
    start: date
    end: date | None = None

    def holds(self, on: date) -> bool:
        return self.start <= on and (self.end is None or on < self.end)


#: Why it is not known whether what an anchor names happened after one day and up to another; or "".
Untold = Callable[[str, date, date], str]


def _all_told(anchor: str, after: date, until: date) -> str:
    """Everything that happened is known."""
    return ""


@dataclass(frozen=True, slots=True)
class Course:
    """One period of care of a child, or one case, with all that is dated in it.

    ``spell`` counts the periods of care from 1 and is 0 for a case. It is there as at the days
    from ``begins`` up to before ``ends`` (None: without a limit); from ``stops`` what is not met no
    longer runs. ``events`` are by anchor, in their order; ``unknown`` says by anchor what is not
    known where it may have happened. ``untold`` says by anchor what is not known of what happened
    between two days, as sources do not tell of every day; ``by_then`` is by anchor by when it had
    happened at the latest, where its own day is not known; ``since`` is by anchor from when what is
    not known may have happened, where it is one thing among others. ``beyond`` is the same course
    for what goes on after care has ended, up to the 18th birthday.
    """

    spell: int = 0
    begins: date | None = None
    ends: date | None = None
    stops: date | None = None
    born: date | None = None
    unborn: bool = False
    events: Mapping[str, tuple[Dated, ...]] = field(default_factory=lambda: NOTHING)
    unknown: Mapping[str, str] = field(default_factory=lambda: NONE)
    placements: tuple[Stay, ...] = ()
    statuses: tuple[Stay, ...] = ()
    case_id: int | None = None
    untold: Untold = _all_told
    by_then: Mapping[str, Dated] = field(default_factory=lambda: NOT_KNOWN)
    since: Mapping[str, date] = field(default_factory=lambda: AT_NO_DAY)
    beyond: Course | None = None

    def happened(self, *anchors: str) -> tuple[Dated, ...]:
        """Everything that happened under these anchors, in its order."""
        if len(anchors) == 1:
            return self.events.get(anchors[0], ())
        found = {event for anchor in anchors for event in self.events.get(anchor, ())}
        return tuple(sorted(found, key=Dated.order))

    def own(self, anchor: str, start: Dated) -> Course:
        """With the days of one entry, or placement, alone among those of its kind: ``start``'s."""
        kind, dot, _ = anchor.partition(".")
        if not start.of:
            return self
        events = {
            name: tuple(e for e in dated if e.of == start.of)
            if name.startswith(kind + dot)
            else dated
            for name, dated in self.events.items()
        }
        return replace(self, events={name: dated for name, dated in events.items() if dated})

    def enter(self, anchor: str) -> str:
        """Where what is not known of an anchor is entered, as ``entered`` says."""
        return "identity" if anchor == "eligible" and self.born is None else entered(anchor)

    def on_or_before(self, anchor: str, on: date) -> Dated | None:
        """The last that happened under an anchor up to and with a day."""
        return next((e for e in reversed(self.events.get(anchor, ())) if e.on <= on), None)

    def age(self, on: date) -> int | None:
        """Whole years on a day, -1 before birth; None where the date of birth is not known."""
        if self.born is None:
            return None
        return -1 if on < self.born else age_on(self.born, on)

    def placed(self, on: date) -> str:
        """The code of the placement on a day, "" where there is none; its last day is the next's
        first."""
        return next((s.code for s in reversed(self.placements) if s.holds(on)), "")

    def status(self, on: date) -> frozenset[str]:
        """The codes of the legal statuses on a day."""
        return frozenset(s.code for s in self.statuses if s.holds(on))


def entered(anchor: str) -> str:
    """Where what an anchor names is entered: "case", "identity", "care.review", "care.episode" or
    "record.<kind>"."""
    if anchor in OF_CASES:
        return "case"
    if anchor.startswith("birthday-"):
        return "identity"
    kind, dot, _ = anchor.partition(".")
    if not dot:
        return "care.review" if anchor in REVIEWS else "care.episode"
    return "record.earlier-meeting" if kind in ("meeting", "booked") else f"record.{kind}"


def of_record(anchor: str) -> bool:
    """Whether what an anchor names is of the plan and record, which fewer people see than care."""
    return anchor in RESTS_ON_RECORD or entered(anchor).startswith("record.")
