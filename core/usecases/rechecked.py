"""The checks of what is booked onto a meeting, asked again: as it stands, or as on another day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain import booked as rules
from core.domain.booked import Booked, Sits
from core.domain.case import EDITABLE, CaseFacts, CaseState
from core.domain.finding import Finding
from core.domain.procedure.forms import Place
from core.registry import Registry
from core.store import agenda, booked, meetings
from core.store.agenda import AgendaChild
from core.store.booked import BookedCase
from core.store.calendars import calendar_of
from core.store.meetings import MeetingRow
from core.store.scope import Scope
from core.usecases import booked_children, editions
from core.usecases.booked_children import Records
from core.usecases.case_step import facts_from
from core.usecases.editions import Editions
from core.usecases.returning import body_words


@dataclass(frozen=True, slots=True)
class ItemFindings:
    """A case of a meeting with what the checks find in it now.

    ``booking_id`` is None for a referral that asks for the meeting and is not booked. Of a case
    that the asker does not see there are no children and no public ids. ``lifted`` is what the
    chair decided not to heed.
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
    lifted: tuple[Finding, ...] = ()

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
    records: Records


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
    """The cases of a meeting, read for their checks; the queries do not grow with them.

    What their children's records say is read of every child, seen by the asker or not.
    """
    rows = tuple(booked.of_meeting(scope, meeting.id))
    ids = [row.case_id for row in rows]
    seen = [row.case_id for row in rows if row.seen]
    of_case = agenda.children(scope, seen) if seen else {}
    whole = Scope.of_authority(scope.authority_id, scope.on)
    records = booked_children.read(whole, ids)
    return Cases(meeting, rows, booked.answers_of(scope, ids), of_case, records)


def findings_on(
    scope: Scope, registry: Registry, cases: Cases, on: date, before: int = 0
) -> tuple[ItemFindings, ...]:
    """What the checks would find in each of these cases if the meeting were on a day: 3 queries.

    ``before`` counts the cases that are presented there before them.
    """
    calendar, followed = calendar_of(scope, (on, scope.on)), editions.of(scope, registry)
    sitting = {row.case_id: sits_on(followed, cases.meeting, row, on) for row in cases.rows}
    of_children = _of_children(cases, sitting, on)
    found = []
    for row in cases.rows:
        sits = sitting[row.case_id]
        findings: tuple[Finding, ...] = ()
        if sits is not None:
            facts = booked_facts(sits, row, cases.answers.get(row.case_id, {}), before)
            findings = rules.findings(facts, sits, scope.on, calendar)
        said = of_children.get(row.case_id, ())
        findings += tuple(one.finding for one in said if one.lifted is None)
        before += row.item == agenda.CASES and row.booking_id is not None
        lifted = tuple(one.finding for one in said if one.lifted is not None)
        found.append(_item(row, cases.children, findings, lifted))
    return tuple(found)


def _of_children(
    cases: Cases, sitting: Mapping[int, Sits | None], on: date
) -> dict[int, tuple[booked_children.Found, ...]]:
    """What the records of the children say on that day, also what the chair has lifted.

    Of a case that the asker sees not of children whom they do not see.
    """
    meeting, body_code = cases.meeting, cases.meeting.body_code
    places = [
        booked_children.Place(
            row.case_id,
            meeting.id if row.booking_id is not None else None,
            on,
            body_words(sits.opened_under, body_code),
            row.submitted_at,
        )
        for row in cases.rows
        if row.state not in EDITABLE and (sits := sitting[row.case_id]) is not None
    ]
    seen = {
        row.case_id: {child.public_id for child in cases.children.get(row.case_id, ())}
        for row in cases.rows
        if row.seen
    }
    return {
        case_id: tuple(
            one
            for one in found
            if case_id not in seen or one.against.child.public_id in seen[case_id]
        )
        for case_id, found in booked_children.found_in(cases.records, places).items()
    }


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
    lifted: tuple[Finding, ...],
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
        lifted=lifted,
    )
