"""The report of a team to the tracking panel, gathered from the records in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.documents.panel_report import ChildReport, NextDue, PanelReport
from core.documents.planning_record import CarriedFact
from core.domain.courses import ChildDates
from core.domain.dates import age_on, day
from core.domain.due import State
from core.domain.entry_days import PPM
from core.domain.procedure import Procedure
from core.domain.procedure.forms import Place
from core.domain.record.plan import NATIONAL_ONLY, OPTIONS, PLAN_OPTION, STATES
from core.domain.record.recorded import Recorded, before_a_plan, plan_as_at, plan_state
from core.domain.tracking import planning_meetings
from core.registry import Registry
from core.store import (
    actions,
    answers,
    cases_under_way,
    child_people,
    courses,
    deadlines,
    decisions,
    panel_reports,
)
from core.store.actions import ActionRow
from core.store.cases_under_way import CaseUnderWay
from core.store.deadlines import DeadlineFact
from core.store.decisions import DecisionRow
from core.store.panel_reports import ChildOfTeam
from core.store.planning import PlanningRow
from core.store.scope import Scope
from core.usecases import editions, plan_standing

OPEN = (State.LATE, State.SOON, State.RUNNING)
CONCLUSIONS = PLAN_OPTION.by_code["conclusion"].choices
PLANS = {**OPTIONS, **NATIONAL_ONLY}
#: A referral says what is sought in a section of this code.
SOUGHT = "sought"
WORDS_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Made:
    """A report, and the public ids of the children whom it names; ``more`` were left out."""

    report: PanelReport
    children: tuple[str, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of all the children, each by the child's id."""

    dates: Mapping[int, ChildDates]
    meetings: Mapping[int, list[PlanningRow]]
    decided: Mapping[int, DecisionRow]
    due: Mapping[int, list[DeadlineFact]]
    actions: Mapping[int, list[ActionRow]]
    asked: Mapping[int, list[str]]
    workers: Mapping[int, str]


def report_of(
    scope: Scope,
    registry: Registry,
    team: tuple[int, str],
    on: date,
    procedure_of: Callable[[str, str], Procedure | None],
) -> Made:
    """The report of a team as at a day; the queries do not grow with its children."""
    listed = panel_reports.children(scope, team[0])
    followed = editions.of(scope, registry).followed
    dates = {
        child_id: plan_standing.as_it_counts(known, followed, scope.on)
        for child_id, known in courses.dates_of(scope, [child.id for child in listed]).items()
    }
    there = [child for child in listed if _looked_after(child, dates.get(child.id), on)]
    read = _read(scope, registry, there, dates, on, procedure_of)
    children = tuple(_child(child, read, on) for child in there)
    cut = len(listed) == panel_reports.MOST_CHILDREN
    made = PanelReport(team[1], on, scope.name, children)
    return Made(made, tuple(child.public_id for child in there), cut)


def _looked_after(child: ChildOfTeam, dates: ChildDates | None, on: date) -> bool:
    """Whether the child was looked after on the day; as summed up where no period is known."""
    if dates is None or not dates.periods:
        return child.in_care
    return any(
        one.start is not None and one.start <= on and (one.end is None or on < one.end)
        for one in dates.periods
    )


def _read(
    scope: Scope,
    registry: Registry,
    there: list[ChildOfTeam],
    dates: Mapping[int, ChildDates],
    on: date,
    procedure_of: Callable[[str, str], Procedure | None],
) -> Read:
    ids = [child.id for child in there]
    meetings = panel_reports.meetings(scope, ids)
    last = [row for rows in meetings.values() if (row := _last(rows, on)) is not None]
    decided = decisions.load(scope, booking_ids=[row.booking_id for row in last])
    open_actions = panel_reports.outstanding(scope, ids, on)
    of_action = actions.children_of(scope, open_actions)
    by_child: dict[int, list[ActionRow]] = {}
    for action in open_actions:
        for child in of_action.get(action.id, ()):
            by_child.setdefault(child.id, []).append(action)
    workers: dict[int, list[str]] = {}
    for works in child_people.allocated(scope, ids):
        if works.relation == child_people.WORKER and works.active:
            workers.setdefault(works.child_id, []).append(works.name)
    return Read(
        dates,
        meetings,
        {one.booking_id: one for one in decided},
        deadlines.of_children(scope, registry, ids, on),
        by_child,
        _asked(scope, ids, procedure_of),
        {child_id: ", ".join(names) for child_id, names in workers.items()},
    )


def _last(rows: Iterable[PlanningRow], on: date) -> PlanningRow | None:
    held = [row for row in rows if row.held and row.body_code == PPM and row.held_on <= on]
    return held[-1] if held else None


