"""Disputes that reviewing officers open on a child, with their stages and who was addressed."""

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
    Words,
    pointed_at,
    points_at,
    random_id,
)


class Dispute(OfAuthority, Versioned, Base):
    """A dispute on a child; open while ``ended_on`` is empty.

    ``about`` is a code of core.domain.dispute, ``words`` what it is about. ``action_id`` is the
    action that it is about, ``deadline`` the deadline in the words that it had then. ``whole_by``
    is the day by which the stages within the authority are to end. ``ended_how`` is "resolved" or
    "withdrawn", and ``outcome`` says how in words.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        pointed_at("dispute"),
        points_at("child", "child_id"),
        points_at("action", "action_id"),
        points_at("account", "opened_by"),
        points_at("account", "ended_by"),
        sa.Index("ix_dispute_child", "child_id"),
        sa.Index("ix_dispute_open", "authority_id", "ended_on"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    child_id: Mapped[int]
    about: Mapped[Code]
    words: Mapped[Words]
    action_id: Mapped[int | None]
    deadline: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    procedure_code: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    clauses: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    opened_on: Mapped[Day]
    opened_at: Mapped[Moment]
    opened_by: Mapped[int | None]
    whole_by: Mapped[Day]
    whole_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    ended_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    ended_how: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    outcome: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class DisputeStage(OfAuthority, Base):
    """One stage of a dispute: begun, to be answered by a day, answered, moved on from.

    ``answered_name`` is who answered, ``answered_by`` who wrote that down. ``moved_words`` says why
    the dispute went on to the next stage. ``nobody`` says whom there was nobody to address.
    """

    __tablename__ = "dispute_stage"
    __table_args__ = (
        pointed_at("dispute_stage"),
        points_at("dispute", "dispute_id"),
        points_at("account", "answered_by"),
        sa.UniqueConstraint("dispute_id", "stage"),
    )
    dispute_id: Mapped[int]
    stage: Mapped[Code]
    title: Mapped[Name]
    begun_on: Mapped[Day]
    due: Mapped[Day]
    why: Mapped[Words]
    nobody: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    answered_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None]
    answered_name: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    moved_on: Mapped[date | None]
    moved_words: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class DisputeTold(OfAuthority, Base):
    """Somebody to whom a stage of a dispute is addressed, by the name that they had."""

    __tablename__ = "dispute_told"
    __table_args__ = (
        points_at("dispute_stage", "stage_id"),
        points_at("account", "account_id"),
        sa.UniqueConstraint("stage_id", "account_id"),
        sa.Index("ix_dispute_told_account", "account_id"),
    )
    stage_id: Mapped[int]
    account_id: Mapped[int]
    name: Mapped[Name]
