"""Who sits on Bexley's panel, who chairs it, and when it may decide (1.2, 1.11, 1.12)."""

from __future__ import annotations

from core.domain.procedure.membership import (
    ChairedBy,
    Invited,
    MostMembers,
    NotOwnReferral,
    Office,
    Post,
    Quorum,
)

MANAGERS = ("team-manager", "service-manager")
HEADS = ("head-of-service",)

POSTS = (
    Post(
        code="chair",
        clauses=("BEX-1.11",),
        title="Head of Service for Looked After Children and Permanence (chair)",
        chairs=1,
        grades=HEADS,
    ),
    Post(
        code="vice-chair",
        clauses=("BEX-1.11",),
        title="Head of Service for Workforce Development and Quality Assurance (vice chair)",
        chairs=2,
        grades=HEADS,
        sits="in the chair's place",
    ),
    Post(code="adoption", clauses=("BEX-1.12",), title="Manager, adoption", grades=MANAGERS),
    Post(code="fostering", clauses=("BEX-1.12",), title="Manager, fostering", grades=MANAGERS),
    Post(code="placements", clauses=("BEX-1.12",), title="Manager, placements", grades=MANAGERS),
    Post(
        code="independent-reviewing",
        clauses=("BEX-1.12",),
        title="Manager, independent reviewing service",
        grades=MANAGERS,
    ),
    Post(
        code="looked-after-children",
        clauses=("BEX-1.12",),
        title="Manager, looked after children",
        grades=MANAGERS,
    ),
    Post(
        code="signs-of-safety",
        clauses=("BEX-1.12",),
        title="Signs of Safety champion practitioner",
    ),
    Post(code="legal", clauses=("BEX-1.12",), title="Legal representative"),
)

INVITED = (
    Invited(
        code="by-the-chair",
        clauses=("BEX-1.12",),
        title="Other relevant professionals",
        when="by invitation of the chair",
    ),
)

OFFICES = (
    Office(code="deputy-director", clauses=("BEX-1.11", "BEX-1.26"), title="Deputy Director"),
)

RULES = (
    ChairedBy(
        code="chaired-by",
        clauses=("BEX-1.11",),
        title="Only a Children's Social Care head of service chairs",
        office="head-of-service",
        office_words="a Children's Social Care head of service",
        posts=("chair", "vice-chair"),
        leave_from="deputy-director",
        leave_words=(
            "On hold: neither the chair nor the vice chair is here. The Team Manager for Adoption "
            "asks the Deputy Director whether the panel goes ahead; record the decision"
        ),
        leave_asked_by="adoption",
    ),
    Quorum(
        code="quorum",
        clauses=("BEX-1.2",),
        title="The chair and at least two other members",
        others=2,
    ),
    MostMembers(
        code="most-members",
        clauses=("BEX-1.2",),
        title="Not more than eight members",
        most=8,
        in_turn=("chair", "vice-chair"),
    ),
    NotOwnReferral(
        code="not-own-referral",
        clauses=("BEX-1.12",),
        title="A manager who refers a case on the agenda does not sit as a member",
        posts=tuple(post.code for post in POSTS if post.grades == MANAGERS),
        grades=MANAGERS,
    ),
)
