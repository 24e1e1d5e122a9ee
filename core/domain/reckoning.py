"""Working a deadline out: its runs in one course, each with its limit day, reason and end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from core.domain.clauses import SET_HERE
from core.domain.dated import REVIEWS, Course, Dated, entered
from core.domain.dates import Calendar, day
from core.domain.due import Due
from core.domain.limits import Limit, Others, earliest, limit_of, no_others, unknown
from core.domain.procedure.timetable import Deadline, Direction

#: Of one series: every 6 weeks for 18 years are 156. More can only come of days typed by mistake.
MOST_RUNS = 200

log = logging.getLogger("permanence.deadlines")


def reckon(rule: Deadline, course: Course, calendar: Calendar, others: Others) -> tuple[Due, ...]:
    """Every run of a deadline in a course; none where what it runs from has not happened.

    Free of today: what lies ahead is in the dates. An anchor that is not known gives one run that
    says what is missing; one that has no day yet, and another deadline says when it must happen,
    the latest possible day. That stands up to the day on which it happened: it is run 0 then, and
    comes last.
    """
    care, course = course, (course.beyond if rule.beyond_care else None) or course
    starts = course.happened(rule.anchor)
    found: list[Due] = []
    for start, after in zip_longest(starts, () if _same_kind(rule) else starts[1:]):
        if _same_kind(rule) and found and not _anew(rule, course, found[-1], start):
            continue
        over = after.on if after is not None and rule.runs_again else None
        met = found[-1].met_on if found and rule.met_early else None
        found += _series(rule, course, calendar, others, start, over, met)
    found = [_within(due, care.ends) for due in found]
    before = _before(rule, care, calendar, others, starts[0] if starts else None)
    if before is None and found:
        found[0], before = _until_earlier(rule, course, calendar, others, starts[0], found[0])
    if starts and course.unknown.get(rule.anchor):
        found.append(_another(rule, care))
    numbered = [replace(due, run=number) for number, due in enumerate(found, 1)]
    return (*numbered, *([] if before is None else [before]))


def _within(due: Due, ends: date | None) -> Due:
    """A run that was over before the next period of care is not there in that."""
    over = min(filter(None, (due.met_on, due.stopped_on)), default=None)
    return replace(due, ends=ends) if ends and over and over < ends else due


def _anew(rule: Deadline, course: Course, last: Due, start: Dated) -> bool:
    """Whether a series that was stopped begins again: what had stopped it no longer holds."""
    over = last.stopped_on or (last.anchor_date if last.not_for else None)
    if over is None or start.on <= over:
        return False
    ended = (event for event in course.happened(*rule.until) if event.on <= start.on)
    return not any(event.stands(start.on) for event in ended)


def _another(rule: Deadline, course: Course) -> Due:
    """That there may be another run, of which it is not known from when."""
    since = course.since.get(rule.anchor)
    limit = unknown(rule, rule.missing or course.unknown[rule.anchor], course.enter(rule.anchor))
    stop = _stop(rule, course, since)
    begins = max(filter(None, (since, course.begins)), default=None)
    return Due(
        rule,
        None,
        None,
        stopped_on=stop,
        anchor=limit.anchor,
        missing=limit.missing,
        enter=limit.enter,
        begins=begins,
        ends=course.ends,
        no_later=since,
    )


def _until_earlier(
    rule: Deadline, course: Course, calendar: Calendar, others: Others, start: Dated, first: Due
) -> tuple[Due, Due | None]:
    """A run that also runs to something; up to the day of that it was as it is without it."""
    to = (run for run in rule.or_earlier if run.direction is Direction.BEFORE)
    run = next((run for run in to if course.happened(run.anchor)), None)
    if run is None:
        return first, None
    came = course.happened(run.anchor)[0].on
    due = _ended(rule, course, earliest(rule, course, calendar, others, start, run), start)
    same = (due.due, due.latest, due.missing) == (first.due, first.latest, first.missing)
    if same or (due.begins is not None and due.begins >= came):
        return first, None
    ends = min(filter(None, (due.ends, came)))
    begins = max(filter(None, (first.begins, came)))
    return replace(first, begins=begins), replace(due, ends=ends, run=0)


def due_from(rule: Deadline, anchor: date | None, calendar: Calendar) -> Due:
    """A deadline worked out from its anchor's day alone, as before a case or a meeting is there."""
    events = {} if anchor is None else {rule.anchor: (Dated(anchor),)}
    course = Course(events=events, unknown={rule.anchor: ""})
    return reckon(rule, course, calendar, no_others)[0]


