"""Open actions that pass to somebody else at once: noted of each, told in one message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.domain.action import Did
from core.store import action_notes, outbox
from core.store.outbox import Letter
from core.store.scope import Scope


def note(
    scope: Scope, actions: Mapping[int, str], before: str, after: str, why: str, at: datetime
) -> None:
    """Note of each of these that it was handed on, in the transaction under way.

    ``actions`` are public ids by id; ``before`` and ``after`` are the owners' names.
    """
    action_notes.add_many(scope, actions, Did.HANDED_ON, why, at, before=before, after=after)


def tell(scope: Scope, actions: Mapping[int, str], account_id: int, at: datetime) -> None:
    """Tell the new owner of all of these in one message, unless they passed them on themself."""
    if not actions or account_id == scope.account_id:
        return
    one = len(actions) == 1
    subject = "An action was handed on" if one else f"{len(actions)} actions were handed on"
    text = "It is yours from now on:" if one else "They are yours from now on:"
    paths = "\n".join(f"/actions/{public_id}" for public_id in actions.values())
    first = next(iter(actions.values()))
    letter = Letter(
        key=f"actions passed {first} {account_id} {at.isoformat()}",
        kind="action",
        account_id=account_id,
        subject=subject,
        body=f"{text}\n\n{paths}\n",
    )
    outbox.put(scope, [letter], at)
