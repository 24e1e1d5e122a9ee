"""The plan that a planning meeting made, written into the child's record as the meeting closes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.domain import agreement, approved
from core.domain.dates import day
from core.domain.finding import blocking
from core.domain.offer import OTHER
from core.domain.plan_facts import PlanFacts
from core.domain.planned import PlanDraft, Weighed
from core.domain.record.going_home import HOME_OPTIONS
from core.domain.record.kind import Kind
from core.domain.record.plan import PLAN_STEP
from core.domain.record.recorded import Recorded, begun_on, plan_as_at, plan_state, plans
from core.registry import Registry
from core.store import planning, record
from core.store.scope import Scope
from core.usecases.agreeing import agreed_on, findings
from core.usecases.record import correct_here
from core.usecases.record_held import saved_once
from core.usecases.record_new import add_here

SAID = "Said at the planning meeting of {day}"


@dataclass(frozen=True, slots=True)
class Written:
    """The plan to which everything was written; ``new`` where it took the place of another."""

    plan: str
    new: bool = False


def write_plan(
    scope: Scope,
    child_public_id: str,
    draft: PlanDraft,
    on: date,
    at: datetime,
    *,
    superseded: bool = False,
) -> Written | None:
    """Write plan, options and steps in the transaction under way; None where there is no plan yet.

    What was said of the options is written then too, as weighed before there was a plan.

    A plan whose primary option stays is the same plan, with the contingencies of this meeting; a
    changed one is a new plan, provisional, identified on the meeting's day, and over by the day of
    the next where a later one is there already. A plan that is agreed is not changed: with other
    contingencies it is a new one too, to be agreed anew, that goes on with its open steps; where
    the meeting says none, it stays as it is. What was said of an option is kept for
    each meeting. A step of the same words is the same step: its day is corrected, and the day
    before it stays in the history. ``superseded`` is said of a meeting that is written down after
    a later one: what that one said of the same plan and its steps stays.
    """
    with saved_once(scope):
        return _written(scope, child_public_id, draft, on, at, superseded)


def _written(
    scope: Scope, child_public_id: str, draft: PlanDraft, on: date, at: datetime, superseded: bool
) -> Written | None:
    entries = _entries(scope, child_public_id)
    plan = plan_as_at(entries, on)
    why = SAID.format(day=day(on))
    values = _values_beside(plan, draft)
    new = bool(draft.primary) and same_plan(entries, draft, on) is None
    over = agreed_plan_ended(entries, draft, on)
    if new:
        given = {**values, "state": "provisional", "identified_on": on.isoformat()}
        public_id = add_here(scope, child_public_id, "plan", given, at, why=why).public_id
        _in_its_place(scope, entries, plan, _entry(scope, child_public_id, public_id), on, why, at)
        if over is not None and over.value("primary") == draft.primary and not superseded:
            _carry_steps(scope, child_public_id, entries, over, public_id, why, at)
    elif plan is None:
        _all_weighed(scope, child_public_id, None, entries, draft, on, why, at)
        return None
    else:
        public_id = plan.public_id
        if draft.primary and not superseded:
            _correct(scope, plan, values, why, at)
    entries = _entries(scope, child_public_id)
    whole = next(entry for entry in entries if entry.public_id == public_id)
    parts = [entry for entry in entries if entry.parent_id == whole.id and entry.stands]
    _all_weighed(scope, child_public_id, whole, parts, draft, on, why, at)
    for step in draft.steps:
        said = {
            "what": step.what,
            "plan": step.plan,
            "who": step.who,
            "due_on": step.due_on.isoformat() if step.due_on is not None else "",
        }
        if step.what:
            there = _of_key(parts, PLAN_STEP, said)
            if there is not None and superseded:
                continue
            _put(scope, child_public_id, whole, there, PLAN_STEP.code, said, why, at)
    return Written(public_id, new)


def _carry_steps(
    scope: Scope,
    child_public_id: str,
    entries: Iterable[Recorded],
    over: Recorded,
    new: str,
    why: str,
    at: datetime,
) -> None:
    """Have a new plan of the same option go on with the steps of the one before that are open."""
    for step in entries:
        open_step = step.kind == PLAN_STEP.code and step.stands and not step.value("done_on")
        if open_step and step.parent_id == over.id:
            said = {code: used.value for code, used in step.values.items() if used.value}
            add_here(scope, child_public_id, PLAN_STEP.code, said, at, part_of=new, why=why)


def _is_agreed(plan: Recorded) -> bool:
    values = {code: used.value for code, used in plan.values.items()}
    return agreed_on(values, date.max) is not None


def _is_another(plan: Recorded, values: Mapping[str, str]) -> bool:
    """Whether a meeting's plan is not the one there is: another option, or agreed otherwise."""
    if plan.value("primary") != values["primary"]:
        return True
    if not _is_agreed(plan):
        return False
    before = {code: used.value for code, used in plan.values.items()}
    spare = ",".join(sorted(filter(None, plan.value("contingencies").split(","))))
    before["contingencies"] = spare
    return any(before.get(code, "") != value for code, value in values.items())


