"""Assessments of parents: counted by parent, and a second one says why it is asked."""

from __future__ import annotations

import pytest
from builders.dated import typed

from core.domain.plan_facts import EntryFacts, counted
from core.domain.procedure.checks import Step
from plugins.ppm_guidance import PROCEDURES

PPM2 = PROCEDURES[0]
FIRST = {
    "name": "Ada Crabtree", "relation": "mother", "which": "parenting", "asked_on": "2026-03-02",
}  # fmt: skip


def refused(said: dict[str, str], *others: dict[str, str]) -> bool:
    there = tuple(typed("expert-assessment", **other) for other in others)
    found = PPM2.checked(Step.RECORD, EntryFacts("expert-assessment", said, there))
    assert all(one.field == "why_another" and one.clauses == ("PPM2-3.7",) for one in found)
    return bool(found)


@pytest.mark.clause("PPM2-3.7")
def test_a_second_assessment_of_the_same_parent_needs_a_reason() -> None:
    second = {**FIRST, "which": "psychological", "asked_on": "2026-06-01"}
    assert not refused(FIRST) and refused(second, FIRST)
    assert not refused({**second, "why_another": "The court asked for it"}, FIRST)
    assert refused({**second, "name": "A. Crabtree"}, FIRST)  # there is one mother
    assert not refused({**second, "name": "Bo Crabtree", "relation": "father"}, FIRST)
    aunt = {**second, "name": " ada  crabtree ", "relation": "family"}
    assert refused(aunt, FIRST)  # the same name
    late = {**FIRST, "asked_on": "2026-01-05"}  # an earlier one, typed late
    assert refused(late, FIRST) and not refused({**late, "why_another": "As said"}, FIRST)
    said = {**second, "why_another": "The court asked for it"}
    assert not refused(FIRST, said)  # the first is corrected
    assert refused({**second, "asked_on": "2026-09-01"}, FIRST, said)


@pytest.mark.clause("PPM2-3.7")
def test_assessments_are_counted_with_the_reasons_of_the_further_ones() -> None:
    second = {**FIRST, "asked_on": "2026-06-01", "why_another": "She has moved"}
    father = {**FIRST, "name": "Bo Crabtree", "relation": "father"}
    found = counted(typed("expert-assessment", **said) for said in (second, FIRST, father))
    assert found == [("Ada Crabtree", 2, ("She has moved",)), ("Bo Crabtree", 1, ())]
    late = {**FIRST, "asked_on": "2026-01-05", "why_another": "It was done elsewhere"}
    found = counted(typed("expert-assessment", **said) for said in (FIRST, late))
    assert found == [("Ada Crabtree", 2, ("It was done elsewhere",))]
