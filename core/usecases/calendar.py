"""Making a body's dates from its schedule, and seeing beforehand which fall on a day off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from core.domain.dates import Calendar
from core.domain.finding import Finding, Moved, Refused
from core.domain.meeting import MeetingState
from core.domain.preview import AGAIN, mark_of
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.schedule import Pattern, Schedule, Theme
from core.domain.procedure.winning import winning
from core.domain.rotation import themes_for
from core.registry import Registry
from core.store import audit, authorities, days_off, meeting_days
from core.store.calendars import calendar_of, named_bank_holidays
from core.store.database import writing
from core.store.meeting_days import New
from core.store.scope import Scope
from core.usecases import editions, queueing
from core.usecases.editions import Editions

LONGEST = timedelta(days=2 * 366)
THERE = "There already"
CANCELLED = "Cancelled: it stays so"


@dataclass(frozen=True, slots=True)
class Meets:
    """A body of a procedure that the authority follows."""

    procedure: Procedure
    body: Body

    @property
    def key(self) -> str:
        return f"{self.procedure.code}:{self.body.code}"

    @property
    def schedule(self) -> Schedule | None:
        return self.body.schedule

    @property
    def pattern(self) -> Pattern | None:
        """What the procedure lays down of the days; None where the authority chooses."""
        return self.schedule.pattern if self.schedule else None

    @property
    def themes(self) -> tuple[Theme, ...]:
        return self.schedule.themes if self.schedule else ()

    def theme_words(self, code: str) -> str:
        """The title of a theme; its code where the procedure has it no longer."""
        found = self.schedule.theme(code) if self.schedule else None
        return found.title or code if found else code


@dataclass(frozen=True, slots=True)
class Dates:
    """What is typed to make dates: a body by its key, from when until when, at what time, where.

    ``weekday`` None is what the procedure lays down, else that of the first day. ``every_weeks``
    or ``nth`` are for a procedure that lays no days down. ``theme`` is that of the first new
    meeting, "" to go on in turn. ``keep`` are the days off on which the body meets all the same.
    """

    body: str
    first: date
    until: date
    starts_at: time
    place: str = ""
    weekday: int | None = None
    every_weeks: int = 0
    nth: tuple[int, ...] = ()
    theme: str = ""
    keep: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposed:
    """One day of a schedule: ``made`` or, in words, ``why_not``; ``off`` names a day off."""

    on: date
    made: bool
    why_not: str = ""
    off: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The days that a schedule gives, and what is to be said of them; the mark of what is shown.

    ``queue`` says, once they are made, what became of cases that waited for a meeting to be made.
    """

    meets: Meets
    pattern: Pattern
    days: tuple[Proposed, ...]
    findings: tuple[Finding, ...] = ()
    queue: str = ""

    @property
    def mark(self) -> str:
        return mark_of([(p.on, p.why_not, p.off, p.theme) for p in self.days])

    @property
    def made(self) -> tuple[Proposed, ...]:
        return tuple(day for day in self.days if day.made)


def bodies(scope: Scope, registry: Registry) -> tuple[Meets, ...]:
    """The bodies with a calendar of the procedures that the authority follows, in its order.

    Then those of what it follows from a later day, whose meetings can be planned before. Of two
    with one code on one day that of the first procedure holds.
    """
    rules = editions.of(scope, registry)
    found: dict[str, Meets] = {}
    for on in (scope.on, *(begins for begins in rules.breaks if begins > scope.on)):
        for won in winning(rules.followed(on), Body):
            meets = Meets(won.procedure, won.rule)
            if not meets.body.of_one_child:
                found.setdefault(meets.key, meets)
    return tuple(found.values())


def body_of(scope: Scope, registry: Registry, key: str) -> Meets:
    """The body of a key; Refused where there is none."""
    found = next((meets for meets in bodies(scope, registry) if meets.key == key), None)
    if found is None:
        raise Refused(Finding("Choose the body that meets", field="body"))
    return found


def propose(scope: Scope, registry: Registry, dates: Dates) -> Proposal:
    """The days that the schedule gives; Refused where the body or the period cannot be."""
    meets = body_of(scope, registry, dates.body)
    pattern, faults = _pattern(meets, dates), []
    if pattern is None:
        faults.append(Finding("Choose how often the body meets", field="shape"))
    if dates.until < dates.first:
        faults.append(Finding("The last date is before the first", field="until"))
    elif dates.until - dates.first > LONGEST:
        faults.append(Finding("Make dates for two years at most at once", field="until"))
    if dates.theme and dates.theme not in {theme.code for theme in meets.themes}:
        faults.append(Finding("Choose a theme of this body", field="theme"))
    days = tuple(pattern.days(dates.first, dates.until)) if pattern and not faults else ()
    if not days and not faults:
        faults.append(Finding("No date falls between these two", field="until"))
    if faults or pattern is None:
        raise Refused(*faults)
    proposed = _themed(scope, meets, dates, _proposed(scope, registry, meets, dates, days))
    return Proposal(meets, pattern, proposed, departures(meets, pattern, dates.place))


