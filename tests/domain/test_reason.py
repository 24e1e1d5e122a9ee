"""A reason is asked for, kept and bounded in one way wherever somebody gives one."""

from __future__ import annotations

import pytest

from core.domain.finding import Finding, Refused
from core.domain.reason import MOST, reason_fault, reason_given


def test_it_is_kept_without_what_nobody_typed() -> None:
    assert reason_given(" As the court\r\nhas it\x00 ", asked="Say why") == "As the court\nhas it"
    assert reason_given("  ") == ""


@pytest.mark.parametrize("text", ["", " \r\n", "\x00"])
def test_it_is_asked_for_beside_its_field(text: str) -> None:
    with pytest.raises(Refused) as refused:
        reason_given(text, field="defer-reason", asked="Say why")
    assert refused.value.findings == (Finding("Say why", field="defer-reason"),)
    assert reason_fault(text) is None


def test_it_is_as_long_as_may_be_and_no_longer() -> None:
    assert reason_given("w" * MOST + "\r\n") == "w" * MOST
    assert reason_fault("w" * (MOST + 1)) == Finding(
        "The reason must be 2,000 characters or fewer; it has 2,001", field="why"
    )
    assert reason_fault("w" * 401, most=400) is not None
