"""Declaring on an item: involvement with a case, or knowledge of it."""

from __future__ import annotations

from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.meeting import MeetingState
from core.store import audit, items
from core.store.database import writing
from core.store.scope import Scope


def declare(scope: Scope, public_id: str, member_id: int | None, what: str, at: datetime) -> None:
    """Keep what a member declares of a case: involvement with it, or knowledge of it."""
    with writing():
        item = items.find(scope, public_id)
        if item is None:
            raise Refused(Finding("This item is not there any more"))
        if item.meeting_state == MeetingState.CLOSED:
            raise Refused(Finding("The meeting is closed: nothing more is recorded in it"))
        members = {m.id: m for m in items.members(scope, item.meeting_id)}
        faults = []
        if member_id not in members:
            faults.append(Finding("Choose who declares", field="member"))
        if not what.strip():
            faults.append(Finding("Enter what is declared", field="what"))
        if faults:
            raise Refused(*faults)
        member = members[member_id or 0]
        items.declare(scope, item.id, member, what.strip(), at)
        audit.changed(
            scope, at, "declare", "item", item.public_id, after={"who": member.name, "what": what}
        )
