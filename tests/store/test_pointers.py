"""What points at a child points at one of the same authority: the database keeps to it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders.house import House

from core.store.database import Base, IntegrityError, db, writing
from core.store.tables import Action


def test_every_pointer_at_a_child_goes_with_its_authority() -> None:
    pairs = {
        table.name: [
            tuple(key.column_keys)
            for key in table.foreign_key_constraints
            if key.referred_table.name == "child"
        ]
        for table in Base.metadata.sorted_tables
        if "child_id" in table.columns
    }
    assert [name for name, keys in pairs.items() if ("authority_id", "child_id") not in keys] == []


def test_no_action_is_of_another_authoritys_child(house: House) -> None:
    other, _ = House(house.app, house.today, "TOY", "toyshire").child()
    values = {"kind": "task", "what": "Ring the school", "owner_name": "J. Wexcombe"}
    with pytest.raises(IntegrityError), writing():
        days = {"due": house.today, "first_due": house.today}
        own = {"authority_id": house.authority_id, "child_id": other}
        db.session.execute(sa.insert(Action).values(**own, **values, **days))
