"""Cases and their children, the answers on their forms, and every earlier answer."""

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
    Versioned,
    Words,
    pointed_at,
    points_at,
    random_id,
    reference,
)


class PanelCase(OfAuthority, Versioned, Base):
    """A case under one edition of a procedure. ``meeting_id`` is the meeting that is asked for.

    ``unanswered`` is how many questions of its form had no answer when it was submitted.
    ``queued_at`` is when the chair accepted it behind a full agenda; None once it is booked.
    ``withdrawal_why`` is why it is withdrawn, or (from ``withdrawal_asked_at``) is asked to be.
    ``of_one_child`` marks that of a planning meeting, which is booked with it and never referred.
    """

    __tablename__ = "panel_case"
    __table_args__ = (
        pointed_at("panel_case"),
        points_at("meeting", "meeting_id"),
        points_at("account", "referrer_id"),
        sa.Index("ix_panel_case_state", "authority_id", "state"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    procedure_code: Mapped[Code]
    procedure_edition: Mapped[Code]
    body_code: Mapped[Code]
    form_code: Mapped[Code]
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    referrer_id: Mapped[int | None]
    state: Mapped[Code]
    opened_at: Mapped[Moment]
    submitted_at: Mapped[datetime | None]
    unanswered: Mapped[int] = mapped_column(default=0)
    chair_words: Mapped[str] = mapped_column(sa.Text, default="")
    withdrawn_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    withdrawal_asked_at: Mapped[datetime | None]
    withdrawal_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    of_one_child: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class CaseChild(OfAuthority, Base):
    """A child of a case; with ``withdrawn_at`` the case goes on for its other children alone."""

    __tablename__ = "case_child"
    __table_args__ = (
        points_at("panel_case", "case_id"),
        points_at("child", "child_id"),
        sa.UniqueConstraint("case_id", "child_id"),
    )
    case_id: Mapped[int]
    child_id: Mapped[int] = mapped_column(index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class LiftedFinding(OfAuthority, Base):
    """A finding of a case that the chair lifted: it is heard all the same, with the reason.

    ``fact_on`` is the day of the fact found, and ``said`` what was found of it: where the fact is
    another now, the finding stands again.
    """

    __tablename__ = "lifted_finding"
    __table_args__ = (
        points_at("panel_case", "case_id"),
        points_at("child", "child_id"),
        points_at("account", "lifted_by"),
    )
    case_id: Mapped[int] = mapped_column(index=True)
    child_id: Mapped[int | None]
    code: Mapped[Code]
    fact_on: Mapped[date | None]
    said: Mapped[str] = mapped_column(sa.Text)
    why: Mapped[str] = mapped_column(sa.Text)
    lifted_at: Mapped[datetime]
    lifted_by: Mapped[int | None]


class Answer(OfAuthority, Versioned, Base):
    """One answer on a form of a case, or (with a booking) on the decision page of a meeting.

    ``row`` and ``booking_id`` are "" and 0 where there is none, so that the key is unique.
    """

    __tablename__ = "answer"
    __table_args__ = (
        points_at("panel_case", "case_id"),
        sa.UniqueConstraint("case_id", "booking_id", "row", "field"),
    )
    case_id: Mapped[int]
    booking_id: Mapped[int] = mapped_column(default=0)
    row: Mapped[str] = mapped_column(sa.String(64), default="")
    field: Mapped[Code]
    value: Mapped[Words]
    saved_by: Mapped[int | None] = reference(nullable=True)
    saved_at: Mapped[Moment]


class AnswerVersion(OfAuthority, Base):
    """Every value that an answer has had, by its version."""

    __tablename__ = "answer_version"
    __table_args__ = (sa.UniqueConstraint("answer_id", "version"),)
    answer_id: Mapped[int] = mapped_column(sa.ForeignKey("answer.id"))
    version: Mapped[int]
    value: Mapped[Words]
    saved_by: Mapped[int | None] = reference(nullable=True)
    saved_at: Mapped[Moment]
