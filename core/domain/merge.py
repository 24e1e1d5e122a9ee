"""Two people on one record: what of a save can be kept, and where both changed the same field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Clash:
    """The same field changed by two people: ``mine`` is refused until one of the two is chosen."""

    field: str
    mine: str
    theirs: str
    who: str = ""
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """``changes`` can be saved as they are; ``clashes`` need a person to choose."""

    changes: Mapping[str, str]
    clashes: tuple[Clash, ...]


def merge(seen: Mapping[str, str], typed: Mapping[str, str], stored: Mapping[str, str]) -> Merged:
    """Compare what a person saw, what they typed and what is stored now, field by field.

    A field that they left as they saw it keeps what is stored, whoever changed it since. A field
    that they changed is kept where nobody else did, or where both typed the same.
    """
    changes: dict[str, str] = {}
    clashes: list[Clash] = []
    for field, mine in typed.items():
        before, now = seen.get(field, ""), stored.get(field, "")
        if mine in (before, now):
            continue
        if now == before:
            changes[field] = mine
        else:
            clashes.append(Clash(field, mine, now))
    return Merged(changes, tuple(clashes))