def _child(child: ChildOfTeam, read: Read, on: date) -> ChildReport:
    dates = read.dates.get(child.id)
    entries = [entry for entry in dates.entries if entry.stands] if dates is not None else []
    plan = plan_as_at(entries, on)
    parts = [one for one in entries if one.parent_id == plan.id] if plan else before_a_plan(entries)
    rows = read.meetings.get(child.id, [])
    met = [held for held in planning_meetings(dates) if held <= on] if dates is not None else []
    last_on = met[-1] if met else None
    last = _last(rows, on)
    # What was decided at the last meeting, where that is one of those held here.
    held_here = last is not None and last.held_on == last_on
    decided = read.decided.get(last.booking_id) if last is not None and held_here else None
    to_come = (r for r in rows if r.open and r.body_code == PPM and r.held_on >= on)
    booked = next((row.held_on for row in to_come), None)
    facts = [fact for fact in read.due.get(child.id, ()) if fact.state(on) in OPEN]
    meets = [fact for fact in facts if fact.what.rule.asks_for == PPM]
    others = [fact for fact in facts if fact.what.rule.asks_for != PPM]
    return ChildReport(
        name=child.name,
        local_id=child.local_id,
        age=_age(child, on),
        worker=read.workers.get(child.id, ""),
        plan=_option(plan, "primary"),
        contingency=_option(plan, "contingencies"),
        plan_state=_state(plan),
        options=tuple(_options(parts, on)),
        last_on=last_on,
        last=f"{day(last_on)}" if last_on is not None else "",
        decided=tuple(_decided(decided)),
        booked_on=booked,
        next_meeting=_next(meets, on),
        next_other=_next(others, on),
        actions=tuple(_action(one, on) for one in read.actions.get(child.id, ())),
        steps_late=tuple(_steps_late(parts, on)),
        asked=tuple(read.asked.get(child.id, ())),
    )


def _age(child: ChildOfTeam, on: date) -> str:
    if child.born is None:
        return "not known"
    if child.birth_expected or child.born > on:
        return "not born yet"
    return str(age_on(child.born, on))


def _option(plan: Recorded | None, field: str) -> str:
    codes = plan.value(field).split(",") if plan is not None else []
    return ", ".join(PLANS.get(code, code) for code in codes if code)


def _state(plan: Recorded | None) -> str:
    code = plan_state(plan) if plan is not None else ""
    return STATES.get(code, code)


def _options(parts: Iterable[Recorded], on: date) -> Iterator[str]:
    """What came last of each option by the day, in the order of the core's list."""
    said: dict[str, Recorded] = {}
    by_day = sorted(parts, key=lambda one: (one.day("considered_on") or date.min, one.id))
    for one in by_day:
        if one.kind == PLAN_OPTION.code and (one.day("considered_on") or date.min) <= on:
            said[one.value("option")] = one
    for code in (code for code in OPTIONS if code in said):
        one = said[code]
        came = CONCLUSIONS.get(one.value("conclusion"), one.value("conclusion"))
        when = one.day("considered_on")
        dated = f" ({day(when)})" if when is not None else ""
        yield f"{OPTIONS[code]}: {came.lower()}{dated}. {one.value('why')}".strip()


def _steps_late(parts: Iterable[Recorded], on: date) -> Iterator[str]:
    steps = [
        (due, one)
        for one in parts
        if one.kind == "plan-step"
        and (due := one.day("due_on")) is not None
        and due < on
        and ((done := one.day("done_on")) is None or done > on)
    ]
    for due, one in sorted(steps, key=lambda found: found[0]):
        who = f" ({one.value('who')})" if one.value("who") else ""
        yield f"{one.value('what')}{who}, by {day(due)}"


def _decided(decided: DecisionRow | None) -> Iterator[str]:
    if decided is not None:
        yield from (one.words for one in decided.outcomes)
        yield from decided.agreed


def _next(facts: Iterable[DeadlineFact], on: date) -> NextDue | None:
    """The first that is due of these; of one thing the strictest comes first already."""
    dated = sorted(
        ((fact.due, place, fact) for place, fact in enumerate(facts) if fact.due is not None),
        key=lambda found: found[:2],
    )
    for due, _, fact in dated:
        late = fact.state(on) is State.LATE
        return NextDue(fact.title, due, fact.what.reason, fact.clauses, late)
    return None


def _action(one: ActionRow, on: date) -> CarriedFact:
    state = str(one.state(on))
    return CarriedFact(one.what, one.owner, one.first_due, one.due, one.rolled, state, one.progress)


def _asked(
    scope: Scope, ids: list[int], procedure_of: Callable[[str, str], Procedure | None]
) -> dict[int, list[str]]:
    """What referrals under way ask of their panel, by child: four queries at most."""
    under_way = cases_under_way.under_way(scope, ids)
    names = {case.public_id for cases in under_way.values() for case in cases}
    if not names:
        return {}
    forms = panel_reports.forms(scope, names)
    given = answers.of_forms(scope, [one.case_id for one in forms.values()])
    found: dict[int, list[str]] = {}
    for child_id, cases in under_way.items():
        for case in cases:
            form = forms.get(case.public_id)
            if form is None:
                continue
            procedure = procedure_of(case.procedure_code, case.procedure_edition)
            said = given.get(form.case_id, {})
            words = list(_sought(procedure, form.form_code, said))
            found.setdefault(child_id, []).append(_of_case(case, procedure, words))
    return found


def _sought(
    procedure: Procedure | None, form_code: str, given: Mapping[Place, str]
) -> Iterator[str]:
    form = procedure.form(form_code) if procedure is not None else None
    section = form.section(SOUGHT) if form is not None else None
    for field in section.fields if section is not None else ():
        value = given.get(Place(field.code), "").strip()
        if value:
            yield value if len(value) <= WORDS_MOST else f"{value[:WORDS_MOST]} …"


def _of_case(case: CaseUnderWay, procedure: Procedure | None, words: list[str]) -> str:
    body = procedure.body(case.body_code) if procedure is not None else None
    title = body.title if body is not None and body.title else "Panel"
    when = f" of {day(case.coming)}" if case.coming is not None else ""
    return f"{title}{when} ({case.state}): {' '.join(words) or 'not said yet'}"
