"""Notices as rules of a procedure, kept on the case.

Going back, who was told what and when is lost. Forward again, the notices of meetings to come are
kept anew; one that stands in the outbox already is not sent a second time, since its message goes
by the key of the notice.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("procedure_code", sa.String(length=64), nullable=False),
        sa.Column("procedure_edition", sa.String(length=64), nullable=False),
        sa.Column("rule_code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("clauses", sa.String(length=200), server_default="", nullable=False),
        sa.Column("to", sa.String(length=200), server_default="", nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        *(
            sa.ForeignKeyConstraint(
                ["authority_id", column], [f"{table}.authority_id", f"{table}.id"]
            )
            for table, column in (
                ("meeting", "meeting_id"),
                ("booking", "booking_id"),
                ("panel_case", "case_id"),
                ("notice", "follows_id"),
            )
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("authority_id", "id", name="uq_notice_authority_id_id"),
        sa.UniqueConstraint("authority_id", "key", "number"),
    )
    op.create_index("ix_notice_next", "notice", ["state", "due_on"])
    op.create_index("ix_notice_meeting", "notice", ["meeting_id"])
    op.create_index("ix_notice_case", "notice", ["case_id"])
    op.create_table(
        "notice_copy",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relation", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        *(
            sa.ForeignKeyConstraint(
                ["authority_id", column], [f"{table}.authority_id", f"{table}.id"]
            )
            for table, column in (
                ("notice", "notice_id"),
                ("account", "account_id"),
                ("message", "message_id"),
            )
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_notice_copy_notice", "notice_copy", ["notice_id"])
    op.create_index("ix_notice_copy_message", "notice_copy", ["message_id"])


def downgrade() -> None:
    op.drop_table("notice_copy")
    op.drop_table("notice")
