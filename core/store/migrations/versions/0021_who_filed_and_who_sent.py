"""Who filed a planning meeting's record, who invited and who sent are accounts of the authority.

Revision ID: 0021
Revises: 0019
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

POINTS = (
    ("meeting", "filed_by"),
    ("planning_guest", "invited_by"),
    ("planning_copy", "sent_by"),
)


def upgrade() -> None:
    for table, column in POINTS:
        with op.batch_alter_table(table) as batch:
            batch.create_foreign_key(
                op.f(f"fk_{table}_authority_id_{column}"),
                "account",
                ["authority_id", column],
                ["authority_id", "id"],
            )


def downgrade() -> None:
    for table, column in POINTS:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_authority_id_{column}"), type_="foreignkey")
