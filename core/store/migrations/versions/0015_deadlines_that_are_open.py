"""Indexes of the deadlines that nobody has met, by their days: what is late, and what is soon.

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
KNOWN = sa.text("met_on IS NULL AND not_for = '' AND missing = ''")


def upgrade() -> None:
    op.create_index(
        "ix_deadline_open",
        "deadline",
        ["authority_id", "due", "stopped_on", "soon_on", "child_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_deadline_known",
        "deadline",
        ["authority_id", "due", "child_id"],
        sqlite_where=KNOWN,
        postgresql_where=KNOWN,
    )


def downgrade() -> None:
    op.drop_index("ix_deadline_known", "deadline")
    op.drop_index("ix_deadline_open", "deadline")
