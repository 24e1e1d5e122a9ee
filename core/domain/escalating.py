"""When each stage of a late action's escalation comes: in working days, and none while paused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.clauses import SET_HERE
from core.domain.dates import Calendar, Period, Unit, day
from core.domain.finding import Finding
from core.domain.procedure.escalation import Ladder, Stage, Whom

#: Who may pause the escalation of an action: whoever answers for the child, or runs the meeting.
PAUSES = frozenset(
    {"team.manager", "service.manager", "panel.chair", "panel.administrator", "head.of.service"}
)

#: So long an answer holds: where the action is late still, who was told is asked anew after it. So
#: long one that is said to be done may wait for somebody to accept that.
ANSWER_HOLDS = Period(5, Unit.WORKING_DAYS)
ANSWER_COUNTED = f"{ANSWER_HOLDS} ({SET_HERE})"


@dataclass(frozen=True, slots=True)
class Pause:
    """From the first day up to and with the last; one ended by hand counts again from that day."""

    since: date
    until: date
    ended_on: date | None = None

    @property
    def last(self) -> date:
        if self.ended_on is None:
            return self.until
        return min(self.until, self.ended_on - timedelta(days=1))

    def on(self, day: date) -> bool:
        return self.since <= day <= self.last

    def days(self) -> Iterable[date]:
        many = (self.last - self.since).days + 1
        return (self.since + timedelta(days=number) for number in range(many))


@dataclass(frozen=True, slots=True)
class Step:
    """A stage with the day on which it comes, and why then."""

    stage: Stage
    on: date
    why: str


def without_pauses(calendar: Calendar, pauses: Iterable[Pause]) -> Calendar:
    """The calendar in which no paused day is a working day."""
    paused = frozenset(on for pause in pauses for on in pause.days())
    return Calendar(calendar.days_off, calendar.own | paused) if paused else calendar


def steps(
    ladder: Ladder, due: date, calendar: Calendar, pauses: Iterable[Pause], owner_gone: str = ""
) -> tuple[Step, ...]:
    """Every stage with its day, counted from the due day that holds: a moved one begins anew.

    ``owner_gone`` says why nobody can be told as the owner, "" where somebody can: the next stage
    then comes with the owner's.
    """
    paused = tuple(pauses)
    working = without_pauses(calendar, paused)
    found: list[Step] = []
    for stage in ladder.stages:
        on = working.working_days(due, stage.days)
        why = f"{stage.counted} after it was due on {day(due)}"
        if any(due < day_off <= on for pause in paused for day_off in pause.days()):
            why += ", days on which it was paused left out"
        before = found[-1] if found else None
        if owner_gone and before and before.stage.whom == (Whom.OWNER,) and before.on < on:
            on, why = before.on, f"{owner_gone}: the next is told on the owner’s day"
        found.append(Step(stage, on, why))
    return tuple(found)


def answers_since(on: date, calendar: Calendar) -> date:
    """The first day of whose answers one still holds on a day, the last on which it does."""
    return calendar.before(on, ANSWER_HOLDS)


def longest(ladder: Ladder, calendar: Calendar, on: date) -> date:
    """The last day up to which an escalation can be paused today."""
    return calendar.working_days(on, ladder.longest_pause)


def pause_findings(
    until: date | None, day_fault: str, on: date, ladder: Ladder, calendar: Calendar
) -> list[Finding]:
    """What is wrong with the last day of a pause."""
    if until is None:
        return [Finding(day_fault or "Enter the last day of the pause", field="until")]
    if until < on:
        return [Finding("The last day of the pause must be today or later", field="until")]
    if until > (last := longest(ladder, calendar, on)):
        message = f"The last day of the pause must be {day(last)} or earlier"
        return [Finding(f"{message}: {ladder.pause_counted}", field="until")]
    return []
