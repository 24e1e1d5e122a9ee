"""What the authority's procedures have against agreeing a plan, or typing an entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from core.domain import approved
from core.domain.care_days import Stretch
from core.domain.courses import ChildDates
from core.domain.dates import day
from core.domain.finding import Finding
from core.domain.met_elsewhere import met_elsewhere
from core.domain.plan_facts import EntryFacts, PlanFacts
from core.domain.procedure import Procedure
from core.domain.procedure.checks import Approval, Step
from core.domain.record.recorded import Recorded, plan_in_use
from core.registry import Registry
from core.store import courses, planning, record
from core.store.record import ChildOf
from core.store.scope import Scope
from core.usecases import editions

AGREED = frozenset({"agreed", "achieved"})
WHAT = ("primary", "contingencies", "agreed_on")
"""The fields of an agreed plan that say what is agreed, and when: another is agreed anew."""
MADE = ("primary", "contingencies", "approved_on")
"""The same of a plan that a planning meeting approved."""


def agreed_on(values: Mapping[str, str], today: date) -> date | None:
    """The day on which a plan with these values is agreed; None where it says no such thing.

    A plan that is over is history: nobody agrees it now.
    """
    if values.get("state") == "ended" or values.get("ended_on"):
        return None
    agreed = values.get("state") in AGREED or values.get("agreed_on") or values.get("achieved_on")
    if not agreed:
        return None
    for code in ("agreed_on", "achieved_on"):
        try:
            return date.fromisoformat(values.get(code, ""))
        except ValueError:
            continue
    return today


def is_agreed_now(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether a change of a plan's values agrees it: it was not, or something else is agreed."""
    if agreed_on(after, date.max) is None:
        return False
    return agreed_on(before, date.max) is None or any(
        before.get(code, "") != after.get(code, "") for code in WHAT
    )


def findings(
    scope: Scope,
    registry: Registry,
    child: ChildOf,
    values: Mapping[str, str],
    on: date,
    plan: Recorded | None = None,
    whys: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """What stands against agreeing a plan with these values on a day, each at its field.

    Every procedure that the authority follows on that day is asked. ``plan`` is the entry that is
    agreed, where it is in the record already; the approvals that count are those of it, or of the
    plan in use, where what was approved is what is agreed. ``whys`` are, by option, the reasons
    that a meeting gives for what is not in the record yet.
    """
    followed = editions.followed(scope, registry, on)
    if not any(asks(procedure) for procedure in followed):
        return ()
    facts = plan_facts(scope, child, values, on, plan, whys)
    found: list[Finding] = []
    for procedure in followed:
        found += procedure.checked(Step.AGREE_PLAN, facts)
        for approval in procedure.approvals:
            found += approval.findings(facts)
    return tuple(found)


def approved_findings(
    scope: Scope,
    registry: Registry,
    child: ChildOf,
    before: Mapping[str, str],
    after: Mapping[str, str],
    plan: Recorded | None = None,
    why: str = "",
) -> tuple[Finding, ...]:
    """What stands against saying that a planning meeting approved a plan: what stands against
    agreeing it on that day, and that no such meeting is recorded then, where no reason is given."""
    try:
        on = date.fromisoformat(after.get("approved_on", ""))
    except ValueError:
        return ()
    changed = [code for code in MADE if before.get(code, "") != after.get(code, "")]
    if not changed or after.get("state") == "ended" or after.get("ended_on"):
        return ()
    values = {**after, "agreed_on": on.isoformat()}
    found = findings(scope, registry, child, values, on, plan)
    if "approved_on" in changed and not why.strip() and not _met(scope, registry, child, on):
        said = (
            f"No planning meeting is recorded as held on {day(on)}: record that meeting first"
            + (", or say as the reason how you know" if plan is not None else "")
        )
        found = (*found, Finding(said, field="approved_on"))
    return found


def _met(scope: Scope, registry: Registry, child: ChildOf, on: date) -> bool:
    """Whether a planning meeting was held on a day, here or elsewhere; also so where the procedures
    followed then know none that makes plans."""
    followed = editions.followed(scope, registry, on)
    weighing = {body.code for one in followed for body in one.bodies if body.weighs_options}
    if not weighing or on in planning.held_on(scope, child.id, weighing):
        return True
    return any(one.on == on for one in met_elsewhere(record.entries(scope, child.id)))


def asks(procedure: Procedure) -> bool:
    """Whether a procedure has anything to say of agreeing a plan."""
    checks = any(check.step is Step.AGREE_PLAN for check in procedure.checks)
    return checks or bool(procedure.approvals)


def approvals(scope: Scope, registry: Registry, on: date) -> tuple[Approval, ...]:
    """Every approval that the followed procedures know, of one code the first."""
    found: dict[str, Approval] = {}
    for procedure in editions.followed(scope, registry, on):
        for approval in procedure.approvals:
            found.setdefault(approval.code, approval)
    return tuple(found.values())


def plan_facts(
    scope: Scope,
    child: ChildOf,
    values: Mapping[str, str],
    on: date,
    plan: Recorded | None = None,
    whys: Mapping[str, str] | None = None,
) -> PlanFacts:
    """What is known of a plan with these values on a day."""
    return facts_of(courses.dates_of(scope, [child.id])[child.id], values, on, plan, whys)


def facts_of(
    known: ChildDates,
    values: Mapping[str, str],
    on: date,
    plan: Recorded | None = None,
    whys: Mapping[str, str] | None = None,
) -> PlanFacts:
    """The same of a child whose dates are read already."""
    whole = plan or plan_in_use(known.entries)
    facts = PlanFacts(
        on,
        dict(values),
        known.born,
        known.unborn,
        _statuses(known.periods, known.statuses, on),
        known.entries,
        plan_id=plan.id if plan is not None else None,
        weighed_in=whole.id if whole is not None else None,
        whys=whys or {},
    )
    return replace(facts, approved=approved.given(known.entries, whole, facts))


def _statuses(
    periods: Collection[Stretch], statuses: Iterable[Stretch], on: date
) -> frozenset[str] | None:
    """The legal statuses on a day; None where nothing is known of the child's care then."""
    held = frozenset(one.code for one in statuses if _holds(one, on))
    if held:
        return held
    in_care = any(_holds(period, on) for period in periods)
    return frozenset() if periods and not in_care else None


def _holds(one: Stretch, on: date) -> bool:
    return one.start <= on and (one.end is None or on < one.end)


def entry_findings(
    scope: Scope, registry: Registry, kind: str, values: Mapping[str, str], others: list[Recorded]
) -> tuple[Finding, ...]:
    """What stands against an entry of the record as it would stand beside these."""
    facts = EntryFacts(kind, dict(values), tuple(others))
    followed = editions.followed(scope, registry, scope.on)
    return tuple(
        finding for procedure in followed for finding in procedure.checked(Step.RECORD, facts)
    )
