"""Who has withdrawn from which item: kept, ended, and kept again where its case goes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.domain.meeting import Person, Somebody, same_person
from core.store.database import db
from core.store.scope import Scope
from core.store.tables import Account, Booking, Withdrawal


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Somebody who withdrew from an item; moments are UTC.

    ``by_chair`` says that the chair said so, else they did themself. ``written_by`` names who
    wrote it down, "" where they did; ``ended_at`` is when they came back.
    """

    id: int
    public_id: str
    booking_id: int
    account_id: int | None
    name: str
    by_chair: bool
    why: str
    withdrew_at: datetime
    written_by: str
    ended_at: datetime | None
    ended_by: str

    @property
    def who(self) -> Somebody:
        return same_person(Person(self.name, self.account_id))

    @property
    def out(self) -> bool:
        """Whether they take no part in the item still."""
        return self.ended_at is None


def _withdrawn() -> sa.Select[Any]:
    writer, ender = aliased(Account), aliased(Account)
    return (
        sa.select(
            Withdrawal.id,
            Withdrawal.public_id,
            Withdrawal.booking_id,
            Withdrawal.account_id,
            Withdrawal.name,
            Withdrawal.by_chair,
            Withdrawal.why,
            Withdrawal.withdrew_at,
            sa.case(
                (Withdrawal.account_id == Withdrawal.written_by, ""),
                else_=sa.func.coalesce(writer.name, ""),
            ),
            Withdrawal.ended_at,
            sa.func.coalesce(ender.name, ""),
        )
        .outerjoin(
            writer,
            sa.and_(
                writer.id == Withdrawal.written_by,
                writer.authority_id == Withdrawal.authority_id,
            ),
        )
        .outerjoin(
            ender,
            sa.and_(ender.id == Withdrawal.ended_by, ender.authority_id == Withdrawal.authority_id),
        )
        .order_by(Withdrawal.id)
    )


def of_items(scope: Scope, booking_ids: Iterable[int]) -> list[Withdrawn]:
    """Who withdrew from items, and came back, in the order in which it was written: one query."""
    rows = db.session.execute(
        _withdrawn().where(
            Withdrawal.authority_id == scope.authority_id,
            Withdrawal.booking_id.in_(list(booking_ids)),
        )
    )
    return [Withdrawn(*row) for row in rows]


def of_meeting(scope: Scope, meeting_id: int) -> dict[int, list[Withdrawn]]:
    """Who withdrew from the items of a meeting, by the booking's id: one query."""
    items = sa.select(Booking.id).where(
        Booking.authority_id == scope.authority_id, Booking.meeting_id == meeting_id
    )
    found: dict[int, list[Withdrawn]] = {}
    for row in db.session.execute(
        _withdrawn().where(
            Withdrawal.authority_id == scope.authority_id, Withdrawal.booking_id.in_(items)
        )
    ):
        one = Withdrawn(*row)
        found.setdefault(one.booking_id, []).append(one)
    return found


def insert(
    scope: Scope, booking_id: int, who: Person, by_chair: bool, why: str, at: datetime
) -> None:
    """Keep that somebody withdrew, written by the asker, in the transaction under way."""
    db.session.execute(
        sa.insert(Withdrawal).values(
            authority_id=scope.authority_id,
            booking_id=booking_id,
            account_id=who.id,
            name=who.name,
            by_chair=by_chair,
            why=why,
            withdrew_at=at,
            written_by=scope.account_id,
        )
    )


def end(scope: Scope, withdrawal_id: int, at: datetime) -> bool:
    """Let somebody come back, in the transaction under way; False where they have already."""
    done = db.session.execute(
        sa.update(Withdrawal)
        .where(
            Withdrawal.authority_id == scope.authority_id,
            Withdrawal.id == withdrawal_id,
            Withdrawal.ended_at.is_(None),
        )
        .values(ended_at=at, ended_by=scope.account_id)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def follow(scope: Scope, case_id: int, booking_id: int) -> None:
    """Those who are out of the item before are out of the one where a case is booked now.

    They see nothing of the case there either until the chair lets them come back. Whom the chair
    let come back to the item before comes back to this one too, where the case returns to an
    agenda from which they had withdrawn.
    """
    before = db.session.execute(
        sa.select(Booking.id)
        .where(
            Booking.authority_id == scope.authority_id,
            Booking.case_id == case_id,
            Booking.id != booking_id,
        )
        .order_by(Booking.turn.desc(), Booking.id.desc())
        .limit(1)
    ).scalar()
    if before is None:
        return
    left = of_items(scope, [before])
    there = {one.who: one for one in of_items(scope, [booking_id]) if one.out}
    out_of_it = {one.who for one in left if one.out}
    came_back = {one.who: one for one in left if one.who not in out_of_it}
    for who in came_back.keys() & there.keys():
        _end_as(scope, there[who].id, came_back[who].id)
    out = [one for one in left if one.out and one.who not in there]
    columns = (
        Withdrawal.authority_id,
        Withdrawal.account_id,
        Withdrawal.name,
        Withdrawal.by_chair,
        Withdrawal.why,
        Withdrawal.withdrew_at,
        Withdrawal.written_by,
    )
    ids = [one.id for one in out]
    mine = (Withdrawal.authority_id == scope.authority_id, Withdrawal.id.in_(ids))
    rows = db.session.execute(sa.select(*columns).where(*mine)).mappings().all()
    for row in rows:
        db.session.execute(sa.insert(Withdrawal).values(booking_id=booking_id, **row))


def _end_as(scope: Scope, withdrawal_id: int, like: int) -> None:
    """End a withdrawal when, and by whom, another one of the same person was ended."""
    other = aliased(Withdrawal)
    mine = (other.authority_id == scope.authority_id, other.id == like)
    db.session.execute(
        sa.update(Withdrawal)
        .where(Withdrawal.authority_id == scope.authority_id, Withdrawal.id == withdrawal_id)
        .values(
            ended_at=sa.select(other.ended_at).where(*mine).scalar_subquery(),
            ended_by=sa.select(other.ended_by).where(*mine).scalar_subquery(),
        )
    )
