"""The board: how children stand over time, and one row a child for the day that is kept."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.store.database import Base
from core.store.tables.columns import Code, Day, OfAuthority, points_at


class Stood:
    """The facts of core.domain.board.Standing, by the same names."""

    started: Mapped[Day]
    started_known: Mapped[bool]
    legal_status: Mapped[Code]
    legal_since: Mapped[date | None]
    legal_since_known: Mapped[bool]
    placement: Mapped[Code]
    placement_since: Mapped[date | None]
    placement_since_known: Mapped[bool]
    plan: Mapped[Code]
    plan_state: Mapped[str] = mapped_column(sa.String(16))
    plan_state_on: Mapped[date | None]
    plan_since: Mapped[date | None]
    plan_reviews: Mapped[int | None]
    match: Mapped[str] = mapped_column(sa.String(8))
    matched_on: Mapped[date | None]
    placement_order: Mapped[bool]
    placement_order_on: Mapped[date | None]
    placed_for_adoption: Mapped[bool]
    second_review: Mapped[date | None]
    second_review_held: Mapped[bool]
    section_20_limit: Mapped[date | None]
    last_planning: Mapped[date | None]
    last_panel: Mapped[date | None]


class BoardSpan(OfAuthority, Stood, Base):
    """Derived: how a child stands from ``since`` up to before ``until``; free of today."""

    __tablename__ = "board_span"
    __table_args__ = (
        points_at("child", "child_id"),
        sa.Index("ix_board_span_child", "child_id", "since"),
    )
    child_id: Mapped[int]
    since: Mapped[Day]
    until: Mapped[date | None]


class BoardRow(OfAuthority, Stood, Base):
    """Derived: the board's row of a child as at ``worked_on``, as the statement of the board has
    it (core.store.board_statement).

    It says the same of each day from ``worked_on`` on, up to before ``changes_on`` and up to and
    with ``same_to``. ``there`` is false for a child who is not looked after yet. ``next_id`` and
    ``late_id`` are deadlines, ``action_id`` the soonest open action that nobody says is done, else
    the soonest that waits for acceptance. ``views`` are the saved views that it is in, as one
    number.
    """

    __tablename__ = "board_row"
    __table_args__ = (
        points_at("child", "child_id"),
        sa.UniqueConstraint("authority_id", "child_id"),
        *(
            sa.Index(f"ix_board_row_{name}", "authority_id", name, "child_id")
            for name in (
                "started", "next_due", "late_due", "overdue", "rolled", "last_planning",
                "last_panel", "matched_on", "plan_state_on", "changes_on", "same_to", "worked_on",
            )
        ),
        sa.Index(
            "ix_board_row_born",
            "authority_id", "born", "child_id",
            "there", "views", "plan_state", "legal_status", "late_due",
        ),
        sa.Index(
            "ix_board_row_counted",
            "authority_id",
            "there", "views", "plan_state", "legal_status", "late_due", "born", "child_id",
        ),
        sa.Index(
            "ix_board_row_filtered",
            "authority_id",
            "there", "legal_status", "plan_state", "views", "late_due", "born", "child_id",
        ),
    )  # fmt: skip
    child_id: Mapped[int]
    worked_on: Mapped[Day]
    changes_on: Mapped[date | None]
    same_to: Mapped[date | None]
    there: Mapped[bool]
    born: Mapped[date | None]
    next_due: Mapped[date | None]
    next_id: Mapped[int | None]
    late_due: Mapped[date | None]
    late_id: Mapped[int | None]
    overdue: Mapped[int] = mapped_column(default=0)
    rolled: Mapped[int] = mapped_column(default=0)
    action_id: Mapped[int | None]
    views: Mapped[int] = mapped_column(default=0)
