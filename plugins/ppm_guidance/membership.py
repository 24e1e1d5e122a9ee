"""Who comes to a permanence planning meeting under each standard, who chairs it, who is invited."""

from __future__ import annotations

from collections.abc import Callable

from core.domain.procedure.escalation import Whom
from core.domain.procedure.membership import Invited, Post
from core.domain.procedure.on_day import ChildOnDay, Reason

READING = "Who chairs is not laid down: the service manager, else the team manager, as we read it"
NOT_LIKELY = "adoption is neither the plan nor its contingency"
AT_EVERY_MEETING = "the colleague from adoption who attends every meeting stands above"
UNDER_NINE = 9
ADOPTION = "adoption"
CONNECTED = frozenset(
    {"connected-fostering", "connected-fostering-to-sgo", "sgo", "cao", "care-order-to-sgo-cao"}
)
FOSTERED = frozenset({"long-term-fostering", "connected-fostering", "sgo-existing-carer"})
IN_CARE = frozenset({"long-term-fostering", "residential", "care-order-to-sgo-cao"})
FAMILY = CONNECTED | {"return-home", "return-home-supervision-order"}


def _adoption_likely(child: ChildOnDay) -> Reason:
    """PPM2 4.1 and 5.1 at any age; 5.2 for a child under 9 on the day of the meeting."""
    if ADOPTION not in child.plan:
        said = "adoption is ruled out" if ADOPTION in child.ruled_out else NOT_LIKELY
        return Reason(False, f"{said}; {AT_EVERY_MEETING}", ("PPM2-5.2", "PPM2-4.1"))
    if child.unborn or (child.age is not None and child.age < UNDER_NINE):
        aged = "the child is not born yet" if child.age is None else f"aged {child.age} on the day"
        return Reason(True, f"adoption is a likely plan, and {aged}: under 9")
    aged = "whose age is not known" if child.age is None else f"aged {child.age} on the day"
    why = f"adoption is a likely plan for this child, {aged}"
    return Reason(True, why, ("PPM2-4.1", "PPM2-5.1"))


def _family_finding(child: ChildOnDay) -> Reason:
    """PPM2 5.3, where relevant: as we read it, where adoption is the primary plan."""
    if child.primary == ADOPTION and ADOPTION not in child.ruled_out:
        return Reason(True, "adoption is the primary plan")
    return Reason(False, "adoption is not the primary plan")


def _in_proceedings(child: ChildOnDay) -> Reason:
    """PPM2 5.5: in care proceedings."""
    if child.in_proceedings is None:
        return Reason(None, "whether there are care proceedings is not recorded")
    if child.in_proceedings:
        return Reason(True, "care proceedings are open")
    return Reason(False, "no care proceedings are open")


def _one_of(options: frozenset[str], words: str) -> Callable[[ChildOnDay], Reason]:
    """PPM10 4: in line with the options and the plan; which of them is our reading."""

    def asks(child: ChildOnDay) -> Reason:
        if child.options & options:
            return Reason(True, f"{words} is considered or planned")
        if not child.options and not options <= child.ruled_out:
            return Reason(None, "no option is recorded yet")
        if options & child.ruled_out:
            return Reason(False, f"{words} is ruled out")
        return Reason(False, f"{words} is not among the options")

    return asks


def _fostered(child: ChildOnDay) -> Reason:
    """PPM10 6: where there is a child in their care."""
    if child.fostered is None:
        return Reason(None, "where the child lives is not recorded")
    if child.fostered:
        return Reason(True, "the child lives with foster carers")
    return Reason(False, "the child does not live with foster carers")


TWO_WEEK_POSTS = (
    Post(
        code="service-manager",
        clauses=("PPM2-5.1",),
        title="CLA service manager",
        chairs=1,
        from_case="the service manager of the child’s service, or the team manager",
        whom=(Whom.SERVICE_MANAGER,),
        instead_of="team-manager",
        reading=READING,
    ),
    Post(
        code="team-manager",
        clauses=("PPM2-5.1",),
        title="Team manager",
        chairs=2,
        from_case="the manager of the child’s team, or the service manager",
        whom=(Whom.TEAM_MANAGER,),
        instead_of="service-manager",
        reading=READING,
    ),
    Post(
        code="case-supervisor",
        clauses=("PPM2-5.1",),
        title="Case supervisor",
        from_case="the case supervisor in the child’s team",
        roles=("case.supervisor",),
    ),
    Post(
        code="social-worker",
        clauses=("PPM2-5.1",),
        title="Social worker, who organises the meeting",
        from_case="the child’s social worker",
        whom=(Whom.SOCIAL_WORKER,),
    ),
    Post(
        code="fostering",
        clauses=("PPM2-5.1",),
        title="Fostering social worker or fostering duty",
        from_case="the fostering social worker of the placement, or fostering duty",
        roles=("fostering",),
    ),
    Post(
        code="adoption",
        clauses=("PPM2-5.1",),
        title="Adoption",
        from_case="a colleague from adoption",
        roles=("adoption",),
        reading="A colleague from adoption attends every meeting. The Adoption Service is invited "
        "besides where adoption is a likely plan: its line stands below",
    ),
)

