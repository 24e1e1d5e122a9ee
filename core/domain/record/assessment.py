"""Plans and assessments that the law asks for: which, and the day on which it was done."""

from __future__ import annotations

from core.domain.record.kind import PREGNANCY, FactField, FactType, Kind

HEALTH = "health"
"""A health assessment of which a list does not say whether it was the first."""

ASSESSMENTS = {
    "care-plan": "Care plan",
    "placement-plan": "Placement plan",
    "health-initial": "Initial health assessment",
    "health-review": "Review health assessment",
    "pep": "Personal education plan",
    "pathway-assessment": "Needs assessment for the pathway plan",
    "pathway-plan": "Pathway plan",
    HEALTH: "Health assessment, initial or review not said",
}

ASSESSMENT = Kind(
    code="assessment",
    title="Plans and assessments that the law asks for",
    one="a plan or assessment that the law asks for",
    order="done_on",
    key=("what", "done_on"),
    fields=(
        FactField(
            code="what", label="Which plan or assessment", type=FactType.CHOICE,
            choices=ASSESSMENTS, required=True, main=True, only_files=frozenset({HEALTH}),
        ),
        FactField(code="done_on", label="Completed on", type=FactType.DAY, required=True,
                  main=True, before_birth=PREGNANCY),
        FactField(code="words", label="Notes", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip
