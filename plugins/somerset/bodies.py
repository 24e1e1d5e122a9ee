"""Somerset's Permanence Panel and when it meets (8, 9)."""

from __future__ import annotations

from core.domain.procedure.bodies import Body
from core.domain.procedure.schedule import Schedule
from plugins.somerset import membership

THURSDAY = 3

PANEL = Body(
    code="permanence-panel",
    clauses=("SOM-8.1", "SOM-9"),
    title="Permanence Panel",
    schedule=Schedule(
        code="panel-days",
        clauses=("SOM-9",),
        title="Normally fortnightly on Thursdays, at County Hall, Taunton",
        every_weeks=2,
        weekday=THURSDAY,
        place="County Hall, Taunton",
    ),
    posts=membership.POSTS,
    membership=membership.RULES,
    invited=membership.INVITED,
)
