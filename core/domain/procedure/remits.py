"""What a body is for: the criteria under which a child is referred to it."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.procedure.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Criterion(Rule):
    """A circumstance in which a child can be referred; its title is what a referrer chooses."""
