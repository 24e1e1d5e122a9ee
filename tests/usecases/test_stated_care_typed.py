"""What a list states of a child's care, corrected by a person: the care follows at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from builders.house import House
from builders.imports import NOW, Files, bring_in, list_8

from core.domain.finding import Refused
from core.store import record
from core.store.database import db
from core.store.tables import CareSummary, Child, LegalStatus, PeriodOfCare
from core.usecases.facts import facts
from core.usecases.record import correct, put_back, take_out
from core.usecases.record_new import add

LIST: Files = {
    "a.xlsx": list_8(
        {
            "child": "0101",
            "started_on": date(2025, 2, 3),
            "legal_status": "V2: Single period",
            "legal_status_since": date(2025, 2, 3),
        }
    )
}


def care(house: House) -> tuple[Any, ...]:
    """The status shown, the periods, the legal statuses, and what the facts say of them."""
    found = (
        db.session.scalars(sa.select(CareSummary.status)).one(),
        db.session.scalars(sa.select(PeriodOfCare.start)).all(),
        db.session.scalars(sa.select(LegalStatus.code)).all(),
        [str(one) for one in facts(house.whole, house.today)],
    )
    db.session.rollback()
    return found


@pytest.fixture
def child(house: House) -> tuple[int, str]:
    bring_in(house, LIST, as_at=date(2026, 9, 30))
    found = db.session.execute(sa.select(Child.id, Child.public_id)).one()
    db.session.rollback()
    return found.id, found.public_id


def entry(house: House, child: tuple[int, str]) -> Any:
    (found,) = (e for e in record.entries(house.whole, child[0]) if e.kind == "stated-care")
    db.session.rollback()
    return found


def test_care_follows_what_is_taken_out_put_back_and_corrected(
    house: House, child: tuple[int, str]
) -> None:
    scope = replace(house.whole, on=house.today)
    stated = care(house)
    assert stated[0] == "looked after" and stated[1] == [date(2025, 2, 3)] and stated[2] == ["V2"]
    one = entry(house, child)
    take_out(scope, one.public_id, one.version, "Of another child", NOW)
    out = care(house)
    assert out[0] != "looked after" and not out[1] and not out[2] and out[3] != stated[3]
    put_back(scope, one.public_id, entry(house, child).version, NOW)
    assert care(house) == stated
    seen = {"started_on": one.values["started_on"].statement.id}
    typed = {"started_on": "2025-03-04"}
    correct(scope, one.public_id, typed, seen, "The order says so", NOW)
    assert care(house)[1] == [date(2025, 3, 4)]


def test_nobody_types_what_a_list_states(house: House, child: tuple[int, str]) -> None:
    with pytest.raises(Refused):
        add(house.whole, child[1], "stated-care", {"started_on": "2025-02-03"}, NOW)
    house.app.config["WTF_CSRF_ENABLED"] = False
    client = house.client("iro")
    address = f"/children/{house.child('0102')[1]}/record/add/"
    assert client.get(f"{address}proceedings").status_code == 200
    assert client.get(f"{address}stated-care").status_code == 404
    assert client.post(f"{address}stated-care", data={"legal_status": "C1"}).status_code == 404
