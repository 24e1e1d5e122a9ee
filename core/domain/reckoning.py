"""Working a deadline out: its runs in one course, each with its limit day, reason and end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest

from core.domain.dated import REVIEWS, Course, Dated, Origin, entered
from core.domain.dates import Calendar, Period, Unit, day, in_london, london_day
from core.domain.due import Due
from core.domain.procedure.timetable import Deadline, Direction, Run

#: Of one series: every 6 weeks for 18 years are 156. More can only come of days typed by mistake.
MOST_RUNS = 200
SET_HERE = "set here, not by the procedure"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

log = logging.getLogger("permanence.deadlines")

#: The limit of another deadline by its code, the first run of it: for what runs to a day to come.
Others = Callable[[str], Due | None]


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


def reckon(rule: Deadline, course: Course, calendar: Calendar, others: Others) -> tuple[Due, ...]:
    """Every run of a deadline in a course; none where what it runs from has not happened.

    Free of today: what lies ahead is in the dates. An anchor that is not known gives one run that
    says what is missing; one that has no day yet, and another deadline says when it must happen,
    the latest possible day. That stands up to the day on which it happened: it is run 0 then, and
    comes last.
    """
    starts = course.happened(rule.anchor)
    found: list[Due] = []
    nexts = starts[1:]
    if _same_kind(rule):
        starts, nexts = starts[:1], ()
    for start, after in zip_longest(starts, nexts):
        over = after.on if after is not None and rule.runs_again else None
        met = found[-1].met_on if found and rule.met_early else None
        found += _series(rule, course, calendar, others, start, over, met)
    before = _before(rule, course, calendar, others, starts[0] if starts else None)
    numbered = [replace(due, run=number) for number, due in enumerate(found, 1)]
    return (*numbered, *([] if before is None else [before]))


def due_from(rule: Deadline, anchor: date | None, calendar: Calendar) -> Due:
    """A deadline worked out from its anchor's day alone, as before a case or a meeting is there."""
    events = {} if anchor is None else {rule.anchor: (Dated(anchor),)}
    course = Course(events=events, unknown={rule.anchor: ""})
    return reckon(rule, course, calendar, lambda _: None)[0]


def _before(
    rule: Deadline, course: Course, calendar: Calendar, others: Others, first: Dated | None
) -> Due | None:
    """As it is before its anchor: the latest possible day of it, or what is not known."""
    if first is None:
        if not rule.latest and course.unknown.get(rule.anchor) is None:
            return None
        limit = _earliest(rule, course, calendar, others, None)
        return _ended(rule, course, limit, None) if limit.due or limit.missing else None
    if not rule.latest or _to_come(rule) or (course.begins and course.begins >= first.on):
        return None
    limit = _earliest(rule, course, calendar, others, None)
    if limit.due is None:
        return None
    due = _ended(rule, course, limit, None)
    return replace(due, ends=min(filter(None, (due.ends, first.on))), run=0)


def _series(
    rule: Deadline,
    course: Course,
    calendar: Calendar,
    others: Others,
    start: Dated,
    over: date | None,
    met: date | None,
) -> Iterator[Due]:
    """The runs from one anchor: one, or one after the other as each is met.

    It is ``over`` where it begins anew from another anchor; what ``met`` the one before it does
    not meet it too.
    """
    run: Deadline = rule
    course = course.own(rule.anchor, start) if rule.own else course
    for number in range(MOST_RUNS):
        if not _runs(rule, course, start, over):
            return
        limit = (
            _earliest(run, course, calendar, others, start)
            if number == 0
            else _limit(run, course, calendar, others, start)
        )
        due = _ended(rule, course, limit, start, over, met)
        yield due
        if not rule.runs_again or due.met_on is None or due.not_for:
            return
        start = _what_met(rule, course, Dated(due.met_on, due.met_at))
        run = _next(rule, number)
    log.warning("%s: what comes after %s runs is left out", rule.code, MOST_RUNS)


