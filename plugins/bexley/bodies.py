"""Bexley's Permanence Panel and its agenda (1.1, 1.12, 1.13, 1.14, 1.16)."""

from __future__ import annotations

from core.domain.procedure.bodies import AgendaItem, AgendaKind, Body, CaseTiming, MostCases
from plugins.bexley import membership, timetable

AGENDA = (
    AgendaItem(
        code="purpose",
        clauses=("BEX-1.13", "BEX-1.1.a"),
        title="Purpose of panel",
        kind=AgendaKind.PURPOSE,
        text=(
            "To help Bexley carry out its corporate parenting responsibilities to children in its "
            "care within the spirit and meaning of the seven principles outlined in the Children "
            "and Social Work Act (2017)."
        ),
    ),
    AgendaItem(
        code="statement",
        clauses=("BEX-1.13", "BEX-1.16"),
        title="Statement of conduct and confidentiality",
        kind=AgendaKind.STATEMENT,
    ),
    AgendaItem(
        code="introductions",
        clauses=("BEX-1.13",),
        title="Introductions",
        kind=AgendaKind.INTRODUCTIONS,
    ),
    AgendaItem(
        code="previous",
        clauses=("BEX-1.13", "BEX-1.24"),
        title="Review of previous recommendations and decisions",
        kind=AgendaKind.PREVIOUS,
    ),
    AgendaItem(
        # The pack cites what stands here: members read every referral beforehand (1.7).
        code="cases",
        clauses=("BEX-1.13", "BEX-1.7"),
        title="Case presentations",
        kind=AgendaKind.CASES,
    ),
    AgendaItem(
        code="review",
        clauses=("BEX-1.13",),
        title="Review of panel recommendations and decisions",
        kind=AgendaKind.REVIEW,
    ),
    AgendaItem(
        code="other-business",
        clauses=("BEX-1.13",),
        title="Any other business",
        kind=AgendaKind.OTHER_BUSINESS,
    ),
    AgendaItem(
        code="next-date",
        clauses=("BEX-1.13",),
        title="Next date and adjournment",
        kind=AgendaKind.NEXT_DATE,
    ),
)

PANEL = Body(
    code="permanence-panel",
    clauses=("BEX-1.12", "BEX-1.18"),
    title="Permanence Panel",
    schedule=timetable.FORTNIGHTLY,
    posts=membership.POSTS,
    membership=membership.RULES,
    invited=membership.INVITED,
    agenda=AGENDA,
    most_cases=MostCases(
        code="most-cases",
        clauses=("BEX-1.13",),
        title="Five case presentations at most; a sibling group is one",
        most=5,
    ),
    timing=CaseTiming(
        code="case-timing",
        clauses=("BEX-1.14",),
        title="Summary 5 minutes, discussion 15, summing up 5 at most",
        presenting=5,
        discussion=15,
        summing_up=5,
    ),
)
