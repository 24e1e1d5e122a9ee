"""How a child's plan stands: agreed only once every approval that is asked of it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.domain import agreement, approved
from core.domain.courses import ChildDates
from core.domain.dates import day
from core.domain.plan_facts import PlanFacts
from core.domain.procedure import Procedure
from core.domain.procedure.checks import Approval
from core.domain.record.plan import PLAN_APPROVAL
from core.domain.record.recorded import Recorded, plan_in_use
from core.registry import Registry
from core.store import courses
from core.store.scope import Scope
from core.usecases import agreeing, editions

Followed = Callable[[date], Iterable[Procedure]]


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far a plan is, by its code; ``words`` say of each missing approval how that stands."""

    state: str
    agreed_on: date | None = None
    words: tuple[str, ...] = ()


def as_it_counts(known: ChildDates, followed: Followed, today: date) -> ChildDates:
    """The child with plans as they count: none is agreed that lacks an approval, or before it."""
    counted = tuple(_counted(known, entry, followed, today) for entry in known.entries)
    return replace(known, entries=counted)


def _counted(known: ChildDates, entry: Recorded, followed: Followed, today: date) -> Recorded:
    if _lacks(known, entry, followed, today):
        return agreement.provisional(entry)
    return agreement.counted_from(entry, _agreed_from(known, entry, followed))


def agreed_days(
    scope: Scope, registry: Registry, child_id: int, entries: Iterable[Recorded]
) -> dict[int, date | None]:
    """From when the plans of a child count as agreed, by their entries, where that is not the day
    that is recorded: None of those that lack an approval.

    Nothing is read where none of ``entries`` is a plan with such a day.
    """
    said = any(one.kind == "plan" and one.stands and one.value("agreed_on") for one in entries)
    known = courses.plans_of(scope, [child_id]).get(child_id) if said else None
    if known is None:
        return {}
    followed = editions.of(scope, registry).followed
    found: dict[int, date | None] = {}
    for entry in known.entries:
        if _lacks(known, entry, followed, scope.on):
            found[entry.id] = None
        elif (on := _agreed_from(known, entry, followed)) != entry.day("agreed_on"):
            found[entry.id] = on
    return found


def _lacks(
    known: ChildDates, plan: Recorded, followed: Followed, today: date
) -> tuple[Approval, ...]:
    if plan.kind != "plan" or not plan.stands or not agreement.is_said(plan):
        return ()
    return _missing(known, plan, followed, today)


def _missing(
    known: ChildDates, plan: Recorded, followed: Followed, today: date
) -> tuple[Approval, ...]:
    """The approvals that are asked of a plan at the day of its agreement, else today."""
    on = plan.day("agreed_on") or today
    asking = _asking(followed, on)
    return agreement.lacking(asking, _facts(known, plan, on)) if asking else ()


def _agreed_from(known: ChildDates, plan: Recorded, followed: Followed) -> date | None:
    """From when a plan that lacks no approval counts as agreed; None where no day is recorded."""
    on = plan.day("agreed_on")
    if plan.kind != "plan" or on is None or not plan.stands:
        return on
    asking = _asking(followed, on)
    return agreement.agreed_from(plan, asking, _facts(known, plan, on)) if asking else on


def _asking(followed: Followed, on: date) -> list[Procedure]:
    return [procedure for procedure in followed(on) if procedure.approvals]


def _facts(known: ChildDates, plan: Recorded, on: date) -> PlanFacts:
    values = {code: used.value for code, used in plan.values.items()}
    return agreeing.facts_of(known, values, on, plan)


def of_plan(scope: Scope, registry: Registry, child_id: int) -> HowFar | None:
    """How the plan in use of a child stands, in words; None where no plan is in use."""
    known = courses.plans_of(scope, [child_id]).get(child_id)
    plan = plan_in_use(known.entries) if known is not None else None
    if known is None or plan is None:
        return None
    followed = editions.of(scope, registry).followed
    lacks = () if agreement.is_achieved(plan) else _missing(known, plan, followed, scope.on)
    counted = agreement.counted_from(plan, None if lacks else _agreed_from(known, plan, followed))
    state, agreed_on = agreement.state(counted, lacks)
    return HowFar(state, agreed_on, tuple(_words(known, plan, rule, scope.on) for rule in lacks))


def _words(known: ChildDates, plan: Recorded, rule: Approval, today: date) -> str:
    """How an approval that is missing stands: refused, not recorded, or waited for."""
    on = plan.day("agreed_on")
    facts = _facts(known, plan, on or today)
    answered = [
        entry
        for entry in sorted(known.entries, key=lambda one: one.id)
        if entry.kind == PLAN_APPROVAL.code
        and entry.value("rule") == rule.code
        and approved.stands(entry, plan, facts)
    ]
    clauses = ", ".join(rule.clauses)
    last = answered[-1] if answered else None
    if last is not None and last.value("answer") == "refused":
        when = last.day("answered_on")
        dated = f" on {day(when)}" if when is not None else ""
        return f"Not approved by {rule.role_words}{dated}: provisional ({clauses})"
    if agreement.is_said(plan):
        dated = f" on {day(on)}" if on is not None else ""
        asked = "is waited for" if last is not None else "is not recorded"
        return (
            f"Recorded as agreed{dated}; the approval of {rule.role_words} that {clauses} asks "
            f"for {asked}: provisional"
        )
    return f"Provisional: waits for {_whose(rule.role_words)} approval ({clauses})"


def _whose(words: str) -> str:
    return f"{words}’" if words.endswith("s") else f"{words}’s"