TWO_WEEK_INVITED = (
    Invited(
        code="adoption",
        clauses=("PPM2-5.2", "PPM2-4.1"),
        title="The Adoption Service",
        when="where adoption is a likely plan, above all for a child under 9",
        asks=_adoption_likely,
        roles=("adoption",),
    ),
    Invited(
        code="reviewing-officer",
        clauses=("PPM2-5.3",),
        title="The Independent Reviewing Officer",
        when="to every meeting",
        whom=(Whom.IRO,),
        roles=("iro",),
    ),
    Invited(
        code="family-finding",
        clauses=("PPM2-5.3",),
        title="The family finding social worker",
        when="where relevant",
        asks=_family_finding,
        roles=("adoption",),
        set_here=True,
    ),
    Invited(
        code="solicitor",
        clauses=("PPM2-5.5",),
        title="The authority’s solicitor",
        when="in care proceedings, to advise the chair",
        asks=_in_proceedings,
        roles=("legal",),
    ),
)

TEN_WEEK_POSTS = (
    Post(
        code="team-manager",
        clauses=("PPM10-4",),
        title="Team manager",
        chairs=1,
        from_case="the manager of the child’s team",
        whom=(Whom.TEAM_MANAGER,),
    ),
    Post(
        code="social-worker",
        clauses=("PPM10-4",),
        title="Social worker",
        from_case="the child’s social worker",
        whom=(Whom.SOCIAL_WORKER,),
    ),
)

BY_PLAN = "in line with the options and the plan"
IN_CARE_ROLES = ("social.worker", "team.manager", "case.supervisor", "service.manager")
SERVICES = (
    ("kinship", "Kinship", ("kinship",), CONNECTED, "care by a connected person"),
    ("fostering", "Fostering", ("fostering",), FOSTERED, "a foster home"),
    ("child-in-care", "Child in Care team", IN_CARE_ROLES, IN_CARE, "staying in care"),
    (
        "family-connections",
        "Strengthening Family Connections",
        IN_CARE_ROLES,
        FAMILY,
        "care within the family",
    ),
    ("adoption", "Adoption West", ("adoption",), frozenset({ADOPTION}), "adoption"),
)

TEN_WEEK_INVITED = (
    *(
        Invited(
            code=code,
            clauses=("PPM10-4",),
            title=title,
            when=BY_PLAN,
            asks=_one_of(options, words),
            roles=roles,
            set_here=True,
            named_here=True,
        )
        for code, title, roles, options, words in SERVICES
    ),
    Invited(
        code="parents",
        clauses=("PPM10-5",),
        title="The child’s parents",
        when="where possible; else their views are gained before",
        family=True,
        views=True,
    ),
    Invited(
        code="foster-carers",
        clauses=("PPM10-6",),
        title="The child’s foster carers",
        when="usually; where not, the reason is on the child’s file",
        asks=_fostered,
        family=True,
        rationale=True,
    ),
)

FINAL_CARE_PLANNING_POSTS = (
    Post(
        code="head-of-service",
        clauses=("PPM10-10",),
        title="Head of service",
        chairs=1,
        from_case="a head of service",
        whom=(Whom.HEAD_OF_SERVICE,),
        roles=("head.of.service",),
        reading="Who chairs is not laid down: the head of service, as we read it",
    ),
    Post(
        code="social-worker",
        clauses=("PPM10-10",),
        title="Social worker, who books the meeting",
        from_case="the child’s social worker",
        whom=(Whom.SOCIAL_WORKER,),
    ),
    Post(
        code="team-manager",
        clauses=("PPM10-10",),
        title="Team manager",
        optional=True,
        from_case="the manager of the child’s team",
        whom=(Whom.TEAM_MANAGER,),
        reading="The clause does not name the team manager, who approves the final care plan",
    ),
)
