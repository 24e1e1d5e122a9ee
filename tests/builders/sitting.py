"""A panel that sits, for tests: a meeting with members present and cases on its agenda."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from builders.house import BODY, POSTS, House

from core.domain.procedure.forms import Place
from core.store.database import db, writing
from core.store.tables import (
    Account,
    Answer,
    Attendance,
    Booking,
    CaseChild,
    Meeting,
    PanelCase,
)

AT = datetime(2026, 11, 23, 10, 30)
HELD = date(2026, 11, 23)
HERE = ("chair", "adoption", "fostering")


def sit(house: House, meeting_id: int, posts: tuple[str, ...] = HERE) -> None:
    """Mark the holders of these posts present; a post that nobody holds is the worker's.

    The meeting's day has come then, where it had not.
    """
    held_on = db.session.execute(sa.select(Meeting.held_on).where(Meeting.id == meeting_id))
    house.turn_to(max(house.today, held_on.scalar_one()))
    with writing():
        for post in posts:
            role = POSTS[post][0] if post in POSTS else "social.worker"
            account_id = house.accounts[role]
            name = db.session.execute(
                sa.select(Account.name).where(Account.id == account_id)
            ).scalar_one()
            db.session.execute(
                sa.insert(Attendance).values(
                    authority_id=house.authority_id,
                    meeting_id=meeting_id,
                    post_code=post,
                    account_id=account_id,
                    name=name,
                    state="present",
                    arrived_at=AT,
                )
            )


def book(
    house: House,
    meeting_id: int,
    children: tuple[int, ...],
    *,
    position: int = 1,
    item: str = "cases",
    answers: Mapping[str, str] | None = None,
) -> tuple[str, int]:
    """Put a case of these children on an agenda; gives the item's public id and the case's id."""
    with writing():
        case_id = db.session.execute(
            sa.insert(PanelCase)
            .values(
                authority_id=house.authority_id,
                procedure_code=house.code,
                procedure_edition="",
                body_code=BODY,
                form_code="referral",
                meeting_id=meeting_id,
                referrer_id=house.accounts["social.worker"],
                state="booked",
                opened_at=AT,
                submitted_at=AT,
            )
            .returning(PanelCase.id)
        ).scalar_one()
        for child_id in children:
            db.session.execute(
                sa.insert(CaseChild).values(
                    authority_id=house.authority_id, case_id=case_id, child_id=child_id
                )
            )
        for name, value in (answers or {}).items():
            place = Place.named(name)
            db.session.execute(
                sa.insert(Answer).values(
                    authority_id=house.authority_id,
                    case_id=case_id,
                    row=place.row,
                    field=place.field,
                    value=value,
                    saved_at=AT,
                )
            )
        public_id = db.session.execute(
            sa.insert(Booking)
            .values(
                authority_id=house.authority_id,
                meeting_id=meeting_id,
                case_id=case_id,
                item=item,
                position=position,
                state="booked",
            )
            .returning(Booking.public_id)
        ).scalar_one()
    return public_id, case_id


def who(house: House, role: str) -> str:
    """The public id of an account, as a list of owners has it."""
    found = db.session.execute(
        sa.select(Account.public_id).where(Account.id == house.accounts[role])
    ).scalar_one()
    db.session.rollback()
    return str(found)
