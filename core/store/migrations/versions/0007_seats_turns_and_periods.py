"""A seat for each who holds a post, bookings in turn, and earlier deadlines by their period.

The grade of a substitute is kept, and why somebody was named chair. Since when an authority's
meetings are recorded here is kept, and whose change asked for deadlines
to be worked out again. Every deadline is worked out anew after it.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BOOKED_IN_TURN = """
    UPDATE booking SET turn = (
        SELECT count(*) FROM booking AS earlier
        WHERE earlier.case_id = booking.case_id AND earlier.id <= booking.id
    )
"""

# Before this there was one seat for a post, also for one that several hold.
ONE_SEAT_A_POST = """
    DELETE FROM attendance WHERE id NOT IN (
        SELECT min(id) FROM attendance GROUP BY meeting_id, post_code
    )
"""

ALL_ANEW = "UPDATE authority SET deadlines_under = ''"


def upgrade() -> None:
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_since", sa.Date(), nullable=True))
    op.execute(ALL_ANEW)

    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("holder_id", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("outside", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("grade", sa.String(length=64), server_default="", nullable=False)
        )
        batch_op.drop_constraint(op.f("uq_attendance_meeting_id_post_code"), type_="unique")
        batch_op.create_unique_constraint(
            op.f("uq_attendance_meeting_id_post_code_holder_id"),
            ["meeting_id", "post_code", "holder_id"],
        )

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chair_why", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turn", sa.Integer(), server_default="1", nullable=False))
    op.execute(BOOKED_IN_TURN)

    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.alter_column(
            "instead_of",
            existing_type=sa.String(length=400),
            type_=sa.Text(),
            existing_nullable=False,
        )

    with op.batch_alter_table("deadline_earlier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("period", sa.Date(), nullable=True))
        batch_op.drop_column("spell")

    op.create_table(
        "deadline_period",
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("spell", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id", "child_id"],
            ["child.authority_id", "child.id"],
            name=op.f("fk_deadline_period_authority_id_child_id"),
        ),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_deadline_period_authority_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_period")),
        sa.UniqueConstraint(
            "authority_id",
            "child_id",
            "spell",
            name=op.f("uq_deadline_period_authority_id_child_id_spell"),
        ),
    )

    with op.batch_alter_table("deadline_mark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marked_by", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("deadline_mark", schema=None) as batch_op:
        batch_op.drop_column("marked_by")

    op.drop_table("deadline_period")

    with op.batch_alter_table("deadline_earlier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spell", sa.Integer(), server_default="1", nullable=False))
        batch_op.drop_column("period")

    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.alter_column(
            "instead_of",
            existing_type=sa.Text(),
            type_=sa.String(length=400),
            existing_nullable=False,
        )

    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_column("turn")

    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_column("chair_why")

    op.execute(ONE_SEAT_A_POST)
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_constraint(
            op.f("uq_attendance_meeting_id_post_code_holder_id"), type_="unique"
        )
        batch_op.create_unique_constraint(
            op.f("uq_attendance_meeting_id_post_code"), ["meeting_id", "post_code"]
        )
        batch_op.drop_column("grade")
        batch_op.drop_column("outside")
        batch_op.drop_column("holder_id")

    op.execute(ALL_ANEW)
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.drop_column("kept_since")
