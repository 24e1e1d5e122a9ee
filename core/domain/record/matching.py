"""Matches with carers, and what carers are approved for."""

from __future__ import annotations

from core.domain.record.kind import ANY_TIME, FactField, FactType, Kind

MATCH = Kind(
    code="match",
    title="Matches with carers",
    one="a match",
    order="matched_on",
    key=("matched_on",),
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
        FactField(
            code="provision", label="Whose carers", type=FactType.CHOICE,
            choices={
                "in-house": "The authority's own",
                "agency": "An agency's",
                "connected": "Connected to the child",
            },
        ),
        FactField(code="panel_on", label="Recommended by a panel on", type=FactType.DAY),
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
    key=("approved_on",),
    apart=("carers",),
    fields=(
        FactField(code="carers", label="Who", main=True),
        FactField(code="approved_on", label="Approved on", type=FactType.DAY, main=True,
                  before_birth=ANY_TIME),
        FactField(code="approved_for", label="Approved for", main=True),
        FactField(code="approved_by", label="Approved by"),
        FactField(code="form_f_on", label="Assessment (Form F) completed on", type=FactType.DAY,
                  before_birth=ANY_TIME),
        FactField(code="reviewed_on", label="Latest annual review of the carers",
                  type=FactType.DAY, before_birth=ANY_TIME),
        FactField(code="ended_on", label="Ended on", type=FactType.DAY, before_birth=ANY_TIME),
    ),
)  # fmt: skip
