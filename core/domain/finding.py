"""A finding: what a rule has to say about something, how strongly, and under which clause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Strength(StrEnum):
    """How strong a finding is: must blocks, should warns, and in principle awaits endorsement."""

    BLOCKS = "blocks"
    WARNS = "warns"
    IN_PRINCIPLE = "in principle"


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` is the rule's; ``clauses`` are where it stands; ``field`` is where to mend it."""

    message: str
    code: str = ""
    clauses: tuple[str, ...] = ()
    strength: Strength = Strength.BLOCKS
    field: str | None = None

    @property
    def blocks(self) -> bool:
        return self.strength is Strength.BLOCKS


class Refused(Exception):
    """A change that a rule or the form itself does not allow, with every finding against it."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


class Moved(Refused, Generic[T]):
    """Somebody else was first: ``now`` is what stands in the place of what the asker had seen."""

    def __init__(self, now: T, message: str, field: str | None = None) -> None:
        super().__init__(Finding(message, field=field))
        self.now = now


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.blocks)
