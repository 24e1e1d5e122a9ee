"""Court proceedings, and what a legal gateway or planning meeting determined before them."""

from __future__ import annotations

from core.domain.record.kind import PREGNANCY, FactField, FactType, Kind

APPLICATIONS = {
    "care-order": "Care or supervision order (section 31)",
    "placement-order": "Placement order",
    "discharge": "Discharge of a care order",
    "revocation": "Revocation of a placement order",
    "contact": "Contact with a child in care (section 34)",
    "private-law": "Special guardianship or child arrangements order",
    "adoption": "Adoption order",
    "other": "Another application",
}
ORDERS = {
    "care-order": "Care order",
    "care-and-placement-order": "Care order and placement order",
    "placement-order": "Placement order",
    "supervision-order": "Supervision order",
    "sgo": "Special guardianship order",
    "sgo-supervision-order": "Special guardianship order with a supervision order",
    "cao": "Child arrangements order",
    "adoption-order": "Adoption order",
    "discharged": "Order discharged or revoked",
    "no-order": "No order",
    "withdrawn": "Application withdrawn",
    "other": "Another order",
}
DETERMINATIONS = {
    "issue": "Threshold met: issue proceedings",
    "pre-proceedings": "Threshold met: pre-proceedings (public law outline)",
    "s20": "The child stays accommodated under section 20",
    "threshold-not-met": "Threshold not met",
    "continue": "Continue as now, and come back",
    "discharge": "Apply to discharge or revoke an order",
    "other": "Another determination",
}

PROCEEDINGS = Kind(
    code="proceedings",
    title="Court proceedings",
    one="proceedings",
    order="issued_on",
    key=("issued_on",),
    apart=("application",),
    fields=(
        FactField(
            code="application", label="What was applied for", type=FactType.CHOICE,
            choices=APPLICATIONS, main=True,
        ),
        FactField(code="issued_on", label="Issued on", type=FactType.DAY, main=True),
        FactField(code="court", label="Court"),
        FactField(code="case_number", label="Case number"),
        FactField(
            code="final_evidence_on", label="Local authority's final evidence due on",
            type=FactType.DAY, future=True,
        ),
        FactField(
            code="final_hearing_on", label="Final hearing on", type=FactType.DAY, future=True,
            main=True,
        ),
        FactField(
            code="extended_to", type=FactType.DAY, future=True,
            label="26 weeks extended by the court to",
        ),
        FactField(
            code="parallel", label="Parallel planning needed", type=FactType.YES_NO,
            hint="Another plan is worked on while a return home is assessed",
        ),
        FactField(code="ended_on", label="Final order made on", type=FactType.DAY, main=True),
        FactField(
            code="order", label="Order made", type=FactType.CHOICE, choices=ORDERS, main=True
        ),
        FactField(code="words", label="Notes", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip

GATEWAY = Kind(
    code="gateway",
    title="Legal gateway and planning meetings",
    one="a legal gateway or planning meeting",
    order="held_on",
    key=("held_on",),
    fields=(
        FactField(code="held_on", label="Held on", type=FactType.DAY, required=True, main=True,
                  before_birth=PREGNANCY),
        FactField(
            code="meeting", label="Which meeting", type=FactType.CHOICE, main=True,
            choices={
                "lgm": "Legal gateway meeting",
                "lpm": "Legal planning meeting",
                "lgp": "Legal gateway panel",
            },
        ),
        FactField(
            code="determination", label="What it determined", type=FactType.CHOICE,
            choices=DETERMINATIONS, required=True, main=True,
        ),
        FactField(code="recommended", label="What was recommended to it",
                  type=FactType.LONG_TEXT),
        FactField(code="review_on", label="To come back on", type=FactType.DAY, future=True,
                  before_birth=PREGNANCY),
        FactField(code="words", label="What was said, and why", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip
