"""What is done at short notice: emergency placements, and carers approved for a time."""

from __future__ import annotations

from core.domain.record.kind import FactField, FactType, Kind

EMERGENCY = Kind(
    code="emergency",
    title="Placements made in an emergency",
    one="a placement made in an emergency",
    order="placed_on",
    key=("placed_on",),
    fields=(
        FactField(code="placed_on", label="Placed on", type=FactType.DAY, required=True,
                  main=True),
        FactField(
            code="out_of_area", label="Outside the authority's area", type=FactType.YES_NO,
            main=True,
        ),
        FactField(
            code="notified_on", label="Authority of the area notified on", type=FactType.DAY,
            hint="Only for a placement outside the authority's area",
        ),
        FactField(code="words", label="Notes", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip

TEMPORARY_APPROVAL = Kind(
    code="temporary-approval",
    title="Temporary approval of a connected person",
    one="a temporary approval of a connected person",
    order="approved_on",
    key=("approved_on",),
    apart=("who",),
    fields=(
        FactField(code="who", label="Who", main=True),
        FactField(code="approved_on", label="Temporarily approved on", type=FactType.DAY,
                  required=True, main=True),
        FactField(
            code="extended_on", label="Extended on", type=FactType.DAY,
            hint="The day on which the one extension was decided",
        ),
        FactField(
            code="ended_on", label="Ended on", type=FactType.DAY, main=True,
            hint="Approved as foster carers, or the placement or the approval ended",
        ),
        FactField(
            code="outcome", label="How it ended", type=FactType.CHOICE,
            choices={
                "approved": "Approved as foster carers",
                "not-approved": "Not approved",
                "placement-ended": "The placement ended",
                "other": "In another way",
            },
        ),
        FactField(code="words", label="Notes", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip
