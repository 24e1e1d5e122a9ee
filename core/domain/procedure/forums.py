"""Which bodies beside its own an authority refers children to, under its own names for them."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.procedure.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Forum(Rule):
    """A body to which a child can be referred; its title is the authority's own name for it.

    ``needs`` says what has to be put to it, and a referral without is refused: "a clear
    recommendation"; ``needs_clauses`` say where that is laid down.
    """

    needs: str = ""
    needs_clauses: tuple[str, ...] = ()
