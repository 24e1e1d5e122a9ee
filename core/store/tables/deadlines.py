"""Deadlines as stored: anchor, due, met and stopped dates, all free of today."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from core.store.database import Base
from core.store.tables.columns import Code, OfAuthority, points_at, reference


class DeadlineRow(OfAuthority, Base):
    """One deadline of a case or of a child (``case_id`` is then empty)."""

    __tablename__ = "deadline"
    __table_args__ = (
        points_at("child", "child_id"),
        points_at("panel_case", "case_id"),
        sa.Index("ix_deadline_child", "child_id"),
        sa.Index("ix_deadline_case", "case_id"),
        sa.Index("ix_deadline_due", "authority_id", "due"),
    )
    child_id: Mapped[int] = reference()
    case_id: Mapped[int | None] = reference(nullable=True)
    procedure_code: Mapped[Code]
    procedure_edition: Mapped[Code]
    code: Mapped[Code]
    anchor_date: Mapped[date | None]
    due: Mapped[date | None]
    met_on: Mapped[date | None]
    stopped_on: Mapped[date | None]
