"""A member who takes no part in one item: says so, or the chair does, and may be let back in."""

from __future__ import annotations

from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.meeting import OVER, BookingState, Person, can_withdraw, same_person
from core.domain.procedure.forms import LONG_TEXT_MOST, too_long
from core.registry import Registry
from core.store import audit, decisions, items, meetings, withdrawals
from core.store.database import writing
from core.store.items import ItemRow
from core.store.scope import Scope
from core.usecases.standing import NoMeeting, Standing, runs, standing

GONE = Finding("This item is not there any more")
SETTLED = Finding("This item is settled: who took part in it stays as it was")


def key(person: Person) -> str:
    """How a form names somebody: by their account, else by the name as it was typed."""
    return person.public_id or f"name:{person.name}"


def may_name(scope: Scope, held: Standing) -> tuple[Person, ...]:
    """Those whose withdrawal somebody may write down: their own, or anybody's who sits."""
    able = can_withdraw(held.seats)
    if runs(scope, held):
        return able
    return tuple(one for one in able if one.id is not None and one.id == scope.account_id)


def withdraw(
    scope: Scope,
    registry: Registry,
    public_id: str,
    who: str,
    by_chair: bool | None,
    why: str,
    at: datetime,
) -> Person:
    """Let somebody withdraw from an item; from now on they see nothing of it.

    A member says so for themself only. Whoever runs the meeting writes it down of any member, with
    whether the chair says so (``by_chair``), who then gives the reason. Refused once the item is
    settled, and of somebody who has withdrawn already.
    """
    with writing():
        item, held = _held(scope, registry, public_id)
        person = next((one for one in may_name(scope, held) if key(one) == who), None)
        own = person is not None and person.id is not None and person.id == scope.account_id
        why = why.strip()
        faults = []
        if person is None:
            faults.append(Finding("Choose who withdraws", field="withdraws"))
        if by_chair is None and not own:
            faults.append(Finding("Say whether they or the chair said so", field="said-by"))
        if not why and by_chair and not own:
            faults.append(Finding("Give the chair’s reason", field="withdraw-why"))
        if long := too_long(why, LONG_TEXT_MOST):
            faults.append(Finding(long, field="withdraw-why"))
        if faults or person is None:
            raise Refused(*faults)
        out = (one for one in withdrawals.of_items(scope, [item.id]) if one.out)
        if any(one.who == same_person(person) for one in out):
            raise Refused(
                Finding(f"{person.name} has withdrawn from this item already", field="withdraws")
            )
        said_by_chair = bool(by_chair) and not own
        withdrawals.insert(scope, item.id, person, said_by_chair, why, at)
        audit.changed(
            scope,
            at,
            "withdraw from item",
            "item",
            public_id,
            after={"who": person.name, "said by": "the chair" if said_by_chair else "themself"},
            why=why,
        )
    return person


def come_back(
    scope: Scope, registry: Registry, public_id: str, withdrawal: str, at: datetime
) -> str:
    """Let somebody take part in an item again, by who runs the meeting; gives their name.

    Refused once the item is settled, and where they came back already.
    """
    with writing():
        item, held = _held(scope, registry, public_id)
        if not runs(scope, held):
            raise Refused(Finding("Only who runs the meeting lets somebody come back"))
        there = withdrawals.of_items(scope, [item.id])
        one = next((one for one in there if withdrawal and one.public_id == withdrawal), None)
        if one is None or not withdrawals.end(scope, one.id, at):
            name = one.name if one is not None else "They"
            raise Refused(Finding(f"{name} came back already", field="withdrawn"))
        audit.changed(
            scope,
            at,
            "come back to item",
            "item",
            public_id,
            before={"who": one.name, "withdrew": one.withdrew_at.isoformat()},
            after={"who": one.name, "takes part": True},
        )
    return one.name


def _held(scope: Scope, registry: Registry, public_id: str) -> tuple[ItemRow, Standing]:
    """The item with its meeting, held until the transaction ends; refused once it is settled."""
    found = items.find(scope, public_id)
    if found is None:
        raise Refused(GONE)
    meetings.lock(scope, found.meeting_id)
    decisions.lock_item(scope, found.id)
    item = items.find(scope, public_id)
    if item is None:
        raise Refused(GONE)
    try:
        held = standing(scope, registry, item.meeting_id)
    except NoMeeting as error:
        raise Refused(GONE) from error
    if held.meeting.state in OVER:
        state = held.meeting.state
        raise Refused(Finding(f"The meeting is {state}: nothing more is recorded in it"))
    if item.state != BookingState.BOOKED:
        raise Refused(SETTLED)
    return item, held
