"""Checks that a procedure makes at a step of a case: what has to be so before it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.domain.case import CaseFacts
from core.domain.finding import Finding, Strength
from core.domain.procedure.rule import Rule


class Step(StrEnum):
    """Where in a case's way a check is asked."""

    SUBMIT = "submit"
    BOOK = "book"
    DECIDE = "decide"


@dataclass(frozen=True, kw_only=True)
class Check(Rule):
    """Pure over a case: ``why_not`` says in a sentence why it fails, or nothing."""

    step: Step
    why_not: Callable[[CaseFacts], str | None]
    strength: Strength = Strength.BLOCKS
    field: str | None = None

    def findings(self, case: CaseFacts) -> tuple[Finding, ...]:
        message = self.why_not(case)
        if message is None:
            return ()
        return (Finding(message, self.code, self.clauses, self.strength, self.field),)


@dataclass(frozen=True, kw_only=True)
class EntryCheck(Rule):
    """Pure over the values of an entry of the record, of this ``kind``, as it would stand."""

    kind: str
    why_not: Callable[[Mapping[str, str]], str | None]
    field: str | None = None

    def findings(self, kind: str, values: Mapping[str, str]) -> tuple[Finding, ...]:
        message = self.why_not(values) if kind == self.kind else None
        if message is None:
            return ()
        return (Finding(message, self.code, self.clauses, Strength.BLOCKS, self.field),)
