"""What every change of one child shares: the record held still, and what is derived worked out."""

from __future__ import annotations

from core.store import applied, authorities, care, children
from core.store.children import ChildRow
from core.store.record import ChildOf
from core.store.scope import Scope


class NoChild(LookupError):
    """There is no such child among those whom the asker sees and works with."""


def held_still(scope: Scope, public_id: str) -> ChildRow:
    """The child, once nobody else can change the authority's record; NoChild where unseen.

    Imports take the same lock when they are applied, so neither overwrites the other.
    """
    authorities.lock(scope)
    found = children.child(scope, public_id)
    if found is None or not children.may_change(scope, public_id):
        raise NoChild
    return found


def care_again(scope: Scope, child: ChildRow | ChildOf) -> None:
    """Work out anew what is derived of a child's care, in the transaction under way."""
    derived = care.derive(care.facts_of(scope, [child.id]), scope.on, applied.years_applied(scope))
    care.put_derived(scope, derived, {child.local_id: child.id}, [child.id])
