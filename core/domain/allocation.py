"""Who works with a child, as what, and which roles may be that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from core.domain.sight import Relation, seeing

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
            As("worker", "Social worker", seeing(Relation.ALLOCATED)),
            As("iro", "Reviewing officer (IRO)", seeing(Relation.CASELOAD)),
            As("manager", "Case manager", MANAGERS),
        )
    }
)

#: A first day, and the day from which it is over; None where it has no end.
Span = tuple[date, date | None]


def left_open(since: date, until: date | None, there: Iterable[Span]) -> list[Span]:
    """The parts of a span, in order, on whose days none of those that are there is."""
    left: list[Span] = []
    for first, end in sorted(there, key=lambda span: span[0]):
        if end is not None and end <= max(first, since):
            continue
        if until is not None and first >= until:
            break
        if since < first:
            left.append((since, first))
        if end is None:
            return left
        since = end
    if until is None or since < until:
        left.append((since, until))
    return left
