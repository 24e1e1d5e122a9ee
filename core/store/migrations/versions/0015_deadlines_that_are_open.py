"""An index of the deadlines that nobody has met, by their days, for what is late or soon.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN = sa.text("met_on IS NULL AND not_for = ''")


def upgrade() -> None:
    op.create_index(
        "ix_deadline_open",
        "deadline",
        ["authority_id", "due", "stopped_on", "soon_on", "child_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_deadline_open", "deadline")
