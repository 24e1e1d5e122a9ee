"""A large authority's first day: more notices at once than one statement takes."""

from __future__ import annotations

from builders.house import AT, House

from core.store import notices
from core.store.database import writing

MANY = 3_400


def test_so_many_notices_are_kept_once(house: House) -> None:
    kept = {
        "number": 1, "kind": "notice", "follows_id": None, "meeting_on": None,
        "due_on": house.today, "reason": "It is so", "state": "to come", "made_at": AT,
        "procedure_code": "", "procedure_edition": "", "rule_code": "test", "title": "A notice",
        "clauses": "", "to": "", "meeting_id": None, "booking_id": None, "case_id": None,
    }  # fmt: skip
    rows = [{**kept, "key": f"notice {n}"} for n in range(MANY)]
    with writing():
        assert len(notices.add(house.whole, rows)) == MANY
        assert notices.add(house.whole, rows) == []
