"""The queue behind a full agenda: shown with whose deadline breaks, given a place, moved on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.case import CaseState
from core.domain.dates import day
from core.domain.finding import Finding, Refused, blocking
from core.domain.meeting import OVER
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body, MostCases
from core.domain.procedure.checks import Step
from core.domain.queue import Breaks, Waiting, breaks
from core.domain.reason import reason_given
from core.registry import Registry
from core.store import audit, authorities, cases, deadlines, items, meetings, queues
from core.store.database import writing
from core.store.meetings import Locked
from core.store.queues import Behind, Queued
from core.store.scope import Scope
from core.usecases import editions, noticing
from core.usecases.acceptance import book
from core.usecases.case_step import facts_of, held_case, in_state, move, rules_of
from core.usecases.standing import chairs_body

TAKEN = "The agenda is full: the place is taken"


@dataclass(frozen=True, slots=True)
class Waits:
    """A case in a queue with the deadlines of its children that are not kept where it waits."""

    case: Queued
    dates: tuple[Breaks, ...] = ()

    @property
    def breaks(self) -> tuple[Breaks, ...]:
        """Those that break only because it waits."""
        return tuple(one for one in self.dates if one.kind is Waiting.WAITS)

    @property
    def anyway(self) -> tuple[Breaks, ...]:
        """Those that are broken whether it waits or not: late today, or before this meeting."""
        return tuple(one for one in self.dates if one.kind is not Waiting.WAITS)


@dataclass(frozen=True, slots=True)
class Queue:
    """Those who wait behind one agenda, in their order.

    ``most`` is the rule that made it full, ``next_on`` the next meeting of the body, None where
    none is made yet. ``free`` places are there for the first of them.
    """

    meeting: Behind
    procedure: Procedure
    body: Body
    next_on: date | None
    waits: tuple[Waits, ...]
    free: int = 0

    @property
    def most(self) -> MostCases | None:
        return self.body.most_cases

    @property
    def hidden(self) -> int:
        return sum(not one.case.seen for one in self.waits)

    @property
    def shown(self) -> tuple[Waits, ...]:
        return tuple(one for one in self.waits if one.case.seen)


@dataclass(frozen=True, slots=True)
class WaitsOn:
    """A queue that moved on as its meeting ended; ``to`` is None where no later one is made."""

    cases: int
    to: date | None


def queues_of(
    scope: Scope, registry: Registry, meeting_ids: Collection[int] | None = None
) -> dict[int, Queue]:
    """The queues behind these meetings, or behind every one, by the meeting's id.

    Of a case that the asker does not see its place alone. The queries do not grow with the cases.
    """
    waiting = queues.of_meetings(scope, meeting_ids)
    if not waiting:
        return {}
    there = queues.behind(scope, waiting)
    first = min(meeting.held_on for meeting in there.values())
    to_come = queues.days_to_come(scope, first)
    booked = queues.booked(scope, waiting)
    ids = {child.id for row in waiting.values() for one in row for child in one.children}
    dues = deadlines.of_children(scope, registry, ids) if ids else {}
    rules = editions.with_figures(scope, registry)
    found = {}
    for meeting_id, row in waiting.items():
        meeting = there[meeting_id]
        kept = (meeting.procedure_code, meeting.procedure_edition)
        procedure = rules.kept(*kept, meeting.held_on)
        body = procedure.body(meeting.body_code) if procedure else None
        if procedure is None or body is None:
            continue
        days = to_come.get((meeting.procedure_code, meeting.body_code), ())
        next_on = next((on for on, _ in days if on > meeting.held_on), None)
        most = body.most_cases.most if body.most_cases else None
        left = len(row) if most is None else most - booked.get(meeting_id, 0)
        left = 0 if meeting.over else left
        waits = tuple(Waits(one, _breaks(one, dues, meeting, next_on, scope.on)) for one in row)
        found[meeting_id] = Queue(meeting, procedure, body, next_on, waits, max(left, 0))
    return found


def _breaks(
    case: Queued,
    dues: dict[int, list[deadlines.DeadlineFact]],
    meeting: Behind,
    next_on: date | None,
    on: date,
) -> tuple[Breaks, ...]:
    found: list[Breaks] = []
    for child in case.children:
        if child.withdrawn_at is None:
            theirs = (fact.what for fact in dues.get(child.id, ()))
            found += breaks(child.name, theirs, meeting.body_code, meeting.held_on, next_on, on)
    return tuple(sorted(found, key=lambda one: one.due))


def give_place(
    scope: Scope,
    registry: Registry,
    meeting_public_id: str,
    case_public_id: str,
    reason: str,
    at: datetime,
) -> int:
    """Put a case of the queue on the agenda, as the chair; gives which case of the agenda it is.

    The first of the queue needs no reason; whoever is taken before others does. Refused where the
    place is gone again.
    """
    with writing():
        authorities.lock(scope)  # Cancelling holds the cases of a meeting before the meeting.
        found = meetings.find(scope, meeting_public_id)
        meeting = meetings.lock(scope, found.id) if found is not None else None
        if found is None or meeting is None:
            raise Refused(Finding("This meeting is not there any more"))
        kept = (found.procedure_code, found.procedure_edition)
        procedure = editions.kept(scope, registry, *kept, found.held_on)
        body = procedure.body(found.body_code) if procedure else None
        if body is None or not chairs_body(scope, found.procedure_code, body):
            raise Refused(Finding("Only who chairs this body gives places on its agenda"))
        _to_come(scope, meeting)
        row = queues.of_meetings(scope, [meeting.id]).get(meeting.id, ())
        chosen = next((one for one in row if one.seen and one.public_id == case_public_id), None)
        if chosen is None:
            raise Refused(Finding("This case does not wait for a place any more", field="queue"))
        most = body.most_cases
        if most is not None and most.findings(items.booked_cases(scope, meeting.id)):
            raise Refused(Finding(TAKEN, most.code, most.clauses, field="queue"))
        why = ""
        if chosen.place > 1:
            asked = f"Say why this case is taken before {_before(row, chosen)}"
            why = reason_given(reason, field=f"why-{chosen.public_id}", asked=asked)
        case = held_case(scope, case_public_id)
        in_state(case, CaseState.QUEUED)
        rules, _, form = rules_of(scope, registry, case)
        if against := blocking(rules.checked(Step.BOOK, facts_of(scope, form, case))):
            raise Refused(*against)
        number = book(scope, case, meeting, at, why)
        noticing.follow(scope, registry, [meeting.id], at)
        return number


def _before(row: Iterable[Queued], chosen: Queued) -> str:
    ahead = [one for one in row if one.place < chosen.place]
    if len(ahead) == 1:
        return ahead[0].names or "another that waits longer"
    return f"{len(ahead)} others that wait longer"


def _to_come(scope: Scope, meeting: Locked) -> None:
    if meeting.state in OVER:
        raise Refused(Finding("This meeting is over: nothing more comes onto its agenda"))


def move_on(scope: Scope, procedure_code: str, body_code: str, at: datetime) -> WaitsOn:
    """Let those who wait behind a meeting that is over wait for the next of the body.

    In the transaction under way, which holds the authority. They keep their order, before whoever
    is accepted later; when their papers are due is worked out again. Where no later meeting is made
    they wait as they are, until one is.
    """
    left = queues.left_behind(scope, procedure_code, body_code)
    if not left:
        return WaitsOn(0, None)
    to = next(_held_still(scope, procedure_code, body_code), None)
    if to is None:
        return WaitsOn(len(left), None)
    whole = Scope.of_authority(scope.authority_id, scope.on)
    for public_id in left:
        case = held_case(whole, public_id)
        move(scope, case, meeting_id=to.id)
        audit.changed(
            scope,
            at,
            "wait on",
            "case",
            public_id,
            before={"on": case.meeting_on.isoformat() if case.meeting_on else ""},
            after={"on": to.held_on.isoformat()},
        )
    return WaitsOn(len(left), to.held_on)


def _held_still(scope: Scope, procedure_code: str, body_code: str) -> Iterator[Locked]:
    """The meetings of a body to come, soonest first, each held so that it is not over meanwhile."""
    for choice in cases.meetings_to_choose(scope, procedure_code, body_code):
        meeting = meetings.lock(scope, choice.id)
        if meeting is not None and meeting.state not in OVER:
            yield meeting


def words(moved: WaitsOn) -> str:
    """What became of a queue, in a sentence; "" where nobody waited."""
    if not moved.cases:
        return ""
    who = f"{moved.cases} {'case' if moved.cases == 1 else 'cases'} in the queue"
    if moved.to is None:
        return f"{who} {'waits' if moved.cases == 1 else 'wait'}: no later meeting is made yet."
    return f"{who} moved on to the meeting of {day(moved.to)}."
