"""Ratified minutes as they were issued, and what was amended in them since, with the reason."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Moment,
    OfAuthority,
    PublicId,
    Words,
    points_at,
    random_id,
)


class MinutesIssue(OfAuthority, Base):
    """One issue of a meeting's minutes: 1 is as ratified, each later one after amendments."""

    __tablename__ = "minutes_issue"
    __table_args__ = (
        points_at("meeting", "meeting_id"),
        points_at("account", "issued_by"),
        sa.UniqueConstraint("meeting_id", "number"),
    )
    meeting_id: Mapped[int]
    number: Mapped[int]
    issued_at: Mapped[Moment]
    issued_by: Mapped[int | None]
    why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class Amendment(OfAuthority, Base):
    """One part of ratified minutes said otherwise: what it said, what it says now, and why.

    The decision itself stays as it was recorded. ``issue`` is the issue with which it went out,
    empty while it waits for that.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        points_at("meeting", "meeting_id"),
        points_at("decision", "decision_id"),
        points_at("account", "made_by"),
        sa.Index("ix_amendment_meeting_id", "meeting_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    meeting_id: Mapped[int]
    decision_id: Mapped[int | None]
    part: Mapped[Code]
    before: Mapped[Words]
    after: Mapped[Words]
    why: Mapped[Words]
    made_at: Mapped[Moment]
    made_by: Mapped[int | None]
    issue: Mapped[int | None]
