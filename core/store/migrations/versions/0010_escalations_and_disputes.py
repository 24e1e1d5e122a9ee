"""Escalations of late actions, and disputes.

Going back, all of it is lost: disputes of reviewing officers with their stages and answers, what
was answered of late actions, and pauses. Nothing makes them again. Forward again, the stages that
late actions have come to by then are recorded anew.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _escalations()
    _disputes()


def _escalations() -> None:
    op.create_table(
        "escalation",
        *_own(),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("whom", sa.String(length=200), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        _words("clauses"),
        _words("nobody"),
        _to("action", "action_id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("authority_id", "id", name="uq_escalation_authority_id_id"),
        sa.UniqueConstraint("public_id"),
        sa.UniqueConstraint("action_id", "due", "stage"),
    )
    told_on = sa.Column("told_on", sa.Date(), nullable=False)
    _told("escalation_told", "escalation", "escalation_id", told_on)
    op.create_table(
        "escalation_answer",
        *_own(),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _to("escalation", "escalation_id"),
        _to("account", "by"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_escalation_answer_escalation", "escalation_answer", ["escalation_id"])
    op.create_table(
        "escalation_pause",
        *_own(),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        _to("action", "action_id"),
        _to("account", "made_by"),
        _to("account", "ended_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_escalation_pause_action", "escalation_pause", ["action_id"])
    op.create_table(
        "escalation_day",
        *_own(),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("after_id", sa.Integer(), server_default="0", nullable=False),
        sa.Column("finished", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("authority_id"),
    )


def _disputes() -> None:
    op.create_table(
        "dispute",
        *_own(),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        _words("deadline"),
        sa.Column("procedure_code", sa.String(length=64), server_default="", nullable=False),
        _words("clauses"),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("whole_by", sa.Date(), nullable=False),
        _words("whole_why"),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_how", sa.String(length=16), server_default="", nullable=False),
        _words("outcome"),
        _to("child", "child_id"),
        _to("action", "action_id"),
        _to("account", "opened_by"),
        _to("account", "ended_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("authority_id", "id", name="uq_dispute_authority_id_id"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_dispute_child", "dispute", ["child_id"])
    op.create_index("ix_dispute_open", "dispute", ["authority_id", "ended_on"])
    op.create_table(
        "dispute_stage",
        *_own(),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        _words("nobody"),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_name", sa.String(length=200), server_default="", nullable=False),
        _words("answer"),
        sa.Column("moved_on", sa.Date(), nullable=True),
        _words("moved_words"),
        _to("dispute", "dispute_id"),
        _to("account", "answered_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("authority_id", "id", name="uq_dispute_stage_authority_id_id"),
        sa.UniqueConstraint("dispute_id", "stage"),
    )
    _told("dispute_told", "dispute_stage", "stage_id")


def _own() -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
    )


def _words(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["authority_id", column], [f"{table}.authority_id", f"{table}.id"]
    )


def _told(table: str, of: str, column: str, *more: sa.Column[Any]) -> None:
    op.create_table(
        table,
        *_own(),
        sa.Column(column, sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        *more,
        _to(of, column),
        _to("account", "account_id"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(column, "account_id"),
    )
    op.create_index(f"ix_{table}_account", table, ["account_id"])


def downgrade() -> None:
    for table in (
        "dispute_told",
        "dispute_stage",
        "dispute",
        "escalation_day",
        "escalation_pause",
        "escalation_answer",
        "escalation_told",
        "escalation",
    ):
        op.drop_table(table)
