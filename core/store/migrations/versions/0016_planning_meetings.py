"""Planning meetings about one child: who is asked to one, and to whom its record was sent.

Several of them can be held on one day, so the day of a meeting is its body's own only where the
body does not meet about one child.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DAY = ("authority_id", "procedure_code", "body_code", "held_on")
STANDS = sa.text("state <> 'cancelled'")
LITE = sa.text("state <> 'cancelled' AND of_one_child = 0")
POSTGRES = sa.text("state <> 'cancelled' AND NOT of_one_child")


def upgrade() -> None:
    op.drop_index("ix_meeting_day", "meeting")
    for table in ("meeting", "panel_case"):
        column = sa.Column("of_one_child", sa.Boolean(), server_default=sa.false(), nullable=False)
        op.add_column(table, column)
    op.add_column("meeting", sa.Column("filed_on", sa.Date(), nullable=True))
    op.add_column("meeting", sa.Column("filed_by", sa.Integer(), nullable=True))
    op.create_index(
        "ix_meeting_day",
        "meeting",
        list(DAY),
        unique=True,
        sqlite_where=LITE,
        postgresql_where=POSTGRES,
    )
    op.create_table(
        "planning_guest",
        *_of_authority("planning_guest"),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("rule_code", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("relation", sa.String(length=200), nullable=False),
        sa.Column("invited_at", sa.DateTime(), nullable=True),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.Column("why_not", sa.Text(), server_default="", nullable=False),
        sa.Column("came", sa.String(length=16), server_default="", nullable=False),
        sa.Column("mode", sa.String(length=16), server_default="", nullable=False),
        sa.Column("views_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_points_at("planning_guest", ("meeting", "meeting_id"), ("account", "account_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_planning_guest_public_id")),
    )
    op.create_index("ix_planning_guest_meeting", "planning_guest", ["meeting_id"])
    op.create_table(
        "planning_copy",
        *_of_authority("planning_copy"),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("rule_code", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        *_points_at("planning_copy", ("meeting", "meeting_id"), ("account", "account_id")),
    )
    op.create_index("ix_planning_copy_meeting", "planning_copy", ["meeting_id"])


def _of_authority(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f(f"fk_{table}_authority_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _points_at(table: str, *pairs: tuple[str, str]) -> tuple[sa.schema.SchemaItem, ...]:
    return tuple(
        sa.ForeignKeyConstraint(
            ["authority_id", column],
            [f"{to}.authority_id", f"{to}.id"],
            name=op.f(f"fk_{table}_authority_id_{column}"),
        )
        for to, column in pairs
    )


def downgrade() -> None:
    op.drop_index("ix_planning_copy_meeting", "planning_copy")
    op.drop_table("planning_copy")
    op.drop_index("ix_planning_guest_meeting", "planning_guest")
    op.drop_table("planning_guest")
    op.drop_index("ix_meeting_day", "meeting")
    # Where two children have a planning meeting on one day the older index cannot be made, and
    # the database says so: nothing is thrown away to go back.
    with op.batch_alter_table("meeting") as batch:
        batch.drop_column("filed_by")
        batch.drop_column("filed_on")
        batch.drop_column("of_one_child")
    with op.batch_alter_table("panel_case") as batch:
        batch.drop_column("of_one_child")
    op.create_index(
        "ix_meeting_day",
        "meeting",
        list(DAY),
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
