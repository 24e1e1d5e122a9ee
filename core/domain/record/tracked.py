"""What becomes of a plan between meetings: tracked, measured against the care plan, asked about."""

from __future__ import annotations

from core.domain.record.kind import FactField, FactType, Kind
from core.domain.record.plan import OPTIONS

SUGGESTIONS = {
    "plan-changed": "The primary plan changed",
    "step-slipped": "A step of the plan slipped",
    "section-20-drift": "Drift under section 20",
}
"""Why a further planning meeting is suggested; rules of procedures have the same codes."""

CHAIRS_PLANNING = frozenset(
    {
        "team.manager",
        "service.manager",
        "head.of.service",
        "deputy.director",
        "assistant.director",
    }
)
"""Who chairs planning meetings and tracks plans, and who leads them."""

PLAN_TRACKED = Kind(
    code="plan-tracked",
    title="Plan tracked between meetings",
    one="a tracking of the plan",
    order="tracked_on",
    key=("tracked_on",),
    apart=("words",),
    typed_by=CHAIRS_PLANNING,
    words="The chair or team manager looked at the plan, outside a planning meeting.",
    fields=(
        FactField(code="tracked_on", label="Tracked on", type=FactType.DAY, required=True,
                  main=True),
        FactField(code="words", label="How the plan stands", type=FactType.LONG_TEXT,
                  required=True, main=True),
    ),
)  # fmt: skip

REUNIFICATION_PROSPECT = Kind(
    code="reunification-prospect",
    title="Prospect of reunification",
    one="an answer about reunification",
    order="answered_on",
    key=("answered_on",),
    typed_by=CHAIRS_PLANNING,
    words="Answered by the chair of the planning meetings once the first review has been held.",
    fields=(
        FactField(code="answered_on", label="Answered on", type=FactType.DAY, required=True,
                  main=True),
        FactField(
            code="prospect", label="Is there a prospect of reunification?", type=FactType.CHOICE,
            required=True, main=True,
            choices={"yes": "Yes", "no": "No", "unclear": "Not clear yet"},
        ),
        FactField(code="why", label="Why", type=FactType.LONG_TEXT, required=True, main=True),
    ),
)  # fmt: skip

CARE_PLAN_AIM = Kind(
    code="care-plan-aim",
    title="What the care plan aims at",
    one="an aim of the care plan",
    order="review_on",
    key=("review_on",),
    words=(
        "The option that the care plan of the child looked after names, as it was agreed at a "
        "review. It runs beside the permanence plan."
    ),
    fields=(
        FactField(code="review_on", label="Agreed at the review of", type=FactType.DAY,
                  required=True, main=True),
        FactField(code="aim", label="The care plan says", type=FactType.CHOICE, required=True,
                  main=True, choices=OPTIONS),
        FactField(code="words", label="In the words of the care plan", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip

NO_FURTHER_PPM = Kind(
    code="no-further-ppm",
    title="Suggested planning meetings that are not held",
    one="a reason not to hold a planning meeting",
    order="decided_on",
    key=("suggestion", "decided_on"),
    apart=("of", "why"),
    fields=(
        FactField(code="suggestion", label="What suggested the meeting", type=FactType.CHOICE,
                  choices=SUGGESTIONS, required=True, main=True),
        FactField(code="of", label="About", main=True),
        FactField(code="why", label="Why no meeting is needed", type=FactType.LONG_TEXT,
                  required=True, main=True),
        FactField(code="decided_on", label="Decided on", type=FactType.DAY, required=True,
                  main=True),
    ),
)  # fmt: skip
