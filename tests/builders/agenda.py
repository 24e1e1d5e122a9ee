"""Cases on the agenda of a meeting, decisions and actions, put straight into the tables."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from builders.house import BODY, House

from core.store.database import db, writing
from core.store.tables import Action, Booking, CaseChild, Decision, DecisionOutcome, PanelCase

AT = datetime(2026, 11, 20, 9, 0)


def case(
    house: House,
    child_id: int,
    meeting_id: int | None,
    state: str = "booked",
    referrer: str = "social.worker",
) -> tuple[int, str]:
    """A case of one child; gives the id and the public id."""
    with writing():
        made = db.session.execute(
            sa.insert(PanelCase)
            .values(
                authority_id=house.authority_id,
                procedure_code=house.code,
                procedure_edition="",
                body_code=BODY,
                form_code="referral",
                meeting_id=meeting_id,
                referrer_id=house.accounts[referrer],
                state=state,
                opened_at=AT,
                submitted_at=None if state == "draft" else AT,
            )
            .returning(PanelCase.id, PanelCase.public_id)
        ).one()
        db.session.execute(
            sa.insert(CaseChild).values(
                authority_id=house.authority_id, case_id=made.id, child_id=child_id
            )
        )
    return made.id, made.public_id


def book(
    house: House,
    meeting_id: int,
    case_id: int,
    position: int = 1,
    item: str = "cases",
    state: str = "booked",
    why: str = "",
) -> tuple[int, str]:
    """A place on an agenda; gives the id and the public id."""
    with writing():
        before = db.session.execute(
            sa.select(sa.func.count()).select_from(Booking).where(Booking.case_id == case_id)
        ).scalar_one()
        made = db.session.execute(
            sa.insert(Booking)
            .values(
                authority_id=house.authority_id,
                meeting_id=meeting_id,
                case_id=case_id,
                item=item,
                position=position,
                turn=before + 1,
                state=state,
                why=why,
            )
            .returning(Booking.id, Booking.public_id)
        ).one()
    return made.id, made.public_id


def decide(
    house: House,
    meeting_id: int,
    case_id: int,
    booking_id: int,
    on: date,
    words: str = "Amend the care plan",
    action: str = "",
    owner: str = "social.worker",
    due: date = date(2026, 12, 1),
    done_on: date | None = None,
) -> int:
    """A decision with one outcome and, where it is named, one action; gives its id."""
    with writing():
        decision_id = int(
            db.session.execute(
                sa.insert(Decision)
                .values(
                    authority_id=house.authority_id,
                    booking_id=booking_id,
                    case_id=case_id,
                    meeting_id=meeting_id,
                    decided_on=on,
                    rationale="Because the plan had changed.",
                    chair_name="Panel Chair Of Bexley",
                    recorded_at=AT,
                )
                .returning(Decision.id)
            ).scalar_one()
        )
        db.session.execute(
            sa.insert(DecisionOutcome).values(
                authority_id=house.authority_id,
                decision_id=decision_id,
                position=1,
                code="amend-care-plan",
                words=words,
                clauses="BEX-1.23.e",
                force="recommendation",
            )
        )
        if action:
            db.session.execute(
                sa.insert(Action).values(
                    authority_id=house.authority_id,
                    decision_id=decision_id,
                    case_id=case_id,
                    kind="asked",
                    what=action,
                    owner_id=house.accounts[owner],
                    owner_name=owner.replace(".", " ").title(),
                    due=due,
                    first_due=due,
                    done_on=done_on,
                )
            )
    return decision_id
