"""Actions until they are done: what was said of them, and the meetings at which they were late."""

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
    Words,
    pointed_at,
    points_at,
    random_id,
    reference,
)

#: Said to be done, and nobody has accepted or ended it.
SAID = sa.text("done_on IS NOT NULL AND accepted_on IS NULL AND ended_on IS NULL")


class Action(OfAuthority, Versioned, Base):
    """Something that somebody does by a day, until it is done and that is accepted.

    One that came with an import of an authority's own tracker has ``child_id``, its file's line
    and the day ``as_at`` of which that file speaks, and neither decision nor case. ``given_due``,
    ``given_owner_id`` and ``given_owner`` are what the files gave it: where it differs now, a
    person has changed it here.

    ``done_means`` is what done looks like. ``done_on`` is the day for which ``said_by`` said that
    it is done; ``accepted_on`` when somebody else accepted that (``accepted_by`` is empty where it
    was done before that was kept). ``ended_on`` is when it was ended without being done.
    """

    __tablename__ = "action"
    __table_args__ = (
        pointed_at("action"),
        points_at("decision", "decision_id"),
        points_at("panel_case", "case_id"),
        points_at("child", "child_id"),
        points_at("account", "owner_id"),
        points_at("account", "said_by"),
        points_at("account", "accepted_by"),
        points_at("account", "ended_by"),
        sa.Index("ix_action_open", "authority_id", "done_on", "due"),
        sa.Index("ix_action_owner", "owner_id", "done_on"),
        sa.Index(
            "ix_action_said",
            "authority_id",
            "done_on",
            sqlite_where=SAID,
            postgresql_where=SAID,
        ),
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
    done_means: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    progress: Mapped[str] = mapped_column(sa.Text, default="")
    done_on: Mapped[date | None]
    done_words: Mapped[str] = mapped_column(sa.Text, default="")
    said_by: Mapped[int | None]
    accepted_on: Mapped[date | None]
    accepted_by: Mapped[int | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[int | None]
    ended_why: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class ActionNote(OfAuthority, Base):
    """What was said or done of an action, in the order in which it was: only ever added to.

    ``kind`` is in core.domain.action; ``before`` and ``after`` are the days or the owners of one
    that was moved or handed on. ``at`` is empty for what was said before notes were kept.
    """

    __tablename__ = "action_note"
    __table_args__ = (
        points_at("action", "action_id"),
        points_at("account", "by"),
        sa.Index("ix_action_note_action", "action_id", "kind"),
    )
    action_id: Mapped[int]
    kind: Mapped[Code]
    at: Mapped[datetime | None]
    by: Mapped[int | None]
    words: Mapped[Words]
    before: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    after: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")


class ActionRoll(OfAuthority, Base):
    """A meeting that considered the child while the action stood overdue: it was due on ``due``."""

    __tablename__ = "action_roll"
    __table_args__ = (
        points_at("action", "action_id"),
        points_at("meeting", "meeting_id"),
        sa.UniqueConstraint("action_id", "meeting_id"),
    )
    action_id: Mapped[int]
    meeting_id: Mapped[int]
    on: Mapped[Day]
    due: Mapped[Day]
