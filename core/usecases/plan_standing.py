"""How a child's plan stands: agreed only once every approval that is asked of it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.domain import agreement, approved
from core.domain.courses import ChildDates
from core.domain.dates import day
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
    """The child with plans as they count: none is agreed that lacks an approval."""
    counted = tuple(
        agreement.provisional(entry) if _lacks(known, entry, followed, today) else entry
        for entry in known.entries
    )
    return replace(known, entries=counted)


def lacking(
    scope: Scope, registry: Registry, child_id: int, entries: Iterable[Recorded]
) -> frozenset[int]:
    """The plans of a child that are recorded as agreed and lack an approval, by their entries.

    Nothing is read where none of ``entries`` is such a plan.
    """
    said = any(one.kind == "plan" and one.stands and agreement.is_said(one) for one in entries)
    known = courses.plans_of(scope, [child_id]).get(child_id) if said else None
    if known is None:
        return frozenset()
    followed = editions.of(scope, registry).followed
    return frozenset(
        entry.id for entry in known.entries if _lacks(known, entry, followed, scope.on)
    )


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
    asking = [procedure for procedure in followed(on) if procedure.approvals]
    if not asking:
        return ()
    values = {code: used.value for code, used in plan.values.items()}
    return agreement.lacking(asking, agreeing.facts_of(known, values, on, plan))


def of_plan(scope: Scope, registry: Registry, child_id: int) -> HowFar | None:
    """How the plan in use of a child stands, in words; None where no plan is in use."""
    known = courses.plans_of(scope, [child_id]).get(child_id)
    plan = plan_in_use(known.entries) if known is not None else None
    if known is None or plan is None:
        return None
    followed = editions.of(scope, registry).followed
    lacks = () if agreement.is_achieved(plan) else _missing(known, plan, followed, scope.on)
    state, agreed_on = agreement.state(plan, lacks)
    return HowFar(state, agreed_on, tuple(_words(known, plan, rule, scope.on) for rule in lacks))


def _words(known: ChildDates, plan: Recorded, rule: Approval, today: date) -> str:
    """How an approval that is missing stands: refused, not recorded, or waited for."""
    on = plan.day("agreed_on")
    values = {code: used.value for code, used in plan.values.items()}
    facts = agreeing.facts_of(known, values, on or today, plan)
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
