"""Decisions as recorded, and their outcomes."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Day,
    Moment,
    OfAuthority,
    PublicId,
    Versioned,
    Words,
    pointed_at,
    points_at,
    random_id,
    reference,
)


class Decision(OfAuthority, Versioned, Base):
    """What a meeting decided of a case; frozen when recorded, with the words as shown."""

    __tablename__ = "decision"
    __table_args__ = (
        pointed_at("decision"),
        points_at("booking", "booking_id"),
        points_at("panel_case", "case_id"),
        points_at("meeting", "meeting_id"),
        points_at("meeting", "return_meeting_id"),
        points_at("account", "recorded_by"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    booking_id: Mapped[int] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(index=True)
    meeting_id: Mapped[int] = mapped_column(index=True)
    decided_on: Mapped[Day]
    rationale: Mapped[Words]
    discussion: Mapped[str] = mapped_column(sa.Text, default="")
    agreed: Mapped[str] = mapped_column(sa.Text, default="")
    chair_name: Mapped[str] = mapped_column(sa.String(200))
    present: Mapped[str] = mapped_column(sa.Text, default="")
    return_by: Mapped[date | None]
    return_meeting_id: Mapped[int | None] = reference(nullable=True)
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int | None]


class DecisionOutcome(OfAuthority, Base):
    """One outcome of a decision, with its words and clause as they were shown."""

    __tablename__ = "decision_outcome"
    __table_args__ = (points_at("decision", "decision_id"),)
    decision_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    code: Mapped[Code]
    words: Mapped[Words]
    clauses: Mapped[str] = mapped_column(sa.String(200))
    force: Mapped[Code]
    ground: Mapped[str] = mapped_column(sa.String(64), default="")
    ground_words: Mapped[str] = mapped_column(sa.String(200), default="")
    box: Mapped[str] = mapped_column(sa.String(64), default="")
