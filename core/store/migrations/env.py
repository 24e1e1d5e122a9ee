"""How Alembic reaches the database: the same migrations on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context
from flask import current_app

from core.store.database import Base

engine = current_app.extensions["migrate"].db.engine
metadata = Base.metadata


def run_offline() -> None:
    context.configure(url=engine.url, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """On SQLite the foreign keys rest while tables are rebuilt, and are checked afterwards."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            raw = connection.connection.dbapi_connection
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=sqlite,
            transactional_ddl=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if sqlite:
            broken = connection.execute(sa.text("PRAGMA foreign_key_check")).first()
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")
            if broken is not None:
                raise RuntimeError(f"a migration broke a reference in the table {broken[0]}")


if context.is_offline_mode():
    run_offline()
else:
    run_online()
