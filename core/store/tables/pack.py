"""A meeting's pack: what a reader has had and read of it, and private questions."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Moment,
    OfAuthority,
    PublicId,
    Versioned,
    Words,
    points_at,
    random_id,
)


class PaperReading(OfAuthority, Base):
    """What one reader did with one version of a paper.

    ``held_at`` is when they first had its file, alone or in a pack; ``read_at`` is when it was
    marked as read, None where they say that they have not read it.
    """

    __tablename__ = "paper_reading"
    __table_args__ = (
        points_at("account", "account_id"),
        points_at("paper", "paper_id"),
        sa.UniqueConstraint("account_id", "paper_id", "number"),
        sa.Index("ix_paper_reading_paper", "paper_id"),
    )
    account_id: Mapped[int]
    paper_id: Mapped[int]
    number: Mapped[int]
    held_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class FormReading(OfAuthority, Base):
    """When one reader marked the form of a case as read; None where they say they have not."""

    __tablename__ = "form_reading"
    __table_args__ = (
        points_at("account", "account_id"),
        points_at("panel_case", "case_id"),
        sa.UniqueConstraint("account_id", "case_id"),
        sa.Index("ix_form_reading_case", "case_id"),
    )
    account_id: Mapped[int]
    case_id: Mapped[int]
    read_at: Mapped[datetime | None]


class MinutesReading(OfAuthority, Base):
    """When one reader marked the minutes of a meeting as read; None where they have not."""

    __tablename__ = "minutes_reading"
    __table_args__ = (
        points_at("account", "account_id"),
        points_at("meeting", "meeting_id"),
        sa.UniqueConstraint("account_id", "meeting_id"),
    )
    account_id: Mapped[int]
    meeting_id: Mapped[int]
    read_at: Mapped[datetime | None]


class Question(OfAuthority, Versioned, Base):
    """A question that a reader notes on an item: nobody else sees it until the meeting opens.

    Then chair and members see those with ``shared``; the others stay the reader's own.
    """

    __tablename__ = "question"
    __table_args__ = (
        points_at("account", "account_id"),
        points_at("booking", "booking_id"),
        sa.Index("ix_question_booking", "booking_id"),
        sa.Index("ix_question_account", "account_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    account_id: Mapped[int]
    booking_id: Mapped[int]
    text: Mapped[Words]
    shared: Mapped[bool]
    noted_at: Mapped[Moment]
    changed_at: Mapped[Moment]
