"""The outbox: messages that wait, are being sent, were sent, or could not be; invitations.

Going back, messages are lost, those that wait and have not gone too, and so is what calendars were
told: forward again, everybody is asked anew to the meetings to come.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), server_default="", nullable=False),
        sa.Column("method", sa.String(length=16), server_default="", nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=False),
        sa.Column("queued_at", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("lease", sa.String(length=40), server_default="", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("held_up_since", sa.DateTime(), nullable=True),
        sa.Column("maybe_sent_at", sa.DateTime(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("failed_at", sa.DateTime(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("fault", sa.String(length=16), server_default="", nullable=False),
        sa.Column("shown_only", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        sa.ForeignKeyConstraint(
            ["authority_id", "account_id"], ["account.authority_id", "account.id"]
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "meeting_id"], ["meeting.authority_id", "meeting.id"]
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "case_id"], ["panel_case.authority_id", "panel_case.id"]
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("authority_id", "id", name="uq_message_authority_id_id"),
        sa.UniqueConstraint("authority_id", "key"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("ix_message_next", "message", ["state", "not_before"])
    op.create_index("ix_message_list", "message", ["authority_id", "state", "id"])
    op.create_index("ix_message_meeting", "message", ["meeting_id"])
    op.create_index("ix_message_case", "message", ["case_id"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=True),
        sa.Column("ended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        sa.ForeignKeyConstraint(
            ["authority_id", "meeting_id"], ["meeting.authority_id", "meeting.id"]
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "account_id"], ["account.authority_id", "account.id"]
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "account_id"),
    )
    op.create_index("ix_invitation_day", "invitation", ["authority_id", "ended", "held_on"])


def downgrade() -> None:
    op.drop_table("invitation")
    op.drop_table("message")
