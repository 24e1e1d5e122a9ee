"""What other bodies decided, meetings held outside this system, and care as a list states it."""

from __future__ import annotations

from core.domain.record.kind import PREGNANCY, FactField, FactType, Kind

DECISION_ELSEWHERE = Kind(
    code="decision-elsewhere",
    title="Decisions of other bodies",
    one="a decision of another body",
    order="decided_on",
    key=("body", "decided_on"),
    apart=("decision",),
    fields=(
        FactField(
            code="body", label="Which body", type=FactType.CHOICE, required=True, main=True,
            choices={
                "adm": "Agency decision maker",
                "fostering-panel": "Fostering panel",
                "adoption-panel": "Adoption panel",
                "resource-panel": "Resource panel",
                "complex-cases": "Complex cases panel",
                "accommodation-panel": "Accommodation pathway panel",
                "review": "Child's review",
                "case-management-review": "Case management review",
                "court": "Court",
                "other": "Another body",
            },
        ),
        FactField(code="decided_on", label="Decided on", type=FactType.DAY, required=True,
                  main=True, before_birth=PREGNANCY),
        FactField(code="decision", label="What was decided", type=FactType.LONG_TEXT,
                  required=True, main=True),
        FactField(code="why", label="Why", type=FactType.LONG_TEXT),
        FactField(code="review_on", label="To be looked at again on", type=FactType.DAY,
                  future=True, before_birth=PREGNANCY),
    ),
)  # fmt: skip

EARLIER_MEETING = Kind(
    code="earlier-meeting",
    title="Meetings held outside this system",
    one="a meeting held outside this system",
    order="held_on",
    key=("meeting", "held_on"),
    fields=(
        FactField(
            code="meeting", label="Which meeting", type=FactType.CHOICE, required=True, main=True,
            choices={
                "ppm": "Permanence planning meeting",
                "panel": "Permanence panel",
                "final-care-planning": "Final care planning meeting",
            },
        ),
        FactField(code="held_on", label="Held on", type=FactType.DAY, required=True, main=True,
                  before_birth=PREGNANCY),
        FactField(code="outcome", label="What came of it", type=FactType.LONG_TEXT, main=True),
    ),
)  # fmt: skip

STATED_CARE = Kind(
    code="stated-care",
    title="Care as a list of children in care states it",
    one="care as a list states it",
    single=True,
    from_files=True,
    words=(
        "What a list of children in care says. The episodes of returns, and those that people "
        "type, are under “Identity and care”: where there are any, they stand before it."
    ),
    fields=(
        FactField(code="started_on", label="Became looked after", type=FactType.DAY, main=True),
        FactField(code="legal_status", label="Legal status", main=True, codes="LS"),
        FactField(code="legal_status_since", label="Legal status since", type=FactType.DAY),
        FactField(code="placement", label="Placement", main=True, codes="PLACE"),
        FactField(code="placement_since", label="Placement since", type=FactType.DAY),
        FactField(code="provider", label="Provider", codes="PLACE_PROVIDER"),
        FactField(code="need", label="Category of need", codes="CIN"),
        FactField(code="latest_review_on", label="Latest review", type=FactType.DAY, main=True),
        FactField(code="ceased_on", label="Ceased to be looked after", type=FactType.DAY),
        FactField(code="ceased_why", label="Why care ceased", codes="REC"),
        FactField(code="asylum", label="Unaccompanied asylum-seeking child",
                  type=FactType.YES_NO),
    ),
)  # fmt: skip
