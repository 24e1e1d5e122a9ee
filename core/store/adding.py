"""What adding a child asks of the record: whether a local id is somebody's already."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.sight import children_seen
from core.store.tables import Child


def who_has(scope: Scope, local_id: str) -> str | None:
    """The public id of the child of a local id, "" where the asker does not see them, or None."""
    row = db.session.execute(
        sa.select(Child.public_id, children_seen(scope).label("seen")).where(
            Child.authority_id == scope.authority_id, Child.local_id == local_id
        )
    ).first()
    if row is None:
        return None
    return str(row.public_id) if row.seen else ""
