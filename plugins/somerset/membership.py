"""Who sits on Somerset's panel and who decides in an emergency outside it (5, 8)."""

from __future__ import annotations

from core.domain.procedure.membership import Invited, Office, Post, SameGradeSubstitute

CORE = (
    ("looked-after-children", "Operations Manager CLA"),
    ("family-finding", "Family Finding SW"),
    ("independent-reviewing", "IRO Manager"),
    ("finance", "Children’s Finance Manager"),
    ("virtual-school", "Virtual School Head"),
    ("foster-carers", "Foster Carer Representative"),
    ("leaving-care", "Operations Manager Leaving Care"),
)

POSTS = (
    Post(
        code="chair",
        clauses=("SOM-10.2",),
        title="Panel Chair",
        chairs=1,
        laid_down=False,
        sits="in the chair",
    ),
    *(Post(code=code, clauses=("SOM-8.1",), title=title) for code, title in CORE),
    Post(code="placements", clauses=("SOM-8.2",), title="Placements Team Manager", optional=True),
    Post(
        code="operations-managers",
        clauses=("SOM-8.2",),
        title="All other Operations Managers",
        optional=True,
        several=True,
    ),
    Post(code="pathway-coordinator", clauses=("SOM-8.2",), title="P2i Coordinator", optional=True),
)

INVITED = (
    Invited(
        code="social-worker",
        clauses=("SOM-8.4",),
        title="The child’s social worker",
        when="for specific cases",
    ),
    Invited(
        code="team-manager",
        clauses=("SOM-8.4",),
        title="The child’s team manager",
        when="for specific cases",
    ),
)

OFFICES = (
    Office(
        code="deputy-director", clauses=("SOM-5",), title="Deputy Director Children and Families"
    ),
    Office(
        code="strategic-manager",
        clauses=("SOM-5",),
        title="Strategic Manager Resources (in the Deputy Director’s absence)",
    ),
)

RULES = (
    SameGradeSubstitute(
        code="same-grade",
        clauses=("SOM-8.3",),
        title="A core member who cannot attend finds a suitable substitute of the same grade",
        posts=tuple(code for code, _ in CORE),
    ),
)