def _before(
    rule: Deadline, course: Course, calendar: Calendar, others: Others, first: Dated | None
) -> Due | None:
    """As it is before its anchor: the latest possible day of it, or what is not known."""
    if first is None:
        if not rule.latest and course.unknown.get(rule.anchor) is None:
            return None
        limit = earliest(rule, course, calendar, others, None)
        return _ended(rule, course, limit, None) if limit.due or limit.missing else None
    if not rule.latest or (course.begins and course.begins >= first.on):
        return None
    limit = earliest(rule, course, calendar, others, None)
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
            earliest(run, course, calendar, others, start)
            if number == 0
            else limit_of(run, course, calendar, others, start)
        )
        runs = tuple(_again(rule, course, limit, start, over, met))
        yield from runs
        due = runs[-1]
        if not rule.runs_again or due.met_on is None or due.not_for:
            return
        start = _what_met(rule, course, Dated(due.met_on, due.met_at))
        run = _next(rule, number)
    log.warning("%s: what comes after %s runs is left out", rule.code, MOST_RUNS)


def _again(
    rule: Deadline,
    course: Course,
    limit: Limit,
    start: Dated,
    over: date | None,
    met: date | None,
) -> Iterator[Due]:
    """A run, and the same once more from each day on which what had stopped it broke down."""
    due = _ended(rule, course, limit, start, over, met)
    while due.stopped_on and (back := _broke(rule, course, due.stopped_on)) is not None:
        yield replace(due, ends=min(filter(None, (due.ends, back))))
        due = replace(_ended(rule, course, limit, start, over, met, back), begins=back)
    yield due


def _broke(rule: Deadline, course: Course, stopped: date) -> date | None:
    """From when nothing holds any more of what stopped a run on a day; None: something does."""
    end = stopped
    for event in course.happened(*rule.until):
        if stopped <= event.on <= end and (event.until is None or event.until > end):
            if event.until is None:
                return None
            end = event.until
    over = end == stopped or (course.stops is not None and end >= course.stops)
    return None if over else end


def _what_met(rule: Deadline, course: Course, met: Dated) -> Dated:
    """What met it on a day and at a moment, with its source."""
    events = course.happened(*rule.meeting)
    return next((event for event in events if event.order() == met.order()), met)


def _next(rule: Deadline, number: int) -> Deadline:
    """The rule as it runs again, from the day on which it was met."""
    words, anchor = rule.then_words or rule.anchor_words, rule.anchor
    again = replace(rule, anchor_words=words, or_earlier=(), latest="")
    if anchor not in rule.meeting:
        again = replace(again, anchor=rule.meeting[0])
    if not rule.then:
        return again
    return replace(again, period=rule.then[min(number, len(rule.then) - 1)], by_age=())


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
    back: date | None = None,
) -> Due:
    """A limit with what met it or stopped it, ``back`` on or later where it runs once more."""
    reason, met = limit.reason, _met(rule, course, start, used, limit.due)
    if met is None and (met := _met_by_then(rule, course, limit)) is not None:
        reason += f"; that was by {day(met.on)} at the latest"
    before = rule.direction is Direction.BEFORE
    stop = _stop(rule, course, back or (None if before or start is None else start.on), over)
    if met is not None and stop is not None and met.on > stop:
        met = None
    missing, enter = limit.missing, limit.enter
    if met is None and limit.due is not None:
        missing, enter = _untold(rule, course, limit.anchor_date or limit.due, limit.due)
    said = rule.local or (SET_HERE if rule.set_here else "")
    anchor_day = limit.anchor_date
    not_for = rule.not_for(course, anchor_day) if rule.not_for and anchor_day else ""
    begins = None if start is None or (_to_come(rule) and not rule.latest) else start.on
    if rule.there_from:
        came = (event.on for event in course.happened(rule.there_from))
        begins = next((on for on in came if begins is None or on >= begins), begins)
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
        no_later=limit.no_later,
        origin=limit.origin,
    )


def _met(
    rule: Deadline,
    course: Course,
    start: Dated | None,
    used: date | None = None,
    due: date | None = None,
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
        if rule.stands and due is not None and event.on <= due and not event.stands(due):
            continue
        if rule.met_late and due is not None and event.on > due:
            return event
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


def _untold(rule: Deadline, course: Course, since: date, due: date) -> tuple[str, str]:
    """Why it is not known whether it was met by then, and where that is entered; else ""."""
    for anchor in rule.meeting:
        if course.unknown.get(anchor):
            return course.unknown[anchor], entered(anchor)
        if said := course.untold(anchor, since, due):
            return said, entered(anchor)
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
