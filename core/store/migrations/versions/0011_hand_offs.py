"""Referrals between bodies until they are answered, made by a decision or by a person.

Going back, those that no decision made are removed: the table before cannot hold them.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

POINTS = (
    ("child_id", "child"),
    ("made_by", "account"),
    ("answered_by", "account"),
)
MADE_BY_PERSONS = "DELETE FROM onward_referral WHERE decision_id IS NULL OR case_id IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("onward_referral", schema=None) as batch_op:
        batch_op.alter_column("decision_id", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("child_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("clauses", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("asked", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("made_by", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("answer_code", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("answered_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("recorded_code", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("recorded_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("recorded_answer", sa.Text(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("facts", sa.JSON(), server_default="[]", nullable=False))
        for column, table in POINTS:
            batch_op.create_foreign_key(
                op.f(f"fk_onward_referral_authority_id_{column}"),
                table,
                ["authority_id", column],
                ["authority_id", "id"],
            )
        batch_op.create_index("ix_onward_referral_child_id", ["child_id"])
        batch_op.create_index("ix_onward_referral_open", ["authority_id", "answered_on", "made_on"])


def downgrade() -> None:
    op.execute(MADE_BY_PERSONS)
    with op.batch_alter_table("onward_referral", schema=None) as batch_op:
        batch_op.drop_index("ix_onward_referral_open")
        batch_op.drop_index("ix_onward_referral_child_id")
        for column, _ in POINTS:
            batch_op.drop_constraint(
                op.f(f"fk_onward_referral_authority_id_{column}"), type_="foreignkey"
            )
        for column in (
            "facts",
            "recorded_answer",
            "recorded_on",
            "recorded_code",
            "recorded_at",
            "answered_by",
            "answer_code",
            "made_by",
            "asked",
            "clauses",
            "child_id",
        ):
            batch_op.drop_column(column)
        batch_op.alter_column("case_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("decision_id", existing_type=sa.Integer(), nullable=False)
