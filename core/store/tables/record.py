"""What is recorded of a child beside care and identity: entries, and what sources say of them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Moment,
    OfAuthority,
    PublicId,
    Sourced,
    Stated,
    Versioned,
    Words,
    pointed_at,
    points_at,
    random_id,
    reference,
)


class Entry(OfAuthority, Versioned, Base):
    """One thing of a kind (core.domain.record): these proceedings, this plan, that view.

    ``parent_id`` is the entry of which it is a part: an option of a plan. ``match_key`` is how an
    import finds it again ("" for what was typed). Taken out is marked, never removed.
    """

    __tablename__ = "entry"
    __table_args__ = (
        pointed_at("entry"),
        points_at("child", "child_id"),
        sa.Index("ix_entry_kind", "authority_id", "kind"),
        sa.Index("ix_entry_child", "child_id", "kind"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    child_id: Mapped[int]
    kind: Mapped[Code]
    parent_id: Mapped[int | None] = reference(nullable=True)
    match_key: Mapped[str] = mapped_column(sa.String(200), default="")
    made_at: Mapped[Moment]
    taken_out_at: Mapped[datetime | None]
    taken_out_by: Mapped[int | None]
    taken_out_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class EntryStatement(OfAuthority, Sourced, Stated, Base):
    """What one source says of one field of an entry: all are kept, also those that disagree."""

    __tablename__ = "entry_statement"
    __table_args__ = (
        points_at("child", "child_id"),
        points_at("entry", "entry_id"),
        sa.Index("ix_entry_statement_entry", "entry_id"),
        sa.Index("ix_entry_statement_child", "child_id"),
    )
    child_id: Mapped[int]
    entry_id: Mapped[int]
    field: Mapped[Code]
    value: Mapped[Words]


class RecordSummary(OfAuthority, Base):
    """Derived from the entries in use: one row a child, for lists."""

    __tablename__ = "record_summary"
    __table_args__ = (
        points_at("child", "child_id"),
        sa.Index("ix_record_summary_plan", "authority_id", "plan_state", "plan"),
    )
    child_id: Mapped[int] = mapped_column(unique=True)
    plan: Mapped[str] = mapped_column(sa.String(64), default="")
    plan_state: Mapped[str] = mapped_column(sa.String(32), default="")
    plan_identified_on: Mapped[date | None]
    plan_agreed_on: Mapped[date | None]
    plan_achieved_on: Mapped[date | None]
    contingencies: Mapped[str] = mapped_column(sa.String(400), default="")
    proceedings_issued_on: Mapped[date | None]
    final_hearing_on: Mapped[date | None]
    proceedings_ended_on: Mapped[date | None]
    gateway_held_on: Mapped[date | None]
    gateway_determination: Mapped[str] = mapped_column(sa.String(64), default="")
    matched_on: Mapped[date | None]
    disagreements: Mapped[int] = mapped_column(default=0)


class ChildMerge(OfAuthority, Base):
    """Two records found to be of one child; ``moved`` are the rows that moved, to undo it."""

    __tablename__ = "child_merge"
    __table_args__ = (points_at("child", "kept_id"), points_at("child", "merged_id"))
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    kept_id: Mapped[int] = mapped_column(index=True)
    merged_id: Mapped[int] = mapped_column(index=True)
    moved: Mapped[dict[str, list[int]]] = mapped_column(sa.JSON, default=dict)
    why: Mapped[Words]
    made_at: Mapped[Moment]
    made_by: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    undone_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
