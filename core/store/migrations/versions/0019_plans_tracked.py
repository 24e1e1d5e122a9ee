"""How each child's plan is watched, and what suggests a further planning meeting.

Every child is worked out anew after it.

Revision ID: 0019
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_track",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("planning_on", sa.Date(), nullable=True),
        sa.Column("planning_known", sa.Boolean(), nullable=False),
        sa.Column("trigger", sa.String(length=64), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("tracked_on", sa.Date(), nullable=True),
        sa.Column("tracked_due", sa.Date(), nullable=True),
        sa.Column("tracked_until", sa.Date(), nullable=True),
        sa.Column("section_20_on", sa.Date(), nullable=True),
        sa.Column("section_20_until", sa.Date(), nullable=True),
        sa.Column("prospect", sa.String(length=64), nullable=False),
        sa.Column("prospect_on", sa.Date(), nullable=True),
        sa.Column("aim", sa.String(length=64), nullable=False),
        sa.Column("aim_on", sa.Date(), nullable=True),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("secured_on", sa.Date(), nullable=True),
        sa.Column("secured_by", sa.String(length=64), nullable=False),
        sa.Column("ceased_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "child_id"],
            ["child.authority_id", "child.id"],
            name=op.f("fk_plan_track_authority_id_child_id"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_plan_track_authority_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_track")),
        sa.UniqueConstraint(
            "authority_id", "child_id", name=op.f("uq_plan_track_authority_id_child_id")
        ),
    )
    op.create_index("ix_plan_track_due", "plan_track", ["authority_id", "tracked_due", "child_id"])
    op.create_index(
        "ix_plan_track_secured", "plan_track", ["authority_id", "secured_on", "child_id"]
    )
    op.create_table(
        "plan_suggestion",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("of", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "child_id"],
            ["child.authority_id", "child.id"],
            name=op.f("fk_plan_suggestion_authority_id_child_id"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_plan_suggestion_authority_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_suggestion")),
        sa.UniqueConstraint(
            "authority_id",
            "child_id",
            "key",
            name=op.f("uq_plan_suggestion_authority_id_child_id_key"),
        ),
    )
    op.create_index(
        "ix_plan_suggestion_since", "plan_suggestion", ["authority_id", "since", "child_id"]
    )

    op.execute("UPDATE authority SET deadlines_under = ''")


def downgrade() -> None:
    op.drop_table("plan_suggestion")
    op.drop_table("plan_track")