def _pattern(meets: Meets, dates: Dates) -> Pattern | None:
    """The days that the procedure lays down, with what it leaves to the authority as typed."""
    laid_down = meets.pattern
    if laid_down is None:
        if bool(dates.every_weeks) == bool(dates.nth):
            return None
        laid_down = Pattern(
            dates.every_weeks, dates.nth, meets.schedule.weekday if meets.schedule else None
        )
    return laid_down if dates.weekday is None else replace(laid_down, weekday=dates.weekday)


def departures(meets: Meets, pattern: Pattern, place: str) -> tuple[Finding, ...]:
    """Where what is typed is not what the procedure says: the authority may, and is told."""
    schedule = meets.schedule
    if schedule is None:
        return ()
    said = []
    if schedule.weekday is not None and pattern.weekday != schedule.weekday:
        said.append("the weekday")
    if schedule.place and place and place != schedule.place:
        said.append("the place")
    if not said:
        return ()
    message = f"The procedure says: {schedule.title}. Set by the authority: {' and '.join(said)}"
    return (Finding(message, schedule.code, schedule.clauses),)


def _proposed(
    scope: Scope, registry: Registry, meets: Meets, dates: Dates, days: tuple[date, ...]
) -> list[Proposed]:
    taken = meeting_days.days_taken(scope, meets.procedure.code, meets.body.code, days)
    off, rules = days_off_on(scope, days), editions.of(scope, registry)
    found = []
    for on in days:
        why_not = ""
        if on in taken:
            why_not = CANCELLED if taken[on] is MeetingState.CANCELLED else THERE
        elif not follows(rules, meets, on):
            why_not = f"{meets.procedure.title} is not followed on this day"
        free = on not in off or on in dates.keep
        found.append(Proposed(on, free and not why_not, why_not, off.get(on, "")))
    return found


def follows(rules: Editions, meets: Meets, on: date) -> bool:
    """Whether the authority follows the procedure on a day, and the body is still in it."""
    edition = next((p for p in rules.followed(on) if p.code == meets.procedure.code), None)
    return edition is not None and edition.body(meets.body.code) is not None


def _themed(
    scope: Scope, meets: Meets, dates: Dates, proposed: Iterable[Proposed]
) -> tuple[Proposed, ...]:
    """The days with their themes in turn; a day that is skipped takes none."""
    found = tuple(proposed)
    if not meets.themes:
        return found
    held = meeting_days.themes_held(scope, meets.procedure.code, meets.body.code, dates.until)
    codes = [theme.code for theme in meets.themes]
    themes = themes_for((day.on for day in found if day.made), codes, held, dates.theme)
    return tuple(replace(day, theme=themes.get(day.on, "")) for day in found)


def days_off_on(scope: Scope, days: Iterable[date]) -> dict[date, str]:
    """Those of the days on which people are off, with what they are: one query."""
    wanted = sorted(set(days))
    calendar: Calendar = calendar_of(scope, wanted)
    off = [on for on in wanted if not calendar.is_working_day(on)]
    if not off:
        return {}
    own = {row.on: row.title for row in days_off.between(scope, off[0], off[-1])
           if row.taken_out_at is None}  # fmt: skip
    return {on: own.get(on) or named_bank_holidays(on.year).get(on) or f"{on:%A}" for on in off}


def make_dates(scope: Scope, registry: Registry, dates: Dates, seen: str, at: datetime) -> Proposal:
    """Make a meeting on each day of the schedule that is free, with its theme.

    Where the days or themes are others now than those that were ``seen`` (the mark of the
    proposal) it raises ``Moved`` with the proposal as it is now.
    """
    with writing():
        authorities.lock(scope)
        proposal = propose(scope, registry, dates)
        if proposal.mark != seen:
            raise Moved(proposal, AGAIN, field="dates")
        if not proposal.made:
            raise Refused(Finding("None of these dates is left to make", field="dates"))
        meets, rules = proposal.meets, editions.of(scope, registry)
        new = [
            New(day.on, edition.edition, day.theme)
            for day in proposal.made
            if (edition := rules.in_force(meets.procedure.code, day.on)) is not None
        ]
        code, body = meets.procedure.code, meets.body.code
        meeting_days.plan(scope, code, body, new, dates.starts_at, dates.place)
        audit.changed(
            scope,
            at,
            "make dates",
            "body",
            meets.key[:40],
            after={
                "how": proposal.pattern.words,
                "dates": [day.held_on.isoformat() for day in new],
                "themes": {day.held_on.isoformat(): day.theme for day in new if day.theme},
                "starts at": f"{dates.starts_at:%H:%M}",
                "place": dates.place,
            },
        )
        waited = queueing.move_on(scope, code, body, at)
    return replace(proposal, queue=queueing.words(waited))
