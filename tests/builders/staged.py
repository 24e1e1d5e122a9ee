"""Children in proceedings, and their final care plans, in a house that follows both standards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from builders.house import AT, SINCE, House
from builders.reckoned import registry, up_to_date, with_the_law

from core.domain.procedure.stages import Stages
from core.domain.staged import Saying
from core.store import enabled, staged
from core.store.database import db, writing
from core.store.staged import DocumentRow
from core.store.tables import Account, PeriodOfCare
from core.usecases import approving, record, record_new
from core.usecases.staged import Held, loaded
from plugins.ppm_guidance.stages import FINAL_CARE_PLAN

STAGES: Stages = FINAL_CARE_PLAN
ISSUED, EVIDENCE = date(2026, 9, 7), date(2027, 1, 18)
TEXT = "Orlin stays with his foster carers, under a care order"


def following(house: House, *codes: str) -> House:
    """Have a house follow these standards too (both, unless some are named)."""
    with_the_law(house)
    with writing():
        for place, code in enumerate(codes or ("PPM2", "PPM10"), 2):
            enabled.add(house.whole, code, place, SINCE, "", AT)
    up_to_date(house)
    return house


def in_care(house: House, child_id: int, since: date = date(2026, 9, 1)) -> None:
    """A period of care, without which no date is worked out."""
    with writing():
        db.session.execute(
            sa.insert(PeriodOfCare).values(
                authority_id=house.authority_id,
                child_id=child_id,
                start=since,
                start_known=True,
                end_reason="",
            )
        )


def proceedings(house: House, child: str, **values: str) -> str:
    """Proceedings that the social worker types; the public id of the entry."""
    said = {"issued_on": ISSUED.isoformat(), "application": "care-order"} | values
    record_new.add(house.scope("social.worker"), child, "proceedings", said, AT)
    up_to_date(house)
    from core.store import record as kept
    from core.store.tables import Child

    child_id = db.session.scalar(sa.select(Child.id).where(Child.public_id == child))
    entries = kept.entries(house.scope("social.worker"), int(child_id or 0), "proceedings")
    db.session.rollback()
    return entries[-1].public_id


def corrected(house: House, entry: str, why: str = "It was moved", **values: str) -> None:
    """The same proceedings said otherwise."""
    from core.store import record as kept

    scope = house.scope("social.worker")
    child = kept.child_of_entry(scope, entry)
    assert child is not None
    one = next(e for e in kept.entries(scope, child.id) if e.public_id == entry)
    seen = {code: one.values[code].statement.id if code in one.values else 0 for code in values}
    db.session.rollback()
    record.correct(scope, entry, values, seen, why, AT)
    up_to_date(house)


def started(house: House, child: str, text: str = TEXT, **more: Any) -> str:
    """A final care plan that the social worker begins; its public id."""
    made = approving.start(
        house.scope("social.worker"),
        registry(house),
        child,
        "final-care-plan",
        text,
        more.get("of", ""),
        more.get("at", AT),
    )
    db.session.remove()
    return made


def row_of(house: House, public_id: str, role: str = "social.worker") -> DocumentRow:
    row = staged.find(house.scope(role), public_id)
    db.session.rollback()
    assert row is not None
    return row


def held(house: House, public_id: str, role: str = "social.worker") -> Held:
    row = row_of(house, public_id, role)
    one = loaded(house.scope(role), registry(house), row)
    db.session.rollback()
    assert one is not None
    return one


def sayings(house: House, public_id: str) -> list[Saying]:
    return list(held(house, public_id).sayings)


def asked(house: House, public_id: str) -> None:
    number = row_of(house, public_id).number
    approving.ask(house.scope("social.worker"), registry(house), public_id, number, "", AT)


def invited(house: House, public_id: str, role: str = "legal") -> str:
    with writing():
        who = db.session.execute(
            sa.select(Account.public_id).where(Account.id == house.accounts[role])
        ).scalar_one()
    approving.invite(house.scope("social.worker"), registry(house), public_id, who, AT)
    db.session.remove()
    return who


STEP_OF = {
    "team.manager": "team-manager",
    "iro": "reviewing-officer",
    "legal": "legal",
    "head.of.service": "head-of-service",
}


def answered(house: House, public_id: str, role: str, words: str = "", **more: Any) -> None:
    """Somebody of a role approves or reviews the text as it is."""
    number = more.get("seen") or row_of(house, public_id).number
    step = more.get("step") or STEP_OF[role]
    at = AT + timedelta(minutes=more.get("minutes", 5))
    approving.answer(house.scope(role), registry(house), public_id, step, number, words, at)
    db.session.remove()


def sent_back(house: House, public_id: str, role: str, to: str, words: str, **more: Any) -> None:
    number = more.get("seen") or row_of(house, public_id).number
    scope, step = house.scope(role), STEP_OF[role]
    approving.send_back(scope, registry(house), public_id, step, to, words, number, AT)
    db.session.remove()


def complete(house: House, public_id: str) -> None:
    """Through every stage."""
    invited(house, public_id)
    asked(house, public_id)
    for role in STEP_OF:
        answered(house, public_id, role)
