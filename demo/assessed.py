"""What the law asks for of each made-up child: plans, assessments, temporary approvals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from demo.calendars import birthday, months_after
from demo.children import Episode, MadeUpChild

SHORT_BREAKS = ("V3", "V4")
PROTECTED = ("L1", "L2")
BY_RELATIVES = "U3"

Done = tuple[str, date, dict[str, str]]


def assessed(child: MadeUpChild, number: int, today: date) -> Iterator[Done]:
    """Kind of entry, its day and its values, for the latest period of care of the nth child.

    Mostly in time; each is late for some children and was forgotten for others.
    """
    first = _first_episode(child)
    if first is None:
        return
    until = min(today, child.episodes[-1].dec or today)
    for what, on in _days(child, number, first.decom, until):
        if first.decom <= on <= until:
            yield "assessment", on, {"what": what, "done_on": on.isoformat()}
    yield from _emergency(first, number, until)
    yield from _temporary_approval(child, first, number, until)


def _first_episode(child: MadeUpChild) -> Episode | None:
    """The episode with which the latest period of care began; None for short breaks."""
    starts = [one for one in child.episodes if one.rne == "S"]
    return starts[-1] if starts and starts[-1].legal_status not in SHORT_BREAKS else None


def _days(child: MadeUpChild, number: int, start: date, until: date) -> Iterator[tuple[str, date]]:
    if number % 13:
        late = 14 if number % 9 == 0 else 0
        yield "care-plan", start + timedelta(days=number % 12 + late)
        yield "placement-plan", start + timedelta(days=number % 5)
    if number % 11:
        late = 21 if number % 7 == 0 else 0
        seen = start + timedelta(days=12 + number % 14 + late)
        yield "health-initial", seen
        under_five = until < birthday(child.born, 5)
        every = 6 if under_five else 12
        while (again := months_after(seen, every) - timedelta(days=number % 20)) <= until:
            seen = again
        if seen > start + timedelta(days=60) and number % 10:
            yield "health-review", seen
    if number % 12 and birthday(child.born, 4) <= start:
        yield "pep", start + timedelta(days=8 + number % 12)
    grown = max(birthday(child.born, 16), start + timedelta(weeks=13))
    if number % 4:
        yield "pathway-assessment", grown + timedelta(days=30 + number % 50)
        yield "pathway-plan", grown + timedelta(days=60 + number % 50)


def planning_meetings(child: MadeUpChild, number: int, today: date) -> Iterator[date]:
    """Planning meetings that followed the ones of the child's story, in the last year of care.

    Every ten weeks or so for most children; for some they stopped.
    """
    if not child.ppm_dates or not child.episodes or "PPM" in child.story:
        return
    until = min(today, child.episodes[-1].dec or today)
    on = max(child.ppm_dates[-1], until - timedelta(days=300))
    while (on := on + timedelta(days=58 + number % 14)) <= until - timedelta(days=number % 60):
        yield on


def _emergency(first: Episode, number: int, until: date) -> Iterator[Done]:
    """Who came into care by police protection or an emergency order was placed in an emergency."""
    if first.legal_status not in PROTECTED:
        return
    values = {"placed_on": first.decom.isoformat(), "out_of_area": "no"}
    if number % 4 == 0:
        values["out_of_area"] = "yes"
        told = first.decom + timedelta(days=2 + number % 3)
        if number % 3 and told <= until:
            values["notified_on"] = told.isoformat()
    yield "emergency", first.decom, values


def _temporary_approval(
    child: MadeUpChild, first: Episode, number: int, until: date
) -> Iterator[Done]:
    """Relatives with whom care began were approved for a time, and most later as foster carers."""
    if first.placement != BY_RELATIVES:
        return
    who = f"Aunt and uncle ({child.family_name})"
    values = {"who": who, "approved_on": first.decom.isoformat()}
    extended = first.decom + timedelta(weeks=15)
    ended = first.decom + timedelta(days=70 + number % 35)
    if number % 3 == 0:
        ended = extended + timedelta(weeks=5)
        if extended <= until:
            values["extended_on"] = extended.isoformat()
    forgotten = first.decom + timedelta(weeks=24 + number % 8)
    if number % 5 and ended <= until:
        values |= {"ended_on": ended.isoformat(), "outcome": "approved"}
    elif forgotten <= until:
        values |= {"ended_on": forgotten.isoformat(), "outcome": "placement-ended"}
    yield "temporary-approval", first.decom, values
