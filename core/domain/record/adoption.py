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
        FactField(code="doubted_on", label="May not be viable: marked on", type=FactType.DAY),
        FactField(code="doubt_words", label="Why it may not be viable", type=FactType.LONG_TEXT),
        FactField(code="words", label="Notes", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip

DOUBTED = frozenset({"may-not-be", "no"})
"""Answers to whether the plan of adoption is still viable that put it in doubt."""

PLACEMENT_ORDER_REVIEW = Kind(
    code="placement-order-review",
    title="Reviews after a placement order",
    one="a review after the placement order",
    order="reviewed_on",
    key=("reviewed_on",),
    words="At 3 and 6 months from the order, and every 6 after: why the child is not placed.",
    fields=(
        FactField(code="reviewed_on", label="Reviewed on", type=FactType.DAY, required=True,
                  main=True),
        FactField(code="why_not", label="Why is the child not placed?", type=FactType.LONG_TEXT,
                  required=True, main=True),
        FactField(
            code="viable", label="Is the plan of adoption still viable?", type=FactType.CHOICE,
            required=True, main=True,
            choices={"yes": "Yes", "may-not-be": "It may not be", "no": "No"},
        ),
        FactField(code="words", label="Notes", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip

ADOPTION_LIFTED = Kind(
    code="adoption-booking-lifted",
    title="Bookings for the agency decision maker that the chair lets go ahead",
    one="a booking that the chair lets go ahead",
    order="lifted_on",
    key=("lifted_on",),
    by_steps=True,
    fields=(
        FactField(code="lifted_on", label="Lifted on", type=FactType.DAY, main=True),
        FactField(code="lifted_by", label="By", main=True),
        FactField(code="said", label="What stood against it", type=FactType.LONG_TEXT, main=True),
        FactField(code="since", label="Adoption an option since", type=FactType.DAY,
                  before_birth=300),
        FactField(code="referred_on", label="For a referral of", type=FactType.DAY),
        FactField(code="why", label="Why it goes ahead", type=FactType.LONG_TEXT, main=True),
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
