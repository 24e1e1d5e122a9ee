"""Checks that a procedure makes at a step: what has to be so first, and who approves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.domain.finding import Finding, Strength
from core.domain.plan_facts import PlanFacts
from core.domain.procedure.rule import Rule


class Step(StrEnum):
    """Where a check is asked, and of what.

    ``SUBMIT``, ``BOOK`` and ``DECIDE`` are steps of a case and are asked of its ``CaseFacts``.
    ``AGREE_PLAN`` is asked of ``PlanFacts`` where a person says that a plan is agreed;
    ``BOOK_ADM`` of ``AdoptionFacts`` where a child is referred to the agency decision maker;
    ``RECORD`` of ``EntryFacts`` where a person types an entry of the record.
    """

    SUBMIT = "submit"
    BOOK = "book"
    DECIDE = "decide"
    AGREE_PLAN = "agree a plan"
    BOOK_ADM = "book for the agency decision maker"
    RECORD = "record an entry"


@dataclass(frozen=True, kw_only=True)
class Check(Rule):
    """Pure over the facts of its step: ``why_not`` says in a sentence why it fails, or nothing."""

    step: Step
    why_not: Callable[[Any], str | None]
    strength: Strength = Strength.BLOCKS
    field: str | None = None

    def findings(self, facts: object) -> tuple[Finding, ...]:
        message = self.why_not(facts)
        if message is None:
            return ()
        return (Finding(message, self.code, self.clauses, self.strength, self.field),)


@dataclass(frozen=True, kw_only=True)
class Approval(Rule):
    """Somebody with a role approves a plan before it is agreed.

    ``needed`` says of the plan on the day why it needs the approval, or nothing where it does not.
    ``title`` is what is approved, ``role_words`` who approves: "the head of service".
    """

    role: str
    role_words: str
    needed: Callable[[PlanFacts], str | None]
    field: str = "primary"

    def findings(self, facts: PlanFacts) -> tuple[Finding, ...]:
        why = self.needed(facts)
        if why is None or self.code in facts.approved:
            return ()
        message = f"{why}: {self.role_words} has to approve it before it is agreed"
        return (Finding(message, self.code, self.clauses, field=self.field),)
