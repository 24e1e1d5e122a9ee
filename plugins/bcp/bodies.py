"""The Permanence Panel of Bournemouth, Christchurch and Poole, and when it meets (3, 4)."""

from __future__ import annotations

from core.domain.procedure.bodies import Body
from core.domain.procedure.schedule import Schedule, Theme
from plugins.bcp import membership

THURSDAY = 3

COHORTS = (
    Theme(
        code="cohort-1",
        clauses=("BCP-5.1",),
        title="Cohort 1: accommodated under section 20 after 12 weeks",
    ),
    Theme(
        code="cohort-2",
        clauses=("BCP-5.2",),
        title="Cohort 2: placed with parents under a care order",
    ),
    Theme(code="cohort-3", clauses=("BCP-5.3",), title="Cohort 3: a plan of reunification"),
    Theme(
        code="cohort-4",
        clauses=("BCP-5.4",),
        title="Cohort 4: not long-term matched with their foster carers",
    ),
    Theme(code="cohort-5", clauses=("BCP-5.5",), title="Cohort 5: no permanence plan"),
)

PANEL = Body(
    code="permanence-panel",
    clauses=("BCP-3.1", "BCP-4.1"),
    title="Children’s Social Care Permanence Panel",
    schedule=Schedule(
        code="panel-days",
        clauses=("BCP-4.1", "BCP-5.6"),
        title="Weekly, on a Thursday afternoon; five cohorts in turn",
        every_weeks=1,
        weekday=THURSDAY,
        themes=COHORTS,
    ),
    posts=membership.POSTS,
    membership=membership.RULES,
    invited=membership.INVITED,
)
