"""A planning meeting closed: its plan, decision and actions go into the record at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.domain import decision as deciding
from core.domain import planning_options as form
from core.domain import planning_record as written_there
from core.domain.case import CaseState
from core.domain.dates import day
from core.domain.decision import Draft
from core.domain.finding import Finding, Refused, Strength, blocking
from core.domain.meeting import BookingState, MeetingState
from core.domain.phrases import inside
from core.domain.planned import PlanDraft
from core.domain.planning_people import Guest, Line, after, chairs_of, each_once, seen_until
from core.domain.reason import reason_as_kept, reason_fault
from core.domain.record.voices import VIEW
from core.domain.sight import MAY_OWN
from core.domain.views_heard import nobody_heard
from core.registry import Registry
from core.store import (
    accounts,
    action_closed,
    action_notes,
    audit,
    decisions,
    invitees,
    meetings,
    open_actions,
    planning,
    planning_guests,
    record,
)
from core.store.calendars import calendar_of
from core.store.database import writing
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases import (
    agreeing,
    noticing,
    plan_standing,
    planning_options,
    planning_people,
    planning_record,
)
from core.usecases.planning_booking import open_row
from core.usecases.planning_plan import (
    agreed_plan_ended,
    approve_plan,
    approved_options,
    drafted,
    same_plan,
    write_plan,
)
from core.usecases.planning_record import Written

CHAIR, CHAIR_WHY = "chair", "chair-why"
APPROVALS = "approvals"


@dataclass(frozen=True, slots=True)
class Closing:
    """A meeting as it would be closed: what stands against it, and what is only to be known.

    ``chairs`` are those who came of whom one chairs by the order laid down.
    """

    row: PlanningRow
    written: Written
    plan: PlanDraft | None
    draft: Draft
    guests: tuple[Guest, ...]
    lines: tuple[Line, ...]
    chairs: tuple[Guest, ...]
    findings: tuple[Finding, ...]

    @property
    def chair(self) -> Guest | None:
        return self.chairs[0] if self.chairs else None

    @property
    def against(self) -> tuple[Finding, ...]:
        return blocking(self.findings)

    @property
    def waits(self) -> bool:
        """Whether something stands against approving the plan at this meeting."""
        return any(map(_waits, self.findings))

    @property
    def beside(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.blocks)


def looked_at(scope: Scope, registry: Registry, row: PlanningRow) -> Closing:
    """How the meeting would be closed as it stands."""
    there = planning_record.written(scope, registry, row)
    given = there.given
    draft = deciding.read(there.meets.procedure, given)
    guests = planning_guests.of_meeting(scope, row.id)
    known = planning_people.known(scope, registry, row, there.meets)
    lines = tuple(one.line for one in known)
    options = (
        planning_options.options_of(scope, registry, row)
        if there.meets.body.weighs_options
        else None
    )
    found: list[Finding] = []
    if row.held_on > scope.on:
        found.append(Finding(f"The meeting is on {day(row.held_on)}: it has not been held yet"))
    found += after(lines, guests)
    found += _views(scope, row, there)
    found += written_there.papers_open(there.form, given)
    found += written_there.lacking(there.form, given)
    found += there.notes.values()
    if options is not None:
        found += options.lacking(approved_options(options.entries, options.draft, row.held_on))
        blocked = _clauses(blocking(found))
        waits = [
            finding
            for finding in _in_principle(scope, registry, row, options.draft)
            if blocked.isdisjoint(finding.clauses)
        ]
        # What a procedure has approved in person says it better than the matrix does.
        told = _clauses(waits)
        found = [one for one in found if not (_waits(one) and not told.isdisjoint(one.clauses))]
        found += waits
        found += _plan_ends(scope, registry, row, options.draft)
    found += _actions_lack(scope, row, draft)
    return Closing(
        row,
        there,
        options.draft if options is not None else None,
        draft,
        guests,
        lines,
        chairs_of(lines, guests),
        tuple(_papers_warn(found)),
    )


def _waits(finding: Finding) -> bool:
    return finding.strength is Strength.IN_PRINCIPLE


def _clauses(findings: Iterable[Finding]) -> set[str]:
    return {clause for finding in findings for clause in finding.clauses}


def _views(scope: Scope, row: PlanningRow, there: Written) -> Iterator[Finding]:
    """That no view is before the chair, where a rule of the body asks for them."""
    rule = there.meets.body.views
    if rule is None:
        return
    views = record.entries(scope, row.child_id, VIEW.code)
    if found := nobody_heard(views, row.held_on, planning.last_before(scope, row), rule):
        yield found


def _papers_warn(found: list[Finding]) -> Iterator[Finding]:
    """Papers that are not there do not keep a meeting from being closed."""
    for finding in found:
        if finding.code == written_there.PAPERS:
            yield replace(finding, strength=Strength.WARNS)
        else:
            yield finding


def _in_principle(
    scope: Scope, registry: Registry, row: PlanningRow, plan: PlanDraft
) -> Iterator[Finding]:
    """What stands against approving the plan at this meeting: it closes, and the plan waits."""
    child = record.child(scope, row.child_public_id)
    if child is None or not plan.primary:
        return
    same = same_plan(record.entries(scope, child.id), plan, row.held_on)
    said = drafted(plan, same, row.held_on)
    for finding in agreeing.findings(scope, registry, child, said.values, said.on, same, said.whys):
        message = f"The plan stays provisional: {inside(finding.message)}"
        yield replace(finding, message=message, strength=Strength.IN_PRINCIPLE, field=APPROVALS)


def _plan_ends(
    scope: Scope, registry: Registry, row: PlanningRow, plan: PlanDraft
) -> Iterator[Finding]:
    """That an agreed plan ends with what the meeting chose: it is to be known."""
    entries = record.entries(scope, row.child_id)
    over = agreed_plan_ended(entries, plan, row.held_on)
    if over is None:
        return
    counts = plan_standing.agreed_days(scope, registry, row.child_id, [over])
    on = counts.get(over.id, over.day("agreed_on"))
    said = over.day("agreed_on")
    which = "the agreed plan"
    if on is not None:
        which = f"the plan agreed on {day(on)}"
    elif said is not None:
        which = f"the plan recorded as agreed on {day(said)}"
    other = over.value("primary") != plan.primary
    message = f"This ends {which}; the new one is to be agreed anew"
    field = form.PRIMARY if other else form.CONTINGENCIES
    yield Finding(message, strength=Strength.WARNS, field=field)


def _actions_lack(scope: Scope, row: PlanningRow, draft: Draft) -> Iterator[Finding]:
    """What the actions lack: each has what, who and by when, and nobody who may not have it."""
    owners = {one.public_id: one for one in accounts.colleagues(scope, roles=MAY_OWN)}
    for action in draft.further:
        if not action.what:
            yield Finding("Say what is to be done", field=f"{action.row}.what")
        said = f" for “{action.what}”" if action.what else ""
        if action.owner not in owners:
            yield Finding(f"Choose who does it{said}", field=f"{action.row}.owner")
        if action.due.on is None:
            yield Finding(f"Enter a date{said}", field=f"{action.row}.due")
    calendar = calendar_of(scope, (row.held_on,))
    yield from deciding.out_of_reach(draft, row.held_on, calendar)
    given = {owners[one].id: owners[one] for one in draft.owners & owners.keys()}
    kept = action_closed.kept_from_some(scope, row.case_id, given) if given else ()
    names = {given[one].public_id: given[one].name for one in kept}
    yield from deciding.kept_out(draft, names)


def close(
    scope: Scope,
    registry: Registry,
    public_id: str,
    chair: str,
    chair_why: str,
    at: datetime,
) -> Closing:
    """Close a meeting that was held: the whole of it goes into the record, or nothing of it.

    ``chair`` is the guest who chaired, by public id; where the order laid down gives another, or
    nobody, a reason is asked. Open actions that stood overdue are rolled. Refused with what is
    lacking, each at its field.
    """
    with writing():
        row = open_row(scope, public_id)
        closing = looked_at(scope, registry, row)
        against = [*closing.against, *_chair_faults(closing, chair, chair_why)]
        if against:
            raise Refused(*against)
        who = next(guest for guest in closing.guests if guest.public_id == chair)
        _decide(scope, row, closing, who, at)
        if closing.plan is not None:
            made = write_plan(
                scope,
                row.child_public_id,
                closing.plan,
                row.held_on,
                at,
                superseded=planning.held_after(scope, row),
            )
            if made is not None and closing.plan.primary and not closing.waits:
                approve_plan(scope, row.child_public_id, made.plan, row.held_on, at)
        values: dict[str, Any] = {
            "state": MeetingState.CLOSED,
            "closed_at": at,
            "chair_id": who.account_id,
            "chair_why": reason_as_kept(chair_why) if chair_why.strip() else "",
            "carried": {"open": open_actions.freeze(scope, row)},
        }
        meetings.change(scope, row.id, values)
        planning.settle(scope, row, BookingState.HEARD, CaseState.HEARD)
        rolled = open_actions.overdue(scope, row)
        due = [(action_id, when) for action_id, (_, when) in rolled.items()]
        action_notes.roll(scope, row.id, row.held_on, due)
        invitees.end_on(scope, row.case_id, seen_until(row.held_on))
        noticing.follow(scope, registry, [row.id], at)
        after_words = {
            "state": "closed",
            "primary": closing.plan.primary if closing.plan else "",
            "contingencies": list(closing.plan.contingencies) if closing.plan else [],
            "rolled": [action for action, _ in rolled.values()],
        }
        audit.changed(
            scope,
            at,
            "close planning meeting",
            "meeting",
            public_id,
            before={"state": row.state},
            after=after_words,
            why=chair_why.strip(),
        )
    return closing


def _chair_faults(closing: Closing, chair: str, why: str) -> Iterator[Finding]:
    """Who chaired has to be said; another than the order gives needs a reason.

    Where nothing is laid down of who chairs, anybody who came may have done so.
    """
    if too_long := reason_fault(why, field=CHAIR_WHY):
        yield too_long
    came = {guest.public_id: guest for guest in closing.guests if guest.came == "present"}
    chairing = [line for line in closing.lines if line.chairs]
    clauses = tuple(dict.fromkeys(clause for line in chairing for clause in line.clauses))
    if chair not in came:
        message = "Say who chaired, of those who came: mark them under “People” first"
        yield Finding(message, clauses=clauses, field=CHAIR)
        return
    usual = {guest.public_id for guest in closing.chairs}
    if chairing and chair not in usual and not reason_as_kept(why):
        titles = ", else ".join(line.title for line in chairing)
        message = f"{titles} chairs: say why somebody else did"
        yield Finding(message, clauses=clauses, field=CHAIR_WHY)


def _decide(scope: Scope, row: PlanningRow, closing: Closing, chair: Guest, at: datetime) -> None:
    """The decision of the meeting with its actions, as they were written."""
    draft = closing.draft
    here = [guest.said for guest in each_once(closing.guests) if guest.came == "present"]
    decision_id, public_id = decisions.insert(
        scope,
        booking_id=row.booking_id,
        case_id=row.case_id,
        meeting_id=row.id,
        decided_on=row.held_on,
        rationale=draft.rationale,
        discussion=draft.discussion,
        agreed="\n".join(draft.agreed),
        chair_name=chair.name,
        present="\n".join(here),
        return_by=None,
        return_meeting_id=None,
        recorded_at=at,
        recorded_by=scope.account_id,
    )
    decisions.insert_made(scope, decision_id, row.case_id, (), list(_actions(scope, draft)), ())
    after_words = {"outcomes": [], "planning meeting": row.public_id}
    audit.changed(scope, at, "record", "decision", public_id, after=after_words)


def _actions(scope: Scope, draft: Draft) -> Iterator[Mapping[str, Any]]:
    owners = {one.public_id: one for one in accounts.colleagues(scope, roles=MAY_OWN)}
    for action in draft.further:
        owner = owners[action.owner]
        yield {
            "outcome_code": "",
            "kind": "further",
            "what": action.what,
            "done_means": action.done_means,
            "owner_id": owner.id,
            "owner_name": owner.name,
            "due": action.due.on,
            "first_due": action.due.on,
            "due_why": "",
        }
