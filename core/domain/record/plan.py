"""The plan for permanence: primary option, contingencies, what was weighed and why, its steps."""

from __future__ import annotations

from core.domain.record.kind import PREGNANCY, FactField, FactType, Kind

OPTIONS = {
    "return-home": "Return to parents",
    "return-home-supervision-order": "Return to parents with a supervision order",
    "adoption": "Adoption",
    "long-term-fostering": "Long-term fostering",
    "connected-fostering": "Fostering by a connected person",
    "connected-fostering-to-sgo": "Fostering by a connected person, then special guardianship",
    "sgo": "Special guardianship order",
    "sgo-existing-carer": "Special guardianship order to the existing carer",
    "cao": "Child arrangements order",
    "care-order-to-sgo-cao": "Care order, then special guardianship or child arrangements order",
    "residential": "Residential care",
    "staying-put": "Staying put",
    "semi-independence": "Semi-independence",
    "independence": "Independence",
    "other": "Another option",
}
"""The core's one list of permanence options: codes that commands and plugins rely on."""

UNSPECIFIED = "unspecified"
NATIONAL_ONLY = {
    "sgo-or-cao": "Special guardianship or child arrangements order (the file does not say which)",
    UNSPECIFIED: "A plan that the file does not specify",
}
"""What national files say that is not an option by itself; neither is an identified plan."""

STANDS_FOR = {
    "sgo-or-cao": (
        "sgo", "sgo-existing-carer", "cao", "connected-fostering-to-sgo", "care-order-to-sgo-cao",
    ),
    UNSPECIFIED: tuple(OPTIONS),
    "return-home": ("return-home-supervision-order",),
    "long-term-fostering": ("connected-fostering", "connected-fostering-to-sgo"),
    "sgo": ("sgo-existing-carer", "connected-fostering-to-sgo"),
}  # fmt: skip
"""A wider word to what it may mean: a file that has only that word does not say otherwise."""

STATES = {
    "provisional": "Provisional",
    "agreed": "Agreed",
    "achieved": "Achieved",
    "ended": "No longer the plan",
}

TRACKS = {"primary": "The primary plan", "contingency": "The contingency plan"}
LATE_WHY = {
    "awaiting-court": "Awaiting court",
    "awaiting-assessment": "Awaiting an assessment",
    "no-placement": "No placement found",
    "family-not-reached": "The family is not reached",
    "other": "Another reason",
}

PLAN = Kind(
    code="plan",
    title="Permanence plan",
    one="a plan",
    order="identified_on",
    words="A new plan takes the place of the one before, which is kept with the day it ended.",
    key=("identified_on",),
    fields=(
        FactField(
            code="primary", label="Primary plan", type=FactType.CHOICE, required=True, main=True,
            choices={**OPTIONS, **NATIONAL_ONLY}, only_files=frozenset(NATIONAL_ONLY),
        ),
        FactField(code="primary_words", label="The plan in words", type=FactType.LONG_TEXT),
        FactField(
            code="contingencies", label="Contingency plans", type=FactType.CHOICES,
            choices=OPTIONS, main=True,
        ),
        FactField(code="contingency_words", label="The contingency in words",
                  type=FactType.LONG_TEXT),
        FactField(
            code="state", label="How far it is", type=FactType.CHOICE, choices=STATES, main=True
        ),
        FactField(code="identified_on", label="Identified on", type=FactType.DAY, main=True,
                  before_birth=PREGNANCY),
        FactField(code="approved_on", label="Approved at a planning meeting on",
                  type=FactType.DAY, main=True, before_birth=PREGNANCY,
                  hint="Not yet agreed: that is done at a review"),
        FactField(code="agreed_on", label="Agreed on", type=FactType.DAY, main=True,
                  before_birth=PREGNANCY),
        FactField(code="agreed_by", label="Agreed by", hint="The panel, meeting or review",
                  main=True),
        FactField(code="achieved_on", label="Achieved on", type=FactType.DAY, main=True),
        FactField(code="ended_on", label="No longer the plan from", type=FactType.DAY),
        FactField(code="legal", label="Legal permanence", type=FactType.LONG_TEXT,
                  hint="The order or status that is to secure it"),
        FactField(code="emotional", label="Emotional permanence", type=FactType.LONG_TEXT,
                  hint="Attachments, identity, and whom the child belongs to"),
        FactField(code="physical", label="Physical permanence", type=FactType.LONG_TEXT,
                  hint="The home, and how stable it is"),
    ),
)  # fmt: skip

