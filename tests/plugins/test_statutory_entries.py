"""The law's clocks of temporary approvals and emergency placements, each entry with its own."""

from __future__ import annotations

from datetime import date

import pytest
from builders.dated import child, dues, said, typed

from core.domain.courses import ChildDates
from core.domain.due import Due
from plugins.statutory import PROCEDURE


def clocks(one: ChildDates, code: str) -> list[Due]:
    return dues(one, code, PROCEDURE)


def clock(one: ChildDates, code: str) -> Due:
    (found,) = clocks(one, code)
    return found


def approval(**more: str) -> ChildDates:
    entry = typed("temporary-approval", approved_on="2026-02-02", **more)
    return child("2026-02-02", recorded=[entry])


@pytest.mark.clause("CPPCR-24")
def test_a_temporary_approval_ends_after_sixteen_weeks() -> None:
    due = clock(approval(), "connected-temporary")
    assert due.due == date(2026, 5, 25)  # weeks end on a bank holiday too
    assert said(due, "2026-05-25") == "soon" and said(due, "2026-05-26") == "late"
    met = clock(approval(ended_on="2026-05-20"), "connected-temporary")
    assert said(met, "2026-06-01") == "met"


@pytest.mark.clause("CPPCR-25")
def test_an_extension_gives_eight_weeks_from_the_end_of_the_sixteen() -> None:
    extended = approval(extended_on="2026-05-20")
    assert said(clock(extended, "connected-temporary"), "2026-05-26") == "stopped"
    due = clock(extended, "connected-extended")
    assert due.due == date(2026, 7, 20) and said(due, "2026-07-21") == "late"
    without = clock(approval(), "connected-extended")
    assert said(without, "2026-03-01") == "not applicable"
    assert without.why == "the approval of 2 February 2026 has not been extended (CPPCR-25)"


def emergency(**more: str) -> ChildDates:
    return child("2026-12-21", recorded=[typed("emergency", placed_on="2026-12-21", **more)])


@pytest.mark.clause("CPPCR-13-4")
def test_an_emergency_placement_out_of_the_area_is_notified_in_five_working_days() -> None:
    due = clock(emergency(out_of_area="yes"), "out-of-area")
    assert due.due == date(2026, 12, 30) and said(due, "2026-12-31") == "late"
    told = clock(emergency(out_of_area="yes", notified_on="2026-12-30"), "out-of-area")
    assert said(told, "2026-12-30") == "met"
    assert clocks(emergency(out_of_area="no"), "out-of-area") == []
    asked = clock(emergency(), "out-of-area")
    assert said(asked, "2026-12-31") == "unknown" and asked.enter == "record.emergency"
    assert "was outside the authority's area" in asked.why


@pytest.mark.clause("CPPCR-24", "CPPCR-25")
@pytest.mark.parametrize("second_on", ["2026-02-09", "2026-02-02"])
def test_of_two_approvals_the_end_or_extension_of_one_is_nothing_to_the_other(
    second_on: str,
) -> None:
    ended = typed("temporary-approval", approved_on="2026-02-02", ended_on="2026-03-20")
    second = typed("temporary-approval", approved_on=second_on)
    both = child("2026-02-02", recorded=[ended, second])
    states = [said(due, "2026-08-01") for due in clocks(both, "connected-temporary")]
    assert states == ["met", "late"]
    extended = typed("temporary-approval", approved_on=second_on, extended_on="2026-05-01")
    both = child("2026-02-02", recorded=[ended, extended])
    states = [said(due, "2026-08-01") for due in clocks(both, "connected-temporary")]
    assert states == ["met", "stopped"]
    states = [said(due, "2026-08-01") for due in clocks(both, "connected-extended")]
    assert states == ["not applicable", "late"]


@pytest.mark.clause("CPPCR-13-4")
def test_of_two_emergencies_the_notice_of_the_second_is_none_of_the_first() -> None:
    first = typed("emergency", placed_on="2026-10-01", out_of_area="yes")
    second = typed("emergency", placed_on="2026-11-02", out_of_area="yes", notified_on="2026-11-03")
    both = child("2026-10-01", recorded=[first, second])
    states = [said(due, "2026-11-20") for due in clocks(both, "out-of-area")]
    assert states == ["late", "met"]
