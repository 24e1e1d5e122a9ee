"""A document in stages names the proceedings of which it is, and not only the day of their issue.

Those that are there are of the proceedings that alone were issued on that day; where there are
several, or none, they keep the day.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ISSUED_THEN = """
    FROM entry JOIN entry_statement ON entry_statement.entry_id = entry.id
    WHERE entry.authority_id = staged_document.authority_id
    AND entry.child_id = staged_document.child_id
    AND entry.kind = 'proceedings' AND entry.taken_out_at IS NULL
    AND entry_statement.field = 'issued_on' AND entry_statement.replaced_at IS NULL
    AND entry_statement.value = {day}
"""


def _day() -> str:
    """A day as statements keep it, however the database writes days otherwise."""
    if op.get_bind().dialect.name == "postgresql":
        return "to_char(staged_document.issued_on, 'YYYY-MM-DD')"
    return "CAST(staged_document.issued_on AS VARCHAR(10))"


def upgrade() -> None:
    with op.batch_alter_table("staged_document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entry_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_staged_document_authority_id_entry_id"),
            "entry",
            ["authority_id", "entry_id"],
            ["authority_id", "id"],
        )
    then = ISSUED_THEN.format(day=_day())
    op.execute(
        f"UPDATE staged_document SET entry_id = (SELECT min(entry.id) {then}) "
        f"WHERE (SELECT count(DISTINCT entry.id) {then}) = 1"
    )


def downgrade() -> None:
    with op.batch_alter_table("staged_document", schema=None) as batch_op:
        batch_op.drop_constraint(
            op.f("fk_staged_document_authority_id_entry_id"), type_="foreignkey"
        )
        batch_op.drop_column("entry_id")
