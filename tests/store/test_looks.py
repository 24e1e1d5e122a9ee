"""Who looked at a child, by the day in London."""

from __future__ import annotations

from datetime import date, datetime

from builders.house import House

from core.store import audit, looks
from core.store.database import writing


def test_a_look_just_after_midnight_in_summer_is_of_the_new_day(house: House) -> None:
    _, child = house.child()
    scope = house.scope("team.manager")
    with writing():
        for at in (datetime(2026, 7, 1, 22, 59), datetime(2026, 7, 1, 23, 1)):
            audit.changed(scope, at, "look", "child", child, after={"page": "child"})
    rows, total = looks.who_looked(scope, child, 1, 50)
    assert [row.on for row in rows] == [date(2026, 7, 2), date(2026, 7, 1)] and total == 2
    assert all(row.what == ({"page": "child"},) for row in rows)
