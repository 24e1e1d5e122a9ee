"""Who sees what of which children, role by role and by which relation; who may own an action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType


class Relation(StrEnum):
    """How a person comes to see a child."""

    EVERY_CHILD = "every child of the authority"
    ALLOCATED = "allocated to them as social worker"
    CASELOAD = "on their caseload as reviewing officer"
    TEAM = "in a team they work in"
    SERVICE = "in a service they work in"
    AGENDA = "on a circulated agenda, where they hold a post or stand in, until it is ratified"
    REFERRED = "referred by them, once it is submitted"
    INVITED = "in a case to which they are invited"
    STATED = "opened by them for a stated reason, for one hour"
    NAMED = "restricted or sealed, and they are named for it"


class What(StrEnum):
    """What there is to see of a child, and that it may be changed."""

    RECORD = "who they are and their care"
    PLAN = "plan, proceedings, views and adoption"
    PEOPLE = "people to reach"
    CASES = "cases and what was decided"
    PAPERS = "papers"
    MINUTES = "minutes"
    LOOKED = "who looked"
    CHANGE = "to change the record"


SEES: Mapping[str, frozenset[Relation]] = MappingProxyType(
    {
        "social.worker": frozenset({Relation.ALLOCATED, Relation.REFERRED}),
        "team.manager": frozenset({Relation.ALLOCATED, Relation.TEAM, Relation.REFERRED}),
        "case.supervisor": frozenset({Relation.ALLOCATED, Relation.TEAM, Relation.REFERRED}),
        "service.manager": frozenset({Relation.ALLOCATED, Relation.SERVICE, Relation.REFERRED}),
        "iro": frozenset({Relation.CASELOAD, Relation.REFERRED}),
        "panel.administrator": frozenset({Relation.EVERY_CHILD}),
        "panel.chair": frozenset({Relation.EVERY_CHILD}),
        "panel.member": frozenset({Relation.AGENDA}),
        "head.of.service": frozenset({Relation.EVERY_CHILD}),
        "deputy.director": frozenset({Relation.EVERY_CHILD}),
        "assistant.director": frozenset({Relation.EVERY_CHILD}),
        "legal": frozenset({Relation.AGENDA}),
        "adoption": frozenset({Relation.AGENDA}),
        "fostering": frozenset({Relation.AGENDA}),
        "kinship": frozenset({Relation.AGENDA}),
        "authority.administrator": frozenset({Relation.EVERY_CHILD}),
        "inspector": frozenset({Relation.EVERY_CHILD}),
    }
)

ROLES = tuple(SEES)
MAY_OWN = frozenset(ROLES) - {"inspector", "authority.administrator"}
MAY_STATE_A_REASON = MAY_OWN

ALL = frozenset(What)
#: Of a case that somebody else brings: what is needed to speak about it, and nobody's address.
OF_A_CASE = frozenset({What.RECORD, What.PLAN, What.CASES, What.PAPERS})

SHOWS: Mapping[Relation, frozenset[What]] = MappingProxyType(
    {
        Relation.EVERY_CHILD: ALL,
        Relation.ALLOCATED: ALL - {What.MINUTES},
        Relation.CASELOAD: ALL - {What.MINUTES},
        Relation.TEAM: ALL - {What.MINUTES},
        Relation.SERVICE: ALL - {What.MINUTES},
        Relation.AGENDA: OF_A_CASE | {What.MINUTES},
        Relation.REFERRED: OF_A_CASE,
        Relation.INVITED: OF_A_CASE,
        Relation.STATED: ALL - {What.MINUTES, What.LOOKED, What.CHANGE},
        Relation.NAMED: ALL - {What.MINUTES},
    }
)

SEES_WHO_LOOKED = frozenset(
    {
        "team.manager",
        "case.supervisor",
        "service.manager",
        "iro",
        "head.of.service",
        "deputy.director",
        "assistant.director",
        "inspector",
    }
)

#: What of a record each of them changes is in the table of pages; the others change nothing of it.
CHANGES = frozenset(
    {
        "social.worker",
        "team.manager",
        "case.supervisor",
        "service.manager",
        "iro",
        "panel.administrator",
        "panel.chair",
        "head.of.service",
        "deputy.director",
        "assistant.director",
        "authority.administrator",
    }
)


def most(role: str) -> frozenset[What]:
    """The most that a role sees of any child, whatever the relation.

    Who administers an authority matches people and imports to children: for that they need to know
    who a child is and what the returns say of the care, and nothing of cases, views or papers.
    They mend both.
    """
    if role == "authority.administrator":
        return frozenset({What.RECORD, What.CHANGE})
    seen = ALL if role in SEES_WHO_LOOKED else ALL - {What.LOOKED}
    return seen if role in CHANGES else seen - {What.CHANGE}


def of_anybody(role: str) -> frozenset[Relation]:
    """The relations that do not come with a role: a seat, an invitation, a reason, a name."""
    if role in MAY_STATE_A_REASON:
        return frozenset({Relation.AGENDA, Relation.INVITED, Relation.STATED, Relation.NAMED})
    return frozenset({Relation.NAMED})


def relations(roles: frozenset[str]) -> frozenset[Relation]:
    """Every relation that comes with these roles."""
    return frozenset().union(*(SEES.get(role, frozenset()) for role in roles))


def seeing(relation: Relation) -> frozenset[str]:
    """The roles with which this relation comes."""
    return frozenset(role for role in ROLES if relation in SEES[role])


def ways(roles: frozenset[str], *what: What) -> frozenset[Relation]:
    """Every relation through which somebody with these roles sees all of this of a child."""
    return frozenset(
        relation
        for role in roles & frozenset(ROLES)
        for relation in SEES[role] | of_anybody(role)
        if SHOWS[relation] & most(role) >= set(what)
    )


def lines() -> Iterator[tuple[str, Relation, tuple[What, ...]]]:
    """The table as it is read: a role, which children, and what is seen of them."""
    for role in ROLES:
        for relation in Relation:
            if relation in SEES[role] | of_anybody(role):
                seen = SHOWS[relation] & most(role)
                yield role, relation, tuple(what for what in What if what in seen)
