"""The chair's part in a referral: accepted onto the agenda or behind it, sent back, deferred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.domain.case import WITH_THE_CHAIR, CaseState
from core.domain.dates import day
from core.domain.finding import Finding, Refused, blocking
from core.domain.meeting import MeetingState
from core.domain.procedure.checks import Step
from core.domain.reason import reason_fault, reason_given
from core.registry import Registry
from core.store import agenda, audit, items, meetings, queues
from core.store.cases import CaseRow
from core.store.database import writing
from core.store.meetings import Locked
from core.store.scope import Scope
from core.usecases import booked_children, noticing
from core.usecases.booked_children import Place
from core.usecases.case_step import (
    facts_of,
    held_case,
    in_state,
    move,
    rules_of,
)
from core.usecases.referral import open_meeting
from core.usecases.returning import body_words
from core.usecases.standing import chair_only


@dataclass(frozen=True, slots=True)
class Accepted:
    """A referral that the chair accepted: its place on the agenda, or in the queue behind it."""

    place: int
    queued: bool
    on: date


def accept(
    scope: Scope, registry: Registry, public_id: str, at: datetime, all_the_same: str = ""
) -> Accepted:
    """Put a referral on the agenda of the meeting it asks for, or behind it where it is full.

    A place that is free while others wait is theirs first. Refused where the procedure's checks do
    not allow it; and where the record speaks against hearing a child, until a reason is given why
    they are heard ``all_the_same``.
    """
    with writing():
        case = held_case(scope, public_id)
        procedure, body, form = rules_of(scope, registry, case)
        chair_only(scope, case, body)
        in_state(case, CaseState.SUBMITTED)
        meeting = _meeting_to_come(scope, case)
        if found := blocking(procedure.checked(Step.BOOK, facts_of(scope, form, case))):
            raise Refused(*found)
        _lift(scope, registry, case, meeting, body_words(procedure, body.code), all_the_same, at)
        ahead = queues.ahead(scope, meeting.id)
        full = body.most_cases is not None and body.most_cases.findings(
            items.booked_cases(scope, meeting.id)
        )
        if full or ahead:
            return _queue(scope, case, meeting, ahead, at)
        accepted = Accepted(book(scope, case, meeting, at), False, meeting.held_on)
        noticing.follow(scope, registry, [meeting.id], at)
        return accepted


def _lift(
    scope: Scope,
    registry: Registry,
    case: CaseRow,
    meeting: Locked,
    words: str,
    all_the_same: str,
    at: datetime,
) -> None:
    """Keep why a child is heard although the record speaks against it; refused without a reason."""
    place = Place(case.id, meeting.id, meeting.held_on, words, case.submitted_at)
    found = booked_children.on_agenda(scope, registry, meeting.id, place).get(case.id, ())
    standing = [one for one in found if one.lifted is None]
    if not standing:
        return
    asked = "Say why the case is heard all the same, or send it back"
    if fault := reason_fault(all_the_same, field="all-the-same", asked=asked):
        raise Refused(fault, *(one.finding for one in standing))
    why = reason_given(all_the_same)
    against = [one.against for one in standing]
    booked_children.keep_lifted(scope, case.id, case.public_id, against, why, at)


def _queue(scope: Scope, case: CaseRow, meeting: Locked, ahead: int, at: datetime) -> Accepted:
    """Let an accepted case wait behind a full agenda, last of those who wait."""
    move(scope, case, state=CaseState.QUEUED, queued_at=at)
    accepted = Accepted(ahead + 1, True, meeting.held_on)
    audit.changed(
        scope,
        at,
        "queue",
        "case",
        case.public_id,
        before={"state": case.state},
        after={
            "state": CaseState.QUEUED,
            "on": meeting.held_on.isoformat(),
            "place": accepted.place,
        },
    )
    return accepted


def book(scope: Scope, case: CaseRow, meeting: Locked, at: datetime, why: str = "") -> int:
    """Put a case last on an agenda whose meeting is held, and audit it; gives which case it is."""
    if items.book(scope, meeting.id, case.id, agenda.CASES, "") is None:
        raise Refused(Finding(f"This case is on the agenda of {day(meeting.held_on)} already"))
    move(scope, case, state=CaseState.BOOKED, queued_at=None)
    number = items.booked_cases(scope, meeting.id)
    audit.changed(
        scope,
        at,
        "accept",
        "case",
        case.public_id,
        before={"state": case.state},
        after={
            "state": CaseState.BOOKED,
            "on": meeting.held_on.isoformat(),
            "position": number,
        },
        why=why,
    )
    return number


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


def send_back(scope: Scope, registry: Registry, public_id: str, reason: str, at: datetime) -> None:
    """Return a referral to its referrer with a reason; its deadline runs again."""
    with writing():
        case = held_case(scope, public_id)
        chair_only(scope, case, rules_of(scope, registry, case)[1])
        in_state(case, *WITH_THE_CHAIR)
        asked = "Say what the referrer has to put right"
        why = reason_given(reason, field="send-back-reason", asked=asked)
        move(scope, case, state=CaseState.RETURNED, queued_at=None, chair_words=why)
        noticing.follow(scope, registry, [case.meeting_id], at)
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
    """Move a submitted referral to another meeting to come, with a reason; gives its day.

    It keeps its papers. One that waits in a queue waits behind that meeting then, before who was
    accepted after it.
    """
    with writing():
        case = held_case(scope, public_id)
        chair_only(scope, case, rules_of(scope, registry, case)[1])
        in_state(case, *WITH_THE_CHAIR)
        found: list[Finding] = []
        meeting = open_meeting(scope, case, meeting_public_id)
        if meeting is None or meeting.public_id == case.meeting_public_id:
            found.append(Finding("Choose another meeting to come", field="defer-meeting"))
        why = ""
        try:
            asked = "Say why the case is deferred"
            why = reason_given(reason, field="defer-reason", asked=asked)
        except Refused as refusal:
            found += refusal.findings
        if meeting is None or found:
            raise Refused(*found)
        move(scope, case, meeting_id=meeting.id, chair_words=why)
        noticing.follow(scope, registry, [case.meeting_id, meeting.id], at)
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
