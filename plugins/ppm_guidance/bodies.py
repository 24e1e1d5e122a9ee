"""The permanence planning meeting of each standard."""

from __future__ import annotations

from core.domain.procedure.bodies import Body
from plugins.ppm_guidance import afterwards, membership

TITLE = "Permanence planning meeting (PPM)"

TWO_WEEK = Body(
    code="permanence-planning-meeting",
    clauses=("PPM2-5.1",),
    title=TITLE,
    of_one_child=True,
    posts=membership.TWO_WEEK_POSTS,
    invited=membership.TWO_WEEK_INVITED,
    copies=afterwards.TWO_WEEK_COPIES,
)

TEN_WEEK = Body(
    code="permanence-planning-meeting",
    clauses=("PPM10-4",),
    title=TITLE,
    of_one_child=True,
    posts=membership.TEN_WEEK_POSTS,
    invited=membership.TEN_WEEK_INVITED,
)
