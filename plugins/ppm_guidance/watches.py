"""What the two-week standard has watched between meetings; its figures are our reading of drift."""

from __future__ import annotations

from core.domain.procedure.membership import Office
from core.domain.procedure.watches import Watch

STRATEGIC_LEAD = "cla-strategic-lead"

OFFICES = (Office(code=STRATEGIC_LEAD, clauses=("PPM2-1",), title="CLA Strategic Lead"),)

TWO_WEEK = (
    Watch(
        code="planning-starts",
        clauses=("PPM2-1",),
        title="Planning begins on entering pre-proceedings or becoming looked after",
    ),
    Watch(
        code="plans-reviewed",
        clauses=("PPM2-1",),
        title="Plans for the CLA Strategic Lead or Service Manager to agree and review",
        offices=(STRATEGIC_LEAD,),
    ),
    Watch(
        code="latest-meeting",
        clauses=("PPM2-1",),
        title="The next review shows the latest planning meeting",
    ),
    Watch(
        code="plan-tracking",
        clauses=("PPM2-2.4",),
        title="Plans tracked by the chair or team manager until permanence is achieved",
    ),
    Watch(
        code="plan-changed",
        clauses=("PPM2-2.5",),
        title="The primary plan changed",
    ),
    # 28 days late or moved twice, and 12 weeks in which nothing came of the plan, are our reading.
    Watch(
        code="step-slipped",
        clauses=("PPM2-7",),
        title="A step of the plan slipped",
        days=28,
        moves=2,
        set_here=True,
    ),
    Watch(
        code="section-20-drift",
        clauses=("PPM2-2.5",),
        title="Drift under section 20",
        days=84,
        set_here=True,
    ),
    Watch(
        code="section-20",
        clauses=("PPM2-3.8",),
        title="Children under section 20 are at higher risk of delay",
    ),
    Watch(
        code="twin-tracks",
        clauses=("PPM2-2.6",),
        title="The primary plan and the contingency are tracked side by side",
    ),
    Watch(
        code="side-by-side",
        clauses=("PPM2-4.2",),
        title="The permanence plan is tracked against the care plan",
    ),
)
