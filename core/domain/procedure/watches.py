"""What a procedure has watched of a plan between meetings: when it is tracked, and what drifts."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.procedure.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Watch(Rule):
    """Something of a plan that lists and pages show because a clause asks for it.

    ``days`` is after how many days something counts as late, or as not progressing, and ``moves``
    after how often a day was moved; ``set_here`` says that these are our reading. ``offices`` are
    the posts of no body that are shown a list. Where no procedure that an authority follows has a
    watch of a code, what it says is not shown.
    """

    days: int = 0
    moves: int = 0
    set_here: bool = False
    offices: tuple[str, ...] = ()