def _what_met(rule: Deadline, course: Course, met: Dated) -> Dated:
    """What met it on a day and at a moment, with its source."""
    events = course.happened(*rule.meeting)
    return next((event for event in events if event.order() == met.order()), met)


def _next(rule: Deadline, number: int) -> Deadline:
    """The rule as it runs again, from the day on which it was met."""
    words = rule.then_words or rule.anchor_words
    if not rule.then:
        return replace(rule, anchor_words=words, or_earlier=(), latest="")
    period = rule.then[min(number, len(rule.then) - 1)]
    return replace(rule, anchor_words=words, period=period, by_age=(), or_earlier=(), latest="")


def _runs(rule: Deadline, course: Course, start: Dated, over: date | None) -> bool:
    """Whether it begins at all: what came to its end before the anchor does not."""
    if over is not None and start.on >= over:
        return False
    stop = _stop(rule, course, start.on)
    return rule.direction is Direction.BEFORE or stop is None or start.on <= stop


def _stop(rule: Deadline, course: Course, since: date | None, *more: date | None) -> date | None:
    """From which day it no longer runs."""
    after = (
        event.on for event in course.happened(*rule.until) if since is None or event.on >= since
    )
    return min((on for on in (*after, course.stops, *more) if on is not None), default=None)


def _to_come(rule: Deadline) -> bool:
    """Whether it runs to the anchor, and so is there before that happens."""
    on_the_day = not (rule.period or rule.by_age)
    return rule.direction is Direction.BEFORE or (on_the_day and bool(rule.latest))


def _ended(
    rule: Deadline,
    course: Course,
    limit: Limit,
    start: Dated | None,
    over: date | None = None,
    used: date | None = None,
) -> Due:
    """A limit with what met it or stopped it."""
    reason, met = limit.reason, _met(rule, course, start, used)
    if met is None and (met := _met_by_then(rule, course, limit)) is not None:
        reason += f"; that was by {day(met.on)} at the latest"
    before = rule.direction is Direction.BEFORE
    stop = _stop(rule, course, None if before or start is None else start.on, over)
    if met is not None and stop is not None and met.on > stop:
        met = None
    missing, enter = limit.missing, limit.enter
    if met is None and limit.due is not None:
        missing, enter = _untold(rule, course, limit.due)
    said = rule.local or (SET_HERE if rule.set_here else "")
    anchor_day = limit.anchor_date
    not_for = rule.not_for(course, anchor_day) if rule.not_for and anchor_day else ""
    begins = None if start is None or _to_come(rule) else start.on
    return Due(
        rule,
        limit.anchor_date,
        limit.due,
        met_on=met.on if met else None,
        met_at=met.at if met else None,
        stopped_on=stop if met is None or course.case_id is not None else None,
        anchor=limit.anchor,
        reason=f"{reason} ({said})" if said and limit.due else reason,
        missing=missing,
        enter=enter,
        not_for=not_for,
        latest=limit.latest,
        due_at=limit.due_at,
        begins=max(filter(None, (begins, course.begins)), default=None),
        ends=course.ends,
        ruled_on=limit.ruled_on,
        origin=limit.origin,
    )


def _met(
    rule: Deadline, course: Course, start: Dated | None, used: date | None = None
) -> Dated | None:
    """The first thing that meets it; of the anchor's own kind only one after the anchor."""
    early = rule.met_early or rule.direction is Direction.BEFORE
    since = None if early else start
    if since is None and not early:
        return None
    for event in course.happened(*rule.meeting):
        if since is not None and not _later(rule, event, since):
            continue
        if used is not None and event.on <= used:
            continue
        if rule.meets is not None and not (start and rule.meets(course, event, start.on)):
            continue
        return event
    return None


