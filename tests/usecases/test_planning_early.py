"""Pre-proceedings planning: neither looked after nor in court yet on the day of the meeting."""

from __future__ import annotations

from datetime import date

import pytest
from builders.dated import child, run, typed

from core.usecases.planning_early import is_early

ON = date(2026, 12, 3)


@pytest.mark.clause("PPM2-2.2")
def test_it_is_before_care_and_before_proceedings() -> None:
    assert is_early(child(), ON)
    assert is_early(child("2026-12-04"), ON)
    assert not is_early(child("2026-12-03"), ON)
    again = child(run("", "2026-01-05", "2026-06-01"), "2026-12-20")
    assert not is_early(again, ON)
    issued = typed("proceedings", issued_on="2026-12-03")
    assert not is_early(child(recorded=[issued]), ON)
    assert is_early(child(recorded=[typed("proceedings", issued_on="2026-12-04")]), ON)
    ended = typed("proceedings", issued_on="2026-01-05", ended_on="2026-06-01")
    assert not is_early(child(recorded=[ended]), ON)


@pytest.mark.clause("PPM2-2.2")
@pytest.mark.parametrize(("started", "early"), [({}, False), ({"started_on": "2026-12-04"}, True)])
def test_care_as_a_list_states_it_counts_too(started: dict[str, str], early: bool) -> None:
    stated = typed("stated-care", legal_status="V2", **started)
    assert is_early(child(recorded=[stated]), ON) is early
