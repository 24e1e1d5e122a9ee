"""Approving a plan before it is agreed: asked for by who works with the child, given in person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.domain import approved
from core.domain.dates import day
from core.domain.finding import Finding, Refused
from core.domain.plan_facts import PlanFacts
from core.domain.procedure.checks import Approval
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long
from core.domain.record.plan import ANSWERS, OPTIONS, PLAN_APPROVAL
from core.domain.record.recorded import Recorded, plan_in_use
from core.registry import Registry
from core.store import audit, courses, plan_approvals, record
from core.store.database import writing
from core.store.plan_approvals import WaitingRow
from core.store.record import ChildOf
from core.store.scope import Scope
from core.usecases import agreeing
from core.usecases.planning_plan import approve_once_given
from core.usecases.record import EntryMoved
from core.usecases.record_held import GONE, child_of, entry_of, said_of, saved

ANEW = "the approval is asked for anew"


class State(StrEnum):
    """How far an approval of the plan in use is."""

    TO_ASK = "To be asked for"
    ASKED = "Asked for"
    GIVEN = "Approved"
    REFUSED = "Not approved"
    NOT_NEEDED = "Not needed"
    VOID = "Void"


@dataclass(frozen=True, slots=True)
class Step:
    """An approval of a plan: why it is needed, what was asked and answered, and what it is now.

    ``why`` is "" where the plan does not need it (any more).
    """

    rule: Approval
    state: State
    why: str = ""
    entry: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An approval that waits for somebody: of which child, why, and for which colleague."""

    row: WaitingRow
    step: Step
    away: str = ""


def roles(scope: Scope) -> frozenset[str]:
    """The roles that the asker holds, or holds for a colleague who is away."""
    return scope.roles.union(*(held for _, held in scope.covers))


def steps(
    rules: Sequence[Approval], entries: Iterable[Recorded], facts: PlanFacts, plan: Recorded
) -> list[Step]:
    """Each approval that the plan needs, and each that was asked for though it needs it no more."""
    asked = [
        entry
        for entry in sorted(entries, key=lambda one: one.id)
        if entry.kind == PLAN_APPROVAL.code and entry.stands and entry.parent_id == plan.id
    ]
    found = []
    for rule in rules:
        why = rule.needed(facts)
        own = [entry for entry in asked if entry.value("rule") == rule.code]
        void = [entry for entry in own if not approved.stands(entry, plan, facts)]
        found += [Step(rule, State.VOID, "", entry) for entry in void]
        standing = [entry for entry in own if entry not in void]
        if why is None:
            found += [Step(rule, State.NOT_NEEDED, "", entry) for entry in standing]
            continue
        found += [Step(rule, _state(entry), why, entry) for entry in standing]
        if not standing or standing[-1].value("answer") == "refused":
            found.append(Step(rule, State.TO_ASK, why))
    return found


def _state(entry: Recorded) -> State:
    answers = {"given": State.GIVEN, "refused": State.REFUSED}
    return answers.get(entry.value("answer"), State.ASKED)


def of_child(
    scope: Scope, registry: Registry, child: ChildOf
) -> tuple[Recorded | None, PlanFacts | None, list[Step]]:
    """The plan in use, what is known of it today, and its approvals."""
    entries = record.entries(scope, child.id)
    plan = plan_in_use(entries)
    if plan is None:
        return None, None, []
    return plan, *_of_plan(scope, registry, child, plan, entries)


def _of_plan(
    scope: Scope, registry: Registry, child: ChildOf, plan: Recorded, entries: list[Recorded]
) -> tuple[PlanFacts, list[Step]]:
    values = {code: used.value for code, used in plan.values.items()}
    on = asked_as_at(values, scope.on)
    facts = agreeing.plan_facts(scope, child, values, on, plan)
    return facts, steps(agreeing.approvals(scope, registry, on), entries, facts, plan)


def asked_as_at(values: dict[str, str], today: date) -> date:
    """The day on which it matters how old the child is: that of the agreement, else today."""
    return agreeing.agreed_on(values, today) or today


def ask(
    scope: Scope, registry: Registry, child_public_id: str, rule: str, words: str, at: datetime
) -> str:
    """Ask for an approval of the plan in use; gives its entry. One that is open is asked once."""
    with writing():
        child = child_of(scope, lambda: record.child(scope, child_public_id, changes=True))
        entries = record.entries(scope, child.id)
        plan = plan_in_use(entries)
        if plan is None:
            raise Refused(Finding("No plan is recorded: record the plan that is to be approved"))
        facts, found = _of_plan(scope, registry, child, plan, entries)
        own = [step for step in found if step.rule.code == rule and step.why]
        if not own:
            raise Refused(Finding("The plan does not need this approval as it stands today"))
        step = own[-1]
        if step.entry is not None:
            if step.state is State.ASKED:
                return step.entry.public_id
            raise Refused(Finding("This was approved already"))
        if long := too_long(words, LONG_TEXT_MOST):
            raise Refused(Finding(long, field=f"words-{rule}"))
        values = {
            "rule": rule,
            "role": step.rule.role,
            "what": step.rule.title,
            **approved.put(facts),
            "asked_on": scope.on.isoformat(),
            "asked_by": scope.name,
            "asked_words": words.strip(),
        }
        values = {code: value for code, value in values.items() if value}
        key = PLAN_APPROVAL.key_of(values)
        entry_id, public_id = record.add(scope, child.id, PLAN_APPROVAL.code, key, plan.id, at)
        record.state(scope, child.id, entry_id, values, at, "", said_of(plan))
        saved(scope, child, PLAN_APPROVAL.code)
        audit.changed(
            scope, at, "ask for approval", "child", child.public_id,
            after={"kind": PLAN_APPROVAL.code, "entry": public_id, **values},
        )  # fmt: skip
    return public_id


