"""What the rules find in a case that is booked onto a meeting, or asks for it, on a given day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from core.domain.case import EDITABLE, CaseFacts
from core.domain.dated import OF_MEETING
from core.domain.dates import Calendar, day, london_day
from core.domain.due import Due
from core.domain.finding import Finding, Strength
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.domain.procedure.checks import Step
from core.domain.procedure.timetable import Deadline, Direction
from core.domain.reckoning import due_from

PANEL_DATE = "panel-date"
RECEIVED = "referral-received"
PAPERS = (RECEIVED, "papers-received")
"""The deadlines that say by when the papers of a meeting are in: referrals, or reports for it."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A case and its place: ``before`` are the cases that are presented before it.

    ``presented`` is false for one that comes back for the review of what was decided; it returns
    by ``return_by`` where a day was set.
    """

    facts: CaseFacts
    presented: bool = True
    before: int = 0
    return_by: date | None = None


@dataclass(frozen=True, slots=True)
class Sits:
    """The day on which a case is heard, and what is laid down for it: the rules of the case's own
    edition, and those of the edition in force on that day."""

    on: date
    body: Body
    opened_under: Procedure
    in_force: Procedure


def findings(case: Booked, sits: Sits, today: date, calendar: Calendar) -> tuple[Finding, ...]:
    """Everything that the rules say of a case on that meeting, as it is known today."""
    facts = replace(case.facts, meeting_on=sits.on)
    found: list[Finding] = []
    if case.presented:
        found += _papers(facts, sits, today, calendar)
    if facts.state not in EDITABLE:
        found += sits.opened_under.checked(Step.BOOK, facts)
        if case.presented and sits.body.most_cases is not None:
            found += sits.body.most_cases.findings(case.before)
    return (*found, *_returns(case, sits))


def dated_by(
    in_force: Procedure, on: date, calendar: Calendar
) -> tuple[tuple[Deadline, date], ...]:
    """What is due of a meeting by its procedure and the last day: before it, and after it.

    Of its cases and of the meeting itself: its agenda, its papers, notice of it, its notes.
    """
    return tuple(
        (rule, due)
        for rule in in_force.deadlines
        if rule.anchor in (PANEL_DATE, OF_MEETING)
        if (due := due_from(rule, on, calendar).due) is not None
    )


def due_before(
    in_force: Procedure, on: date, calendar: Calendar
) -> tuple[tuple[Deadline, date], ...]:
    """What is due some time before a meeting, and the last day."""
    dated = dated_by(in_force, on, calendar)
    return tuple((rule, due) for rule, due in dated if rule.direction is Direction.BEFORE)


def papers_rule(in_force: Procedure) -> Deadline | None:
    """What a procedure says of when papers are due; None where it lays nothing down."""
    return next((rule for code in PAPERS if (rule := in_force.deadline(code))), None)


def papers_due(in_force: Procedure, on: date, calendar: Calendar) -> Due | None:
    """When the papers of a meeting are due, by its procedure; None where it lays nothing down."""
    rule = papers_rule(in_force)
    return due_from(rule, on, calendar) if rule is not None else None


def _papers(facts: CaseFacts, sits: Sits, today: date, calendar: Calendar) -> list[Finding]:
    """A referral that came late for this day, or is late now; who came in time hears nothing."""
    found = []
    for rule, due in due_before(sits.in_force, sits.on, calendar):
        if rule.code != RECEIVED:
            continue
        came = None
        if facts.submitted_at is not None and facts.state not in EDITABLE:
            came = london_day(facts.submitted_at)
        if (came or today) <= due:
            continue
        what = f"came on {day(came)}" if came else "is not in"
        found.append(
            Finding(
                f"Late: the referral was due by {day(due)} and {what}",
                rule.code,
                rule.clauses,
                Strength.WARNS,
            )
        )
    return found


def _returns(case: Booked, sits: Sits) -> tuple[Finding, ...]:
    """A case that was to come back by a day, on a meeting after it."""
    rule = sits.opened_under.returns
    if rule is None or case.return_by is None or sits.on <= case.return_by:
        return ()
    message = f"This case was to return by {day(case.return_by)}: this meeting is after that day"
    return (Finding(message, rule.code, rule.clauses, Strength.WARNS),)
