"""A child's time in care: the rows of returns as they came, and what is derived from them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import Code, Day, OfAuthority, Sourced, points_at


class OfChild(OfAuthority):
    child_id: Mapped[int] = mapped_column(index=True)


class Corrected:
    """What a typed row does to others, and what was done to it.

    ``corrects`` is the day of the imported row (its DECOM, or the day held or decided) in whose
    place this one stands; with ``void`` there is no row in its place. ``replaced_at`` is set when
    a later typed row took this one's place; ``why`` is the reason that was given.
    """

    corrects: Mapped[date | None]
    void: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    stated_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class Episode(OfChild, Sourced, Corrected, Base):
    """A row of the SSDA903 Episodes table; ``year`` is the latest collection year that had it."""

    __tablename__ = "episode"
    __table_args__ = (
        points_at("child", "child_id"),
        sa.Index("ix_episode_key", "child_id", "decom"),
    )
    year: Mapped[int | None]
    decom: Mapped[Day]
    rne: Mapped[Code]
    ls: Mapped[Code]
    cin: Mapped[Code]
    place: Mapped[Code]
    place_provider: Mapped[Code]
    dec: Mapped[date | None]
    rec: Mapped[Code]
    reason_place_change: Mapped[Code]
    home_post: Mapped[str] = mapped_column(sa.String(64), default="")
    pl_post: Mapped[str] = mapped_column(sa.String(64), default="")
    urn: Mapped[str] = mapped_column(sa.String(64), default="")


class Review(OfChild, Sourced, Corrected, Base):
    """One statutory review on one day; ``code`` is how the child took part."""

    __tablename__ = "review"
    __table_args__ = (points_at("child", "child_id"),)
    held_on: Mapped[Day]
    code: Mapped[Code]
    year: Mapped[int | None]


class AsylumStatus(OfChild, Sourced, Corrected, Base):
    """An unaccompanied asylum-seeking child, until ``ceases`` where that is known."""

    __tablename__ = "asylum_status"
    __table_args__ = (points_at("child", "child_id"),)
    ceases: Mapped[date | None]
    year: Mapped[int | None]


class AdoptionDecision(OfChild, Sourced, Corrected, Base):
    """The decision that a child should be placed for adoption, and its end."""

    __tablename__ = "adoption_decision"
    __table_args__ = (points_at("child", "child_id"),)
    decided_on: Mapped[Day]
    ceased_on: Mapped[date | None]
    ceased_reason: Mapped[Code]
    year: Mapped[int | None]


class PeriodOfCare(OfChild, Sourced, Base):
    """Derived: an unbroken time in care; ``start_known`` is false where it began earlier."""

    __tablename__ = "period_of_care"
    __table_args__ = (points_at("child", "child_id"),)
    start: Mapped[Day]
    start_known: Mapped[bool]
    end: Mapped[date | None]
    end_reason: Mapped[Code]
    short_breaks: Mapped[bool] = mapped_column(default=False)


class LegalStatus(OfChild, Sourced, Base):
    """Derived: an unbroken run of one legal status within a period of care."""

    __tablename__ = "legal_status"
    __table_args__ = (points_at("child", "child_id"),)
    code: Mapped[Code]
    start: Mapped[Day]
    start_known: Mapped[bool]
    end: Mapped[date | None]


class Placement(OfChild, Sourced, Base):
    """Derived: one placement; temporary ones are marked."""

    __tablename__ = "placement"
    __table_args__ = (points_at("child", "child_id"),)
    code: Mapped[Code]
    provider: Mapped[Code]
    start: Mapped[Day]
    start_known: Mapped[bool]
    end: Mapped[date | None]
    temporary: Mapped[bool]


class CareSummary(OfAuthority, Base):
    """Derived: one row a child for lists; holds dates, so that its state follows from any day."""

    __tablename__ = "care_summary"
    __table_args__ = (
        points_at("child", "child_id"),
        sa.Index("ix_care_summary_status", "authority_id", "status", "legal_status"),
        sa.Index("ix_care_summary_placement", "authority_id", "placement"),
    )
    child_id: Mapped[int] = mapped_column(unique=True)
    status: Mapped[Code]
    became_looked_after: Mapped[date | None]
    became_looked_after_known: Mapped[bool]
    ceased: Mapped[date | None]
    legal_status: Mapped[Code]
    legal_status_since: Mapped[date | None]
    placement: Mapped[Code]
    base_placement: Mapped[Code]
    latest_review: Mapped[date | None]
    flags: Mapped[str] = mapped_column(sa.String(400), default="")
