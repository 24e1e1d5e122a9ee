"""Tabling: a case that was not heard goes to another meeting and keeps its papers."""

from __future__ import annotations

from datetime import date, datetime

from core.domain.case import CaseState
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.meeting import BookingState, MeetingState
from core.domain.procedure import Procedure
from core.domain.procedure.forms import TEXT_MOST, too_long
from core.registry import Registry
from core.store import agenda, audit, items, queues
from core.store.database import writing
from core.store.items import ItemRow, OtherMeeting
from core.store.scope import Scope
from core.usecases import editions, noticing
from core.usecases.case_step import held_case, move
from core.usecases.returning import body_words, hold_other, procedure_of


def table_case(
    scope: Scope,
    registry: Registry,
    public_id: str,
    meeting_public_id: str,
    reason: str,
    at: datetime,
) -> date:
    """Move a case not heard to another meeting to come with a reason; gives that meeting's day.

    Raises ``Refused`` where it was heard, where the other meeting is full (MostCases) or others
    wait for a place on it, or where meeting or reason are missing. The referral and all its
    answers stay as they are.
    """
    with writing():
        item = items.find(scope, public_id)
        if item is None:
            raise Refused(Finding("This item is not there any more"))
        procedure = procedure_of(registry, item)
        others = items.other_meetings(scope, item, scope.on)
        target = next((m for m in others if m.public_id == meeting_public_id), None)
        faults = _faults(item, target, reason)
        if faults or target is None:
            raise Refused(*faults)
        # The case before any meeting, as whoever cancels one does: neither waits for the other.
        case = held_case(scope, item.case_public_id) if item.item == agenda.CASES else None
        words, said = body_words(procedure, item.body_code), reason.strip()
        gone = f"Tabled for {words} on {day(target.held_on)}: {said}"
        if not items.settle(scope, item.id, BookingState.TABLED, gone):
            raise Refused(Finding("This item was settled by somebody else just now"))
        hold_other(scope, target.as_day, "meeting")
        kept = (item.case_procedure_code, item.case_procedure_edition)
        rules = editions.kept(scope, registry, *kept, target.held_on) or procedure
        _room(scope, rules, item, target)
        why = f"Tabled from {words} on {day(item.held_on)}: {said}"
        came_from = items.came_from(scope, item.id)
        if items.book(scope, target.id, item.case_id, item.item, why, came_from) is None:
            raise Refused(
                Finding(
                    f"This case is on the agenda of {day(target.held_on)} already",
                    field="meeting",
                )
            )
        if case is not None:
            # The referral is for the other meeting now; what was met of its deadlines stays met.
            move(scope, case, state=CaseState.BOOKED, meeting_id=target.id)
        noticing.follow(scope, registry, [item.meeting_id, target.id], at)
        audit.changed(
            scope,
            at,
            "table",
            "case",
            item.case_public_id,
            before={"on": item.held_on.isoformat()},
            after={"on": target.held_on.isoformat()},
            why=said,
        )
    return target.held_on


def _faults(item: ItemRow, target: OtherMeeting | None, reason: str) -> list[Finding]:
    if item.state != BookingState.BOOKED:
        return [Finding("Only a case that was not heard can be tabled for another meeting")]
    if item.meeting_state == MeetingState.CLOSED:
        return [Finding("The meeting is closed: nothing more is recorded in it")]
    faults = []
    if target is None:
        faults.append(Finding("Choose the meeting to which the case goes", field="meeting"))
    if not reason.strip():
        faults.append(Finding("Enter the reason", field="reason"))
    if long := too_long(reason.strip(), TEXT_MOST):
        faults.append(Finding(long, field="reason"))
    return faults


def _room(scope: Scope, procedure: Procedure, item: ItemRow, target: OtherMeeting) -> None:
    """Refuse one case more than a meeting may have; what is reviewed there does not count.

    A place that is free while others wait for one is theirs first.
    """
    body = procedure.body(item.body_code)
    if item.item != agenda.CASES or body is None:
        return
    most = body.most_cases
    if most is not None and (full := most.findings(items.booked_cases(scope, target.id))):
        raise Refused(*full)
    if ahead := queues.ahead(scope, target.id):
        wait = "1 case waits" if ahead == 1 else f"{ahead} cases wait"
        message = f"{wait} for a place on {day(target.held_on)} already: choose another meeting"
        code, clauses = (most.code, most.clauses) if most is not None else ("", ())
        raise Refused(Finding(message, code, clauses, field="meeting"))
