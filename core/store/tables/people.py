"""Accounts and their roles, services and teams, and who holds which post from when."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Name,
    OfAuthority,
    PublicId,
    Versioned,
    pointed_at,
    points_at,
    random_id,
    reference,
)


class Account(OfAuthority, Versioned, Base):
    """Somebody who can sign in. ``session_key`` is of the first part, and read no more.

    ``codes_secret`` is that of their one-time codes, "" where they have none; ``codes_used`` is
    the last period whose code was taken, so that none is taken twice.
    """

    __tablename__ = "account"
    __table_args__ = (pointed_at("account"),)
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[Name]
    grade: Mapped[str] = mapped_column(sa.String(64), default="")
    job: Mapped[str] = mapped_column(sa.String(200), default="")
    password_hash: Mapped[str] = mapped_column(sa.String(255), default="")
    session_key: Mapped[str] = mapped_column(sa.String(32), default=random_id)
    active: Mapped[bool] = mapped_column(default=True)
    staff_number: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    password_changed_at: Mapped[datetime | None]
    codes_secret: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    codes_since: Mapped[datetime | None]
    codes_used: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")


class AccountRole(OfAuthority, Base):
    __tablename__ = "account_role"
    __table_args__ = (points_at("account", "account_id"),)
    account_id: Mapped[int] = mapped_column(index=True)
    role: Mapped[Code]
    since: Mapped[date]
    until: Mapped[date | None]


class Service(OfAuthority, Base):
    """A service; ``until`` is the day from which it is there no more."""

    __tablename__ = "service"
    __table_args__ = (pointed_at("service"), sa.UniqueConstraint("authority_id", "name"))
    name: Mapped[Name]
    until: Mapped[date | None]


class Team(OfAuthority, Base):
    """A team of a service; ``until`` is the day from which it is there no more."""

    __tablename__ = "team"
    __table_args__ = (
        pointed_at("team"),
        points_at("service", "service_id"),
        sa.UniqueConstraint("authority_id", "name"),
    )
    service_id: Mapped[int] = reference()
    name: Mapped[Name]
    until: Mapped[date | None]


class Placing(OfAuthority, Base):
    """Where somebody works: in a team, or across a service."""

    __tablename__ = "placing"
    __table_args__ = (
        points_at("account", "account_id"),
        points_at("team", "team_id"),
        points_at("service", "service_id"),
    )
    account_id: Mapped[int] = mapped_column(index=True)
    team_id: Mapped[int | None] = reference(nullable=True)
    service_id: Mapped[int | None] = reference(nullable=True)
    since: Mapped[date]
    until: Mapped[date | None]


class PostHolder(OfAuthority, Base):
    """Who holds a post of a body (or an office, with no body) from and until.

    ``grade`` and ``service`` are those in which they hold it; ``outside`` says that they come from
    outside the authority; ``remind_on`` is when the end of the term is reminded of.
    """

    __tablename__ = "post_holder"
    __table_args__ = (
        points_at("account", "account_id"),
        sa.Index("ix_post_holder_body", "authority_id", "procedure_code", "body_code"),
    )
    procedure_code: Mapped[Code]
    body_code: Mapped[str] = mapped_column(sa.String(64), default="")
    post_code: Mapped[Code]
    account_id: Mapped[int] = mapped_column(index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    grade: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    service: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    outside: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    remind_on: Mapped[date | None]


class Cover(OfAuthority, Base):
    """Somebody stands in for a colleague who is away, and sees what the colleague sees."""

    __tablename__ = "cover"
    __table_args__ = (
        points_at("account", "away_id"),
        points_at("account", "covered_by_id"),
        sa.Index("ix_cover_by", "covered_by_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    away_id: Mapped[int] = mapped_column(index=True)
    covered_by_id: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]
    why: Mapped[str] = mapped_column(sa.String(400), default="", server_default="")
