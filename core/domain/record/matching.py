"""Matches with carers, and what carers are approved for."""

from __future__ import annotations

from core.domain.record.kind import FactField, FactType, Kind

MATCH = Kind(
    code="match",
    title="Matches with carers",
    one="a match",
    order="matched_on",
    fields=(
        FactField(code="matched_on", label="Decided on", type=FactType.DAY, required=True,
                  main=True),
        FactField(
            code="for", label="Matched for", type=FactType.CHOICE, required=True, main=True,
            choices={
                "long-term-fostering": "Long-term fostering",
                "connected-fostering": "Fostering by a connected person",
                "special-guardianship": "Special guardianship",
                "adoption": "Adoption",
                "other": "Another arrangement",
            },
        ),
        FactField(code="carers", label="With whom", main=True),
        FactField(code="decided_by", label="Decided by", hint="The decision maker, and the panel"),
        FactField(code="ended_on", label="Ended on", type=FactType.DAY, main=True),
        FactField(code="words", label="Notes", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip

CARERS_APPROVAL = Kind(
    code="carers-approval",
    title="Carers' approval",
    one="an approval of carers",
    order="approved_on",
    fields=(
        FactField(code="carers", label="Who", main=True),
        FactField(code="approved_on", label="Approved on", type=FactType.DAY, main=True),
        FactField(code="approved_for", label="Approved for", main=True),
        FactField(code="approved_by", label="Approved by"),
        FactField(code="form_f_on", label="Assessment (Form F) completed on", type=FactType.DAY),
        FactField(code="ended_on", label="Ended on", type=FactType.DAY),
    ),
)  # fmt: skip
