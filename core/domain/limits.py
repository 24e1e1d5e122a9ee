"""The limit day of one run of a deadline, with its reason in words, or what is missing for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from core.domain.dated import Course, Dated, Origin, entered
from core.domain.dates import Calendar, Period, Unit, day, in_london, london_day
from core.domain.due import Due
from core.domain.procedure.schedule import WEEKDAYS
from core.domain.procedure.timetable import Deadline, Direction, Run


class Others(Protocol):
    """Another deadline by its code: for what runs to a day to come.

    The first run of it; with ``after`` that with the earliest limit of those still open on a day.
    """

    def __call__(self, code: str, after: date | None = None) -> Due | None: ...


def no_others(code: str, after: date | None = None) -> Due | None:
    """No other deadline is known."""
    return None


@dataclass(frozen=True, slots=True)
class Limit:
    """What a run comes to: a day (and moment), or what is missing for one."""

    anchor: str
    anchor_date: date | None = None
    due: date | None = None
    due_at: datetime | None = None
    reason: str = ""
    missing: str = ""
    enter: str = ""
    latest: bool = False
    origin: Origin = Origin()
    ruled_on: date | None = None
    no_later: date | None = None


def earliest(
    rule: Deadline,
    course: Course,
    calendar: Calendar,
    others: Others,
    start: Dated | None,
    to_come: Run | None = None,
) -> Limit:
    """The earliest of the runs of a deadline; one that is not known is said beside it.

    It stands under the edition of its own anchor's day, whichever of the runs is the earliest.
    The anchor of the run ``to_come`` has not happened yet.
    """
    first = limit_of(rule, course, calendar, others, start)
    if not rule.or_earlier:
        return first
    more = [
        limit_of(run, course, calendar, others, None if run is to_come else _first(run, course))
        for run in rule.or_earlier
    ]
    every = [first, *more]
    known = [limit for limit in every if limit.due is not None]
    if not known:
        return first
    chosen = min(known, key=lambda limit: (limit.due, every.index(limit)))
    chosen = replace(chosen, ruled_on=first.ruled_on or chosen.ruled_on)
    lacking = [limit.missing for limit in every if limit.due is None and limit.missing]
    if not lacking:
        return chosen
    said = f"{chosen.reason}; it may be earlier (not known: {', '.join(lacking)})"
    return replace(chosen, reason=said)


def _first(run: Run, course: Course) -> Dated | None:
    return next(iter(course.happened(run.anchor)), None)


def limit_of(
    run: Run, course: Course, calendar: Calendar, others: Others, start: Dated | None
) -> Limit:
    """One run worked out from its anchor; from the latest possible day of it before that."""
    if start is not None:
        limit = Limit(run.anchor, start.on, origin=start.origin, ruled_on=start.on)
        if run.before_next:
            return _before_next(run, others, start, limit)
        return _from(run, course, calendar, start, limit)
    if run.latest and (before := others(run.latest)) is not None:
        if before.due is None:
            return unknown(run, before.missing, before.enter)
        limit = Limit(
            run.anchor, before.due, latest=True, origin=before.origin, ruled_on=before.due
        )
        return _from(run, course, calendar, Dated(before.due), limit)
    missing = course.unknown.get(run.anchor)
    if missing is None:
        return Limit(run.anchor)
    found = unknown(run, run.missing or missing, course.enter(run.anchor))
    return replace(found, no_later=course.since.get(run.anchor))


def _before_next(run: Run, others: Others, start: Dated, limit: Limit) -> Limit:
    """The day before the next limit of other deadlines; at once where one of them is late."""
    found = [due for code in run.before_next if (due := others(code, after=start.on)) is not None]
    following = min(found, key=lambda due: due.due or date.max, default=None)
    if following is None or following.due is None:
        missing = run.missing or f"what is due next after {run.anchor_words}"
        return replace(limit, missing=missing, enter=entered(found[0].anchor if found else ""))
    title = following.rule.title or following.rule.code
    named = f"{title[:1].lower()}{title[1:].partition(':')[0]}"
    reason = (
        f"before the {named}, which is due by {day(following.due)}: "
        f"{run.anchor_words} on {day(start.on)}"
    )
    day_before = max(following.due - timedelta(days=1), start.on)
    return replace(limit, due=day_before, reason=reason)


def unknown(run: Run, missing: str, enter: str) -> Limit:
    said = missing or f"the day of {run.anchor_words} is not known"
    return Limit(run.anchor, missing=said, enter=enter)


def _from(run: Run, course: Course, calendar: Calendar, start: Dated, limit: Limit) -> Limit:
    period, aged = run.period, ""
    if run.by_age:
        age = course.age(start.on)
        if age is None:
            return replace(limit, missing="the date of birth is not known", enter="identity")
        period = next(p for under, p in run.by_age if under is None or age < under)
        aged = f", at the age of {max(age, 0)}"
    if period is not None and period.unit is Unit.HOURS:
        return _in_hours(run, period, start, limit)
    due, length = _shifted(run, period, start.on, calendar)
    on = f"which is due by {day(start.on)}" if limit.latest else f"on {day(start.on)}"
    joined = f"{run.anchor_words}, {on}" if limit.latest else f"{run.anchor_words} {on}"
    return replace(limit, due=due, reason=f"{length} {joined}{aged}")


def _shifted(run: Run, period: Period | None, anchor: date, calendar: Calendar) -> tuple[date, str]:
    """The limit day, and its length in words up to the anchor: "10 weeks from"."""
    if run.direction is Direction.AFTER:
        length = period or Period(0, Unit.DAYS)
        due = calendar.after(anchor, length)
        said = _without(f"{length} from", run, anchor, due, calendar)
        return due, said if length.count else "on the day of"
    words = f"{period} before" if period else "before"
    if run.weekday is None:
        due = calendar.before(anchor, period or Period(1, Unit.DAYS))
        return due, _without(words, run, anchor, due, calendar)
    end = calendar.before(anchor, period) if period else anchor
    named = weekday_before(end, run.weekday)
    due = calendar.working_day_on_or_before(named)
    said = f"the {WEEKDAYS[run.weekday]} {words}"
    if due != named:
        said = f"the working day before {day(named)}, a day off and {said}"
    return due, said


def _without(words: str, run: Run, anchor: date, due: date, calendar: Calendar) -> str:
    """The same words with the authority's own days off that working days left out."""
    period = run.period
    if period is None or period.unit is not Unit.WORKING_DAYS:
        return words
    own = [day(on) for on in calendar.left_out(anchor, due)]
    if not own:
        return words
    off = "a day off" if len(own) == 1 else "days off"
    count, _, joins = words.rpartition(" ")
    return f"{count}, leaving out {' and '.join(own)} ({off} here), {joins}"


def weekday_before(anchor: date, weekday: int) -> date:
    """The last such weekday (Monday is 0) before a day."""
    return anchor - timedelta(days=(anchor.weekday() - weekday - 1) % 7 + 1)


def _in_hours(run: Run, period: Period, start: Dated, limit: Limit) -> Limit:
    """Hours go by on the clock: 48 hours are two days long, also when the clocks change."""
    if start.at is None:
        moment = f"the time of {run.anchor_words} is not known"
        return replace(limit, missing=run.missing or moment, enter=entered(run.anchor))
    sign = -1 if run.direction is Direction.BEFORE else 1
    due_at = start.at + timedelta(hours=sign * period.count)
    shown, then = in_london(start.at), in_london(due_at)
    word = "before" if sign < 0 else "from"
    reason = (
        f"{period} {word} {run.anchor_words} at {shown:%H:%M} on {day(shown.date())}, "
        f"which is {then:%H:%M}"
    )
    return replace(limit, due=london_day(due_at), due_at=due_at, reason=reason)
