"""Authorities and the procedures that each has enabled, in its order."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Day,
    Key,
    Moment,
    Name,
    OfAuthority,
    PublicId,
    points_at,
    random_id,
)


class Authority(Base):
    """A local authority. ``record_version`` moves whenever the record of its children does.

    ``codes_required`` says that everybody signs in with a one-time code beside the password.
    ``deadlines_under`` names the rules under which the stored deadlines were worked out. Meetings
    are recorded here from ``kept_since`` on.
    """

    __tablename__ = "authority"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    slug: Mapped[Code]
    name: Mapped[Name]
    record_version: Mapped[int] = mapped_column(default=0)
    demo: Mapped[bool] = mapped_column(default=False)
    codes_required: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    deadlines_under: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    kept_since: Mapped[date | None]


class EnabledProcedure(OfAuthority, Base):
    """A procedure that an authority follows, from and until; ``made_by`` said so, and why."""

    __tablename__ = "enabled_procedure"
    __table_args__ = (sa.UniqueConstraint("authority_id", "code", "since"),)
    code: Mapped[Code]
    position: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]
    made_by: Mapped[int | None]
    made_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class DayOff(OfAuthority, Base):
    """A day beside weekends and bank holidays on which the authority does not work."""

    __tablename__ = "day_off"
    __table_args__ = (points_at("account", "added_by"),)
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    on: Mapped[Day]
    title: Mapped[Name]
    added_at: Mapped[Moment]
    added_by: Mapped[int | None]
    taken_out_at: Mapped[datetime | None]
    taken_out_by: Mapped[int | None]


class LocalSetting(OfAuthority, Base):
    """What a procedure leaves to the authority, or the authority's own figure, from a day on.

    ``rule`` is the code of the rule, ``body_code`` the body of which it is ("" for none), ``what``
    which of its figures. The latest ``since`` that has come holds; ``value`` is "" where the
    procedure's own holds again. One that was made in error is taken back, never changed.
    """

    __tablename__ = "local_setting"
    __table_args__ = (
        points_at("account", "set_by"),
        sa.Index("ix_local_setting_rule", "authority_id", "procedure_code", "rule"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    procedure_code: Mapped[Code]
    body_code: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    rule: Mapped[Code]
    what: Mapped[Code]
    value: Mapped[str] = mapped_column(sa.String(400))
    since: Mapped[Day]
    why: Mapped[str] = mapped_column(sa.Text)
    set_at: Mapped[Moment]
    set_by: Mapped[int | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None]
