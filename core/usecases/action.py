"""Saying how an action stands, and that it is done."""

from __future__ import annotations

from datetime import datetime

from core.domain.action import Progress
from core.domain.finding import Finding, Moved, Refused
from core.registry import Registry
from core.store import actions, audit
from core.store.actions import ActionRow
from core.store.database import writing
from core.store.scope import Scope
from core.usecases import editions
from core.usecases.standing import chairs_body

KEEPS_ACTIONS = "panel.administrator"


class ActionMoved(Moved[ActionRow]):
    """Somebody else saved the action first."""

    def __init__(self, now: ActionRow) -> None:
        words = "is done already" if now.done_on else "was changed while you were typing"
        super().__init__(now, f"This action {words}: both texts are below", field="progress")


def may_save(scope: Scope, registry: Registry, action: ActionRow) -> bool:
    """Its owner or who stands in for them, the administrator, the chair of the body it is of."""
    if action.owner_id in scope.stands_for or scope.has(KEEPS_ACTIONS):
        return True
    if action.procedure_code is None:
        return False
    kept = (action.procedure_code, action.procedure_edition or "")
    procedure = editions.kept(scope, registry, *kept, scope.on)
    body = procedure.body(action.body_code or "") if procedure else None
    return body is not None and chairs_body(scope, action.procedure_code, body)


def save_action(
    scope: Scope,
    registry: Registry,
    public_id: str,
    progress: Progress,
    seen: int,
    at: datetime,
) -> None:
    """Save a note of progress, or that the action is done today and how.

    Raises ``Refused`` with what is wrong, ``ActionMoved`` where ``seen`` is not its version.
    """
    with writing():
        action = actions.find(scope, public_id)
        if action is None or not may_save(scope, registry, action):
            raise Refused(Finding("This action is not yours to change"))
        if faults := progress.findings():
            raise Refused(*faults)
        values: dict[str, object] = {"progress": progress.note.strip()}
        if progress.done:
            values |= {"done_on": scope.on, "done_words": progress.done_words.strip()}
        if not actions.save(scope, action.id, seen, values):
            raise ActionMoved(action)
        audit.changed(
            scope,
            at,
            "do" if progress.done else "note progress",
            "action",
            public_id,
            before={"progress": action.progress},
            after={name: str(value) for name, value in values.items()},
        )
