"""What was put to whoever approves a plan, and whether the plan is still what was put to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from core.domain.plan_facts import PlanFacts
from core.domain.record.plan import PLAN_APPROVAL
from core.domain.record.recorded import Recorded, agree

PUT = ("option", "contingencies", "rationale")
"""The fields of an approval that say what was put: the plan, and why it is the plan."""


def put(facts: PlanFacts) -> dict[str, str]:
    """What is put to the approver of a plan as it is known on a day; what is empty is left out."""
    said = (facts.primary, ",".join(sorted(facts.contingencies)), facts.rationale)
    return {code: value for code, value in zip(PUT, said, strict=True) if value}


def stands(approval: Recorded, plan: Recorded, facts: PlanFacts) -> bool:
    """Whether an approval that was asked for, or given, is of this plan as it is now.

    The same plan is the same primary option with the same contingencies, whatever is said of why.
    It is not where the plan was another one meanwhile, nor where what was approved was achieved
    since, and is planned once more.
    """
    if approval.parent_id != plan.id or not approval.stands:
        return False
    if approval.value("option") != facts.primary:
        return False
    if _says_with_what(approval) and _contingencies(approval) != set(facts.contingencies):
        return False
    return not _was_another(approval, plan) and not _achieved(approval, plan, facts)


def given_on(
    entries: Iterable[Recorded], plan: Recorded | None, facts: PlanFacts
) -> dict[str, date | None]:
    """The approvals that were given of a plan and stand, by rule: the last answer counts.

    Each with the day on which it was given first, None where that is not known.
    """
    found: dict[str, date | None] = {}
    for entry in sorted(entries, key=lambda one: one.id):
        if plan is None or entry.kind != PLAN_APPROVAL.code or not stands(entry, plan, facts):
            continue
        if entry.value("answer") == "given":
            found.setdefault(entry.value("rule"), entry.day("answered_on"))
        elif entry.value("answer"):
            found.pop(entry.value("rule"), None)
    return found


def given(entries: Iterable[Recorded], plan: Recorded | None, facts: PlanFacts) -> frozenset[str]:
    """The rules by which an approval of a plan was given and stands."""
    return frozenset(given_on(entries, plan, facts))


def why_changed(approval: Recorded, now: str) -> bool:
    """Whether the why of a plan is another one ``now`` than was put: words, not line breaks."""
    put_then = approval.value("rationale").split()
    return _says_with_what(approval) and put_then != now.split()


def _says_with_what(approval: Recorded) -> bool:
    """Whether an approval says more of the plan than its option: those of before do not."""
    return bool(approval.value("contingencies") or approval.value("rationale"))


def _contingencies(approval: Recorded) -> set[str]:
    return set(filter(None, approval.value("contingencies").split(",")))


def _was_another(approval: Recorded, plan: Recorded) -> bool:
    """Whether another primary option was said of the plan after the approval was asked for."""
    now, option = plan.values.get("primary"), approval.value("option")
    typed = now is not None and now.statement.typed
    asked = max((said.id for said in approval.statements if said.field == "option"), default=0)
    return any(
        said.field == "primary"
        and said.id > asked
        and said.value != ""
        and not agree("plan", "primary", said.value, option)
        and (said.typed or not typed)
        for said in plan.statements
    )


def _achieved(approval: Recorded, plan: Recorded, facts: PlanFacts) -> bool:
    """Whether what was approved was achieved by the day, before which it was approved."""
    achieved, answered = plan.day("achieved_on"), approval.day("answered_on")
    return (
        achieved is not None
        and achieved < facts.on
        and answered is not None
        and answered <= achieved
    )
