"""What a procedure has watched of a plan between meetings: when it is tracked, and what drifts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from core.domain.clauses import SET_HERE
from core.domain.procedure.rule import Rule

DAYS, MOVES = "days", "moves"


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

    @property
    def reading(self) -> str:
        """Where its figures come from, where the procedure does not lay them down; else ""."""
        return self.local or (SET_HERE if self.set_here else "")


def figures_of(rule: Watch) -> Iterator[tuple[str, str, int, str]]:
    """Every figure of it: which, its title, how many, and of what."""
    title = rule.title or rule.code
    if rule.days:
        yield DAYS, f"{title}: after more than so many days", rule.days, "days"
    if rule.moves:
        yield MOVES, f"{title}: once its day was moved so often", rule.moves, "times"


def with_figures(rule: Watch, given: Mapping[str, int], said: str) -> Watch:
    """The same with the figures that an authority has set, saying so."""
    own = (f"{many} {unit}" for what, _, many, unit in figures_of(rule) if what in given)
    return replace(
        rule,
        days=given.get(DAYS, rule.days),
        moves=given.get(MOVES, rule.moves),
        local=f"{said}, instead of {' and '.join(own)}",
    )
