"""What pages of planning meetings show: what asks for one, all of a child, one at a glance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.answer_words import in_words
from core.domain.finding import Finding
from core.domain.met_elsewhere import MetElsewhere, met_elsewhere
from core.domain.planned import PlanDraft
from core.domain.planning_people import before
from core.domain.planning_record import PAPERS, declared
from core.domain.procedure import Procedure
from core.domain.procedure.forms import Place
from core.domain.record.elsewhere import EARLIER_MEETING
from core.store import (
    answers,
    deadlines,
    open_actions,
    planning,
    planning_guests,
    record,
)
from core.store.children import ChildRow
from core.store.deadlines import DeadlineFact, Shown
from core.store.planning import PlanningRow
from core.usecases import plan_standing, planning_closing, planning_options
from core.usecases.planning_booking import PlanningBody, titled
from core.usecases.planning_closing import Closing
from core.usecases.planning_due import asking, later_than_due
from core.usecases.planning_early import early
from core.usecases.planning_options_told import how_far
from core.web import asker, clock, planning_context
from core.web.access import ACCESS
from core.web.planning_context import Open
from core.web.rules_here import rules_here

VIEWS = "views"


@dataclass(frozen=True, slots=True)
class LaterThanDue:
    """By when a meeting was due that is on a later day, and why, "" where nobody said."""

    by: date
    clauses: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One meeting in a child's way, here or outside this system; ``title`` is its body's.

    ``early`` says that it is pre-proceedings planning.
    """

    on: date
    title: str
    row: PlanningRow | None = None
    early: bool = False
    later: LaterThanDue | None = None
    outside: MetElsewhere | None = None


def asked_for(child: ChildRow, offered: Iterable[PlanningBody]) -> list[Shown]:
    """By when which of these meetings is to be held, and why; the stricter first."""
    return _on_page(deadlines.of_child(asker.scope(), asker.registry(), child.id), offered)


def _on_page(facts: Iterable[DeadlineFact], offered: Iterable[PlanningBody]) -> list[Shown]:
    codes = {one.body.code for one in offered}
    on = clock.today()
    asked = deadlines.stricter_first(asking(facts, codes, on))
    return deadlines.on_page(asker.scope(), asked, on)


def last_held(child: ChildRow) -> PlanningRow | None:
    """The last planning meeting of a child that was held here."""
    held = [row for row in planning.of_child(asker.scope(), child.id) if row.held]
    return held[-1] if held else None


def title_of(row: PlanningRow) -> str:
    kept: Procedure | None = rules_here().kept(
        row.procedure_code, row.procedure_edition, row.held_on
    )
    body = kept.body(row.body_code) if kept is not None else None
    return titled(body)


def journey(child: ChildRow) -> dict[str, Any]:
    """Every planning meeting of a child in its order: those here and those held elsewhere."""
    scope = asker.scope()
    rows = planning.of_child(scope, child.id)
    outside = met_elsewhere(record.entries(scope, child.id, EARLIER_MEETING.code))
    before = early(scope, child.public_id, [row.held_on for row in rows]) if rows else ()
    facts = deadlines.of_child(scope, asker.registry(), child.id)
    stages = [
        Stage(row.held_on, title_of(row), row, row.held_on in before, _later(row, facts))
        for row in rows
    ]
    stages += [Stage(one.on, one.title, outside=one) for one in outside]
    return {
        "stages": sorted(stages, key=lambda stage: stage.on),
        "due": _on_page(facts, _bodies()),
    }


def _later(row: PlanningRow, facts: Iterable[DeadlineFact]) -> LaterThanDue | None:
    """That a meeting is later than due; nothing of one that was called off."""
    if not (row.open or row.held):
        return None
    late = later_than_due(facts, row.body_code, row.held_on, clock.today())
    if late is None or late.due is None:
        return None
    return LaterThanDue(late.due, late.clauses, row.moved_why or row.why)


def _bodies() -> tuple[PlanningBody, ...]:
    followed = rules_here().followed(clock.today())
    return tuple(
        PlanningBody(procedure, body)
        for procedure in followed
        for body in procedure.bodies
        if body.of_one_child
    )


def overview(opened: Open) -> dict[str, Any]:
    """One meeting at a glance: when and where, what asks for it, and how far its parts are."""
    scope, row = asker.scope(), opened.row
    earlier = planning.held_before(scope, row)
    closing = planning_closing.looked_at(scope, asker.registry(), row) if row.open else None
    guests = planning_guests.of_meeting(scope, row.id)
    return planning_context.context(
        opened,
        on=clock.today(),
        last=earlier[0] if earlier else None,
        last_title=title_of(earlier[0]) if earlier else "",
        open_points=_open_points(closing),
        guests=guests,
        plan=_plan_words(_plan(opened, closing)),
        how_far=_how_far(opened),
        approvals=ACCESS["approvals.page"].allows(scope.roles),
        said=said_at(row),
        later=_later(row, deadlines.of_child(scope, asker.registry(), row.child_id)),
        actions=open_actions.made_at(scope, row) if row.held else (),
        closes=opened.writes and row.held_on <= clock.today(),
    )


def _open_points(closing: Closing | None) -> tuple[Finding, ...]:
    """Before its day what is open in the preparation; from then on what its record lacks."""
    if closing is None:
        return ()
    if closing.row.held_on <= clock.today():
        return (*closing.against, *closing.beside)
    views = (finding for finding in closing.findings if finding.field == VIEWS)
    return (*before(closing.lines, closing.guests), *views)


def _plan(opened: Open, closing: Closing | None) -> PlanDraft | None:
    """The plan as it is written so far, or as the meeting that was held left it."""
    if closing is not None:
        return closing.plan
    if not opened.row.held or not opened.body.weighs_options:
        return None
    return planning_options.options_of(asker.scope(), asker.registry(), opened.row).draft


def _how_far(opened: Open) -> tuple[str, ...]:
    """How the plan that a held meeting made stands now, in words."""
    row = opened.row
    if not row.held or not opened.body.weighs_options:
        return ()
    scope, registry = asker.scope(), asker.registry()
    how = plan_standing.of_plan(scope, registry, row.child_id)
    return how_far(planning_options.options_of(scope, registry, row), how)


def _plan_words(plan: PlanDraft | None) -> tuple[str, str]:
    """The primary plan and its contingencies in words."""
    if plan is None:
        return "", ""
    titles = {one.code: one.named for one in plan.weighed}
    primary, spare = plan.primary, plan.contingencies
    return titles.get(primary, primary), ", ".join(titles.get(code, code) for code in spare)


@dataclass(frozen=True, slots=True)
class Said:
    """What was written at a meeting, under its label."""

    label: str
    words: str


def said_at(row: PlanningRow) -> list[Said]:
    """What was written on the record of a meeting, in the order of its form."""
    scope = asker.scope()
    kept = rules_here().kept(row.procedure_code, row.procedure_edition, row.held_on)
    body = kept.body(row.body_code) if kept is not None else None
    if kept is None or body is None:
        return []
    stored = answers.load(scope, row.case_id)
    found = []
    for section in declared(kept, body).sections:
        for field in section.fields:
            value = stored.get(Place(field.code), answers.NEVER).value
            if value and section.code != PAPERS:
                found.append(Said(field.label, in_words(kept, field, value)))
    return found
