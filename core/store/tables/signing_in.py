"""Signing in: sessions, attempts that failed, links by which an account is opened or mended."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import Code, Key, Moment, OfAuthority, PublicId, points_at, random_id


class AccountSession(OfAuthority, Base):
    """One session of an account on one device; ``key`` is in its cookie, signed."""

    __tablename__ = "account_session"
    __table_args__ = (points_at("account", "account_id"),)
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    account_id: Mapped[int] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(sa.String(32), unique=True, default=random_id)
    device: Mapped[str] = mapped_column(sa.String(200), default="")
    started_at: Mapped[Moment]
    ended_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A sign-in that failed: by the hash of the e-mail typed, whether or not anybody has it."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        sa.Index("ix_sign_in_attempt_email", "email_hash", "at"),
        sa.Index("ix_sign_in_attempt_address", "address_hash", "at"),
    )
    id: Mapped[Key]
    at: Mapped[Moment]
    email_hash: Mapped[str] = mapped_column(sa.String(64))
    address_hash: Mapped[str] = mapped_column(sa.String(64), default="")


class AccountLink(OfAuthority, Base):
    """A link that opens an account once: ``kind`` is "invitation" or "reset". Its hash is kept."""

    __tablename__ = "account_link"
    __table_args__ = (points_at("account", "account_id"),)
    account_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[Code]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[Moment]
    made_by: Mapped[int | None]
    ends_at: Mapped[Moment]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
