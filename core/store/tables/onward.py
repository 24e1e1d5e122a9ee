"""Referrals from one body to another, each open until its answer is recorded."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Day,
    OfAuthority,
    PublicId,
    Versioned,
    points_at,
    random_id,
)


class OnwardReferral(OfAuthority, Versioned, Base):
    """A referral to another forum, open until its answer is recorded.

    It was made by a decision on a case, or by a person: of a case (``case_id``), or of one child
    (``child_id``) beside any case. ``clauses`` are those on which it stands, ``asked`` what is put
    to the forum. With ``person_id`` it is about that person and stands on their record; the
    child's shows only that a referral was made. ``answer_code`` says which of the forum's answers
    came (core.domain.forums; "" for one recorded in words alone); ``recorded_at`` is when it was
    put into the children's record, empty where it was not; ``recorded_code``, ``recorded_on`` and
    ``recorded_answer`` are the answer as it was then, and ``facts`` the public ids of the entries
    of the record that say it (none for a decision for adoption, which is a row of care).
    """

    __tablename__ = "onward_referral"
    __table_args__ = (
        points_at("decision", "decision_id"),
        points_at("panel_case", "case_id"),
        points_at("child", "child_id"),
        points_at("person", "person_id"),
        points_at("account", "made_by"),
        points_at("account", "answered_by"),
        sa.Index("ix_onward_referral_open", "authority_id", "answered_on", "made_on"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    decision_id: Mapped[int | None] = mapped_column(index=True)
    case_id: Mapped[int | None] = mapped_column(index=True)
    child_id: Mapped[int | None] = mapped_column(index=True)
    outcome_code: Mapped[str] = mapped_column(sa.String(64), default="")
    forum: Mapped[Code]
    forum_words: Mapped[str] = mapped_column(sa.String(200))
    clauses: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    asked: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    person_id: Mapped[int | None] = mapped_column(index=True)
    made_on: Mapped[Day]
    made_by: Mapped[int | None]
    answered_on: Mapped[date | None]
    answer_code: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None]
    recorded_at: Mapped[datetime | None]
    recorded_code: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    recorded_on: Mapped[date | None]
    recorded_answer: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    facts: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default="[]")
