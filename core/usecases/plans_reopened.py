"""Plans that ended only because a new one took their place, and that stand again without it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.domain.record.recorded import Recorded
from core.store import audit, record
from core.store.scope import Scope

CLOSED_BY = "A new plan was recorded"


def closed_at(plan: Recorded) -> datetime | None:
    """When a new plan was recorded by which this one ended; None where it did not end by that."""
    ended = plan.values.get("ended_on")
    if ended is None or ended.statement.why != CLOSED_BY:
        return None
    return ended.statement.stated_at


def reopen(
    scope: Scope, child_id: int, public_id: str, plan: Recorded, why: str, at: datetime
) -> None:
    """Take back that a plan has ended; ``public_id`` is the child's."""
    ended = plan.values["ended_on"]
    nothing = {"ended_on": ""}
    record.state(scope, child_id, plan.id, nothing, at, why, ended.statement.said_of)
    record.change(scope, plan.id, plan.version)
    which = {"kind": plan.kind, "entry": plan.public_id}
    audit.changed(
        scope, at, "correct record", "child", public_id,
        before={**which, "ended_on": ended.value}, after={**which, **nothing}, why=why,
    )  # fmt: skip


def reopen_apart(scope: Scope, children: Mapping[int, str], why: str, at: datetime) -> None:
    """Reopen the plans of two children taken apart that ended by a plan of the other alone.

    In the transaction under way, once each has its own entries; ``children`` are public ids by id.
    """
    for child_id, public_id in children.items():
        plans = record.entries(scope, child_id, "plan")
        recorded = {
            said.stated_at for plan in plans for said in plan.statements if said.field == "primary"
        }
        for plan in plans:
            closed = closed_at(plan)
            if plan.stands and closed is not None and closed not in recorded:
                reopen(scope, child_id, public_id, plan, why, at)
