"""Adoption: the decision, the match, the placement, the application and the order, each dated."""

from __future__ import annotations

from core.domain.record.kind import FactField, FactType, Kind

REVERSAL_REASONS = {
    "RD1": "The child's needs changed",
    "RD2": "The court made no placement order",
    "RD3": "Adopters could not be found",
    "RD4": "Another reason",
}

ADOPTION = Kind(
    code="adoption",
    title="Adoption",
    one="adoption",
    single=True,
    fields=(
        FactField(
            code="decided_on", type=FactType.DAY, main=True, in_care="decided_on",
            label="Agency decision that the child should be placed for adoption",
        ),
        FactField(code="family_finding_on", label="Family finding began", type=FactType.DAY),
        FactField(code="placement_order_on", label="Placement order", type=FactType.DAY, main=True),
        FactField(
            code="ffa_placed_on", type=FactType.DAY,
            label="Placed for fostering for adoption or concurrent planning",
        ),
        FactField(code="matched_on", label="Agency decision on the match", type=FactType.DAY,
                  main=True),
        FactField(code="placed_on", label="Placed with the adopters", type=FactType.DAY, main=True),
        FactField(code="application_on", label="Adoption application lodged", type=FactType.DAY),
        FactField(code="order_on", label="Adoption order", type=FactType.DAY, main=True),
        FactField(
            code="reversed_on", type=FactType.DAY, main=True, in_care="ceased_on",
            label="Decision that the child should no longer be placed",
        ),
        FactField(
            code="reversed_why", label="Why no longer", type=FactType.CHOICE,
            choices=REVERSAL_REASONS, in_care="ceased_reason",
        ),
        FactField(
            code="relinquished", label="Relinquished by the parents", type=FactType.YES_NO,
        ),
        FactField(
            code="by_foster_carer", label="Adopted by a former foster carer",
            type=FactType.YES_NO,
        ),
        FactField(
            code="adopters", label="Number of adopters", type=FactType.NUMBER, least=1, most=9,
            hint="1 or 2 as a rule",
        ),
        FactField(code="words", label="Notes", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip

PREVIOUS_PERMANENCE = Kind(
    code="previous-permanence",
    title="Earlier permanence that ended",
    one="an earlier permanence arrangement",
    single=True,
    fields=(
        FactField(
            code="option", label="Which", type=FactType.CHOICE, main=True,
            choices={
                "P1": "Adoption",
                "P2": "Special guardianship order",
                "P3": "Residence or child arrangements order",
                "P4": "Not known which",
                "Z1": "None",
            },
        ),
        FactField(
            code="order_on", label="Date of the order, as far as known", main=True,
            type=FactType.PARTIAL_DAY,
            hint="A day, a month and year, or a year: 27/3/2019, 3/2019 or 2019",
        ),
        FactField(code="authority", label="Authority", hint="Its three-digit code, where known"),
    ),
)  # fmt: skip
