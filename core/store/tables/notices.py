"""Notices that rules lay down: each with its day and why, and to whom it went."""

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
    Words,
    pointed_at,
    points_at,
    random_id,
)


class Notice(OfAuthority, Base):
    """One notice about a meeting, of one of its cases or of the meeting itself; or the core's own.

    ``key`` says what it is of and ``number`` which time: it is made anew where it was stopped or
    its meeting moved. ``kind`` is "notice", or what follows one that was sent: "moved" and
    "called-off", which go to whom ``follows_id`` went. ``meeting_on`` is the meeting's day for
    which it was made. ``state`` is "to come", "sent" (it is in the outbox), "nobody" (there was
    nobody to send it to) or "stopped", ``why`` the reason of the last two. ``procedure_code`` is ""
    for a notice of the core's own, which cites no clause.
    """

    __tablename__ = "notice"
    __table_args__ = (
        pointed_at("notice"),
        points_at("meeting", "meeting_id"),
        points_at("booking", "booking_id"),
        points_at("panel_case", "case_id"),
        points_at("notice", "follows_id"),
        sa.UniqueConstraint("authority_id", "key", "number"),
        sa.Index("ix_notice_next", "state", "due_on"),
        sa.Index("ix_notice_meeting", "meeting_id"),
        sa.Index("ix_notice_case", "case_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    key: Mapped[str] = mapped_column(sa.String(160))
    number: Mapped[int]
    kind: Mapped[Code]
    procedure_code: Mapped[Code]
    procedure_edition: Mapped[Code]
    rule_code: Mapped[Code]
    title: Mapped[Name]
    clauses: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    to: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    meeting_id: Mapped[int | None]
    booking_id: Mapped[int | None]
    case_id: Mapped[int | None]
    follows_id: Mapped[int | None]
    meeting_on: Mapped[date | None]
    due_on: Mapped[Day]
    reason: Mapped[Words]
    state: Mapped[Code]
    why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    made_at: Mapped[Moment]
    sent_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class NoticeCopy(OfAuthority, Base):
    """To whom a notice went, by the name and as what they had it then; or why not to them.

    ``message_id`` is the message in the outbox, none where it was off before that went. Without an
    account it says whom there was not.
    """

    __tablename__ = "notice_copy"
    __table_args__ = (
        points_at("notice", "notice_id"),
        points_at("account", "account_id"),
        points_at("message", "message_id"),
        sa.Index("ix_notice_copy_notice", "notice_id"),
        sa.Index("ix_notice_copy_message", "message_id"),
    )
    notice_id: Mapped[int]
    account_id: Mapped[int | None]
    name: Mapped[Name]
    relation: Mapped[Code]
    message_id: Mapped[int | None]
    why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
