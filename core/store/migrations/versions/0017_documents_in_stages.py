"""Documents that go through stages: their texts, what was said of each, and who is invited.

Going back, all of it is lost: what was written and approved before filing. Nothing makes it again.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staged_document",
        *_own(),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("procedure_code", sa.String(length=64), nullable=False),
        _short("procedure_edition", 64),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        _short("waits_for", 200),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("filed_at", sa.DateTime(), nullable=True),
        sa.Column("filed_by", sa.Integer(), nullable=True),
        _to("child", "child_id"),
        _to("account", "started_by"),
        _to("account", "filed_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("authority_id", "id", name="uq_staged_document_authority_id_id"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index("ix_staged_document_child", "staged_document", ["child_id"])
    op.create_index("ix_staged_document_state", "staged_document", ["authority_id", "state"])
    op.create_table(
        "staged_text",
        *_own(),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        _to("staged_document", "document_id"),
        _to("account", "by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "number"),
    )
    op.create_table(
        "staged_answer",
        *_own(),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _short("step", 64),
        sa.Column("said", sa.String(length=16), nullable=False),
        _short("sent_to", 64),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        _short("stands_for", 200),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        _to("staged_document", "document_id"),
        _to("account", "by"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_staged_answer_document", "staged_answer", ["document_id"])
    op.create_table(
        "staged_invitee",
        *_own(),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        _to("staged_document", "document_id"),
        _to("account", "account_id"),
        _to("account", "invited_by"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "account_id"),
    )
    op.create_index("ix_staged_invitee_account", "staged_invitee", ["account_id"])


def _own() -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"]),
    )


def _short(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["authority_id", column], [f"{table}.authority_id", f"{table}.id"]
    )


def downgrade() -> None:
    for table in ("staged_invitee", "staged_answer", "staged_text", "staged_document"):
        op.drop_table(table)
