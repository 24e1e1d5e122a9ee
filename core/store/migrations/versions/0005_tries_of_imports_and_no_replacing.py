"""How often an import was begun is counted, and SQLite refuses to replace a row of the audit.

``INSERT OR REPLACE`` takes a row away without the triggers that refuse its removal.
https://www.sqlite.org/lang_conflict.html

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REFUSAL = "the audit is only added to"


def upgrade() -> None:
    op.add_column(
        "import_run", sa.Column("tries", sa.Integer(), server_default="0", nullable=False)
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
            "WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id) OR EXISTS "
            "(SELECT 1 FROM audit WHERE chain = NEW.chain AND position = NEW.position) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_no_replace")
    op.drop_column("import_run", "tries")
