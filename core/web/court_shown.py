"""A child's proceedings as their page shows them: dates, parallel planning, views, what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.dates import day
from core.domain.entry_days import BODIES, CARE_APPLICATIONS
from core.domain.meeting import OFF_AGENDA, BookingState
from core.domain.procedure import Procedure
from core.domain.record import KINDS
from core.domain.record.recorded import Recorded
from core.store import deadlines, panel_record
from core.store.scope import Scope
from core.usecases import editions
from core.usecases import staged as held
from core.web import asker, dates_shown, record_shown, staged_shown
from core.web.access import ACCESS
from core.web.dates_shown import Line
from core.web.record_shown import EntryShown

PROCEEDINGS, VIEW, GUARDIAN = "proceedings", "view", "guardian"
ISSUE = frozenset({"proceedings.care-issued", "proceedings.issued_on"})
EVIDENCE = "proceedings.final_evidence_on"


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting for which the final evidence asks: booked for a day, or held on it."""

    on: date
    held: bool
    public_id: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """A kind of document that goes through stages before it is filed, and those there are."""

    code: str
    title: str
    ends: str
    clauses: tuple[str, ...]
    documents: tuple[staged_shown.Line, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One proceedings: their days with what is due, and where the final care plan stands."""

    entry: EntryShown
    issued_on: date | None
    evidence_on: date | None
    hearing_on: date | None
    extended_to: date | None
    ended_on: date | None
    of_care: bool
    parallel: str
    issue: tuple[Line, ...]
    evidence: tuple[Line, ...]
    meetings: tuple[Met, ...]
    writing: tuple[Writing, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the procedures followed lay down of proceedings: clauses, and meetings asked for."""

    clauses: tuple[str, ...]
    asks: tuple[tuple[str, str, tuple[str, ...]], ...]
    by_hand: str


def rules(scope: Scope) -> Rules:
    """The clauses on proceedings, and each body that a final evidence date asks for."""
    procedures = [
        one for one in editions.followed(scope, asker.registry(), scope.on) if not one.always
    ]
    clauses: dict[str, None] = {}
    asks: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for procedure in procedures:
        for rule in procedure.deadlines:
            if rule.anchor in ISSUE:
                clauses |= dict.fromkeys(rule.clauses)
            if rule.anchor == EVIDENCE and rule.asks_for:
                title = _title(procedures, rule.asks_for)
                asks.setdefault(rule.asks_for, (rule.asks_for, title, rule.clauses))
    by_hand = next((code for code, body in BODIES.items() if body in asks), "")
    return Rules(tuple(clauses), tuple(asks.values()), by_hand)


def _title(procedures: Iterable[Procedure], code: str) -> str:
    bodies = (body for one in procedures for body in one.bodies if body.code == code)
    body = next(bodies, None)
    return body.title if body is not None and body.title else "Meeting"


def proceedings(
    scope: Scope, child_id: int, public_id: str, entries: list[Recorded], laid_down: Rules
) -> list[Shown]:
    """The proceedings of a child, those that are not ended first, the latest first."""
    facts = deadlines.of_child(scope, asker.registry(), child_id)
    facts = [fact for fact in facts if fact.what.rule.anchor.startswith(f"{PROCEEDINGS}.")]
    lines = dates_shown.lines(public_id, facts, deadlines.on_page(scope, facts))
    meetings = _meetings(scope, child_id, entries, {code for code, _, _ in laid_down.asks})
    kinds = held.kinds(scope, asker.registry())
    documents = staged_shown.of_child(child_id)
    listed = record_shown.latest_first(KINDS[PROCEEDINGS], of_kind(entries, PROCEEDINGS))
    listed.sort(key=lambda one: bool(one.value("ended_on")))
    found = []
    for one in listed:
        issued_on, evidence_on = one.day("issued_on"), one.day("final_evidence_on")
        ended_on = one.day("ended_on")
        found.append(
            Shown(
                entry=record_shown.entry(one),
                issued_on=issued_on,
                evidence_on=evidence_on,
                hearing_on=one.day("final_hearing_on"),
                extended_to=one.day("extended_to"),
                ended_on=ended_on,
                of_care=one.value("application") in CARE_APPLICATIONS,
                parallel=one.value("parallel"),
                issue=_of(lines, issued_on, ISSUE),
                evidence=_of(lines, evidence_on, frozenset({EVIDENCE})),
                meetings=tuple(
                    met
                    for met in meetings
                    if (issued_on is None or met.on >= issued_on)
                    and (ended_on is None or met.on <= ended_on)
                ),
                writing=tuple(
                    Writing(
                        stages.code,
                        stages.title,
                        stages.ends,
                        stages.clauses,
                        tuple(
                            each
                            for each in documents
                            if each.row.kind == stages.code and each.row.issued_on == issued_on
                        ),
                    )
                    for _, stages in kinds
                ),
            )
        )
    return found


def of_kind(entries: Iterable[Recorded], kind: str) -> list[Recorded]:
    return [one for one in entries if one.kind == kind and one.stands]


def _of(lines: Iterable[Line], on: date | None, anchors: frozenset[str]) -> tuple[Line, ...]:
    """The deadlines that run from these anchors on a day."""
    return tuple(
        line
        for line in lines
        if on is not None and line.fact.anchor_date == on and line.fact.what.rule.anchor in anchors
    )


def _meetings(scope: Scope, child_id: int, entries: list[Recorded], bodies: set[str]) -> list[Met]:
    """The meetings of these bodies about a child, booked or held, here or outside, by day."""
    found = []
    if ACCESS["cases.page"].allows(scope.roles):
        for case in panel_record.cases(scope, child_id):
            if case.body_code in bodies:
                found += [
                    Met(met.held_on, met.state == BookingState.HEARD, met.public_id)
                    for met in case.meetings
                    if met.state not in OFF_AGENDA
                ]
    for one in of_kind(entries, "earlier-meeting"):
        on = one.day("held_on")
        if on is not None and BODIES.get(one.value("meeting"), "") in bodies:
            found.append(Met(on, True, "", "recorded as held outside this system"))
    return sorted(found, key=lambda met: met.on)


def of_no_proceedings(
    shown: Iterable[Shown], documents: Iterable[staged_shown.Line]
) -> list[staged_shown.Line]:
    """The documents that stand under no proceedings of the page."""
    there = {
        each.row.public_id for one in shown for writing in one.writing for each in writing.documents
    }
    return [each for each in documents if each.row.public_id not in there]


def views(entries: Iterable[Recorded]) -> list[EntryShown]:
    """What the guardian said, the latest first."""
    said = [one for one in of_kind(entries, VIEW) if one.value("whose") == GUARDIAN]
    return [record_shown.entry(one) for one in record_shown.latest_first(KINDS[VIEW], said)]


def days(shown: Shown) -> str:
    """What names proceedings in a heading."""
    return f"issued on {day(shown.issued_on)}" if shown.issued_on else "day of issue not known"
