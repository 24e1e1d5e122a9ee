"""What Bexley's panel can recommend or decide, and what each makes (1.23 to 1.25, Part B)."""

from __future__ import annotations

from core.domain.dates import Period, Unit
from core.domain.procedure.outcomes import (
    Box,
    DecisionRule,
    Ground,
    MakesAction,
    MakesPersonReferral,
    MakesReferral,
    NeedsReturn,
    Outcome,
    ReturnRule,
)

BOXES = (
    Box(code="box-care-plan-review", clauses=("BEX-A.B",), title="Care plan review meeting"),
    Box(code="box-adoption", clauses=("BEX-A.B", "BEX-A.B.1"), title="Refer to ADM and adoption"),
    Box(code="box-legal-planning", clauses=("BEX-A.B",), title="Refer to LPM"),
    Box(code="box-amend-care-plan", clauses=("BEX-A.B",), title="Amend care plan"),
    Box(code="box-resource-panel", clauses=("BEX-A.B",), title="Refer to Resource Panel"),
    Box(code="box-continue-care-plan", clauses=("BEX-A.B",), title="Continue current care plan"),
    Box(code="box-reunification", clauses=("BEX-A.B",), title="Endorse reunification plan home"),
    Box(code="box-mother", clauses=("BEX-A.B",), title="Refer to Pause"),
)

OUTCOMES = (
    Outcome(
        code="care-planning-review",
        clauses=("BEX-1.23.a",),
        title="Multi-agency care planning review meeting with the family within 10 working days",
        follow_ons=(
            MakesAction(
                kind="care-planning-review",
                what="Hold a multi-agency care planning review meeting with the family",
                within=Period(10, Unit.WORKING_DAYS),
                done_means="The multi-agency care planning review meeting with the family is held",
            ),
        ),
        box="box-care-plan-review",
    ),
    Outcome(
        code="refer-agency-decision-maker",
        clauses=("BEX-1.23.b",),
        title="Refer to the Agency Decision Maker for a decision on adoption",
        follow_ons=(
            MakesReferral(forum="agency-decision-maker", forum_words="Agency Decision Maker"),
        ),
        box="box-adoption",
    ),
    Outcome(
        code="refer-family-finding",
        clauses=("BEX-1.23.c",),
        title="Refer to the adoption team to begin family finding",
        follow_ons=(MakesReferral(forum="adoption-team", forum_words="adoption team"),),
        box="box-adoption",
    ),
    Outcome(
        code="refer-legal-planning",
        clauses=("BEX-1.23.d",),
        title="Legal planning meeting to consider changes to legal or care status",
        follow_ons=(
            MakesReferral(forum="legal-planning-meeting", forum_words="legal planning meeting"),
        ),
        box="box-legal-planning",
    ),
    Outcome(
        code="refer-resource-panel",
        clauses=("BEX-1.23.e",),
        title="Refer to Resource and Care panel for funding of the long-term placement plan",
        follow_ons=(MakesReferral(forum="resource-panel", forum_words="Resource and Care panel"),),
        box="box-resource-panel",
    ),
    Outcome(
        code="together-apart-assessment",
        clauses=("BEX-1.23.f",),
        title="Full sibling together/apart assessment, and the children back to panel",
        follow_ons=(
            MakesAction(
                kind="sibling-assessment",
                what="Complete a full together/apart assessment",
                done_means="The full together/apart assessment is complete and the children are "
                "back at panel",
            ),
            NeedsReturn(),
        ),
    ),
    Outcome(
        code="work-with-family",
        clauses=("BEX-1.23.g",),
        title="More work with the family and their network towards a return home",
        follow_ons=(
            MakesAction(
                kind="family-work", what="Work with the family and network towards a return home"
            ),
        ),
    ),
    Outcome(
        code="refer-mother",
        clauses=("BEX-1.23.h",),
        title="Refer the child's mother to the Pause programme",
        follow_ons=(
            MakesPersonReferral(
                programme="pause", programme_words="Pause programme", relation="mother"
            ),
        ),
        box="box-mother",
    ),
    Outcome(
        code="amend-care-plan",
        clauses=("BEX-A.B.1",),
        title="Amend the care plan",
        follow_ons=(MakesAction(kind="amend-care-plan", what="Amend the care plan"),),
        box="box-amend-care-plan",
    ),
    Outcome(
        code="continue-care-plan",
        clauses=("BEX-A.B.1",),
        title="Continue the current care plan",
        box="box-continue-care-plan",
    ),
    Outcome(
        code="endorse-reunification",
        clauses=("BEX-A.B.1",),
        title="Endorse the reunification plan home",
        box="box-reunification",
    ),
)

DECISIONS = DecisionRule(
    code="recommends",
    clauses=("BEX-1.25",),
    title="The panel recommends; it decides only where the chair believes it is warranted",
    grounds=(
        Ground(
            code="significant-harm",
            clauses=("BEX-1.25",),
            title="Safeguarding from significant harm",
        ),
        Ground(code="drift-and-delay", clauses=("BEX-1.25",), title="Drift and delay"),
    ),
)

RETURNS = ReturnRule(
    code="return-by",
    clauses=("BEX-1.24",),
    title="Returns to the last panel on or before the date set, under item 4",
)
