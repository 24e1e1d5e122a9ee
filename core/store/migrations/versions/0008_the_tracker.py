"""Actions until they are done and accepted, what was said of them, and amended minutes.

What was done before acceptance was kept counts as accepted on that day, by nobody who is known.
What was noted of an action before notes were kept is its first note, with neither day nor name.
Going back, what was only said to be done is done, what was ended is open, and notes, rolls, issues
and amendments are lost: the tables before cannot hold them.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SAID = sa.text("done_on IS NOT NULL AND accepted_on IS NULL AND ended_on IS NULL")
TAKEN_AS_ACCEPTED = "UPDATE action SET accepted_on = done_on WHERE done_on IS NOT NULL"
NOTED = """
    INSERT INTO action_note (authority_id, action_id, kind, words)
    SELECT authority_id, id, 'progress', progress FROM action WHERE progress <> ''
"""
SAID_DONE = """
    INSERT INTO action_note (authority_id, action_id, kind, words)
    SELECT authority_id, id, 'said-done', done_words FROM action WHERE done_on IS NOT NULL
"""


def upgrade() -> None:
    with op.batch_alter_table("action", schema=None) as batch_op:
        batch_op.add_column(sa.Column("done_means", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("said_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("accepted_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("accepted_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ended_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_why", sa.Text(), server_default="", nullable=False))
        batch_op.create_unique_constraint("uq_action_authority_id_id", ["authority_id", "id"])
        for column in ("said_by", "accepted_by", "ended_by"):
            batch_op.create_foreign_key(
                op.f(f"fk_action_authority_id_{column}"),
                "account",
                ["authority_id", column],
                ["authority_id", "id"],
            )
        batch_op.create_foreign_key(
            op.f("fk_action_authority_id_child_id"),
            "child",
            ["authority_id", "child_id"],
            ["authority_id", "id"],
        )
    op.execute(TAKEN_AS_ACCEPTED)
    op.create_index(
        "ix_action_said",
        "action",
        ["authority_id", "done_on"],
        sqlite_where=SAID,
        postgresql_where=SAID,
    )
    op.create_table(
        "action_note",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("before", sa.String(length=200), server_default="", nullable=False),
        sa.Column("after", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        sa.ForeignKeyConstraint(
            ["authority_id", "action_id"], ["action.authority_id", "action.id"]
        ),
        sa.ForeignKeyConstraint(["authority_id", "by"], ["account.authority_id", "account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_action_note_action", "action_note", ["action_id", "kind"])
    op.execute(NOTED)
    op.execute(SAID_DONE)
    op.create_table(
        "action_roll",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        sa.ForeignKeyConstraint(
            ["authority_id", "action_id"], ["action.authority_id", "action.id"]
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "meeting_id"], ["meeting.authority_id", "meeting.id"]
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("action_id", "meeting_id"),
    )
    op.create_table(
        "minutes_issue",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        sa.ForeignKeyConstraint(
            ["authority_id", "meeting_id"], ["meeting.authority_id", "meeting.id"]
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "issued_by"], ["account.authority_id", "account.id"]
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "number"),
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("issue", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        sa.ForeignKeyConstraint(
            ["authority_id", "meeting_id"], ["meeting.authority_id", "meeting.id"]
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "decision_id"], ["decision.authority_id", "decision.id"]
        ),
        sa.ForeignKeyConstraint(
            ["authority_id", "made_by"], ["account.authority_id", "account.id"]
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_amendment_meeting_id", "amendment", ["meeting_id"])


def downgrade() -> None:
    for table in ("amendment", "minutes_issue", "action_roll", "action_note"):
        op.drop_table(table)
    op.drop_index("ix_action_said", "action")
    with op.batch_alter_table("action", schema=None) as batch_op:
        for column in ("said_by", "accepted_by", "ended_by", "child_id"):
            batch_op.drop_constraint(op.f(f"fk_action_authority_id_{column}"), type_="foreignkey")
        batch_op.drop_constraint("uq_action_authority_id_id", type_="unique")
        for column in (
            "done_means",
            "said_by",
            "accepted_on",
            "accepted_by",
            "ended_on",
            "ended_by",
            "ended_why",
        ):
            batch_op.drop_column(column)
