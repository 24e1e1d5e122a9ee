"""A child's proceedings as their page shows them: dates, parallel planning, views, what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.domain.dates import day
from core.domain.entry_days import BODIES, CARE_APPLICATIONS
from core.domain.procedure.timetable import Deadline
from core.domain.record import KINDS
from core.domain.record.recorded import Recorded
from core.domain.staged import OVER
from core.store import deadlines, planning
from core.store.scope import Scope
from core.store.staged import DocumentRow
from core.usecases import editions
from core.usecases import staged as held
from core.web import asker, dates_shown, record_shown, staged_shown
from core.web.access import ACCESS
from core.web.dates_shown import Line
from core.web.record_shown import EntryShown

PROCEEDINGS, VIEW, GUARDIAN = "proceedings", "view", "guardian"
ISSUE = frozenset({"proceedings.care-issued", "proceedings.issued_on"})
ENDS = frozenset({"proceedings.care-ended", "proceedings.ended_on"})
EVIDENCE = "proceedings.final_evidence_on"


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting for which the final evidence asks: booked for a day, or held on it."""

    body: str
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

    @property
    def none_under_way(self) -> bool:
        """Whether one can be begun: those there are filed or given up."""
        return all(each.row.state in OVER for each in self.documents)


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
    others: tuple[Line, ...]
    evidence: tuple[Line, ...]
    meetings: tuple[Met, ...]
    writing: tuple[Writing, ...]


@dataclass(frozen=True, slots=True)
class Asks:
    """A meeting for which the final evidence asks: its body, and as what it is booked.

    ``by_hand`` is the choice under which one held outside this system is entered, "" for none.
    """

    body: str
    title: str
    clauses: tuple[str, ...]
    key: str
    by_hand: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the procedures followed lay down of proceedings: clauses, and meetings asked for."""

    clauses: tuple[str, ...]
    asks: tuple[Asks, ...]


def rules(scope: Scope) -> Rules:
    """The clauses on proceedings, and each body that a final evidence date asks for."""
    procedures = [
        one for one in editions.followed(scope, asker.registry(), scope.on) if not one.always
    ]
    clauses: dict[str, None] = {}
    asks: dict[str, Asks] = {}
    for procedure in procedures:
        for rule in procedure.deadlines:
            if concludes(rule):
                clauses |= dict.fromkeys(rule.clauses)
            body = procedure.body(rule.asks_for)
            if rule.anchor == EVIDENCE and rule.asks_for and rule.asks_for not in asks:
                title = body.title if body is not None and body.title else "Meeting"
                by_hand = next((c for c, named in BODIES.items() if named == rule.asks_for), "")
                key = f"{procedure.code}/{rule.asks_for}" if body is not None else ""
                asks[rule.asks_for] = Asks(rule.asks_for, title, rule.clauses, key, by_hand)
    return Rules(tuple(clauses), tuple(asks.values()))


def concludes(rule: Deadline) -> bool:
    """Whether a deadline runs from the issue of proceedings to their end."""
    return rule.anchor in ISSUE and any(one in ENDS for one in rule.met_by)


def proceedings(
    scope: Scope,
    child_id: int,
    public_id: str,
    entries: list[Recorded],
    laid_down: Rules,
    documents: list[staged_shown.Line],
) -> list[Shown]:
    """The proceedings of a child, those that are not ended first, the latest first."""
    facts = deadlines.of_child(scope, asker.registry(), child_id)
    facts = [fact for fact in facts if fact.what.rule.anchor.startswith(f"{PROCEEDINGS}.")]
    lines = dates_shown.lines(public_id, facts, deadlines.on_page(scope, facts))
    meetings = _meetings(scope, child_id, entries, {one.body for one in laid_down.asks})
    kinds = held.kinds(scope, asker.registry())
    known = frozenset(one.id for one in entries)
    listed = record_shown.latest_first(KINDS[PROCEEDINGS], of_kind(entries, PROCEEDINGS))
    listed.sort(key=lambda one: bool(one.value("ended_on")))
    found = []
    for one in listed:
        issued_on, evidence_on = one.day("issued_on"), one.day("final_evidence_on")
        ended_on = one.day("ended_on")
        from_issue = _of(lines, issued_on, ISSUE)
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
                issue=tuple(line for line in from_issue if concludes(line.fact.what.rule)),
                others=tuple(line for line in from_issue if not concludes(line.fact.what.rule)),
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
                            if each.row.kind == stages.code and _is_of(each.row, one, known)
                        ),
                    )
                    for _, stages in kinds
                ),
            )
        )
    return found


def _is_of(row: DocumentRow, one: Recorded, known: frozenset[int]) -> bool:
    """Whether a document is of proceedings; one that names none of this child goes by the day."""
    if row.entry_id in known:
        return row.entry_id == one.id
    return row.issued_on == one.day("issued_on")


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
    if ACCESS["planning.page"].allows(scope.roles):
        found += [
            Met(row.body_code, row.held_on, row.held, row.public_id)
            for row in planning.of_child(scope, child_id)
            if row.body_code in bodies and (row.held or row.open)
        ]
    for one in of_kind(entries, "earlier-meeting"):
        on = one.day("held_on")
        body = BODIES.get(one.value("meeting"), "")
        if on is not None and body in bodies:
            found.append(Met(body, on, True, "", "recorded as held outside this system"))
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
