"""Escalations of late actions, with who was told and what they said; and when one is paused."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Day,
    Moment,
    Name,
    OfAuthority,
    PublicId,
    Words,
    pointed_at,
    points_at,
    random_id,
)


class Escalation(OfAuthority, Base):
    """A stage that a late action has come to, once for each due day.

    ``reached_on`` is the day on which the stage came, ``at`` when that was recorded. ``why`` is
    its reason in words. ``whom`` is whom it goes to (core.domain.procedure.escalation.Whom, with
    commas). ``nobody`` says whom there is nobody to tell, "" where there is somebody: until it is
    answered it is kept as things stand.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        pointed_at("escalation"),
        points_at("action", "action_id"),
        sa.UniqueConstraint("action_id", "due", "stage"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    action_id: Mapped[int]
    due: Mapped[Day]
    stage: Mapped[Code]
    title: Mapped[Name]
    whom: Mapped[str] = mapped_column(sa.String(200))
    reached_on: Mapped[Day]
    at: Mapped[Moment]
    why: Mapped[Words]
    clauses: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    nobody: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class EscalationTold(OfAuthority, Base):
    """Somebody who was told at a stage, by the name that they had, on a day."""

    __tablename__ = "escalation_told"
    __table_args__ = (
        points_at("escalation", "escalation_id"),
        points_at("account", "account_id"),
        sa.UniqueConstraint("escalation_id", "account_id"),
        sa.Index("ix_escalation_told_account", "account_id"),
    )
    escalation_id: Mapped[int]
    account_id: Mapped[int]
    name: Mapped[Name]
    told_on: Mapped[Day]


class EscalationAnswer(OfAuthority, Base):
    """What somebody who was told answered: only ever added to."""

    __tablename__ = "escalation_answer"
    __table_args__ = (
        points_at("escalation", "escalation_id"),
        points_at("account", "by"),
        sa.Index("ix_escalation_answer_escalation", "escalation_id"),
    )
    escalation_id: Mapped[int]
    at: Mapped[Moment]
    by: Mapped[int]
    words: Mapped[Words]


class EscalationPause(OfAuthority, Base):
    """No stage comes from ``since`` up to and with ``until``, or up to before ``ended_on``."""

    __tablename__ = "escalation_pause"
    __table_args__ = (
        points_at("action", "action_id"),
        points_at("account", "made_by"),
        points_at("account", "ended_by"),
        sa.Index("ix_escalation_pause_action", "action_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    action_id: Mapped[int]
    since: Mapped[Day]
    until: Mapped[Day]
    why: Mapped[Words]
    made_at: Mapped[Moment]
    made_by: Mapped[int | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[int | None]


class EscalationDay(OfAuthority, Base):
    """How far the late actions of an authority have been gone through on a day.

    ``after_id`` is the last action that was; ``finished`` says that there are no more that day.
    """

    __tablename__ = "escalation_day"
    __table_args__ = (sa.UniqueConstraint("authority_id"),)
    on: Mapped[Day]
    after_id: Mapped[int] = mapped_column(default=0, server_default="0")
    finished: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
