"""Imports: each run, its files, and the problems found in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Moment,
    Name,
    OfAuthority,
    PublicId,
    Words,
    pointed_at,
    points_at,
    random_id,
)


class ImportRun(OfAuthority, Base):
    """One import. ``record_version`` is the record's when the preview was made.

    ``tries`` is how often a worker has taken it and neither done it nor given it back.
    """

    __tablename__ = "import_run"
    __table_args__ = (pointed_at("import_run"), points_at("account", "account_id"))
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    account_id: Mapped[int | None]
    state: Mapped[Code]
    asked_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    year: Mapped[int | None]
    as_at: Mapped[date | None]
    year_inferred: Mapped[bool] = mapped_column(default=False)
    record_version: Mapped[int | None]
    staged_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    rows_done: Mapped[int] = mapped_column(default=0)
    bytes_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    failure: Mapped[str] = mapped_column(sa.Text, default="")
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")


class ImportFile(OfAuthority, Base):
    """One file of a run, as it was called when it came; ``stored_as`` is its random name."""

    __tablename__ = "import_file"
    __table_args__ = (points_at("import_run", "run_id"),)
    run_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[Name]
    stored_as: Mapped[str] = mapped_column(sa.String(40), default="")
    table_name: Mapped[str] = mapped_column(sa.String(40), default="")
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    rows: Mapped[int] = mapped_column(default=0)


class ImportChange(OfAuthority, Base):
    """What an import changes of one child, as its preview shows it; ``subject`` names the kind."""

    __tablename__ = "import_change"
    __table_args__ = (
        points_at("import_run", "run_id"),
        sa.Index("ix_import_change_run", "run_id", "id"),
    )
    run_id: Mapped[int]
    child: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[Code]
    field: Mapped[Code]
    before: Mapped[Words]
    after: Mapped[Words]
    file: Mapped[str] = mapped_column(sa.String(200), default="")
    line: Mapped[int | None]


class ImportProblem(OfAuthority, Base):
    """What is wrong in a file, and where; ``rule`` is a DfE rule number or a word."""

    __tablename__ = "import_problem"
    __table_args__ = (
        points_at("import_run", "run_id"),
        sa.Index("ix_import_problem_run", "run_id", "id"),
    )
    run_id: Mapped[int]
    file: Mapped[Name]
    line: Mapped[int | None]
    column: Mapped[str] = mapped_column(sa.String(64), default="")
    rule: Mapped[Code]
    severity: Mapped[Code]
    message: Mapped[Words]
