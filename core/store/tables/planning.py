"""Planning meetings about one child: who is asked to one and came, and who was sent its record."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Day,
    Moment,
    Name,
    OfAuthority,
    PublicId,
    Versioned,
    points_at,
    random_id,
)


class PlanningGuest(OfAuthority, Versioned, Base):
    """Somebody of a planning meeting: who must come, who is invited, or who is not, and why.

    ``rule_code`` is the post or the invitation of the procedure under which they stand, "" for
    whom somebody added. ``relation`` says in words who they are where they have no account.
    ``invited_at`` is empty where they are not invited; ``why_not`` then says why. ``came`` and
    ``mode`` are in core.domain.planning_people. ``views_on`` is when their views were gained
    before the meeting, ``told_on`` when they were told of it after.
    """

    __tablename__ = "planning_guest"
    __table_args__ = (
        points_at("meeting", "meeting_id"),
        points_at("account", "account_id"),
        points_at("account", "invited_by"),
        sa.Index("ix_planning_guest_meeting", "meeting_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    meeting_id: Mapped[int]
    rule_code: Mapped[Code]
    account_id: Mapped[int | None]
    name: Mapped[Name]
    relation: Mapped[Name]
    invited_at: Mapped[datetime | None]
    invited_by: Mapped[int | None]
    why_not: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    came: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    mode: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    views_on: Mapped[date | None]
    told_on: Mapped[date | None]


class PlanningCopy(OfAuthority, Base):
    """To whom the record of a planning meeting was sent, when, and how: only ever added to."""

    __tablename__ = "planning_copy"
    __table_args__ = (
        points_at("meeting", "meeting_id"),
        points_at("account", "account_id"),
        points_at("account", "sent_by"),
        sa.Index("ix_planning_copy_meeting", "meeting_id"),
    )
    meeting_id: Mapped[int]
    rule_code: Mapped[Code]
    account_id: Mapped[int | None]
    name: Mapped[Name]
    how: Mapped[str] = mapped_column(sa.String(16))
    sent_on: Mapped[Day]
    sent_at: Mapped[Moment]
    sent_by: Mapped[int | None]
