"""The day on which a plan was typed is the day in London, whatever the clock of the server says."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.domain.record.recorded import Recorded, typed_on
from core.domain.record.statements import Statement


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        (datetime(2026, 6, 30, 23, 30), date(2026, 7, 1)),
        (datetime(2026, 11, 30, 23, 30), date(2026, 11, 30)),
    ],
)
def test_a_plan_typed_late_in_a_summer_evening_is_of_the_next_day(
    moment: datetime, on: date
) -> None:
    said = Statement(1, "primary", "foster", by="Perrin", stated_at=moment)
    assert typed_on(Recorded(1, "", "plan", moment, (said,))) == on
