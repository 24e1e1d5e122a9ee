"""The audit is chained: each row carries a hash over itself and the row before it.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store.audit_chain import link

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE = ("update", "delete")
REFUSAL = "the audit is only added to"


def upgrade() -> None:
    _let_change(True)
    op.add_column("audit", sa.Column("chain", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "audit", sa.Column("position", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("audit", sa.Column("hash", sa.String(64), server_default="", nullable=False))
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_audit_head"),
    )
    _chain_what_is_there()
    op.create_index("ix_audit_chain", "audit", ["chain", "position"], unique=True)
    _let_change(False)


def downgrade() -> None:
    _let_change(True)
    op.drop_index("ix_audit_chain", "audit")
    op.drop_table("audit_head")
    for name in ("hash", "position", "chain"):
        op.drop_column("audit", name)
    _let_change(False)


def _chain_what_is_there() -> None:
    connection = op.get_bind()
    audit = sa.table(
        "audit",
        sa.column("id", sa.Integer),
        sa.column("authority_id", sa.Integer),
        sa.column("at", sa.DateTime),
        sa.column("account_id", sa.Integer),
        sa.column("did", sa.String),
        sa.column("subject", sa.String),
        sa.column("subject_id", sa.String),
        sa.column("before", sa.JSON),
        sa.column("after", sa.JSON),
        sa.column("why", sa.Text),
        sa.column("chain", sa.Integer),
        sa.column("position", sa.BigInteger),
        sa.column("hash", sa.String),
    )
    head = sa.table(
        "audit_head",
        sa.column("chain", sa.Integer),
        sa.column("position", sa.BigInteger),
        sa.column("hash", sa.String),
    )
    ends: dict[int, tuple[int, str]] = {}
    last = 0
    while True:
        rows = connection.execute(
            sa.select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(5_000)
        ).all()
        if not rows:
            break
        linked = []
        for row in rows:
            chain = row.authority_id or 0
            position, before = ends.get(chain, (0, ""))
            values = {
                name: getattr(row, name)
                for name in (
                    "authority_id", "at", "account_id", "did", "subject", "subject_id",
                    "before", "after", "why",
                )
            }  # fmt: skip
            ends[chain] = (position + 1, link(before, chain, position + 1, values))
            linked.append({"of": row.id, "c": chain, "p": position + 1, "h": ends[chain][1]})
        connection.execute(
            sa.update(audit)
            .where(audit.c.id == sa.bindparam("of"))
            .values(chain=sa.bindparam("c"), position=sa.bindparam("p"), hash=sa.bindparam("h")),
            linked,
        )
        last = rows[-1].id
    for chain, (position, hashed) in ends.items():
        connection.execute(sa.insert(head).values(chain=chain, position=position, hash=hashed))


def _let_change(let: bool) -> None:
    """Take the triggers of 0002 away while rows are linked, or put them back."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in SQLITE:
            op.execute(
                f"DROP TRIGGER audit_no_{verb}"
                if let
                else f"CREATE TRIGGER audit_no_{verb} BEFORE {verb.upper()} ON audit "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    if let:
        op.execute("DROP TRIGGER audit_not_emptied ON audit")
        op.execute("DROP TRIGGER audit_only_added ON audit")
        return
    op.execute(
        "CREATE TRIGGER audit_only_added BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    op.execute(
        "CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )
