"""Who sits on the panel of Bournemouth, Christchurch and Poole, and who comes for a case (3)."""

from __future__ import annotations

from core.domain.procedure.membership import InternalOnly, Invited, Post

POSTS = (
    Post(
        code="chair",
        clauses=("BCP-3.1",),
        title="Service Manager - Children in Care (chair)",
        chairs=1,
    ),
    Post(
        code="independent-reviewing",
        clauses=("BCP-3.1",),
        title="Service Manager for the IRO Service",
        chairs=2,
        reading="Takes the chair where the chair is absent, and the meeting records it",
    ),
    Post(code="administration", clauses=("BCP-3.1",), title="Administrative support"),
)

RESPONSIBLE = "must attend when a child under their responsibility is considered"

INVITED = (
    *(
        Invited(
            code="service-manager",
            clauses=("BCP-3.2",),
            title=f"Service Manager, {service}",
            when=RESPONSIBLE,
        )
        for service in (
            "In-House Fostering",
            "Assessment Service",
            "Children and Families First",
            "Child Health and Disability Team (CHAD)",
        )
    ),
    Invited(
        code="team-manager",
        clauses=("BCP-3.2",),
        title="The relevant team manager",
        when="attends alongside the service manager",
    ),
    Invited(
        code="social-worker",
        clauses=("BCP-3.2",),
        title="The child’s social worker",
        when="attends alongside the service manager",
    ),
)

RULES = (
    InternalOnly(
        code="internal-only",
        clauses=("BCP-3.1",),
        title="An internal mechanism only: nobody from outside is a member",
    ),
)
