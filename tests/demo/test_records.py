"""What is recorded of the made-up children: enough of each kind, and nothing a form refuses."""

from __future__ import annotations

from collections import Counter
from datetime import date

from core.domain.record import KINDS
from core.domain.record.wrong import entry_faults, value_fault
from demo.lives import make_children
from demo.records import _of

TODAY = date(2026, 11, 23)


def test_what_is_recorded_could_have_been_typed_and_is_there_for_many() -> None:
    children = make_children(903, TODAY)
    counted: Counter[str] = Counter()
    wrong = []
    for number, child in enumerate(children):
        for code, on, values, parts in _of(child, number, TODAY, ()):
            assert on <= TODAY
            for kind, said in ((code, values), *parts):
                counted[kind] += 1
                stands = {field: value for field, value in said.items() if value}
                for field, value in stands.items():
                    declared = KINDS[kind].field(field)
                    assert declared is not None, (kind, field)
                    fault = value_fault(declared, value, TODAY, child.born, child.unborn)
                    wrong += [(child.story, kind, field, fault)] if fault else []
                wrong += [
                    (child.story, kind, found.field, found.message)
                    for found in entry_faults(
                        KINDS[kind], stands, frozenset(f.code for f in KINDS[kind].fields)
                    )
                ]
    assert wrong == []
    few = {"adoption": 2, "match": 2}
    for kind in (
        "plan",
        "plan-option",
        "plan-step",
        "proceedings",
        "gateway",
        "view",
        "contact",
        "family-meeting",
        "adoption",
        "match",
        "assessment",
        "emergency",
        "temporary-approval",
        "earlier-meeting",
    ):
        assert counted[kind] >= few.get(kind, 10), (kind, counted)
