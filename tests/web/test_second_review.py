"""By when the second review was held, or had to be: on the board as in the child's own dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from builders.house import House
from builders.reading import get, part
from builders.with_law import returned, with_law
from flask import Flask

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    yield from with_law(tmp_path, database_url)


@pytest.mark.clause("CPPCR-33-1")
def test_the_saved_view_has_a_child_from_the_day_on_which_their_dates_are_late(
    house: House,
) -> None:
    """First reviewed on 2 September, after fewer than the 20 working days that there were."""
    _, child = house.child(became_looked_after=None)
    returned(house, "11/08/2026", reviews=("02/09/2026",))
    view = "/board?view=no-agreed-plan"
    house.turn_to(date(2026, 12, 3))
    late = part(get(house, f"/children/{child}/dates"), "Late")
    assert "Permanence plan agreed by the second review Late at the latest by 2 December" in late
    page = get(house, view)
    assert f"/children/{child}" in page
    assert "the last lawful day of the second review was 2 December 2026" in page
    assert f"/children/{child}" not in get(house, f"{view}&on=2026-12-02")
