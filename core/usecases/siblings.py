"""Linking brothers and sisters by hand, and undoing a link, each with its reason."""

from __future__ import annotations

from datetime import datetime

from core.domain.finding import Finding, Refused
from core.domain.identity import SIBLINGS
from core.domain.reason import reason_given
from core.store import audit, children, identity, returns, siblings
from core.store.children import ChildRow
from core.store.database import writing
from core.store.scope import Scope
from core.usecases.child_changed import NoChild, held_still
from core.usecases.identity import type_in

WHY = "Say how it is known that they are brothers or sisters"
WHY_NOT = "Say why the link is undone"
MOST = 40


def link(scope: Scope, public_id: str, other_public_id: str, why: str, at: datetime) -> int:
    """Put two children whom the asker sees in one group; gives how many are in it then.

    Those who were linked with either of them belong to it too, seen or not.
    """
    with writing():
        child = held_still(scope, public_id)
        other = _other(scope, other_public_id)
        why = reason_given(why, asked=WHY)
        if other.id == child.id:
            raise Refused(Finding("A child cannot be their own brother or sister", field="words"))
        if child.sibling_group and child.sibling_group == other.sibling_group:
            raise Refused(Finding("They are linked already", field="words"))
        group = child.sibling_group or other.sibling_group or siblings.new_group()
        there = siblings.members(scope, child.sibling_group)
        there += siblings.members(scope, other.sibling_group)
        now = {m.id: m.public_id for m in there}
        now |= {child.id: child.public_id, other.id: other.public_id}
        if len(now) > MOST:
            raise Refused(Finding(f"A group has {MOST} children at most", field="words"))
        staying = {m.id for m in siblings.members(scope, group)}
        for member_id in sorted(now.keys() - staying):
            _put(scope, member_id, now[member_id], group, "link brothers and sisters", why, at)
        returns.move_record(scope)
        return len(now)


def unlink(scope: Scope, public_id: str, other_public_id: str, why: str, at: datetime) -> None:
    """Take one child out of the group of another; either may be the one on whose page it is."""
    with writing():
        child = held_still(scope, public_id)
        other = _other(scope, other_public_id)
        why = reason_given(why, asked=WHY_NOT)
        if not child.sibling_group or child.sibling_group != other.sibling_group:
            raise Refused(Finding("They are not linked any more"))
        _put(scope, other.id, other.public_id, "", "unlink brothers and sisters", why, at)
        returns.move_record(scope)


def _other(scope: Scope, public_id: str) -> ChildRow:
    """The other of the two; refused where the asker only looks at them."""
    other = children.child(scope, public_id)
    if other is None:
        raise NoChild
    if not children.may_change(scope, public_id):
        message = "You see this child and do not work with them: somebody who does can do this"
        raise Refused(Finding(message, field="other"))
    return other


def _put(
    scope: Scope, child_id: int, public_id: str, group: str, did: str, why: str, at: datetime
) -> None:
    said = identity.said_with_columns(scope, child_id)
    before = next((s.value for s in said if s.field == SIBLINGS and s.replaced_at is None), "")
    type_in(scope, child_id, SIBLINGS, group, said, why, at)
    audit.changed(
        scope, at, did, "child", public_id,
        before={SIBLINGS: before}, after={SIBLINGS: group}, why=why,
    )  # fmt: skip
