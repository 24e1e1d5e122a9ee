"""Whether a child lives with foster carers on the day of a meeting, as far as it is known."""

from __future__ import annotations

from datetime import date

import pytest
from builders.dated import child, run

from core.domain.care_days import Stretch
from core.usecases.planning_child import lives_with_foster_carers

ON = date(2026, 12, 3)


@pytest.mark.clause("PPM10-6")
@pytest.mark.parametrize(
    ("care", "placements", "unborn", "fostered"),
    [
        (run("", "2026-01-05"), [run("U6", "2026-01-05")], False, True),
        (run("", "2026-01-05"), [run("K2", "2026-01-05")], False, False),
        (run("", "2026-01-05"), [], False, None),
        (run("", "2026-01-05", "2026-05-01"), [], False, False),
        (None, [], True, False),
        (None, [], False, None),
    ],
)
def test_who_lives_with_foster_carers_is_known_by_the_placement_of_that_day(
    care: Stretch | None, placements: list[Stretch], unborn: bool, fostered: bool | None
) -> None:
    one = child(*([care] if care else []), placements=placements)
    assert lives_with_foster_carers(one, unborn, ON) is fostered
