"""A child on the day of a planning meeting as the rules on who comes see them, and their answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.domain.dates import age_on


@dataclass(frozen=True, slots=True)
class ChildOnDay:
    """``options`` are those considered and not ruled out, the plan's among them.

    ``in_proceedings`` is None where it is not known. ``fostered`` says that the child lives with
    foster carers on that day, None where it is not known where the child lives.
    """

    on: date
    born: date | None = None
    unborn: bool = False
    options: frozenset[str] = frozenset()
    primary: str = ""
    contingencies: frozenset[str] = frozenset()
    ruled_out: frozenset[str] = frozenset()
    in_proceedings: bool | None = None
    legal_status: str = ""
    fostered: bool | None = None

    @property
    def age(self) -> int | None:
        """In years on the day; None where the child is not born, or the birth is not known."""
        if self.born is None or self.unborn or self.born > self.on:
            return None
        return age_on(self.born, self.on)

    @property
    def plan(self) -> frozenset[str]:
        """The options of the plan that are not ruled out."""
        return (frozenset({self.primary} - {""}) | self.contingencies) - self.ruled_out


@dataclass(frozen=True, slots=True)
class Reason:
    """Whether something is asked for a child, and why; ``applies`` is None where it is not known.

    ``clauses`` are those on which this answer stands, where they are not the rule's own.
    """

    applies: bool | None
    words: str
    clauses: tuple[str, ...] = ()
