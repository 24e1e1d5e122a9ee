"""Return home: what it is assessed on, who lives in the home, experts asked, and its delay."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.domain.record.kind import ANY_TIME, FactField, FactType, Kind

HOME_OPTIONS = frozenset({"return-home", "return-home-supervision-order"})
"""The options of a plan by which a child goes home to the parents."""

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "accommodation": "Suitability of the accommodation and maintenance",
        "child_support": "Services and support that the child might need after",
        "parent_support": "Services and support that the parents might need after",
        "wishes": "The child’s wishes and feelings, as the social worker ascertained them",
    }
)
"""What a return home considers, by the field in which it is written."""

RETURN_HOME = Kind(
    code="return-home",
    title="Return home",
    one="an assessment of a return home",
    order="considered_on",
    key=("considered_on",),
    words="Its parts can be written one by one; a return home is agreed once none is empty.",
    fields=(
        FactField(code="considered_on", label="Considered from", type=FactType.DAY, required=True,
                  main=True),
        FactField(
            code="assessment", label="Assessment", type=FactType.CHOICE, main=True,
            choices={"detailed": "Detailed assessment", "updated": "Updated assessment"},
        ),
        FactField(code="assessed_on", label="Assessment done on", type=FactType.DAY, main=True),
        FactField(code="found", label="What the assessment found", type=FactType.LONG_TEXT),
        *(
            FactField(code=code, label=label, type=FactType.LONG_TEXT, main=True)
            for code, label in PARTS.items()
        ),
        FactField(code="wishes_on", label="Wishes and feelings ascertained on", type=FactType.DAY,
                  main=True),
        FactField(code="ended_on", label="No longer considered from", type=FactType.DAY),
    ),
)  # fmt: skip

TOO_YOUNG, CHECKED_FROM = "too-young", 18
"""Why no DBS check is asked of somebody, and from which age on that is no answer."""

HOUSEHOLD_CHECK = Kind(
    code="household-check",
    title="Members of the household at home",
    one="a member of the household",
    order="dbs_on",
    key=("name",),
    apart=("relation",),
    words=(
        "Everybody who lives where the child would return to, with their DBS check. None is asked "
        "for of somebody under 18 who is too young for one."
    ),
    fields=(
        FactField(code="name", label="Name", required=True, main=True),
        FactField(code="relation", label="Who they are to the child", required=True, main=True),
        FactField(code="dbs_on", label="DBS check done on", type=FactType.DAY, main=True,
                  before_birth=ANY_TIME),
        FactField(code="result", label="What the DBS check says", type=FactType.LONG_TEXT,
                  main=True),
        FactField(code="born_on", label="Date of birth", type=FactType.DAY,
                  before_birth=ANY_TIME, hint="Where it is known"),
        FactField(code="unchecked", label="If no DBS check is asked for", type=FactType.CHOICE,
                  choices={TOO_YOUNG: "Too young: under 18"}, main=True),
        FactField(code="unchecked_why", label="Why none is asked for", type=FactType.LONG_TEXT,
                  hint="How old they are, and who says so"),
        FactField(code="left_on", label="No longer lives there from", type=FactType.DAY),
    ),
)  # fmt: skip

EXPERT_ASSESSMENT = Kind(
    code="expert-assessment",
    title="Parenting and expert assessments",
    one="a parenting or expert assessment",
    order="asked_on",
    key=("name", "which", "asked_on"),
    words="Numerous assessments are avoided: a second one of the same parent says why it is asked.",
    fields=(
        FactField(code="name", label="Of whom", required=True, main=True),
        FactField(
            code="relation", label="Who they are to the child", type=FactType.CHOICE,
            required=True, main=True,
            choices={
                "mother": "Mother",
                "father": "Father",
                "parent": "Another person with parental responsibility",
                "family": "Another family member",
                "other": "Somebody else",
            },
        ),
        FactField(
            code="which", label="Which assessment", type=FactType.CHOICE, required=True, main=True,
            choices={
                "parenting": "Parenting assessment",
                "psychological": "Psychological assessment",
                "psychiatric": "Psychiatric assessment",
                "substance": "Assessment of drugs or alcohol",
                "cognitive": "Assessment of learning needs",
                "residential": "Residential assessment",
                "other": "Another expert assessment",
            },
        ),
        FactField(code="asked_on", label="Asked for on", type=FactType.DAY, required=True,
                  main=True, before_birth=300),
        FactField(code="done_on", label="Done on", type=FactType.DAY, main=True, before_birth=300),
        FactField(code="outcome", label="What came of it", type=FactType.LONG_TEXT, main=True),
        FactField(code="why_another", label="Why another one", type=FactType.LONG_TEXT,
                  hint="Needed for a second assessment of the same parent"),
    ),
)  # fmt: skip

RETURN_HOME_DELAY = Kind(
    code="return-home-delay",
    title="Delay of a return home",
    one="a delay of a return home",
    order="raised_on",
    key=("raised_on",),
    words=(
        "First the reviewing officer raises it with the social worker and the case supervisor. If "
        "it continues, the reviewing officer escalates it to the team manager."
    ),
    fields=(
        FactField(code="raised_on", label="Raised with the social worker and case supervisor on",
                  type=FactType.DAY, required=True, main=True),
        FactField(code="why", label="What is delayed, or drifts", type=FactType.LONG_TEXT),
        FactField(code="plan_words", label="The plan to avoid further drift",
                  type=FactType.LONG_TEXT, required=True, main=True),
        FactField(code="escalated_on", label="Escalated to the team manager on", main=True,
                  type=FactType.DAY, hint="Where the delay continues"),
        FactField(
            code="viable", label="Is the plan still viable?", type=FactType.CHOICE, main=True,
            choices={"yes": "Yes", "changed": "Yes, with changes", "no": "No"},
        ),
        FactField(code="review_words", label="The review of whether the plan is still viable",
                  type=FactType.LONG_TEXT, main=True),
        FactField(code="ended_on", label="No longer delayed from", type=FactType.DAY),
    ),
)  # fmt: skip
