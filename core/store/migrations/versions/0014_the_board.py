"""One row a child for the board, and how children stand over time.

Every child is worked out anew after it.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_span",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("started", sa.Date(), nullable=False),
        sa.Column("started_known", sa.Boolean(), nullable=False),
        sa.Column("legal_status", sa.String(length=64), nullable=False),
        sa.Column("legal_since", sa.Date(), nullable=True),
        sa.Column("legal_since_known", sa.Boolean(), nullable=False),
        sa.Column("placement", sa.String(length=64), nullable=False),
        sa.Column("placement_since", sa.Date(), nullable=True),
        sa.Column("placement_since_known", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=False),
        sa.Column("plan_state", sa.String(length=16), nullable=False),
        sa.Column("plan_state_on", sa.Date(), nullable=True),
        sa.Column("plan_since", sa.Date(), nullable=True),
        sa.Column("plan_reviews", sa.Integer(), nullable=True),
        sa.Column("match", sa.String(length=8), nullable=False),
        sa.Column("matched_on", sa.Date(), nullable=True),
        sa.Column("placement_order", sa.Boolean(), nullable=False),
        sa.Column("placement_order_on", sa.Date(), nullable=True),
        sa.Column("placed_for_adoption", sa.Boolean(), nullable=False),
        sa.Column("second_review", sa.Date(), nullable=True),
        sa.Column("second_review_held", sa.Boolean(), nullable=False),
        sa.Column("section_20_limit", sa.Date(), nullable=True),
        sa.Column("last_planning", sa.Date(), nullable=True),
        sa.Column("last_panel", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "child_id"],
            ["child.authority_id", "child.id"],
            name=op.f("fk_board_span_authority_id_child_id"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_board_span_authority_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_span")),
    )
    op.create_index("ix_board_span_child", "board_span", ["child_id", "since"])
    op.create_table(
        "board_row",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.Column("same_to", sa.Date(), nullable=True),
        sa.Column("there", sa.Boolean(), nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("next_id", sa.Integer(), nullable=True),
        sa.Column("late_due", sa.Date(), nullable=True),
        sa.Column("late_id", sa.Integer(), nullable=True),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("rolled", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("started", sa.Date(), nullable=False),
        sa.Column("started_known", sa.Boolean(), nullable=False),
        sa.Column("legal_status", sa.String(length=64), nullable=False),
        sa.Column("legal_since", sa.Date(), nullable=True),
        sa.Column("legal_since_known", sa.Boolean(), nullable=False),
        sa.Column("placement", sa.String(length=64), nullable=False),
        sa.Column("placement_since", sa.Date(), nullable=True),
        sa.Column("placement_since_known", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=False),
        sa.Column("plan_state", sa.String(length=16), nullable=False),
        sa.Column("plan_state_on", sa.Date(), nullable=True),
        sa.Column("plan_since", sa.Date(), nullable=True),
        sa.Column("plan_reviews", sa.Integer(), nullable=True),
        sa.Column("match", sa.String(length=8), nullable=False),
        sa.Column("matched_on", sa.Date(), nullable=True),
        sa.Column("placement_order", sa.Boolean(), nullable=False),
        sa.Column("placement_order_on", sa.Date(), nullable=True),
        sa.Column("placed_for_adoption", sa.Boolean(), nullable=False),
        sa.Column("second_review", sa.Date(), nullable=True),
        sa.Column("second_review_held", sa.Boolean(), nullable=False),
        sa.Column("section_20_limit", sa.Date(), nullable=True),
        sa.Column("last_planning", sa.Date(), nullable=True),
        sa.Column("last_panel", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["authority_id", "child_id"],
            ["child.authority_id", "child.id"],
            name=op.f("fk_board_row_authority_id_child_id"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_board_row_authority_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_row")),
        sa.UniqueConstraint(
            "authority_id", "child_id", name=op.f("uq_board_row_authority_id_child_id")
        ),
    )
    op.create_index(
        "ix_board_row_born",
        "board_row",
        [
            "authority_id",
            "born",
            "child_id",
            "there",
            "views",
            "plan_state",
            "legal_status",
            "late_due",
        ],
    )
    op.create_index(
        "ix_board_row_changes_on", "board_row", ["authority_id", "changes_on", "child_id"]
    )
    op.create_index(
        "ix_board_row_filtered",
        "board_row",
        [
            "authority_id",
            "there",
            "legal_status",
            "plan_state",
            "views",
            "late_due",
            "born",
            "child_id",
        ],
    )
    op.create_index(
        "ix_board_row_counted",
        "board_row",
        [
            "authority_id",
            "there",
            "views",
            "plan_state",
            "legal_status",
            "late_due",
            "born",
            "child_id",
        ],
    )
    op.create_index(
        "ix_board_row_last_panel", "board_row", ["authority_id", "last_panel", "child_id"]
    )
    op.create_index(
        "ix_board_row_last_planning", "board_row", ["authority_id", "last_planning", "child_id"]
    )
    op.create_index("ix_board_row_late_due", "board_row", ["authority_id", "late_due", "child_id"])
    op.create_index(
        "ix_board_row_matched_on", "board_row", ["authority_id", "matched_on", "child_id"]
    )
    op.create_index("ix_board_row_next_due", "board_row", ["authority_id", "next_due", "child_id"])
    op.create_index("ix_board_row_overdue", "board_row", ["authority_id", "overdue", "child_id"])
    op.create_index(
        "ix_board_row_plan_state_on", "board_row", ["authority_id", "plan_state_on", "child_id"]
    )
    op.create_index("ix_board_row_rolled", "board_row", ["authority_id", "rolled", "child_id"])
    op.create_index("ix_board_row_same_to", "board_row", ["authority_id", "same_to", "child_id"])
    op.create_index("ix_board_row_started", "board_row", ["authority_id", "started", "child_id"])
    op.create_index(
        "ix_board_row_worked_on", "board_row", ["authority_id", "worked_on", "child_id"]
    )
    op.execute("UPDATE authority SET deadlines_under = ''")


def downgrade() -> None:
    op.drop_table("board_row")
    op.drop_table("board_span")
