"""What members declare on an item: involvement with its case, or knowledge of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.store.database import db
from core.store.items import Member
from core.store.scope import Scope
from core.store.tables import Account, Booking, Declaration


@dataclass(frozen=True, slots=True)
class Declared:
    """What a member declared; ``written_by`` names who wrote it, "" where the member did."""

    booking_id: int
    name: str
    what: str
    made_at: datetime
    written_by: str

    @property
    def words(self) -> str:
        """As the minutes say it."""
        written = f" (written by {self.written_by})" if self.written_by else ""
        return f"{self.name}: {self.what}{written}"


def made_by(scope: Scope, meeting_id: int) -> set[str]:
    """The names of those who declared something at a meeting, on items seen or not."""
    booked = sa.select(Booking.id).where(
        Booking.authority_id == scope.authority_id, Booking.meeting_id == meeting_id
    )
    return set(
        db.session.scalars(
            sa.select(Declaration.name).where(
                Declaration.authority_id == scope.authority_id, Declaration.booking_id.in_(booked)
            )
        )
    )


def of_items(scope: Scope, booking_ids: Iterable[int]) -> list[Declared]:
    """What was declared on items, in the order in which it was written: one query."""
    writer = aliased(Account)
    rows = db.session.execute(
        sa.select(
            Declaration.booking_id,
            Declaration.name,
            Declaration.what,
            Declaration.made_at,
            sa.func.coalesce(writer.name, ""),
        )
        .outerjoin(
            writer,
            sa.and_(
                writer.id == Declaration.written_by,
                writer.authority_id == Declaration.authority_id,
                sa.or_(
                    Declaration.account_id.is_(None),
                    Declaration.account_id != Declaration.written_by,
                ),
            ),
        )
        .where(
            Declaration.authority_id == scope.authority_id,
            Declaration.booking_id.in_(list(booking_ids)),
        )
        .order_by(Declaration.id)
    )
    return [Declared(*row) for row in rows]


def insert(scope: Scope, booking_id: int, member: Member, what: str, at: datetime) -> None:
    """Keep what a member declares, written by the asker, in the transaction under way."""
    db.session.execute(
        sa.insert(Declaration).values(
            authority_id=scope.authority_id,
            booking_id=booking_id,
            account_id=member.account_id,
            name=member.name,
            what=what,
            made_at=at,
            written_by=scope.account_id,
        )
    )
