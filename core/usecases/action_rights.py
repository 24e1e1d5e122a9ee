"""What somebody may do with an action: as its owner, as who keeps the tracker, as a manager."""

from __future__ import annotations

from dataclasses import dataclass

from core.registry import Registry
from core.store.actions import ActionRow
from core.store.scope import Scope
from core.usecases.standing import chairs_body

KEEPS_ACTIONS = "panel.administrator"
ACCEPTS = "head.of.service"
#: Who pauses the escalation of an action that no body here made: whichever chair sees it.
CHAIRS = "panel.chair"


@dataclass(frozen=True, slots=True)
class Rights:
    """What the asker may do with an action as it stands.

    ``owns``: they own it or stand in for who does. ``directs``: they chair the body it is of, keep
    the tracker, or manage the team or service of its child. ``stands``: it is theirs to do anything
    with at some time. A day is not moved, an action not ended and its escalation not paused by the
    owner alone, whatever else they are: a day that binds only while one likes it binds nobody. Nor
    is it accepted by who said that it is done, or who stands in for them. What done looks like is
    not said anew of what is said to be done: it was done by what stood there.
    """

    owns: bool
    directs: bool
    stands: bool
    notes: bool
    says_done: bool
    accepts: bool
    sends_back: bool
    moves: bool
    hands_on: bool
    ends: bool
    pauses: bool
    completes: bool


def rights(scope: Scope, registry: Registry, action: ActionRow) -> Rights:
    """What the asker may do with this action now."""
    owns = action.owner_id is not None and action.owner_id in scope.stands_for
    directs = action.seen and (
        scope.has(KEEPS_ACTIONS) or action.manages or _chairs(scope, registry, action)
    )
    accepts = (directs or (action.seen and scope.has(ACCEPTS))) and not owns
    said_it = action.said_by is not None and action.said_by == scope.account_id
    is_open, of_no_body = action.is_open, action.procedure_code is None
    under_way = is_open and not action.waits
    lacks_means = action.ended_on is None and not action.done_means.strip()
    return Rights(
        owns=owns,
        directs=directs,
        stands=owns or directs or (action.seen and scope.has(ACCEPTS)),
        notes=is_open and (owns or directs),
        says_done=under_way and owns,
        accepts=action.waits and accepts and not said_it,
        sends_back=action.waits and accepts and not said_it,
        moves=under_way and directs and not owns,
        hands_on=under_way and directs,
        ends=is_open and directs and not owns,
        pauses=accepts or (of_no_body and scope.has(CHAIRS) and action.seen and not owns),
        completes=directs and action.ratified_at is None and (under_way or lacks_means),
    )


def chaired(scope: Scope, registry: Registry) -> frozenset[tuple[str, str, str]]:
    """The bodies whose actions the asker directs as their chair: procedure, edition and body."""
    return frozenset(
        (entry.procedure.code, entry.procedure.edition, body.code)
        for entry in registry
        for body in entry.procedure.bodies
        if chairs_body(scope, entry.procedure.code, body)
    )


def _chairs(scope: Scope, registry: Registry, action: ActionRow) -> bool:
    if action.procedure_code is None:
        return False
    procedure = registry.named(action.procedure_code, action.procedure_edition or "")
    body = procedure.body(action.body_code or "") if procedure else None
    return body is not None and chairs_body(scope, action.procedure_code, body)
