"""Who comes to a permanence planning meeting under each standard, and who chairs it."""

from __future__ import annotations

from core.domain.procedure.membership import Invited, Post

READING = "Who chairs is not laid down: the service manager, else the team manager, as we read it"

TWO_WEEK_POSTS = (
    Post(
        code="service-manager",
        clauses=("PPM2-5.1",),
        title="CLA service manager",
        chairs=1,
        from_case="the service manager of the child’s service, or the team manager",
        reading=READING,
    ),
    Post(
        code="team-manager",
        clauses=("PPM2-5.1",),
        title="Team manager",
        chairs=2,
        from_case="the manager of the child’s team, or the service manager",
        reading=READING,
    ),
    Post(
        code="case-supervisor",
        clauses=("PPM2-5.1",),
        title="Case supervisor",
        from_case="the case supervisor in the child’s team",
    ),
    Post(
        code="social-worker",
        clauses=("PPM2-5.1",),
        title="Social worker, who organises the meeting",
        from_case="the child’s social worker",
    ),
    Post(
        code="fostering",
        clauses=("PPM2-5.1",),
        title="Fostering social worker or fostering duty",
        from_case="the fostering social worker of the placement, or fostering duty",
    ),
    Post(
        code="adoption",
        clauses=("PPM2-5.1",),
        title="Adoption",
        from_case="a colleague from adoption",
    ),
)

TWO_WEEK_INVITED = (
    Invited(
        code="adoption",
        clauses=("PPM2-5.2", "PPM2-4.1"),
        title="The Adoption Service",
        when="where adoption is a likely plan, above all for a child under 9",
    ),
    Invited(
        code="reviewing-officer",
        clauses=("PPM2-5.3",),
        title="The Independent Reviewing Officer",
        when="to every meeting",
    ),
    Invited(
        code="family-finding",
        clauses=("PPM2-5.3",),
        title="The family finding social worker",
        when="where relevant",
    ),
    Invited(
        code="solicitor",
        clauses=("PPM2-5.5",),
        title="The authority’s solicitor",
        when="in care proceedings, to advise the chair",
    ),
)

TEN_WEEK_POSTS = (
    Post(
        code="team-manager",
        clauses=("PPM10-4",),
        title="Team manager",
        chairs=1,
        from_case="the manager of the child’s team",
    ),
    Post(
        code="social-worker",
        clauses=("PPM10-4",),
        title="Social worker",
        from_case="the child’s social worker",
    ),
)

BY_PLAN = "in line with the options and the plan"

TEN_WEEK_INVITED = (
    *(
        Invited(code=code, clauses=("PPM10-4",), title=title, when=BY_PLAN)
        for code, title in (
            ("kinship", "Kinship"),
            ("fostering", "Fostering"),
            ("child-in-care", "Child in Care team"),
            ("family-connections", "Strengthening Family Connections"),
            ("adoption", "Adoption West"),
        )
    ),
    Invited(
        code="parents",
        clauses=("PPM10-5",),
        title="The child’s parents",
        when="where possible; else their views are gained before",
    ),
    Invited(
        code="foster-carers",
        clauses=("PPM10-6",),
        title="The child’s foster carers",
        when="usually; where not, the reason is on the child’s file",
    ),
)

FINAL_CARE_PLANNING_POSTS = (
    Post(
        code="head-of-service",
        clauses=("PPM10-10",),
        title="Head of service",
        chairs=1,
        from_case="a head of service",
        reading="Who chairs is not laid down: the head of service, as we read it",
    ),
    Post(
        code="social-worker",
        clauses=("PPM10-10",),
        title="Social worker, who books the meeting",
        from_case="the child’s social worker",
    ),
    Post(
        code="team-manager",
        clauses=("PPM10-10",),
        title="Team manager",
        optional=True,
        from_case="the manager of the child’s team",
        reading="The clause does not name the team manager, who approves the final care plan",
    ),
)
