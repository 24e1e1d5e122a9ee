"""What a list states of a child's care: nobody types it; taken out, the care follows at once."""

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


def test_care_follows_what_is_taken_out_and_put_back(house: House, child: tuple[int, str]) -> None:
    scope = replace(house.whole, on=house.today)
    stated = care(house)
    assert stated[0] == "looked after" and stated[1] == [date(2025, 2, 3)] and stated[2] == ["V2"]
    one = entry(house, child)
    take_out(scope, one.public_id, one.version, "Of another child", NOW)
    out = care(house)
    assert out[0] != "looked after" and not out[1] and not out[2] and out[3] != stated[3]
    put_back(scope, one.public_id, entry(house, child).version, NOW)
    assert care(house) == stated


def test_nobody_types_what_a_list_states(house: House, child: tuple[int, str]) -> None:
    stated, one = care(house), entry(house, child)
    seen = {code: used.statement.id for code, used in one.values.items()}
    with pytest.raises(Refused, match="comes from files"):
        correct(
            replace(house.whole, on=house.today), one.public_id, {"legal_status": "C9"}, seen,
            "It was told on the phone", NOW,
        )  # fmt: skip
    assert care(house) == stated
    with pytest.raises(Refused):
        add(house.whole, child[1], "stated-care", {"started_on": "2025-02-03"}, NOW)
    house.app.config["WTF_CSRF_ENABLED"] = False
    client = house.client("iro")
    address = f"/children/{house.child('0102')[1]}/record/add/"
    assert client.get(f"{address}proceedings").status_code == 200
    assert client.get(f"{address}stated-care").status_code == 404
    assert client.post(f"{address}stated-care", data={"legal_status": "C1"}).status_code == 404
    head = house.client("head.of.service")
    posted = {"fact-legal_status": "C9", "fact-legal_status-seen": "0", "reason": "Told so"}
    assert head.get(f"/record/{one.public_id}/correct").status_code == 404
    assert head.post(f"/record/{one.public_id}/correct", data=posted).status_code == 404
    for page in (f"/children/{child[1]}/record", f"/record/{one.public_id}"):
        html = head.get(page).get_data(as_text=True)
        assert f"/record/{one.public_id}" in html
        assert f"/record/{one.public_id}/correct" not in html
