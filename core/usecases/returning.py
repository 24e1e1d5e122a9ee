"""To which meeting a case returns, and how its procedure says the body in a sentence."""

from __future__ import annotations

from datetime import date

from core.domain import decision as domain
from core.domain.dates import Calendar, day
from core.domain.decision import Draft, MeetingDay
from core.domain.finding import Finding, Refused, Strength
from core.domain.meeting import OVER, MeetingState
from core.domain.procedure import Procedure
from core.domain.procedure.timetable import Direction
from core.domain.reckoning import due_from
from core.registry import Registry
from core.store import meetings
from core.store.items import ItemRow
from core.store.scope import Scope


def procedure_of(registry: Registry, item: ItemRow) -> Procedure:
    """The edition under which the case was opened."""
    found = registry.named(item.case_procedure_code, item.case_procedure_edition)
    if found is None:
        raise Refused(
            Finding(f"The procedure {item.case_procedure_code} is not installed any more")
        )
    return found


def body_words(procedure: Procedure, body_code: str) -> str:
    """How the procedure says its body in a sentence: "the panel"."""
    said = next((d.anchor_words for d in procedure.deadlines if d.anchor == "panel-date"), "")
    body = procedure.body(body_code)
    return said or (f"the {body.title}" if body else "the meeting")


def hold_other(scope: Scope, other: MeetingDay, field: str) -> None:
    """Hold the meeting to which a case goes until the transaction ends.

    Refused, beside a field, where it was cancelled, closed or moved since it was chosen.
    """
    held = meetings.lock(scope, other.id)
    if held is not None and held.state not in OVER and held.held_on == other.held_on:
        return
    what = "moved" if held is not None and held.state not in OVER else "closed"
    if held is None or held.state == MeetingState.CANCELLED:
        what = "cancelled"
    message = f"The meeting of {day(other.held_on)} was {what} just now: choose again"
    raise Refused(Finding(message, field=field))


def return_of(
    draft: Draft, procedure: Procedure, item: ItemRow, others: list[MeetingDay]
) -> tuple[MeetingDay | None, tuple[Finding, ...]]:
    """The meeting to which a case returns by the date set, or why there is none (ReturnRule).

    Of the ``others`` of the body it is one after this meeting.
    """
    planned = [meeting for meeting in others if meeting.held_on > item.held_on]
    by, rule = draft.return_by.on, procedure.returns
    if by is None or rule is None:
        return None, ()

    def refused(message: str) -> tuple[None, tuple[Finding, ...]]:
        return None, (Finding(message, rule.code, rule.clauses, field="return-by"),)

    words = body_words(procedure, item.body_code)
    if by <= item.held_on:
        return refused(f"The return date must be after {words} on {day(item.held_on)}")
    returns = domain.returns_to(by, item.held_on, planned)
    if returns is not None:
        return returns, ()
    dates = ", ".join(day(meeting.held_on) for meeting in planned[:6])
    return refused(
        f"There is no meeting of {words} after {day(item.held_on)} and on or before {day(by)}: "
        + (f"the next dates are {dates}" if dates else "no later date is planned yet")
    )


def papers_gone(
    procedure: Procedure, item: ItemRow, returns: MeetingDay, on: date, calendar: Calendar
) -> tuple[Finding, ...]:
    """A warning where the day for that meeting's papers has passed already."""
    words = body_words(procedure, item.body_code)
    return tuple(
        Finding(
            f"The papers for {words} on {day(returns.held_on)} were due by {day(due.due)}",
            rule.code,
            rule.clauses,
            Strength.WARNS,
            "return-by",
        )
        for rule in procedure.deadlines
        if rule.anchor == "panel-date" and rule.direction is Direction.BEFORE
        for due in (due_from(rule, returns.held_on, calendar),)
        if due.due is not None and due.due < on
    )
