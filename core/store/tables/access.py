"""Sight beyond one's own children: a stated reason, a name on a closed record, an invitation."""

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
    Words,
    points_at,
    random_id,
)


class StatedAccess(OfAuthority, Base):
    """Somebody opened a child outside their scope, for a reason, until a moment.

    ``told_id`` is who was told of it, ``seen_at`` when they said that they have read it.
    """

    __tablename__ = "stated_access"
    __table_args__ = (
        points_at("account", "account_id"),
        points_at("child", "child_id"),
        sa.Index("ix_stated_access_account", "account_id", "until"),
        sa.Index("ix_stated_access_child", "child_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    account_id: Mapped[int]
    child_id: Mapped[int]
    reason: Mapped[Words]
    since: Mapped[Moment]
    until: Mapped[Moment]
    ended_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[int | None]


class Closing(OfAuthority, Base):
    """A record that only those named see: ``kind`` is "restricted" or "sealed"."""

    __tablename__ = "closing"
    __table_args__ = (points_at("child", "child_id"), sa.Index("ix_closing_child", "child_id"))
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    child_id: Mapped[int]
    kind: Mapped[Code]
    why: Mapped[Words]
    made_at: Mapped[Moment]
    made_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    ended_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class NamedAccess(OfAuthority, Base):
    """Somebody named for a restricted or sealed record, from and until."""

    __tablename__ = "named_access"
    __table_args__ = (
        points_at("account", "account_id"),
        points_at("child", "child_id"),
        sa.Index("ix_named_access_account", "account_id", "child_id"),
    )
    child_id: Mapped[int] = mapped_column(index=True)
    account_id: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]
    named_by: Mapped[int | None]


class CaseInvitee(OfAuthority, Base):
    """Somebody invited to one case, who sees that case and its children until a day."""

    __tablename__ = "case_invitee"
    __table_args__ = (
        points_at("account", "account_id"),
        points_at("panel_case", "case_id"),
        sa.UniqueConstraint("case_id", "account_id"),
    )
    case_id: Mapped[int]
    account_id: Mapped[int] = mapped_column(index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    invited_by: Mapped[int | None]
