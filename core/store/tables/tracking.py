"""How each child's plan is watched, and what suggests a further planning meeting: derived."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import Code, Day, OfAuthority, points_at


class PlanTrack(OfAuthority, Base):
    """One row a child: the facts of core.domain.tracking.Track, by the same names."""

    __tablename__ = "plan_track"
    __table_args__ = (
        points_at("child", "child_id"),
        sa.UniqueConstraint("authority_id", "child_id"),
        sa.Index("ix_plan_track_due", "authority_id", "tracked_due", "child_id"),
        sa.Index("ix_plan_track_secured", "authority_id", "secured_on", "child_id"),
    )
    child_id: Mapped[int]
    planning_on: Mapped[date | None]
    planning_known: Mapped[bool]
    trigger: Mapped[Code]
    met_on: Mapped[date | None]
    tracked_on: Mapped[date | None]
    tracked_due: Mapped[date | None]
    tracked_until: Mapped[date | None]
    section_20_on: Mapped[date | None]
    section_20_until: Mapped[date | None]
    prospect: Mapped[Code]
    prospect_on: Mapped[date | None]
    aim: Mapped[Code]
    aim_on: Mapped[date | None]
    differs: Mapped[bool]
    secured_on: Mapped[date | None]
    secured_by: Mapped[Code]
    ceased_on: Mapped[date | None]


class PlanSuggestion(OfAuthority, Base):
    """A further planning meeting is suggested of a child, from ``since`` on; free of today.

    ``key`` tells those of a child apart and stays the same as long as it is of the same thing.
    """

    __tablename__ = "plan_suggestion"
    __table_args__ = (
        points_at("child", "child_id"),
        sa.UniqueConstraint("authority_id", "child_id", "key"),
        sa.Index("ix_plan_suggestion_since", "authority_id", "since", "child_id"),
    )
    child_id: Mapped[int]
    code: Mapped[Code]
    key: Mapped[str] = mapped_column(sa.String(80))
    since: Mapped[Day]
    of: Mapped[str] = mapped_column(sa.Text)
    why: Mapped[str] = mapped_column(sa.Text)
