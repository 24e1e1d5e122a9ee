"""Whether the database answers, and whether its tables are those of this version."""

from __future__ import annotations

import sqlalchemy as sa

from core.store import revisions
from core.store.database import DBAPIError, db


def answers() -> bool:
    """Whether the database answers a question."""
    try:
        with db.engine.connect() as connection:
            return connection.scalar(sa.select(sa.literal(1))) == 1
    except (DBAPIError, sa.exc.SQLAlchemyError, OSError):
        return False


def migrated() -> bool:
    """Whether the database has reached the newest migration."""
    try:
        return revisions.reached() == revisions.newest()
    except (DBAPIError, sa.exc.SQLAlchemyError, OSError):
        return False
