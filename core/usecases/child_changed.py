"""What every change of one child shares: the record held still, and what is derived worked out."""

from __future__ import annotations

from core.domain.finding import Finding, Refused
from core.store import authorities, care, children, imports
from core.store.children import ChildRow
from core.store.record import ChildOf
from core.store.scope import Scope

REASON_MOST = 2_000


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
    derived = care.derive(care.facts_of(scope, [child.id]), scope.on, imports.years_applied(scope))
    care.put_derived(scope, derived, {child.local_id: child.id}, [child.id])


def reason(why: str, wanted: str, *, needed: bool) -> str:
    """The reason as it is kept; refused beside its field where one is needed and none is given."""
    said = why.strip()
    if needed and not said:
        raise Refused(Finding(wanted, field="why"))
    if len(said) > REASON_MOST:
        raise Refused(Finding(f"The reason must be {REASON_MOST} characters or fewer", field="why"))
    return said
