"""One decision for adoption in two sources: which of care's rows counts, and what differs."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.domain.record.adoption_decision import IN_CARE, differing, latest
from core.domain.record.recorded import Recorded
from core.domain.record.statements import Statement
from core.domain.ssda903_codes import LISTS

JAN, MAY = "2026-01-05", "2026-05-05"


def entry(**values: str) -> Recorded:
    said = tuple(Statement(n, *pair, format="annex-a-10") for n, pair in enumerate(values.items()))
    return Recorded(1, "e", "adoption", datetime(2026, 6, 1), said)


def care(decided: str, ceased: str = "", why: str = "") -> dict[str, str]:
    return {"decided_on": decided, "ceased_on": ceased, "ceased_reason": why}


def test_the_latest_decision_counts_by_the_fields_of_the_record() -> None:
    rows = [care(MAY, "2026-06-01", "RD2"), care(JAN)]
    said = {"decided_on": MAY, "reversed_on": "2026-06-01", "reversed_why": "RD2"}
    assert latest(rows) == latest(reversed(rows)) == said
    assert latest([]) == {}
    assert set(IN_CARE) == set(said)
    assert set(LISTS["REASON_PLACED_CEASED"]) == {"RD1", "RD2", "RD3", "RD4"}


@pytest.mark.parametrize(
    ("stated", "rows", "fields"),
    [
        ({"decided_on": JAN}, [care(JAN)], ()),
        ({"decided_on": JAN}, [], ()),
        ({"decided_on": JAN}, [care(JAN), care(MAY)], ("decided_on",)),
        ({"matched_on": JAN}, [care(MAY)], ()),
        ({"decided_on": JAN}, [care(JAN, MAY, "RD1")], ()),
        (
            {"decided_on": JAN, "reversed_on": MAY, "reversed_why": "RD1"},
            [care(JAN)],
            ("reversed_on",),
        ),
        (
            {"decided_on": JAN, "reversed_on": MAY, "reversed_why": "RD1"},
            [care(JAN, MAY, "RD2")],
            ("reversed_why",),
        ),
    ],
)
def test_what_is_said_and_not_the_same_differs(
    stated: dict[str, str], rows: list[dict[str, str]], fields: tuple[str, ...]
) -> None:
    assert differing([entry(**stated)], latest(rows)) == fields
