"""Authorities and the procedures that each has enabled, in its order."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import Code, Key, Name, OfAuthority


class Authority(Base):
    """A local authority. ``record_version`` moves whenever the record of its children does.

    ``codes_required`` says that everybody signs in with a one-time code beside the password.
    """

    __tablename__ = "authority"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(sa.String(16), unique=True)
    slug: Mapped[Code]
    name: Mapped[Name]
    record_version: Mapped[int] = mapped_column(default=0)
    demo: Mapped[bool] = mapped_column(default=False)
    codes_required: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class EnabledProcedure(OfAuthority, Base):
    __tablename__ = "enabled_procedure"
    __table_args__ = (sa.UniqueConstraint("authority_id", "code", "since"),)
    code: Mapped[Code]
    position: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]
