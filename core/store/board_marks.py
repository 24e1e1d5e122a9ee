"""Actions that changed in the transaction under way: the board's rows of their children with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.store.database import db
from core.store.scope import Scope

ACTED = "actions that changed in the transaction under way"
Acted = dict[int, tuple[Scope, set[int], set[int]]]


def acted(scope: Scope, action_ids: Iterable[int] = (), child_ids: Iterable[int] = ()) -> None:
    """These actions were made or changed, or rolled, or some of these children: whoever writes an
    action, or that it rolled, says so in the same transaction."""
    found: Acted = db.session.info.setdefault(ACTED, {})
    _, actions, children = found.setdefault(scope.authority_id, (scope, set(), set()))
    actions.update(action_ids)
    children.update(child_ids)


def take() -> Iterator[tuple[Scope, set[int], set[int]]]:
    """Which actions changed, and of which children, authority by authority, and no longer."""
    found: Acted = db.session.info.pop(ACTED, {})
    yield from found.values()


def forget() -> None:
    db.session.info.pop(ACTED, None)
