"""The audit: who did or saw what, when and why. Rows are only ever added."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import Code, Key, Moment, reference


class AuditRow(Base):
    """``authority_id`` is empty only for a sign-in with an e-mail that nobody has.

    ``chain`` is the authority's id, or 0; ``position`` counts its rows from 1; ``hash`` is over
    this row and the hash of the row before it (core.store.audit_chain).
    """

    __tablename__ = "audit"
    __table_args__ = (
        sa.Index("ix_audit_when", "authority_id", "at"),
        sa.Index("ix_audit_who", "authority_id", "account_id", "at"),
        sa.Index("ix_audit_what", "authority_id", "did", "at"),
        sa.Index("ix_audit_subject", "subject", "subject_id", "at"),
        sa.Index("ix_audit_chain", "chain", "position", unique=True),
    )
    id: Mapped[Key]
    authority_id: Mapped[int | None] = mapped_column(sa.ForeignKey("authority.id"))
    at: Mapped[Moment]
    account_id: Mapped[int | None] = reference(nullable=True)
    did: Mapped[Code]
    subject: Mapped[Code]
    subject_id: Mapped[str] = mapped_column(sa.String(40), default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    why: Mapped[str] = mapped_column(sa.Text, default="")
    chain: Mapped[int] = mapped_column(default=0, server_default="0")
    position: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    hash: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")


class AuditHead(Base):
    """The last row of a chain: a row removed from its end is missed by this."""

    __tablename__ = "audit_head"
    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[str] = mapped_column(sa.String(64))