def _in_its_place(
    scope: Scope,
    entries: Iterable[Recorded],
    before: Recorded | None,
    new: Recorded,
    on: date,
    why: str,
    at: datetime,
) -> None:
    """A new plan of an earlier day ends as the next began, and the one before it ends with it."""
    later = [begun for plan in plans(entries) if (begun := begun_on(plan)) > on]
    if not later:
        return
    _correct(scope, new, {"ended_on": min(later).isoformat()}, why, at)
    ended = before.day("ended_on") if before is not None else None
    if before is not None and ended is not None and ended > on:
        _correct(scope, before, {"ended_on": on.isoformat()}, why, at)


def approve_plan(scope: Scope, child_public_id: str, plan: str, on: date, at: datetime) -> None:
    """Say that a planning meeting approved a plan; a review is to agree it formally."""
    entries = _entries(scope, child_public_id)
    entry = next((one for one in entries if one.public_id == plan), None)
    if entry is not None and not entry.value("approved_on"):
        why = SAID.format(day=day(on))
        _correct(scope, entry, {"approved_on": on.isoformat()}, why, at)


def same_plan(entries: Iterable[Recorded], draft: PlanDraft, on: date) -> Recorded | None:
    """The plan on a day, where it goes on with what a meeting chose; None where that is a new one.

    A return home that was achieved and is planned once more is another plan, as is one that is
    agreed with other contingencies.
    """
    plan = plan_as_at(entries, on)
    if plan is None or _is_another(plan, _values_beside(plan, draft)):
        return None
    achieved = plan.day("achieved_on") if draft.primary in HOME_OPTIONS else None
    return plan if achieved is None or achieved >= on else None


def agreed_plan_ended(entries: Collection[Recorded], draft: PlanDraft, on: date) -> Recorded | None:
    """The plan recorded as agreed, and not achieved, that ends with what a meeting chose."""
    plan = plan_as_at(entries, on)
    if plan is None or not draft.primary or same_plan(entries, draft, on) is not None:
        return None
    return plan if _is_agreed(plan) and not agreement.is_achieved(plan) else None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A plan as it is agreed on a day: its values, and by option why it is weighed so."""

    on: date
    values: Mapping[str, str]
    whys: Mapping[str, str]


def drafted(draft: PlanDraft, plan: Recorded | None, on: date) -> Drafted:
    """The plan as a meeting on a day would agree it; one agreed already that it leaves, as then."""
    values = _values_beside(plan, draft)
    if plan is not None:
        there = {code: used.value for code, used in plan.values.items()}
        if plan_state(plan) == "agreed" and all(
            there.get(code, "") == value for code, value in values.items()
        ):
            return Drafted(plan.day("agreed_on") or on, there, {})
        kept = {code: there.get(code, "") for code in ("primary_words", "contingencies")}
        values = {**kept, **values}
    whys = {one.code: _why(one) for one in draft.weighed if one.code}
    return Drafted(on, {**values, "agreed_on": on.isoformat()}, whys)


def approve_once_given(
    scope: Scope, registry: Registry, child_public_id: str, plan: str, at: datetime
) -> None:
    """Say that a plan is approved, once an approval is given for which a planning meeting left it
    waiting, and nothing else stands against it."""
    child = record.child(scope, child_public_id)
    entries = _entries(scope, child_public_id)
    entry = next((one for one in entries if one.public_id == plan), None)
    if child is None or entry is None or entry.value("approved_on"):
        return
    weighing = {
        body.code for one in registry for body in one.procedure.bodies if body.weighs_options
    }
    held = [on for on in planning.held_on(scope, child.id, weighing) if on >= begun_on(entry)]
    values = {code: used.value for code, used in entry.values.items()}
    values["agreed_on"] = scope.on.isoformat()
    against = findings(scope, registry, child, values, scope.on, entry)
    if held and not blocking(against):
        why = f"The approval was given for which it waited since the meeting of {day(held[-1])}"
        _correct(scope, entry, {"approved_on": scope.on.isoformat()}, why, at)


def approved_options(entries: Collection[Recorded], draft: PlanDraft, on: date) -> frozenset[str]:
    """The primary option that a meeting chose, where an approval of this plan was given."""
    plan = same_plan(entries, draft, on)
    if plan is None:
        return frozenset()
    said = drafted(draft, plan, on)
    facts = PlanFacts(
        said.on, said.values, entries=tuple(entries), weighed_in=plan.id, whys=said.whys
    )
    return frozenset({draft.primary}) if approved.given(entries, plan, facts) else frozenset()


def _entries(scope: Scope, child_public_id: str) -> list[Recorded]:
    child = record.child(scope, child_public_id)
    return record.entries(scope, child.id) if child is not None else []


def _entry(scope: Scope, child_public_id: str, public_id: str) -> Recorded:
    return next(one for one in _entries(scope, child_public_id) if one.public_id == public_id)


def _plan_values(draft: PlanDraft) -> dict[str, str]:
    """The plan's own fields; the words of an option that the list has no name for.

    Where the meeting has no such words, what is written of the plan stays as it is.
    """
    values = {"primary": draft.primary, "contingencies": ",".join(sorted(draft.contingencies))}
    words = next((one.words for one in draft.weighed if one.code == OTHER), "")
    if words and draft.primary == OTHER:
        values["primary_words"] = words
    if words and OTHER in draft.contingencies:
        values["contingency_words"] = words
    return values


def _values_beside(plan: Recorded | None, draft: PlanDraft) -> dict[str, str]:
    """The same beside the plan there is: an agreed one keeps its contingencies where none is said.

    With another primary option it is another plan, whose contingencies are those said.
    """
    values = _plan_values(draft)
    same = plan is not None and plan.value("primary") == draft.primary
    if same and plan is not None and not draft.contingencies and _is_agreed(plan):
        del values["contingencies"]
    return values


def _why(one: Weighed) -> str:
    """Why, of an option, as it goes into the record."""
    return "\n\n".join(filter(None, (one.words, one.why, one.rationale)))


def _all_weighed(
    scope: Scope,
    child_public_id: str,
    whole: Recorded | None,
    there: Iterable[Recorded],
    draft: PlanDraft,
    on: date,
    why: str,
    at: datetime,
) -> None:
    """What came of each option, once each: as part of a plan, or of none where there is none."""
    parent = whole.id if whole is not None else None
    parts = [entry for entry in there if entry.parent_id == parent and entry.stands]
    written: set[str] = set()
    for one in draft.weighed:
        if one.code and one.conclusion and one.why and one.code not in written:
            written.add(one.code)
            _weighed(scope, child_public_id, whole, parts, one, on, why, at)


def _weighed(
    scope: Scope,
    child_public_id: str,
    whole: Recorded | None,
    parts: Iterable[Recorded],
    one: Weighed,
    on: date,
    why: str,
    at: datetime,
) -> None:
    """What came of an option at this meeting, beside what came of it at those before."""
    said = {
        "option": one.code,
        "conclusion": one.conclusion,
        "why": _why(one),
        "considered_on": on.isoformat(),
    }
    there = next(
        (
            entry
            for entry in parts
            if entry.kind == "plan-option"
            and entry.value("option") == one.code
            and entry.day("considered_on") == on
        ),
        None,
    )
    _put(scope, child_public_id, whole, there, "plan-option", said, why, at)


def _of_key(parts: Iterable[Recorded], kind: Kind, said: Mapping[str, str]) -> Recorded | None:
    """The part of the plan that has the same words; the one added last, where there are several."""
    key = kind.key_of(said)
    found = [
        entry
        for entry in parts
        if entry.kind == kind.code
        and kind.key_of({code: entry.value(code) for code in kind.key}) == key
    ]
    return found[-1] if found else None


def _put(
    scope: Scope,
    child_public_id: str,
    whole: Recorded | None,
    there: Recorded | None,
    kind: str,
    said: Mapping[str, str],
    why: str,
    at: datetime,
) -> None:
    if there is not None:
        _correct(scope, there, {code: value for code, value in said.items() if value}, why, at)
        return
    part_of = whole.public_id if whole is not None else ""
    add_here(
        scope,
        child_public_id,
        kind,
        said,
        at,
        part_of=part_of,
        why=why,
        before_a_plan=whole is None,
    )


def _correct(
    scope: Scope, entry: Recorded, values: Mapping[str, str], why: str, at: datetime
) -> None:
    """Say what has changed; whoever else writes waits until this transaction ends.

    What a file says is not emptied: a plan of its own would have to be said in its place.
    """
    changed = {
        code: value
        for code, value in values.items()
        if entry.value(code) != value and (value or _is_own(entry, code))
    }
    seen = {code: entry.values[code].statement.id for code in changed if code in entry.values}
    if changed:
        correct_here(scope, entry.public_id, changed, seen, why, at)


def _is_own(entry: Recorded, code: str) -> bool:
    """Whether a person typed what stands in a field, of the child's own record."""
    said = entry.values[code].statement
    return said.typed and not said.said_of
