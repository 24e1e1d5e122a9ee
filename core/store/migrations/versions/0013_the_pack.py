"""What was read of a meeting's pack, and private questions.

Going back, what each person has read, and their questions, are lost, and so is which
words its readers were told as a paper was withdrawn.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _of_authority(*columns: str) -> list[sa.SchemaItem]:
    """The keys that every table has, with a composite foreign key for each of these columns."""
    tables = {
        "account_id": "account",
        "paper_id": "paper",
        "case_id": "panel_case",
        "booking_id": "booking",
        "meeting_id": "meeting",
    }
    return [
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        *(
            sa.ForeignKeyConstraint(
                ["authority_id", column], [f"{tables[column]}.authority_id", f"{tables[column]}.id"]
            )
            for column in columns
        ),
        sa.PrimaryKeyConstraint("id"),
    ]


def upgrade() -> None:
    op.create_table(
        "paper_reading",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(), nullable=True),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        *_of_authority("account_id", "paper_id"),
        sa.UniqueConstraint("account_id", "paper_id", "number"),
    )
    op.create_index("ix_paper_reading_paper", "paper_reading", ["paper_id"])
    op.create_table(
        "form_reading",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        *_of_authority("account_id", "case_id"),
        sa.UniqueConstraint("account_id", "case_id"),
    )
    op.create_index("ix_form_reading_case", "form_reading", ["case_id"])
    op.create_table(
        "minutes_reading",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        *_of_authority("account_id", "meeting_id"),
        sa.UniqueConstraint("account_id", "meeting_id"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_of_authority("account_id", "booking_id"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_question_booking", "question", ["booking_id"])
    op.create_index("ix_question_account", "question", ["account_id"])
    op.add_column(
        "paper",
        sa.Column("taken_out_told", sa.String(length=64), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("paper", "taken_out_told")
    op.drop_table("question")
    op.drop_table("minutes_reading")
    op.drop_table("form_reading")
    op.drop_table("paper_reading")
