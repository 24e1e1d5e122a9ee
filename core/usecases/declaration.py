"""Declaring on an item: involvement with a case, or knowledge of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.meeting import OVER
from core.domain.procedure.forms import too_long
from core.registry import Registry
from core.store import audit, declarations, items, meetings
from core.store.database import writing
from core.store.items import Member
from core.store.scope import Scope
from core.usecases.standing import NoMeeting, runs, standing

LONGEST = 4_000


def declare(
    scope: Scope, registry: Registry, public_id: str, member_id: int | None, what: str, at: datetime
) -> None:
    """Keep what a member declares of a case: involvement with it, or knowledge of it.

    A member declares for themself only; whoever runs the meeting may write down what any member
    who is there declares, and it is kept who wrote it.
    """
    with writing():
        item = items.find(scope, public_id)
        if item is None:
            raise Refused(Finding("This item is not there any more"))
        meetings.lock(scope, item.meeting_id)
        try:
            held = standing(scope, registry, item.meeting_id)
        except NoMeeting as error:
            raise Refused(Finding("This item is not there any more")) from error
        if held.meeting.state in OVER:
            state = held.meeting.state
            raise Refused(Finding(f"The meeting is {state}: nothing more is recorded in it"))
        there = items.members(scope, item.meeting_id)
        member = next((m for m in there if m.id == member_id), None)
        faults = []
        if member is None:
            faults.append(Finding("Choose who declares", field="member"))
        elif member not in may_declare(scope, there, runs(scope, held)):
            faults.append(Finding("A member declares for themself only", field="member"))
        if not what.strip():
            faults.append(Finding("Enter what is declared", field="what"))
        elif long := too_long(what.strip(), LONGEST):
            faults.append(Finding(long, field="what"))
        if faults or member is None:
            raise Refused(*faults)
        declarations.insert(scope, item.id, member, what.strip(), at)
        audit.changed(
            scope, at, "declare", "item", item.public_id, after={"who": member.name, "what": what}
        )


def may_declare(scope: Scope, there: Iterable[Member], runs_it: bool) -> list[Member]:
    """Those there for whom somebody may write a declaration: themself, or anybody."""
    return [member for member in there if runs_it or member.account_id == scope.account_id]
