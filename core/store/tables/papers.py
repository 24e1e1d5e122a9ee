"""Papers of a child, a case or a meeting: each with its versions, as files or as links."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Moment,
    Name,
    OfAuthority,
    PublicId,
    Versioned,
    pointed_at,
    points_at,
    random_id,
    reference,
)


class Paper(OfAuthority, Versioned, Base):
    """One paper; of exactly one of a child, a case or a meeting. ``kind`` is "" for any other.

    ``taken_out_told`` says in one of a few fixed words (core.domain.paper.TOLD) why it was taken
    out, for readers who may not know the reason as it was typed.
    ``answers_id`` is who answers for it until it is signed: who added it, or took it over since.
    """

    __tablename__ = "paper"
    __table_args__ = (
        pointed_at("paper"),
        points_at("child", "child_id"),
        points_at("panel_case", "case_id"),
        points_at("meeting", "meeting_id"),
        points_at("account", "answers_id"),
        points_at("account", "signed_by"),
        sa.Index("ix_paper_child", "child_id"),
        sa.Index("ix_paper_case", "case_id"),
        sa.Index("ix_paper_meeting", "meeting_id"),
        sa.Index("ix_paper_answers", "answers_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    child_id: Mapped[int | None] = reference(nullable=True)
    case_id: Mapped[int | None] = reference(nullable=True)
    meeting_id: Mapped[int | None] = reference(nullable=True)
    kind: Mapped[str] = mapped_column(sa.String(64), default="")
    title: Mapped[Name]
    dated: Mapped[date | None]
    answers_id: Mapped[int | None]
    signed_by: Mapped[int | None]
    signed_at: Mapped[datetime | None]
    taken_out_at: Mapped[datetime | None]
    taken_out_by: Mapped[int | None]
    taken_out_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    taken_out_told: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")


class PaperVersion(OfAuthority, Base):
    """One version: a file under a random name outside the web root, or a link elsewhere."""

    __tablename__ = "paper_version"
    __table_args__ = (
        points_at("paper", "paper_id"),
        points_at("account", "added_by"),
        sa.UniqueConstraint("paper_id", "number"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    paper_id: Mapped[int]
    number: Mapped[int]
    name: Mapped[Name]
    stored_as: Mapped[str] = mapped_column(sa.String(40), default="")
    media_type: Mapped[str] = mapped_column(sa.String(100), default="")
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    link: Mapped[str] = mapped_column(sa.String(2000), default="")
    scan: Mapped[str] = mapped_column(sa.String(16), default="")
    scanned_at: Mapped[datetime | None]
    added_at: Mapped[Moment]
    added_by: Mapped[int | None]
