"""Columns that many tables have: keys, the authority, versions, and where a fact comes from."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, MappedColumn, declared_attr, mapped_column

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

Key = Annotated[int, mapped_column(sa.Integer, primary_key=True, autoincrement=True)]
Code = Annotated[str, mapped_column(sa.String(64))]
Name = Annotated[str, mapped_column(sa.String(200))]
Words = Annotated[str, mapped_column(sa.Text)]
Moment = Annotated[datetime, mapped_column(sa.DateTime)]
Day = Annotated[date, mapped_column(sa.Date)]
PublicId = Annotated[str, mapped_column(sa.String(16), unique=True)]


def random_id() -> str:
    """A random id for addresses: 14 letters and digits that cannot be guessed or misread."""
    found = ""
    while len(found) < 14:
        # Only bytes below the largest multiple of the alphabet, so that no letter is likelier.
        found += "".join(ALPHABET[byte % 31] for byte in secrets.token_bytes(20) if byte < 248)
    return found[:14]


def may_be_id(text: str) -> bool:
    """Whether a text could be such an id."""
    return len(text) == 14 and set(text) <= set(ALPHABET)


class OfAuthority:
    """Every row belongs to one authority, and points at rows of the same authority only."""

    id: Mapped[Key]

    @declared_attr
    def authority_id(cls) -> Mapped[int]:
        return mapped_column(sa.ForeignKey("authority.id"))


class Versioned:
    """Saved with ``WHERE version = :seen``: no row means that somebody else saved first."""

    version: Mapped[int] = mapped_column(default=1)


class Sourced:
    """Where a fact comes from: typed by an account, or imported from a line of a file.

    ``said_of`` is the local id of which it was said, where that record has been merged into this
    child's; "" where it was said of the child's own.
    """

    @declared_attr
    def typed_by(cls) -> Mapped[int | None]:
        return mapped_column(sa.ForeignKey("account.id"))

    @declared_attr
    def import_file_id(cls) -> Mapped[int | None]:
        return mapped_column(sa.ForeignKey("import_file.id"))

    import_line: Mapped[int | None]
    said_of: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")


class Stated:
    """When a source said something, and whether it was corrected since (core.domain.record).

    ``as_at`` is the day for which it is said: a file's as-at day, or the day of typing. ``format``
    is the kind of file ("" for what was typed). ``replaced_at`` is set when a later saying of the
    same source took its place, or it was taken back; ``why`` is the reason given for the change.
    """

    format: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    as_at: Mapped[date | None]
    stated_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


def points_at(table: str, column: str, **options: object) -> sa.ForeignKeyConstraint:
    """A composite foreign key: the row pointed at is of the same authority."""
    return sa.ForeignKeyConstraint(
        ["authority_id", column],
        [f"{table}.authority_id", f"{table}.id"],
        **options,  # type: ignore[arg-type]
    )


def pointed_at(table: str) -> sa.UniqueConstraint:
    """What a composite foreign key needs of the table that it points at."""
    return sa.UniqueConstraint("authority_id", "id", name=f"uq_{table}_authority_id_id")


def reference(nullable: bool = False) -> MappedColumn[int]:
    return mapped_column(sa.Integer, nullable=nullable)