def answer(
    scope: Scope,
    registry: Registry,
    public_id: str,
    seen: int,
    given: str,
    words: str,
    at: datetime,
) -> None:
    """Give or refuse an approval, in person and today; who holds the role alone, or stands in."""
    with writing():
        child, entry, entries = entry_of(scope, public_id)
        if entry.kind != PLAN_APPROVAL.code or entry.value("role") not in roles(scope):
            raise Refused(Finding(GONE))
        if entry.version != seen or entry.value("answer") or not entry.stands:
            raise EntryMoved(entry)
        plan = next((one for one in entries if one.id == entry.parent_id and one.stands), None)
        if plan is None or plan.ended:
            raise Refused(Finding("The plan that was to be approved is not the plan any more"))
        _still_the_same(scope, child, entry, plan)
        faults = []
        if given not in ANSWERS:
            faults.append(Finding("Choose whether you approve it", field=f"answer-{public_id}"))
        if not words.strip():
            faults.append(Finding("Say why, in your own words", field=f"why-{public_id}"))
        elif long := too_long(words, LONG_TEXT_MOST):
            faults.append(Finding(long, field=f"why-{public_id}"))
        if faults:
            raise Refused(*faults)
        values = {
            "answer": given,
            "answered_on": scope.on.isoformat(),
            "answered_by": _named(scope, entry.value("role")),
            "words": words.strip(),
        }
        if not record.change(scope, entry.id, seen):
            raise EntryMoved(entry)
        record.state(scope, child.id, entry.id, values, at, "", said_of(entry))
        saved(scope, child, PLAN_APPROVAL.code)
        audit.changed(
            scope, at, "approve" if given == "given" else "refuse approval",
            "child", child.public_id,
            after={"kind": PLAN_APPROVAL.code, "entry": public_id, **values},
            why=words.strip(),
        )  # fmt: skip
        if given == "given":
            approve_once_given(scope, registry, child.public_id, plan.public_id, at)


def _still_the_same(scope: Scope, child: ChildOf, entry: Recorded, plan: Recorded) -> None:
    """Refuse an answer to what is not the plan any more."""
    values = {code: used.value for code, used in plan.values.items()}
    facts = agreeing.plan_facts(scope, child, values, asked_as_at(values, scope.on), plan)
    if approved.stands(entry, plan, facts):
        return
    if facts.primary != entry.value("option"):
        now = OPTIONS.get(facts.primary, facts.primary)
        raise Refused(Finding(f"The plan is another one now, {now}: {ANEW}"))
    raise Refused(Finding(f"The plan has been changed since this was asked for: {ANEW}"))


def _named(scope: Scope, role: str) -> str:
    """Who answers: by name, and for whom where they stand in."""
    if role in scope.roles:
        return scope.name
    away = _away(scope, [role]).get(role, "")
    return f"{scope.name}, who stands in for {away}" if away else scope.name


def _away(scope: Scope, wanted: Iterable[str]) -> dict[str, str]:
    """By a role that the asker holds for a colleague alone, that colleague's name."""
    held = {
        role: account
        for role in wanted
        if role not in scope.roles
        for account, theirs in scope.covers
        if role in theirs
    }
    named = plan_approvals.names(scope, set(held.values()))
    return {role: named.get(account, "") for role, account in held.items()}


def waiting(scope: Scope, registry: Registry) -> list[Waiting]:
    """What waits for the asker's approval, or for that of a colleague for whom they stand in."""
    approve = {rule.role for entry in registry for rule in entry.procedure.approvals}
    rows = plan_approvals.waiting(scope, roles(scope) & approve)
    if not rows:
        return []
    rules = agreeing.approvals(scope, registry, scope.on)
    known = courses.dates_of(scope, {row.child_id for row in rows})
    away = _away(scope, {row.role for row in rows})
    found = []
    for row in rows:
        entries = known[row.child_id].entries if row.child_id in known else ()
        entry = next((one for one in entries if one.id == row.entry_id), None)
        plan = next((e for e in entries if entry is not None and e.id == entry.parent_id), None)
        if entry is None or plan is None or plan.ended:
            continue
        values = {code: used.value for code, used in plan.values.items()}
        facts = agreeing.facts_of(known[row.child_id], values, asked_as_at(values, scope.on), plan)
        own = steps(rules, [entry], facts, plan)
        step = next((one for one in own if one.state is State.ASKED), None)
        if step is not None:
            found.append(Waiting(row, step, away.get(row.role, "")))
    return found


def refused_to(scope: Scope, registry: Registry) -> list[Waiting]:
    """What the asker asked for and was refused, of plans that are the same still and of which
    nobody asked anew since."""
    rows = plan_approvals.refused_to(scope)
    if not rows:
        return []
    rules = agreeing.approvals(scope, registry, scope.on)
    every = courses.plans_of(scope, {row.child_id for row in rows})
    found = []
    for row in rows:
        known = every[row.child_id]
        plan = plan_in_use(known.entries)
        if plan is None or plan.ended:
            continue
        values = {code: used.value for code, used in plan.values.items()}
        facts = agreeing.facts_of(known, values, asked_as_at(values, scope.on), plan)
        own = [step for step in steps(rules, known.entries, facts, plan) if step.entry is not None]
        last = {step.rule.code: step for step in own}
        found += [
            Waiting(row, step)
            for step in last.values()
            if step.state is State.REFUSED and step.entry and step.entry.id == row.entry_id
        ]
    return found


def asked_words(entry: Recorded) -> str:
    """Who asked for it and when, in words."""
    on = entry.day("asked_on")
    said = f"Asked for by {entry.value('asked_by') or 'somebody'}"
    return f"{said} on {day(on)}" if on else said
