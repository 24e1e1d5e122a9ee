"""No DBS check of who is too young: said with the reason, and not of somebody of 18."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.record import KINDS
from core.domain.record.wrong import entry_faults

ON = date(2026, 11, 23)
KIND = KINDS["household-check"]
COUSIN = {"name": "Wen Nettlefold", "relation": "Cousin", "unchecked": "too-young"}
WHY = {"unchecked_why": "Four, as the aunt says"}


@pytest.mark.clause("PPM2-3.2")
@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, ["unchecked_why"]),
        (WHY, []),
        ({**WHY, "born_on": "2008-11-24"}, []),
        ({**WHY, "born_on": "2008-11-23"}, ["unchecked"]),
        ({**WHY, "dbs_on": "2026-10-01"}, ["unchecked"]),
    ],
)
def test_too_young_for_a_check_is_said_with_why_and_of_nobody_of_18(
    values: dict[str, str], fields: list[str]
) -> None:
    said = {**COUSIN, **values}
    assert [found.field for found in entry_faults(KIND, said, frozenset(said), ON)] == fields


@pytest.mark.clause("PPM2-3.2")
def test_a_date_of_birth_that_is_corrected_is_at_fault_itself() -> None:
    said = {**COUSIN, **WHY, "born_on": "1980-05-04"}
    (found,) = entry_faults(KIND, said, frozenset({"born_on"}), ON)
    assert (found.field, found.message) == (
        "born_on",
        "Born on 4 May 1980, they are 18 or older: record their DBS check",
    )
    assert list(entry_faults(KIND, said, frozenset({"relation"}), ON)) == []
