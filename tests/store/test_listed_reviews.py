"""Where the last review that a list of children in care names comes from."""

from __future__ import annotations

from datetime import date

from builders.house import House
from builders.imports import bring_in, list_8, rows

from core.store import courses
from core.store.tables import PeriodOfCare


def test_a_review_that_a_list_names_has_the_line_of_the_list(house: House) -> None:
    listed = {"child": "0103", "started_on": date(2025, 2, 3), "legal_status": "V2"}
    bring_in(
        house,
        {"a.xlsx": list_8({**listed, "child": "0101"},
                          {**listed, "latest_review_on": date(2025, 5, 1)})},
    )  # fmt: skip
    ids = dict(rows(house, PeriodOfCare.child_id))
    found = courses.dates_of(house.whole, ids.values())
    assert found[ids["0101"]].reviews == ()
    (review,) = found[ids["0103"]].reviews
    file_id = dict(rows(house, PeriodOfCare.import_file_id))["0103"]
    assert file_id is not None
    assert review.on == date(2025, 5, 1)
    assert (review.origin.file_id, review.origin.line) == (file_id, 3)
