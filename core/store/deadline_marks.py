"""Children whose deadlines are still to be worked out anew."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Child, DeadlineMark


def mark_all(scope: Scope, at: datetime) -> None:
    """Mark every child of the authority, in the transaction under way.

    A mark that is there stays. The caller holds the authority's lock.
    """
    marked = sa.select(DeadlineMark.child_id).where(DeadlineMark.authority_id == scope.authority_id)
    to_mark = sa.select(Child.authority_id, Child.id, sa.literal(at, sa.DateTime())).where(
        Child.authority_id == scope.authority_id,
        Child.merged_into_id.is_(None),
        Child.id.not_in(marked),
    )
    db.session.execute(
        sa.insert(DeadlineMark).from_select(["authority_id", "child_id", "marked_at"], to_mark)
    )