def _met_by_then(rule: Deadline, course: Course, limit: Limit) -> Dated | None:
    """What had met it in time at the latest, where its own day is not known."""
    if limit.due is None or limit.latest:
        return None
    found = (event for anchor in rule.met_by if (event := course.by_then.get(anchor)))
    return next((event for event in found if event.on <= limit.due), None)


def _untold(rule: Deadline, course: Course, due: date) -> tuple[str, str]:
    """Why it is not known whether it was met by then, and where that is entered; else ""."""
    for anchor in rule.meeting:
        if course.unknown.get(anchor) and not course.happened(anchor):
            return course.unknown[anchor], entered(anchor)
        last, after = course.told.get(anchor, (date.max, ""))
        if due > last:
            return after, entered(anchor)
    return "", ""


def _later(rule: Deadline, event: Dated, since: Dated) -> bool:
    if event.at is not None and since.at is not None:
        return event.at > since.at
    return event.on > since.on if _own_kind(rule) else event.on >= since.on


def _own_kind(rule: Deadline) -> bool:
    """Whether what it runs from cannot meet it on the same day."""
    return rule.runs_again or _of_kind(rule)


def _of_kind(rule: Deadline) -> bool:
    same = rule.anchor in REVIEWS and not REVIEWS.isdisjoint(rule.meeting)
    return rule.anchor in rule.meeting or same


def _same_kind(rule: Deadline) -> bool:
    """Whether each thing that it runs from is also what begins it anew: there is one series."""
    return rule.runs_again and _of_kind(rule)


def _earliest(
    rule: Deadline, course: Course, calendar: Calendar, others: Others, start: Dated | None
) -> Limit:
    """The earliest of the runs of a deadline; one that is not known is said beside it.

    It stands under the edition of its own anchor's day, whichever of the runs is the earliest.
    """
    first = _limit(rule, course, calendar, others, start)
    if not rule.or_earlier:
        return first
    more = [
        _limit(run, course, calendar, others, next(iter(course.happened(run.anchor)), None))
        for run in rule.or_earlier
    ]
    every = [first, *more]
    known = [limit for limit in every if limit.due is not None]
    if not known:
        return first
    chosen = min(known, key=lambda limit: (limit.due, every.index(limit)))
    chosen = replace(chosen, ruled_on=first.ruled_on or chosen.ruled_on)
    unknown = [limit.missing for limit in every if limit.due is None and limit.missing]
    if not unknown:
        return chosen
    said = f"{chosen.reason}; it may be earlier (not known: {', '.join(unknown)})"
    return replace(chosen, reason=said)


def _limit(
    run: Run, course: Course, calendar: Calendar, others: Others, start: Dated | None
) -> Limit:
    """One run worked out from its anchor; from the latest possible day of it before that."""
    if start is not None:
        limit = Limit(run.anchor, start.on, origin=start.origin, ruled_on=start.on)
        return _from(run, course, calendar, start, limit)
    if run.latest and (before := others(run.latest)) is not None:
        if before.due is None:
            return _unknown(run, before.missing, before.enter)
        limit = Limit(
            run.anchor, before.due, latest=True, origin=before.origin, ruled_on=before.due
        )
        return _from(run, course, calendar, Dated(before.due), limit)
    missing = course.unknown.get(run.anchor)
    if missing is None:
        return Limit(run.anchor)
    return _unknown(run, run.missing or missing, entered(run.anchor))


def _unknown(run: Run, missing: str, enter: str) -> Limit:
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
        return calendar.after(anchor, length), f"{length} from" if length.count else "on the day of"
    words = f"{period} before" if period else "before"
    if run.weekday is None:
        due = calendar.before(anchor, period or Period(1, Unit.DAYS))
        return due, words
    end = calendar.before(anchor, period) if period else anchor
    named = weekday_before(end, run.weekday)
    due = calendar.working_day_on_or_before(named)
    said = f"the {WEEKDAYS[run.weekday]} {words}"
    if due != named:
        said = f"the working day before {day(named)}, a day off and {said}"
    return due, said


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