PLAN_OPTION = Kind(
    code="plan-option",
    title="Options considered",
    one="an option",
    part_of="plan",
    order="considered_on",
    key=("option",),
    apart=("considered_on",),
    fields=(
        FactField(
            code="option", label="Option", type=FactType.CHOICE, choices=OPTIONS, required=True,
            main=True,
        ),
        FactField(
            code="conclusion", label="What came of it", type=FactType.CHOICE, required=True,
            main=True,
            choices={
                "considered": "Still considered",
                "supported": "Supported",
                "ruled-out": "Ruled out",
            },
        ),
        FactField(code="why", label="Why", type=FactType.LONG_TEXT, required=True, main=True),
        FactField(code="considered_on", label="Considered on", type=FactType.DAY, main=True,
                  before_birth=PREGNANCY),
    ),
)  # fmt: skip

PLAN_STEP = Kind(
    code="plan-step",
    title="Steps",
    one="a step",
    part_of="plan",
    order="due_on",
    key=("what",),
    apart=("due_on",),
    fields=(
        FactField(code="what", label="What", required=True, main=True),
        FactField(code="plan", label="Of which plan", type=FactType.CHOICE, choices=TRACKS,
                  main=True),
        FactField(code="who", label="Who", main=True),
        FactField(code="due_on", label="By", type=FactType.DAY, future=True, main=True,
                  before_birth=PREGNANCY),
        FactField(code="done_on", label="Done on", type=FactType.DAY, main=True,
                  before_birth=PREGNANCY),
        FactField(code="late_why", label="If it is late: why", type=FactType.CHOICE,
                  choices=LATE_WHY),
        FactField(code="meanwhile", label="What is done meanwhile", type=FactType.LONG_TEXT),
        FactField(code="words", label="Notes", type=FactType.LONG_TEXT),
    ),
)  # fmt: skip

ANSWERS = {"given": "Approved", "refused": "Not approved"}

PLAN_APPROVAL = Kind(
    code="plan-approval",
    title="Approvals",
    one="an approval",
    part_of="plan",
    order="asked_on",
    key=("rule", "option", "asked_on"),
    by_steps=True,
    fields=(
        FactField(code="rule", label="Rule"),
        FactField(code="role", label="Role"),
        FactField(code="what", label="What is approved", main=True),
        FactField(
            code="option", label="For the primary plan", type=FactType.CHOICE, choices=OPTIONS,
            main=True,
        ),
        FactField(code="contingencies", label="With the contingency plans", type=FactType.CHOICES,
                  choices=OPTIONS),
        FactField(code="rationale", label="Why this plan, as it was put to them",
                  type=FactType.LONG_TEXT),
        FactField(code="asked_on", label="Asked for on", type=FactType.DAY, main=True),
        FactField(code="asked_by", label="Asked for by", main=True),
        FactField(code="asked_words", label="What was put to them", type=FactType.LONG_TEXT),
        FactField(code="answer", label="Answer", type=FactType.CHOICE, choices=ANSWERS, main=True),
        FactField(code="answered_on", label="Answered on", type=FactType.DAY, main=True),
        FactField(code="answered_by", label="Answered by", main=True),
        FactField(code="words", label="In words", type=FactType.LONG_TEXT, main=True),
    ),
)  # fmt: skip
