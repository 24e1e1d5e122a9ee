"""Who sees which children, role by role and through which relation; and who may own an action."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Relation(StrEnum):
    """How a person comes to see a child."""

    EVERY_CHILD = "every child of the authority"
    ALLOCATED = "allocated to them as social worker"
    CASELOAD = "on their caseload as reviewing officer"
    TEAM = "in a team they work in"
    SERVICE = "in a service they work in"
    AGENDA = "on the agenda of a meeting in which they hold a post"
    REFERRED = "referred by them, once it is submitted"


SEES: Mapping[str, frozenset[Relation]] = MappingProxyType(
    {
        "social.worker": frozenset({Relation.ALLOCATED, Relation.REFERRED}),
        "team.manager": frozenset({Relation.TEAM, Relation.REFERRED}),
        "case.supervisor": frozenset({Relation.TEAM, Relation.REFERRED}),
        "service.manager": frozenset({Relation.SERVICE, Relation.REFERRED}),
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


def relations(roles: frozenset[str]) -> frozenset[Relation]:
    """Every relation through which somebody with these roles sees children."""
    return frozenset().union(*(SEES.get(role, frozenset()) for role in roles))
