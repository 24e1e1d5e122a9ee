"""The permanence planning meeting of each standard."""

from __future__ import annotations

from core.domain.procedure.bodies import Body, ViewsHeard
from plugins.ppm_guidance import afterwards, membership

TITLE = "Permanence planning meeting (PPM)"

TWO_WEEK = Body(
    code="permanence-planning-meeting",
    clauses=("PPM2-5.1",),
    title=TITLE,
    of_one_child=True,
    weighs_options=True,
    record="planning-record",
    views=ViewsHeard(
        code="views-heard",
        clauses=("PPM2-5.4",),
        title="The views of the child, the parents and significant others are before the chair",
    ),
    posts=membership.TWO_WEEK_POSTS,
    invited=membership.TWO_WEEK_INVITED,
    copies=afterwards.TWO_WEEK_COPIES,
)

FINAL_CARE_PLANNING = Body(
    code="final-care-planning-meeting",
    clauses=("PPM10-10",),
    title="Final care planning meeting",
    of_one_child=True,
    record="final-care-planning-record",
    posts=membership.FINAL_CARE_PLANNING_POSTS,
)

TEN_WEEK = Body(
    code="permanence-planning-meeting",
    clauses=("PPM10-4",),
    title=TITLE,
    of_one_child=True,
    weighs_options=True,
    record="planning-record",
    posts=membership.TEN_WEEK_POSTS,
    invited=membership.TEN_WEEK_INVITED,
)
