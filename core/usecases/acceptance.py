"""The chair's part in a referral: accepted onto the agenda, sent back, or deferred."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa

from core.domain.case import CaseState
from core.domain.dates import day
from core.domain.finding import Finding, Refused, Strength, blocking
from core.domain.procedure.bodies import Body
from core.domain.procedure.checks import Step
from core.registry import Registry
from core.store import audit, cases, deadlines
from core.store.cases import RECEIVED, CaseRow
from core.store.database import db, writing
from core.store.scope import Scope
from core.store.tables import Booking, Meeting
from core.usecases.case_step import (
    facts_of,
    held_case,
    in_state,
    move,
    reason_of,
    rules_of,
    set_deadlines,
)
from core.usecases.referral import open_meeting

CASES, BOOKED, TABLED = "cases", "booked", "tabled"


def may_chair(scope: Scope, body: Body) -> bool:
    """Whether the asker holds one of the posts that chair a body."""
    return scope.holds(*(post.code for post in body.posts if post.chairs is not None))


def accept(scope: Scope, registry: Registry, public_id: str, at: datetime) -> int:
    """Put a referral on the agenda of the meeting it asks for; gives its position there.

    Refused where the procedure's checks or its number of cases do not allow it, saying who waits.
    """
    with writing():
        case = held_case(scope, public_id)
        procedure, body, form = rules_of(registry, case)
        _chair_only(scope, body)
        in_state(case, CaseState.SUBMITTED)
        meeting_id = _meeting_to_come(scope, case)
        found = list(blocking(procedure.checked(Step.BOOK, facts_of(scope, form, case))))
        booked, last = _agenda(scope, meeting_id)
        if body.most_cases is not None and (full := body.most_cases.findings(booked)):
            found += [*full, _who_waits(scope, meeting_id, full[0])]
        if found:
            raise Refused(*found)
        _book(scope, case.id, meeting_id, last + 1)
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
                "on": case.meeting_on.isoformat() if case.meeting_on else "",
                "position": last + 1,
            },
        )
    return last + 1


def _chair_only(scope: Scope, body: Body) -> None:
    if not may_chair(scope, body):
        raise Refused(Finding(f"Only who chairs the {body.title} can do this"))


def _meeting_to_come(scope: Scope, case: CaseRow) -> int:
    """The meeting that a case asks for, held so that two chairs cannot both take its last place."""
    row = db.session.execute(
        sa.select(Meeting.id, Meeting.held_on, Meeting.state)
        .where(Meeting.authority_id == scope.authority_id, Meeting.id == case.meeting_id)
        .with_for_update()
    ).first()
    if row is None:
        raise Refused(Finding("This referral asks for no meeting"))
    if row.state == "closed" or row.held_on < scope.on:
        raise Refused(
            Finding(f"The meeting of {day(row.held_on)} is over: defer the case to a later one")
        )
    return int(row.id)


def _agenda(scope: Scope, meeting_id: int) -> tuple[int, int]:
    """How many cases are on an agenda, and the last position taken."""
    booked, last = db.session.execute(
        sa.select(
            sa.func.count().filter(Booking.state != TABLED), sa.func.max(Booking.position)
        ).where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id == meeting_id,
            Booking.item == CASES,
        )
    ).one()
    return booked, last or 0


def _who_waits(scope: Scope, meeting_id: int, full: Finding) -> Finding:
    names = "; ".join(row.names for row in cases.waiting(scope, meeting_id))
    return Finding(
        f"Waiting for a place at this meeting: {names}. Defer this case to a later meeting, or "
        "table one that is on the agenda",
        full.code,
        full.clauses,
        Strength.WARNS,
    )


def _book(scope: Scope, case_id: int, meeting_id: int, position: int) -> None:
    """Book a case; one that was tabled from this very meeting takes a new place on it."""
    values = {"item": CASES, "position": position, "state": BOOKED, "why": ""}
    again = db.session.execute(
        sa.update(Booking)
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.meeting_id == meeting_id,
            Booking.case_id == case_id,
        )
        .values(version=Booking.version + 1, **values)
    )
    if again.rowcount == 0:  # type: ignore[attr-defined]
        db.session.execute(
            sa.insert(Booking).values(
                authority_id=scope.authority_id, meeting_id=meeting_id, case_id=case_id, **values
            )
        )


def send_back(scope: Scope, registry: Registry, public_id: str, reason: str, at: datetime) -> None:
    """Return a referral to its referrer with a reason; its deadline runs again."""
    with writing():
        case = held_case(scope, public_id)
        _chair_only(scope, rules_of(registry, case)[1])
        in_state(case, CaseState.SUBMITTED)
        why = reason_of(reason, "send-back-reason", "Say what the referrer has to put right")
        move(scope, case, state=CaseState.RETURNED, chair_words=why)
        deadlines.meet(scope, case.id, RECEIVED, None)
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
        _chair_only(scope, rules_of(registry, case)[1])
        in_state(case, CaseState.SUBMITTED)
        found: list[Finding] = []
        meeting = open_meeting(scope, case, meeting_public_id)
        later = meeting is not None and (
            case.meeting_on is None or meeting.held_on > case.meeting_on
        )
        if meeting is None or not later:
            found.append(Finding("Choose a later meeting", field="defer-meeting"))
        why = ""
        try:
            why = reason_of(reason, "defer-reason", "Say why the case is deferred")
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
