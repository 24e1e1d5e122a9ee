"""What administrators look after in a house: a team, a name to match, a cover, an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from builders.house import AT, House

from core.store import days_off, local_settings
from core.store.database import db, writing
from core.store.tables import Account, Allocation, Cover, Service, StatedWorker, Team

AS_AT = date(2026, 11, 1)
#: Numbers in addresses that stand in no other id, so that answers can be compared without them.
SERVICE, TEAM, STATED = 971_001, 971_002, 971_003


def staff_record(house: House, child_id: int) -> Mapping[str, str]:
    """Make them; gives the id of each by the first part of its address."""
    own = {"authority_id": house.authority_id}
    with writing():
        db.session.execute(sa.insert(Service).values(**own, id=SERVICE, name="Bramble service"))
        db.session.execute(
            sa.insert(Team).values(**own, id=TEAM, name="Bramble team", service_id=SERVICE)
        )
        db.session.execute(
            sa.insert(StatedWorker).values(
                **own,
                id=STATED,
                child_id=child_id,
                relation="worker",
                said="Q. Nobody-Yet",
                as_at=AS_AT,
            )
        )
        cover = db.session.execute(
            sa.insert(Cover)
            .values(
                **own,
                away_id=house.accounts["kinship"],
                covered_by_id=house.accounts["fostering"],
                since=house.today,
                until=date(2027, 1, 1),
            )
            .returning(Cover.public_id)
        ).scalar_one()
        account = db.session.execute(
            sa.select(Account.public_id).where(Account.id == house.accounts["kinship"])
        ).scalar_one()
        day_off = days_off.add(house.whole, date(2026, 12, 29), "Offices closed", AT)
        figure = ("BEX", "permanence-panel", "most-cases", "most")
        setting = local_settings.add(house.whole, figure, "6", date(2027, 1, 1), "Agreed", AT)
    return {
        "services": str(SERVICE),
        "teams": str(TEAM),
        "matching": str(STATED),
        "covers": cover,
        "staff": account,
        "days-off": day_off,
        "figures": setting,
    }


def public(house: House, role: str) -> str:
    """The public id of the account of a role."""
    query = sa.select(Account.public_id).where(Account.id == house.accounts[role])
    found = db.session.execute(query).scalar_one()
    db.session.rollback()
    return found


def version(house: House, role: str) -> int:
    """The version of the account of a role."""
    query = sa.select(Account.version).where(Account.id == house.accounts[role])
    found = db.session.execute(query).scalar_one()
    db.session.rollback()
    return found


def named(
    house: House,
    child_id: int,
    said: str = "J. Wexcombe",
    relation: str = "worker",
    as_at: date = AS_AT,
    **more: object,
) -> str:
    """Have a file name somebody for a child; gives the address of what it says."""
    with writing():
        made = sa.insert(StatedWorker).values(
            authority_id=house.authority_id,
            child_id=child_id,
            said=said,
            relation=relation,
            as_at=as_at,
            **more,
        )
        return str(db.session.execute(made.returning(StatedWorker.id)).scalar_one())


def allocations(house: House, child_id: int, relation: str = "worker") -> list[tuple[object, ...]]:
    """(account, since, until) of every allocation of a child, the earliest first."""
    rows = db.session.execute(
        sa.select(Allocation.account_id, Allocation.since, Allocation.until)
        .where(Allocation.child_id == child_id, Allocation.relation == relation)
        .order_by(Allocation.since, Allocation.id)
    ).all()
    db.session.rollback()
    return [tuple(row) for row in rows]
