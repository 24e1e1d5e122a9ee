"""Children whose plan is to be agreed, in an authority that follows both planning standards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from builders.house import House
from builders.reckoned import registry, with_the_law

from core.domain.record.going_home import PARTS
from core.store import enabled
from core.store.database import db, writing
from core.store.tables import Cover, LegalStatus, PeriodOfCare
from core.usecases.record import correct
from core.usecases.record_new import add

AT = datetime(2026, 11, 20, 9, 0)
PLAN = {"contingencies": "long-term-fostering", "identified_on": "2026-10-01"}
AGREED = {"state": "agreed", "agreed_on": "2026-11-20", "agreed_by": "The planning meeting"}
HOME = {
    "considered_on": "2026-09-01",
    "assessment": "detailed",
    "assessed_on": "2026-10-20",
    "wishes_on": "2026-10-21",
    **{code: f"What is known: {code}" for code in PARTS},
}
MEMBER = {
    "name": "Odd Nettlefold", "relation": "Uncle", "dbs_on": "2026-10-01", "result": "Nothing",
}  # fmt: skip


def both_standards(house: House, *codes: str) -> House:
    """Have the authority follow the two standards (or those named) beside its own procedure."""
    with_the_law(house)
    with writing():
        there = {row.code for row in enabled.every(house.whole)}
        for number, code in enumerate(codes or ("PPM2", "PPM10"), 5):
            if code not in there:
                enabled.add(house.whole, code, number, date(2020, 1, 1), "", AT)
    db.session.rollback()
    return house


def in_care(
    house: House, child_id: int, status: str = "V2", since: date = date(2026, 1, 5)
) -> None:
    """Give a child a period of care under one legal status."""
    own = {"authority_id": house.authority_id, "child_id": child_id, "start": since}
    with writing():
        db.session.execute(
            sa.insert(PeriodOfCare).values(
                **own, start_known=True, end_reason="", short_breaks=False
            )
        )
        db.session.execute(sa.insert(LegalStatus).values(**own, code=status, start_known=True))


def entry(
    house: House, child: str, kind: str, values: Mapping[str, str], role: str = "social.worker"
) -> str:
    """Type an entry of a child's record, and let the procedures say what they have against it."""
    scope = house.scope(role)
    try:
        return add(scope, child, kind, values, AT, registry=registry(house)).public_id
    finally:
        db.session.rollback()


def planned(house: House, child: str, primary: str, **more: str) -> str:
    """Record a provisional plan; gives its entry."""
    return entry(house, child, "plan", {"primary": primary, **PLAN, **more})


def agree(house: House, plan: str, role: str = "social.worker", **more: str) -> int:
    """Say that a plan is agreed."""
    values = {**AGREED, **more}
    seen = dict.fromkeys(values, 0)
    try:
        return correct(
            house.scope(role), plan, values, seen, "It is agreed", AT, registry=registry(house)
        )
    finally:
        db.session.rollback()


def ready(house: House, child: str) -> None:
    """Record everything on which a return home rests."""
    entry(house, child, "return-home", HOME)
    entry(house, child, "household-check", MEMBER)


def covers(house: House, away: str, by: str) -> None:
    """Have somebody stand in for a colleague from today on."""
    with writing():
        db.session.execute(
            sa.insert(Cover).values(
                authority_id=house.authority_id,
                away_id=house.accounts[away],
                covered_by_id=house.accounts[by],
                since=house.today,
                until=date(2027, 1, 1),
            )
        )
