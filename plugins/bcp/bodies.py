"""The Permanence Panel of Bournemouth, Christchurch and Poole, and when it meets (3, 4)."""

from __future__ import annotations

from core.domain.procedure.bodies import Body
from core.domain.procedure.schedule import Schedule
from plugins.bcp import membership

THURSDAY = 3

PANEL = Body(
    code="permanence-panel",
    clauses=("BCP-3.1", "BCP-4.1"),
    title="Children’s Social Care Permanence Panel",
    schedule=Schedule(
        code="panel-days",
        clauses=("BCP-4.1",),
        title="Weekly, on a Thursday afternoon",
        every_weeks=1,
        weekday=THURSDAY,
    ),
    posts=membership.POSTS,
    membership=membership.RULES,
    invited=membership.INVITED,
)
