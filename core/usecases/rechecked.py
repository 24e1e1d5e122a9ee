"""The checks of what is booked onto a meeting, asked again: as it stands, or as on another day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain import booked as rules
from core.domain.booked import Booked, Sits
from core.domain.case import CaseFacts, CaseState
from core.domain.finding import Finding
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import agenda, booked, meetings
from core.store.agenda import AgendaChild
from core.store.booked import BookedCase
from core.store.calendars import calendar_of
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.case_step import facts_from
from core.usecases.editions import Editions


@dataclass(frozen=True, slots=True)
class ItemFindings:
    """A case of a meeting with what the checks find in it now.

    ``booking_id`` is None for a referral that asks for the meeting and is not booked. Of a case
    that the asker does not see there are no children and no public ids.
    """

    case_id: int
    case_public_id: str
    booking_id: int | None
    booking_public_id: str
    item: str
    state: CaseState
    seen: bool
    children: tuple[AgendaChild, ...]
    findings: tuple[Finding, ...]

    @property
    def names(self) -> str:
        return ", ".join(child.name for child in self.children)


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a meeting with everything that their checks ask about, read once."""

    meeting: MeetingRow
    rows: tuple[BookedCase, ...]
    answers: Mapping[int, Mapping[Place, str]]
    children: Mapping[int, tuple[AgendaChild, ...]]


def recheck(scope: Scope, registry: Registry, meeting_id: int) -> tuple[ItemFindings, ...]:
    """What the checks find now in each case of a meeting: those booked, then those that ask for it.

    Nothing is written. Of a meeting that the asker does not see: nothing. The queries do not grow
    with the cases.
    """
    meeting = meetings.find_by_id(scope, meeting_id)
    if meeting is None:
        return ()
    return findings_on(scope, registry, cases_of(scope, meeting), meeting.held_on)


def cases_of(scope: Scope, meeting: MeetingRow) -> Cases:
    """The cases of a meeting, read for their checks: four queries."""
    rows = tuple(booked.of_meeting(scope, meeting.id))
    ids = [row.case_id for row in rows]
    seen = [row.case_id for row in rows if row.seen]
    of_case = agenda.children(scope, seen) if seen else {}
    return Cases(meeting, rows, booked.answers_of(scope, ids), of_case)


def findings_on(
    scope: Scope, registry: Registry, cases: Cases, on: date, before: int = 0
) -> tuple[ItemFindings, ...]:
    """What the checks would find in each of these cases if the meeting were on a day: 3 queries.

    ``before`` counts the cases that are presented there before them.
    """
    calendar, followed = calendar_of(scope, (on, scope.on)), editions.of(scope, registry)
    found = []
    for row in cases.rows:
        sits = sits_on(followed, cases.meeting, row, on)
        findings: tuple[Finding, ...] = ()
        if sits is not None:
            facts = booked_facts(sits, row, cases.answers.get(row.case_id, {}), before)
            findings = rules.findings(facts, sits, scope.on, calendar)
        before += row.item == agenda.CASES and row.booking_id is not None
        found.append(_item(row, cases.children, findings))
    return tuple(found)


def sits_on(followed: Editions, meeting: MeetingRow, row: BookedCase, on: date) -> Sits | None:
    """The day with the rules for a case; None where its procedure is not installed any more."""
    opened_under = followed.kept(row.procedure_code, row.procedure_edition, on)
    in_force = followed.in_force(row.procedure_code, on) or opened_under
    body = in_force.body(meeting.body_code) if in_force else None
    if opened_under is None or in_force is None or body is None:
        return None
    return Sits(on, body, opened_under, in_force)


def booked_facts(sits: Sits, row: BookedCase, answers: Mapping[Place, str], before: int) -> Booked:
    """A case as the rules ask about it."""
    form = sits.opened_under.form(row.form_code)
    facts = (
        facts_from(form, answers, row.state, sits.on, row.submitted_at)
        if form is not None
        else CaseFacts(row.state, (), sits.on, row.submitted_at)
    )
    return Booked(facts, row.item == agenda.CASES, before, row.return_by)


def _item(
    row: BookedCase,
    children: Mapping[int, tuple[AgendaChild, ...]],
    findings: Iterable[Finding],
) -> ItemFindings:
    return ItemFindings(
        case_id=row.case_id,
        case_public_id=row.case_public_id if row.seen else "",
        booking_id=row.booking_id,
        booking_public_id=row.booking_public_id if row.seen else "",
        item=row.item,
        state=row.state,
        seen=row.seen,
        children=children.get(row.case_id, ()),
        findings=tuple(findings),
    )
