"""Children: who they are, what each source says of that, and who works with them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Moment,
    Name,
    OfAuthority,
    PublicId,
    Sourced,
    Stated,
    Versioned,
    Words,
    pointed_at,
    points_at,
    random_id,
    reference,
)


class Child(OfAuthority, Versioned, Base):
    """A child, with the values in use; what every source says is in ``identity_fact``.

    ``merged_into_id`` is the record that is kept of the same child. ``closed_to`` is "restricted"
    or "sealed" where only those named see the child, else "".
    """

    __tablename__ = "child"
    __table_args__ = (
        pointed_at("child"),
        points_at("team", "team_id"),
        sa.UniqueConstraint("authority_id", "local_id"),
        sa.Index("ix_child_name", "authority_id", "family_name", "given_name", "local_id"),
        sa.Index("ix_child_team", "authority_id", "team_id"),
        sa.Index("ix_child_siblings", "authority_id", "sibling_group"),
        sa.Index("ix_child_merged", "merged_into_id"),
        sa.Index("ix_child_upn", "authority_id", "upn"),
        sa.Index("ix_child_alike", "authority_id", "born", "family_name", "given_name"),
        sa.Index(
            "ix_child_closed",
            "authority_id",
            sqlite_where=sa.text("closed_to <> ''"),
            postgresql_where=sa.text("closed_to <> ''"),
        ),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    local_id: Mapped[str] = mapped_column(sa.String(64))
    given_name: Mapped[str] = mapped_column(sa.String(100), default="")
    family_name: Mapped[str] = mapped_column(sa.String(100), default="")
    born: Mapped[date | None]
    birth_expected: Mapped[bool] = mapped_column(default=False)
    sex: Mapped[str] = mapped_column(sa.String(64), default="")
    ethnicity: Mapped[str] = mapped_column(sa.String(64), default="")
    disability: Mapped[str] = mapped_column(sa.String(200), default="")
    upn: Mapped[str] = mapped_column(sa.String(64), default="")
    sibling_group: Mapped[str | None] = mapped_column(sa.String(40))
    team_id: Mapped[int | None] = reference(nullable=True)
    languages: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    merged_into_id: Mapped[int | None] = reference(nullable=True)
    closed_to: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")


class IdentityFact(OfAuthority, Sourced, Stated, Base):
    """What one source says of a child's identity: all are kept, also those that disagree."""

    __tablename__ = "identity_fact"
    __table_args__ = (points_at("child", "child_id"),)
    child_id: Mapped[int] = mapped_column(index=True)
    field: Mapped[Code]
    value: Mapped[Words]
    year: Mapped[int | None]


class Allocation(OfAuthority, Base):
    """Who works with a child, as ``worker`` or ``iro``, from and until."""

    __tablename__ = "allocation"
    __table_args__ = (
        points_at("child", "child_id"),
        points_at("account", "account_id"),
        sa.Index("ix_allocation_account", "account_id", "relation"),
    )
    child_id: Mapped[int] = mapped_column(index=True)
    account_id: Mapped[int]
    relation: Mapped[Code]
    since: Mapped[date]
    until: Mapped[date | None]


class StatedWorker(OfAuthority, Sourced, Base):
    """Whom a file names as working with a child, as it names them, matched to an account or not.

    ``relation`` is "worker", "iro" or "manager"; ``format`` is the kind of file. ``ended_at`` is
    set when a later file names another.
    """

    __tablename__ = "stated_worker"
    __table_args__ = (
        points_at("child", "child_id"),
        points_at("account", "account_id"),
        sa.Index("ix_stated_worker_child", "child_id"),
        sa.Index(
            "ix_stated_worker_matched",
            "authority_id",
            "account_id",
            "said",
            sqlite_where=sa.text("account_id IS NOT NULL"),
            postgresql_where=sa.text("account_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_stated_worker_unmatched",
            "authority_id",
            "said",
            "email",
            "staff_number",
            sqlite_where=sa.text("account_id IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("account_id IS NULL AND ended_at IS NULL"),
        ),
    )
    child_id: Mapped[int]
    relation: Mapped[Code]
    said: Mapped[Name]
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    staff_number: Mapped[str] = mapped_column(sa.String(64), default="")
    as_at: Mapped[date]
    format: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    account_id: Mapped[int | None] = reference(nullable=True)
    ended_at: Mapped[datetime | None]


class KnownAs(OfAuthority, Base):
    """Somebody whom files name in a way that a person has matched to an account."""

    __tablename__ = "known_as"
    __table_args__ = (
        points_at("account", "account_id"),
        sa.UniqueConstraint("authority_id", "said", "email", "staff_number"),
    )
    said: Mapped[Name]
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    staff_number: Mapped[str] = mapped_column(sa.String(64), default="")
    account_id: Mapped[int]
    matched_by: Mapped[int | None]
    matched_at: Mapped[Moment]


class Person(OfAuthority, Versioned, Base):
    """Somebody around children who has a record of their own, such as a mother."""

    __tablename__ = "person"
    __table_args__ = (pointed_at("person"),)
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    name: Mapped[Name]


class PersonOfChild(OfAuthority, Base):
    __tablename__ = "person_of_child"
    __table_args__ = (
        points_at("person", "person_id"),
        points_at("child", "child_id"),
        sa.UniqueConstraint("child_id", "person_id", "relation"),
    )
    child_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(index=True)
    relation: Mapped[Code]
