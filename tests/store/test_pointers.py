"""What points at a child points at one of the same authority: the database keeps to it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from builders.house import House

from core.store.database import Base, IntegrityError, db, writing
from core.store.tables import Action, Meeting


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


@pytest.mark.parametrize(
    ("table", "column"),
    [("meeting", "filed_by"), ("planning_guest", "invited_by"), ("planning_copy", "sent_by")],
)
def test_who_did_something_of_a_planning_meeting_is_of_its_authority(
    house: House, table: str, column: str
) -> None:
    keys = sa.inspect(db.engine).get_foreign_keys(table)
    assert ["authority_id", column] in [
        key["constrained_columns"] for key in keys if key["referred_table"] == "account"
    ]


def test_nobody_of_another_authority_files_the_record_of_a_meeting(house: House) -> None:
    other = House(house.app, house.today, "TOY", "toyshire")
    meeting, _ = house.meeting()
    by = {"filed_on": house.today, "filed_by": other.accounts["team.manager"]}
    with pytest.raises(IntegrityError), writing():
        db.session.execute(sa.update(Meeting).where(Meeting.id == meeting).values(**by))


def test_several_children_still_have_a_planning_meeting_on_one_day(house: House) -> None:
    day = next(
        index
        for index in sa.inspect(db.engine).get_indexes("meeting")
        if index["name"] == "ix_meeting_day"
    )
    where = "".join(str(value) for value in day["dialect_options"].values())
    assert day["unique"] and "of_one_child" in where
