"""Which plans count as agreed: recorded so, with every approval that the procedures ask of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from core.domain import approved
from core.domain.plan_facts import PlanFacts
from core.domain.procedure import Procedure
from core.domain.procedure.checks import Approval
from core.domain.record.recorded import Recorded, plan_state

AGREED, PROVISIONAL = "agreed", "provisional"


def lacking(followed: Iterable[Procedure], facts: PlanFacts) -> tuple[Approval, ...]:
    """The approvals that these procedures ask of a plan and that were not given, each once."""
    found: dict[str, Approval] = {}
    for procedure in followed:
        for rule in procedure.approvals:
            if rule.code not in facts.approved and rule.needed(facts) is not None:
                found.setdefault(rule.code, rule)
    return tuple(found.values())


def is_said(plan: Recorded) -> bool:
    """Whether a plan is recorded as agreed, and not as achieved: what was achieved is a fact."""
    agreed = plan.value("agreed_on") or plan.value("state") == AGREED
    return bool(agreed) and not is_achieved(plan)


def is_achieved(plan: Recorded) -> bool:
    return bool(plan.value("achieved_on")) or plan.value("state") == "achieved"


def provisional(plan: Recorded) -> Recorded:
    """A plan that is recorded as agreed, as it counts while an approval is missing.

    It is provisional, and was identified on the day on which it is said to have been agreed, where
    no day of that is recorded.
    """
    identified = bool(plan.value("identified_on"))
    found = []
    for said in plan.statements:
        if said.field == "agreed_on" and identified:
            continue
        if said.field == "agreed_on":
            said = replace(said, field="identified_on")
        elif said.field == "state" and said.value == AGREED:
            said = replace(said, value=PROVISIONAL)
        found.append(said)
    return replace(plan, statements=tuple(found))


def agreed_from(plan: Recorded, followed: Iterable[Procedure], facts: PlanFacts) -> date | None:
    """From when a plan with every approval counts as agreed: the day of the last one, if later.

    What was achieved by then was agreed before. None where no day is recorded.
    """
    on = plan.day("agreed_on")
    if on is None:
        return None
    days = approved.given_on(facts.entries, plan, facts)
    needed = {
        rule.code
        for procedure in followed
        for rule in procedure.approvals
        if rule.needed(facts) is not None
    }
    last = max((day for code in needed if (day := days.get(code)) is not None), default=on)
    achieved = plan.day("achieved_on")
    return on if achieved is not None and achieved < last else max(on, last)


def counted_from(plan: Recorded, on: date | None) -> Recorded:
    """A plan as it counts that is agreed from a later day than is recorded.

    It was identified on the recorded day, where no day of that is recorded.
    """
    if on is None or plan.day("agreed_on") in (None, on):
        return plan
    said = plan.values["agreed_on"].statement
    more = () if plan.value("identified_on") else (replace(said, field="identified_on"),)
    statements = tuple(
        replace(one, value=on.isoformat()) if one is said else one for one in plan.statements
    )
    return replace(plan, statements=(*statements, *more))


def state(plan: Recorded, lacks: Iterable[Approval]) -> tuple[str, date | None]:
    """How far a plan is, and since when it is agreed: provisional while an approval is missing."""
    if is_said(plan) and any(True for _ in lacks) and plan_state(plan) == AGREED:
        return PROVISIONAL, None
    return plan_state(plan), plan.day("agreed_on")
