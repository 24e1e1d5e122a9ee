"""Deadlines as stored: anchor, due, met and stopped dates, all free of today."""

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
    Sourced,
    Words,
    points_at,
    reference,
)

#: Nobody has met it, and it concerns the child.
OPEN = sa.text("met_on IS NULL AND not_for = ''")
KNOWN = sa.text("met_on IS NULL AND not_for = '' AND missing = ''")


class Timed:
    """What a limit day is worked out from, and its reason in words without the clause."""

    anchor: Mapped[Code] = mapped_column(default="")
    anchor_date: Mapped[date | None]
    due: Mapped[date | None]
    due_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(sa.Text, default="")


class Keyed:
    """Which deadline: of a child (and a case), of a rule, in its series.

    ``run`` counts the runs of a deadline that repeats from 1.
    """

    procedure_code: Mapped[Code]
    code: Mapped[Code]
    run: Mapped[int] = mapped_column(default=1)


class DeadlineRow(OfAuthority, Keyed, Timed, Sourced, Base):
    """One deadline of a case or of a child (``case_id`` is then empty).

    ``spell`` counts the child's periods of care from 1, and is 0 for the deadline of a case.
    It is there as at the days from ``begins`` (None: always) up to before ``ends``; ``soon_on`` is
    the day from which it is soon. ``missing`` says what is not known, and ``enter`` where that is
    entered; ``not_for`` says why the rule does not concern the child. ``latest`` says that the due
    date is the latest possible one. ``instead_of`` are the clauses that a local figure or an
    earlier procedure replaced. The source is that of the fact from which it runs.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        points_at("child", "child_id"),
        points_at("panel_case", "case_id"),
        sa.Index("ix_deadline_child", "child_id"),
        sa.Index("ix_deadline_case", "case_id"),
        sa.Index("ix_deadline_due", "authority_id", "due"),
        sa.Index(
            "ix_deadline_open",
            "authority_id",
            "due",
            "stopped_on",
            "soon_on",
            "child_id",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        sa.Index(
            "ix_deadline_known",
            "authority_id",
            "due",
            "child_id",
            sqlite_where=KNOWN,
            postgresql_where=KNOWN,
        ),
    )
    child_id: Mapped[int] = reference()
    case_id: Mapped[int | None] = reference(nullable=True)
    procedure_edition: Mapped[Code]
    spell: Mapped[int] = mapped_column(default=0)
    begins: Mapped[date | None]
    ends: Mapped[date | None]
    soon_on: Mapped[date | None]
    met_on: Mapped[date | None]
    met_at: Mapped[datetime | None]
    stopped_on: Mapped[date | None]
    missing: Mapped[str] = mapped_column(sa.Text, default="")
    enter: Mapped[str] = mapped_column(sa.String(64), default="")
    not_for: Mapped[str] = mapped_column(sa.Text, default="")
    latest: Mapped[bool] = mapped_column(default=False)
    instead_of: Mapped[Words] = mapped_column(default="")


class DeadlineEarlier(OfAuthority, Keyed, Timed, Base):
    """What a stored deadline said before a fact was corrected, and until when it said so.

    ``period`` is the start of the period of care of which it is, as it is known now, and is empty
    for the deadline of a case: the number of a period changes when an earlier one is found.
    """

    __tablename__ = "deadline_earlier"
    __table_args__ = (
        points_at("child", "child_id"),
        points_at("panel_case", "case_id"),
        sa.Index("ix_deadline_earlier_child", "child_id"),
    )
    child_id: Mapped[int] = reference()
    case_id: Mapped[int | None] = reference(nullable=True)
    period: Mapped[date | None]
    replaced_at: Mapped[Moment]
    replaced_by: Mapped[int | None]


class DeadlinePeriod(OfAuthority, Base):
    """When a period of care began, by its number, as its deadlines were last worked out."""

    __tablename__ = "deadline_period"
    __table_args__ = (
        points_at("child", "child_id"),
        sa.UniqueConstraint("authority_id", "child_id", "spell"),
    )
    child_id: Mapped[int] = reference()
    spell: Mapped[int]
    start: Mapped[Day]


class DeadlineMark(OfAuthority, Base):
    """A child whose deadlines are still to be worked out anew, by the worker.

    ``marked_by`` is whose change asked for it first; empty where it was nobody's form.
    """

    __tablename__ = "deadline_mark"
    __table_args__ = (
        points_at("child", "child_id"),
        sa.UniqueConstraint("authority_id", "child_id"),
    )
    child_id: Mapped[int] = reference()
    marked_at: Mapped[Moment]
    marked_by: Mapped[int | None]
