"""Referring to the agency decision maker: after a planning meeting, or as the chair says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.adoption_option import AdoptionFacts, option_since
from core.domain.courses import ChildDates
from core.domain.dates import day
from core.domain.finding import Finding, Moved, Refused, blocking
from core.domain.procedure.checks import Step
from core.domain.reason import SOME_WORDS, reason_given
from core.domain.record.adoption import ADOPTION_LIFTED
from core.domain.record.recorded import Recorded
from core.domain.record.tracked import CHAIRS_PLANNING
from core.domain.sight import What
from core.domain.tracking import planning_meetings
from core.registry import Registry
from core.store import audit, children, courses, record
from core.store.database import writing
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.record_held import child_of, saved

FORUM = "agency-decision-maker"
LIFTS = frozenset({"panel.chair"}) | CHAIRS_PLANNING
"""Who chairs: of a panel, or of planning meetings."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a child and the decision maker on a day.

    ``findings`` stand against a referral; ``lifted`` is what the chair let go ahead of them.
    """

    facts: AdoptionFacts
    findings: tuple[Finding, ...] = ()
    lifted: Recorded | None = None

    @property
    def against(self) -> tuple[Finding, ...]:
        return () if self.lifted is not None else self.findings


def asks(scope: Scope, registry: Registry, on: date) -> bool:
    """Whether the procedures followed on a day say anything of such a referral."""
    return any(
        check.step is Step.BOOK_ADM
        for procedure in editions.followed(scope, registry, on)
        for check in procedure.checks
    )


def standing(
    scope: Scope, registry: Registry, child_ids: Collection[int], on: date
) -> dict[int, Standing]:
    """By child what stands against referring them on a day, and whether the chair lifted it."""
    followed = [
        procedure
        for procedure in editions.followed(scope, registry, on)
        if any(check.step is Step.BOOK_ADM for check in procedure.checks)
    ]
    if not followed or not child_ids:
        return {}
    found = {}
    for child_id, known in courses.dates_of(scope, child_ids).items():
        since = option_since(known.entries, on)
        facts = AdoptionFacts(on, since, tuple(planning_meetings(known)))
        against = [one for p in followed for one in p.checked(Step.BOOK_ADM, facts)]
        lifted = _lifted(known, facts) if against else None
        found[child_id] = Standing(facts, blocking(against), lifted)
    return found


def findings(
    scope: Scope, registry: Registry, child_ids: Collection[int], on: date, field: str = "forum"
) -> tuple[Finding, ...]:
    """What stands against referring these children on a day, at a field; each thing once."""
    said = standing(scope, registry, child_ids, on).values()
    then = "" if on == scope.on else f" as at {day(on)}"
    found = {
        (one.code, one.message): Finding(
            f"{one.message}. The chair can let it go ahead with a reason, under the child’s "
            f"“Approvals”{then}",
            one.code,
            one.clauses,
            one.strength,
            field,
        )
        for of_child in said
        for one in of_child.against
    }
    return tuple(found.values())


def _lifted(known: ChildDates, facts: AdoptionFacts) -> Recorded | None:
    """What the chair lifted of the same finding: since adoption became an option that day."""
    since = facts.since.isoformat() if facts.since else ""
    there = [
        entry
        for entry in known.entries
        if entry.kind == ADOPTION_LIFTED.code and entry.stands and entry.value("since") == since
    ]
    return there[-1] if there else None


class LiftedAlready(Moved[Recorded]):
    """Somebody let it go ahead before."""

    def __init__(self, now: Recorded) -> None:
        who, on = now.value("lifted_by") or "The chair", now.day("lifted_on")
        said = f"{who} has let it go ahead already" + (f", on {day(on)}" if on else "")
        super().__init__(now, f"{said}. Your reason was not saved")


def may_lift(scope: Scope) -> bool:
    """Whether the asker chairs, or stands in for who does."""
    return not LIFTS.isdisjoint(scope.roles.union(*(held for _, held in scope.covers)))


def lift(
    scope: Scope, registry: Registry, child_public_id: str, on: date, why: str, at: datetime
) -> None:
    """Let a referral of a day go ahead without a planning meeting, with the reason.

    A decision may be recorded after its meeting: what stood against it on that day is lifted.
    """
    with writing():
        child = child_of(scope, lambda: record.child(scope, child_public_id))
        if not may_lift(scope) or not children.may_change(scope, child_public_id, What.CASES):
            raise Refused(Finding("The chair alone lets this go ahead"))
        if on > scope.on:
            raise Refused(Finding("A referral is lifted for a day that is today or in the past"))
        now = standing(scope, registry, [child.id], on).get(child.id)
        if now is not None and now.lifted is not None:
            raise LiftedAlready(now.lifted)
        if now is None or not now.against:
            raise Refused(Finding("Nothing stands against a referral to the decision maker"))
        asked = "Say why it goes ahead without a planning meeting"
        why = reason_given(why, field="lift-why", asked=asked, least=SOME_WORDS)
        since = now.facts.since
        values = {
            "lifted_on": scope.on.isoformat(),
            "lifted_by": scope.name,
            "said": " ".join(f"{one.message} ({', '.join(one.clauses)})." for one in now.against),
            "since": since.isoformat() if since else "",
            "referred_on": on.isoformat(),
            "why": why,
        }
        values = {code: value for code, value in values.items() if value}
        key = ADOPTION_LIFTED.key_of(values)
        entry_id, public_id = record.add(scope, child.id, ADOPTION_LIFTED.code, key, None, at)
        record.state(scope, child.id, entry_id, values, at)
        saved(scope, child, ADOPTION_LIFTED.code)
        audit.changed(
            scope, at, "let the booking go ahead", "child", child.public_id,
            after={"kind": ADOPTION_LIFTED.code, "entry": public_id, **values}, why=why,
        )  # fmt: skip
