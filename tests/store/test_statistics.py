"""SQLite is told what stands in its indexes; PostgreSQL counts by itself and has nothing to do."""

from __future__ import annotations

import sqlalchemy as sa
from builders.house import House

from core import worker
from core.store.database import db, gather_statistics


def test_what_stands_in_the_indexes_is_counted(house: House) -> None:
    house.child()
    gather_statistics()
    if db.engine.dialect.name != "sqlite":
        return
    counted = sa.text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'child'")
    assert db.session.execute(counted).scalar_one() > 1
    db.session.rollback()


def test_a_connection_of_sqlite_is_opened_anew_as_often_as_rows_are_counted(house: House) -> None:
    """It reads what was counted as it opens, and not again."""
    options = house.app.config["SQLALCHEMY_ENGINE_OPTIONS"]
    recycled = options.get("pool_recycle")
    assert recycled == (worker.HOUR_SECONDS if db.engine.dialect.name == "sqlite" else None)
