"""Two records of one child: merged, and taken apart again."""

from __future__ import annotations

from datetime import datetime

from builders.house import AT, House

from core.store import merges
from core.store.database import db
from core.usecases.merge import merge_children, unmerge_children


def side(house: House, public_id: str) -> merges.Side:
    """One of two records, as it stands."""
    found = merges.side(house.whole, public_id=public_id)
    db.session.rollback()
    assert found is not None
    return found


def merge(house: House, two: tuple[str, str]) -> None:
    """Merge the second of two records into the first, by their public ids."""
    kept, other = (side(house, one) for one in two)
    scope = house.scope("panel.administrator")
    merge_children(scope, kept, other, (kept.version, other.version), "One child", AT)


def apart(house: House, two: tuple[str, str], at: datetime) -> None:
    """Take them apart again."""
    scope, kept = house.scope("panel.administrator"), side(house, two[0])
    (made,) = merges.of_child(scope, kept.id)
    unmerge_children(scope, kept, made.public_id, "They are cousins", at)
