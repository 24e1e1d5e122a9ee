"""The chair's part in a referral: accepted onto the agenda, sent back, or deferred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from core.domain.case import CaseState
from core.domain.dates import day
from core.domain.finding import Finding, Refused, Strength, blocking
from core.domain.meeting import MeetingState
from core.domain.procedure.bodies import Body
from core.domain.procedure.checks import Step
from core.domain.reason import reason_given
from core.registry import Registry
from core.store import agenda, audit, case_lists, deadlines, items, meetings
from core.store.cases import RECEIVED, CaseRow
from core.store.database import writing
from core.store.meetings import Locked
from core.store.scope import Scope
from core.usecases.case_step import (
    facts_of,
    held_case,
    in_state,
    move,
    rules_of,
    set_deadlines,
)
from core.usecases.referral import open_meeting
from core.usecases.standing import chairs_body


def accept(scope: Scope, registry: Registry, public_id: str, at: datetime) -> int:
    """Put a referral on the agenda of the meeting it asks for; gives its position there.

    Refused where the procedure's checks or its number of cases do not allow it, saying who waits.
    """
    with writing():
        case = held_case(scope, public_id)
        procedure, body, form = rules_of(registry, case)
        _chair_only(scope, case, body)
        in_state(case, CaseState.SUBMITTED)
        meeting = _meeting_to_come(scope, case)
        found = list(blocking(procedure.checked(Step.BOOK, facts_of(scope, form, case))))
        booked = items.booked_cases(scope, meeting.id)
        if body.most_cases is not None and (full := body.most_cases.findings(booked)):
            found += [*full, _who_waits(scope, meeting.id, full[0])]
        if found:
            raise Refused(*found)
        position = items.book(scope, meeting.id, case.id, agenda.CASES, "")
        if position is None:
            raise Refused(Finding(f"This case is on the agenda of {day(meeting.held_on)} already"))
        move(scope, case, state=CaseState.BOOKED)
        audit.changed(
            scope,
            at,
            "accept",
            "case",
            public_id,
            before={"state": case.state},
            after={
                "state": CaseState.BOOKED,
                "on": meeting.held_on.isoformat(),
                "position": position,
            },
        )
    return position


def _chair_only(scope: Scope, case: CaseRow, body: Body) -> None:
    if not chairs_body(scope, case.procedure_code, body):
        raise Refused(Finding(f"Only who chairs the {body.title} can do this"))


def _meeting_to_come(scope: Scope, case: CaseRow) -> Locked:
    """The meeting that a case asks for, held so that two chairs cannot both take its last place."""
    meeting = meetings.lock(scope, case.meeting_id)
    if meeting is None:
        raise Refused(Finding("This referral asks for no meeting"))
    if meeting.state == MeetingState.CANCELLED:
        raise Refused(
            Finding(
                f"The meeting of {day(meeting.held_on)} is cancelled: defer the case to another one"
            )
        )
    if meeting.state == MeetingState.CLOSED or meeting.held_on < scope.on:
        raise Refused(
            Finding(f"The meeting of {day(meeting.held_on)} is over: defer the case to a later one")
        )
    return meeting


def _who_waits(scope: Scope, meeting_id: int, full: Finding) -> Finding:
    names = "; ".join(row.names for row in case_lists.waiting(scope, meeting_id))
    return Finding(
        f"Waiting for a place at this meeting: {names}. Defer this case to a later meeting, or "
        "table one that is on the agenda",
        full.code,
        full.clauses,
        Strength.WARNS,
    )


def send_back(scope: Scope, registry: Registry, public_id: str, reason: str, at: datetime) -> None:
    """Return a referral to its referrer with a reason; its deadline runs again."""
    with writing():
        case = held_case(scope, public_id)
        _chair_only(scope, case, rules_of(registry, case)[1])
        in_state(case, CaseState.SUBMITTED)
        asked = "Say what the referrer has to put right"
        why = reason_given(reason, field="send-back-reason", asked=asked)
        move(scope, case, state=CaseState.RETURNED, chair_words=why)
        audit.changed(
            scope,
            at,
            "send back",
            "case",
            public_id,
            before={"state": case.state},
            after={"state": CaseState.RETURNED},
            why=why,
        )


def defer(
    scope: Scope,
    registry: Registry,
    public_id: str,
    meeting_public_id: str,
    reason: str,
    at: datetime,
) -> date:
    """Move a submitted referral to a later meeting, with its papers and a reason; gives its day."""
    with writing():
        case = held_case(scope, public_id)
        _chair_only(scope, case, rules_of(registry, case)[1])
        in_state(case, CaseState.SUBMITTED)
        found: list[Finding] = []
        meeting = open_meeting(scope, case, meeting_public_id)
        later = meeting is not None and (
            case.meeting_on is None
            or case.meeting_state == MeetingState.CANCELLED
            or meeting.held_on > case.meeting_on
        )
        if meeting is None or not later:
            found.append(Finding("Choose a later meeting", field="defer-meeting"))
        why = ""
        try:
            asked = "Say why the case is deferred"
            why = reason_given(reason, field="defer-reason", asked=asked)
        except Refused as refusal:
            found += refusal.findings
        if meeting is None or found:
            raise Refused(*found)
        move(scope, case, meeting_id=meeting.id, chair_words=why)
        now = replace(case, meeting_id=meeting.id, meeting_on=meeting.held_on)
        set_deadlines(scope, registry, now)
        audit.changed(
            scope,
            at,
            "defer",
            "case",
            public_id,
            before={"on": case.meeting_on.isoformat() if case.meeting_on else ""},
            after={"on": meeting.held_on.isoformat()},
            why=why,
        )
    return meeting.held_on
