"""The outbox: the table is the truth of what is to go out, what went, and what could not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

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


class Message(OfAuthority, Base):
    """One message to one address; it names no child.

    ``key`` says what it is of, so that the same is never queued twice. ``state`` is "waiting",
    "sending", "sent", "failed" or "stopped". It goes out at ``not_before`` or later, always with
    the same ``message_id``. ``lease`` is the sender's that has it, until ``lease_until``.
    ``held_up_since`` is when the mail server first did not take it for now, or could not be
    reached; ``maybe_sent_at`` when a sender was cut short between sending and recording, or the
    server did not answer: it may have been sent, and is sent again once. ``said`` is what the mail
    server said of the last try, or why it was stopped; ``fault`` what was wrong then
    (core.domain.sending.Fault), "" for nothing. ``shown_only`` is true of made-up
    data: shown on its page as sent, and mailed to nobody.
    ``calendar`` is an invitation (iCalendar), ``method`` its method.
    """

    __tablename__ = "message"
    __table_args__ = (
        pointed_at("message"),
        points_at("account", "account_id"),
        points_at("meeting", "meeting_id"),
        points_at("panel_case", "case_id"),
        sa.UniqueConstraint("authority_id", "key"),
        sa.Index("ix_message_next", "state", "not_before"),
        sa.Index("ix_message_list", "authority_id", "state", "id"),
        sa.Index("ix_message_meeting", "meeting_id"),
        sa.Index("ix_message_case", "case_id"),
    )
    public_id: Mapped[PublicId] = mapped_column(default=random_id)
    key: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[Code]
    account_id: Mapped[int | None]
    meeting_id: Mapped[int | None]
    case_id: Mapped[int | None]
    to_name: Mapped[Name]
    address: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[Name]
    body: Mapped[Words]
    calendar: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    method: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    message_id: Mapped[str] = mapped_column(sa.String(200), unique=True)
    state: Mapped[str] = mapped_column(sa.String(16))
    not_before: Mapped[Moment]
    queued_at: Mapped[Moment]
    lease_until: Mapped[datetime | None]
    lease: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    held_up_since: Mapped[datetime | None]
    maybe_sent_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    fault: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    shown_only: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class Invitation(OfAuthority, Base):
    """What somebody's calendar was last told of a meeting.

    ``sequence`` rises with everything that is told; ``told`` is what was (see
    core.domain.inviting.Told), ``known`` what had reached them before that, none where nothing had;
    ``ended`` says that the meeting was taken out of it again.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        points_at("meeting", "meeting_id"),
        points_at("account", "account_id"),
        sa.UniqueConstraint("meeting_id", "account_id"),
        sa.Index("ix_invitation_day", "authority_id", "ended", "held_on"),
    )
    meeting_id: Mapped[int]
    account_id: Mapped[int]
    held_on: Mapped[Day]
    sequence: Mapped[int]
    told: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    known: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    ended: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
