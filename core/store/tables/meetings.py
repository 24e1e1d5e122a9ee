"""Meetings of a body, who attends them, and the cases booked onto their agendas."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import (
    Code,
    Day,
    OfAuthority,
    PublicId,
    Versioned,
    pointed_at,
    points_at,
    random_id,
    reference,
)


class Meeting(OfAuthority, Versioned, Base):
    """One meeting. The leave columns record who allowed it to go ahead without a usual chair.

    ``chair_why`` is why ``chair_id`` was named, where the order of the chair gives another.

    ``carried`` is written at the close: what had come then of each decision that the meeting went
    through or took (core.store.carried); its own actions anew as the minutes are ratified.
    ``theme`` is that of its schedule (a cohort's code), "" for none. ``moved_from`` is the day on
    which it was to be before it was last moved. On the day of one that was cancelled the body may
    meet all the same: that is another meeting. ``of_one_child`` marks one that is about one child
    (a planning meeting), of which there may be several on a day; ``filed_on`` is when its record
    was put on that child's file, ``filed_by`` who says so.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        pointed_at("meeting"),
        sa.Index(
            "ix_meeting_day",
            "authority_id",
            "procedure_code",
            "body_code",
            "held_on",
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled' AND of_one_child = 0"),
            postgresql_where=sa.text("state <> 'cancelled' AND NOT of_one_child"),
        ),
        points_at("account", "chair_id"),
        points_at("account", "statement_read_by"),
        points_at("account", "filed_by"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    procedure_code: Mapped[Code]
    procedure_edition: Mapped[Code]
    body_code: Mapped[Code]
    held_on: Mapped[Day]
    starts_at: Mapped[time]
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    state: Mapped[Code]
    chair_id: Mapped[int | None]
    chair_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    leave_given: Mapped[bool | None]
    leave_by: Mapped[str] = mapped_column(sa.String(200), default="")
    leave_asked_by: Mapped[str] = mapped_column(sa.String(200), default="")
    leave_on: Mapped[date | None]
    leave_reason: Mapped[str] = mapped_column(sa.Text, default="")
    statement_read_at: Mapped[datetime | None]
    statement_read_by: Mapped[int | None]
    other_business: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[datetime | None]
    circulated_at: Mapped[datetime | None]
    circulated_by: Mapped[int | None]
    ratified_at: Mapped[datetime | None]
    ratified_by: Mapped[int | None]
    carried: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    theme: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    moved_from: Mapped[date | None]
    moved_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None]
    cancelled_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    of_one_child: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    filed_on: Mapped[date | None]
    filed_by: Mapped[int | None]


class Attendance(OfAuthority, Versioned, Base):
    """One post (or one invitee) at one meeting: who, and whether they are there.

    Of a post that several hold there is one for each of them: ``holder_id`` is the account whose
    place it is, 0 in every other post. ``outside`` says that who sits comes from outside.
    ``grade`` is that of a substitute, as it was typed where no account has it.
    ``earlier`` are the stays in this seat that ended before the one of ``arrived_at``: who sat,
    from when to when (core.store.seats).
    """

    __tablename__ = "attendance"
    __table_args__ = (
        points_at("meeting", "meeting_id"),
        points_at("account", "account_id"),
        sa.UniqueConstraint("meeting_id", "post_code", "holder_id"),
    )
    meeting_id: Mapped[int]
    post_code: Mapped[Code]
    account_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    substitute: Mapped[bool] = mapped_column(default=False)
    holder_id: Mapped[int] = mapped_column(default=0, server_default="0")
    outside: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    grade: Mapped[str] = mapped_column(sa.String(64), default="", server_default="")
    state: Mapped[str] = mapped_column(sa.String(16), default="expected")
    arrived_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)


class Booking(OfAuthority, Versioned, Base):
    """A case on a meeting's agenda, under ``item`` ("cases" or "previous").

    ``turn`` numbers the bookings of a case in the order in which they were made. The one with the
    greatest is the last, also where the case came back to an agenda on which it had been.
    """

    __tablename__ = "booking"
    __table_args__ = (
        pointed_at("booking"),
        points_at("meeting", "meeting_id"),
        points_at("panel_case", "case_id"),
        sa.UniqueConstraint("meeting_id", "case_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    meeting_id: Mapped[int]
    case_id: Mapped[int] = mapped_column(index=True)
    item: Mapped[Code]
    position: Mapped[int]
    state: Mapped[Code]
    why: Mapped[str] = mapped_column(sa.String(400), default="")
    turn: Mapped[int] = mapped_column(default=1, server_default="1")
    from_decision_id: Mapped[int | None] = reference(nullable=True)


class Declaration(OfAuthority, Base):
    """A member's involvement with, or knowledge of, a case (declared on its item)."""

    __tablename__ = "declaration"
    __table_args__ = (
        points_at("booking", "booking_id"),
        points_at("account", "account_id"),
        points_at("account", "written_by"),
    )
    booking_id: Mapped[int] = mapped_column(index=True)
    account_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(sa.String(200))
    what: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]
    written_by: Mapped[int | None]


class Withdrawal(OfAuthority, Base):
    """A member who takes no part in one item, from when until when (None: to its end).

    ``account_id`` is None for a name that was typed. ``by_chair`` says that the chair said so,
    else the member did. Who withdrew sees neither the papers nor the minutes of the item.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (
        points_at("booking", "booking_id"),
        points_at("account", "account_id"),
        points_at("account", "written_by"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    booking_id: Mapped[int] = mapped_column(index=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    by_chair: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(sa.Text, default="")
    withdrew_at: Mapped[datetime]
    written_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
