"""Decisions as recorded, their outcomes, and what each made: actions and onward referrals."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Day,
    Moment,
    OfAuthority,
    PublicId,
    Versioned,
    Words,
    pointed_at,
    points_at,
    random_id,
    reference,
)


class Decision(OfAuthority, Versioned, Base):
    """What a meeting decided of a case; frozen when recorded, with the words as shown."""

    __tablename__ = "decision"
    __table_args__ = (
        pointed_at("decision"),
        points_at("booking", "booking_id"),
        points_at("panel_case", "case_id"),
        points_at("meeting", "meeting_id"),
        points_at("meeting", "return_meeting_id"),
        points_at("account", "recorded_by"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    booking_id: Mapped[int] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(index=True)
    meeting_id: Mapped[int] = mapped_column(index=True)
    decided_on: Mapped[Day]
    rationale: Mapped[Words]
    discussion: Mapped[str] = mapped_column(sa.Text, default="")
    agreed: Mapped[str] = mapped_column(sa.Text, default="")
    chair_name: Mapped[str] = mapped_column(sa.String(200))
    present: Mapped[str] = mapped_column(sa.Text, default="")
    return_by: Mapped[date | None]
    return_meeting_id: Mapped[int | None] = reference(nullable=True)
    recorded_at: Mapped[Moment]
    recorded_by: Mapped[int | None]


class DecisionOutcome(OfAuthority, Base):
    """One outcome of a decision, with its words and clause as they were shown."""

    __tablename__ = "decision_outcome"
    __table_args__ = (points_at("decision", "decision_id"),)
    decision_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    code: Mapped[Code]
    words: Mapped[Words]
    clauses: Mapped[str] = mapped_column(sa.String(200))
    force: Mapped[Code]
    ground: Mapped[str] = mapped_column(sa.String(64), default="")
    ground_words: Mapped[str] = mapped_column(sa.String(200), default="")
    box: Mapped[str] = mapped_column(sa.String(64), default="")


class Action(OfAuthority, Versioned, Base):
    """Something that somebody does by a day, until it is done.

    One that came with an import of an authority's own tracker has ``child_id``, its file's line
    and the day ``as_at`` of which that file speaks, and neither decision nor case. ``given_due``,
    ``given_owner_id`` and ``given_owner`` are what the files gave it: where it differs now, a
    person has changed it here.
    """

    __tablename__ = "action"
    __table_args__ = (
        points_at("decision", "decision_id"),
        points_at("panel_case", "case_id"),
        points_at("account", "owner_id"),
        sa.Index("ix_action_open", "authority_id", "done_on", "due"),
        sa.Index("ix_action_owner", "owner_id", "done_on"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    decision_id: Mapped[int | None] = mapped_column(index=True)
    case_id: Mapped[int | None] = mapped_column(index=True)
    child_id: Mapped[int | None] = mapped_column(index=True)
    import_file_id: Mapped[int | None] = reference(nullable=True)
    import_line: Mapped[int | None]
    as_at: Mapped[date | None]
    outcome_code: Mapped[str] = mapped_column(sa.String(64), default="")
    kind: Mapped[Code]
    what: Mapped[Words]
    owner_id: Mapped[int | None]
    owner_name: Mapped[str] = mapped_column(sa.String(200))
    due: Mapped[Day]
    first_due: Mapped[Day]
    given_due: Mapped[date | None]
    given_owner_id: Mapped[int | None]
    given_owner: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    due_why: Mapped[str] = mapped_column(sa.String(300), default="")
    progress: Mapped[str] = mapped_column(sa.Text, default="")
    done_on: Mapped[date | None]
    done_words: Mapped[str] = mapped_column(sa.Text, default="")


class OnwardReferral(OfAuthority, Versioned, Base):
    """A referral to another forum, open until its answer is recorded.

    With ``person_id`` it is about that person and stands on their record; the child's shows only
    that a referral was made.
    """

    __tablename__ = "onward_referral"
    __table_args__ = (
        points_at("decision", "decision_id"),
        points_at("panel_case", "case_id"),
        points_at("person", "person_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    decision_id: Mapped[int] = mapped_column(index=True)
    case_id: Mapped[int] = mapped_column(index=True)
    outcome_code: Mapped[Code]
    forum: Mapped[Code]
    forum_words: Mapped[str] = mapped_column(sa.String(200))
    person_id: Mapped[int | None] = mapped_column(index=True)
    made_on: Mapped[Day]
    answered_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_at: Mapped[datetime | None]
