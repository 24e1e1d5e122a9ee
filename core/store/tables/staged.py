"""Documents that go through stages: each version of their text, and what was said of it."""

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
)


class StagedDocument(OfAuthority, Versioned, Base):
    """A document about a child that stages stand before, under one edition of a procedure.

    ``kind`` is the code of its stages. ``entry_id`` is the entry of the proceedings of which it is,
    and ``issued_on`` the day of their issue as it was then. ``number`` is that of its text as it is
    now. ``state`` and ``waits_for`` (whom the open steps ask, between commas) follow from its texts
    and sayings (core.domain.staged), and are kept so that what waits for somebody is found at once.
    """

    __tablename__ = "staged_document"
    __table_args__ = (
        pointed_at("staged_document"),
        points_at("child", "child_id"),
        points_at("entry", "entry_id"),
        points_at("account", "started_by"),
        points_at("account", "filed_by"),
        sa.Index("ix_staged_document_child", "child_id"),
        sa.Index("ix_staged_document_state", "authority_id", "state"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    child_id: Mapped[int]
    kind: Mapped[Code]
    procedure_code: Mapped[str] = mapped_column(sa.String(64))
    procedure_edition: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    entry_id: Mapped[int | None]
    issued_on: Mapped[date | None]
    number: Mapped[int]
    state: Mapped[Code]
    since: Mapped[Moment]
    waits_for: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    started_at: Mapped[Moment]
    started_by: Mapped[int | None]
    filed_on: Mapped[date | None]
    filed_at: Mapped[datetime | None]
    filed_by: Mapped[int | None]


class StagedText(OfAuthority, Base):
    """One version of a document's text: only ever added to."""

    __tablename__ = "staged_text"
    __table_args__ = (
        points_at("staged_document", "document_id"),
        points_at("account", "by"),
        sa.UniqueConstraint("document_id", "number"),
    )
    document_id: Mapped[int]
    number: Mapped[int]
    words: Mapped[Words]
    hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[Moment]
    by: Mapped[int | None]


class StagedAnswer(OfAuthority, Base):
    """What was said of a text: asked for approval, approved, reviewed or sent back; only added to.

    ``sent_to`` is the step to which it was sent back, or "author". ``stands_for`` is the name of
    the colleague in whose place it was said, "" where there was none.
    """

    __tablename__ = "staged_answer"
    __table_args__ = (
        points_at("staged_document", "document_id"),
        points_at("account", "by"),
        sa.Index("ix_staged_answer_document", "document_id"),
    )
    document_id: Mapped[int]
    number: Mapped[int]
    step: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    said: Mapped[str] = mapped_column(sa.String(16))
    sent_to: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    words: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    stands_for: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    at: Mapped[Moment]
    by: Mapped[int | None]


class StagedInvitee(OfAuthority, Base):
    """Somebody invited to one document, who sees that document alone, from and until a day."""

    __tablename__ = "staged_invitee"
    __table_args__ = (
        points_at("staged_document", "document_id"),
        points_at("account", "account_id"),
        points_at("account", "invited_by"),
        sa.UniqueConstraint("document_id", "account_id"),
        sa.Index("ix_staged_invitee_account", "account_id"),
    )
    document_id: Mapped[int]
    account_id: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]
    invited_by: Mapped[int | None]
