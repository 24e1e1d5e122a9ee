"""A seat for each who holds a post, bookings in turn, and earlier deadlines by their period.

The grade of a substitute is kept, and why somebody was named chair. Since when an authority's
meetings are recorded here is kept, and whose change asked for deadlines
to be worked out again. Every deadline is worked out anew after it.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OFF = "state IN ('tabled', 'withdrawn')"
BOOKED_IN_TURN = f"""
    UPDATE booking SET turn = (
        SELECT count(*) FROM booking AS earlier
        WHERE earlier.case_id = booking.case_id AND (
            (earlier.{OFF} AND NOT booking.{OFF})
            OR ((earlier.{OFF}) = (booking.{OFF}) AND earlier.id <= booking.id)
        )
    )
"""
# A case that is on an agenda now is on the last of its own, also where that row was there before.

# Before this there was one seat for a post, also for one that several hold.
ONE_SEAT_A_POST = """
    DELETE FROM attendance WHERE id NOT IN (
        SELECT min(id) FROM attendance GROUP BY meeting_id, post_code
    )
"""

# The number of a period of care, as it was counted: those wholly of short breaks left out.
NUMBERED = """
    SELECT count(*) FROM period_of_care AS before
    WHERE before.child_id = period_of_care.child_id AND NOT before.short_breaks
    AND (before.start < period_of_care.start
        OR (before.start = period_of_care.start AND before.id <= period_of_care.id))
"""
OF_PERIOD = f"""
    UPDATE deadline_earlier SET period = (
        SELECT period_of_care.start FROM period_of_care
        WHERE period_of_care.child_id = deadline_earlier.child_id
        AND NOT period_of_care.short_breaks AND deadline_earlier.spell = ({NUMBERED})
    )
"""
OF_SPELL = f"""
    UPDATE deadline_earlier SET spell = coalesce((
        SELECT ({NUMBERED}) FROM period_of_care
        WHERE period_of_care.child_id = deadline_earlier.child_id
        AND NOT period_of_care.short_breaks
        AND period_of_care.start = deadline_earlier.period
        ORDER BY period_of_care.id LIMIT 1
    ), CASE WHEN case_id IS NULL THEN 1 ELSE 0 END)
"""
# Meetings are recorded here since the authority was set up.
SET_UP = """
    SELECT authority_id, min(at) FROM audit
    WHERE did = 'create' AND subject = 'authority' AND authority_id IS NOT NULL
    GROUP BY authority_id
"""

ALL_ANEW = "UPDATE authority SET deadlines_under = ''"


def upgrade() -> None:
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_since", sa.Date(), nullable=True))
    op.execute(ALL_ANEW)
    authority = sa.table("authority", sa.column("id"), sa.column("kept_since", sa.Date))
    for authority_id, at in op.get_bind().execute(sa.text(SET_UP)).all():
        day = at.date() if isinstance(at, datetime) else date.fromisoformat(str(at)[:10])
        op.execute(
            sa.update(authority).where(authority.c.id == authority_id).values(kept_since=day)
        )

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
    op.execute(OF_PERIOD)
    with op.batch_alter_table("deadline_earlier", schema=None) as batch_op:
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
    op.execute(OF_SPELL)
    with op.batch_alter_table("deadline_earlier", schema=None) as batch_op:
        batch_op.drop_column("period")

    # Every deadline is worked out anew: what is longer than it could be is not lost.
    op.execute("UPDATE deadline SET instead_of = substr(instead_of, 1, 400)")

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
