"""Who works with a child, as what, and which roles may be that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MANAGERS = frozenset({"team.manager", "case.supervisor", "service.manager"})


@dataclass(frozen=True, slots=True)
class As:
    """What somebody is to a child: its words, and the roles of those who may be it."""

    code: str
    words: str
    roles: frozenset[str]


RELATIONS: Mapping[str, As] = MappingProxyType(
    {
        one.code: one
        for one in (
            As("worker", "Social worker", frozenset({"social.worker"}) | MANAGERS),
            As("iro", "Reviewing officer (IRO)", frozenset({"iro"})),
            As("manager", "Case manager", MANAGERS),
        )
    }
)
