"""What a body can recommend or decide, and what each outcome makes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.domain.dates import Period
from core.domain.procedure.rule import Rule


class Force(StrEnum):
    """Whether the body recommends or decides."""

    RECOMMENDATION = "recommendation"
    DECISION = "decision"


@dataclass(frozen=True, kw_only=True)
class MakesAction:
    """An action: ``within`` sets its date; without it, the date is asked for with the owner.

    ``done_means`` is what done looks like in the procedure's words; "" where it does not say, and
    is then asked for with the owner.
    """

    kind: str
    what: str
    within: Period | None = None
    done_means: str = ""


@dataclass(frozen=True, kw_only=True)
class MakesReferral:
    """A referral to another forum, open until its answer is recorded."""

    forum: str
    forum_words: str


@dataclass(frozen=True, kw_only=True)
class MakesPersonReferral:
    """A referral of a person around the child, kept on that person's record, not on the child's."""

    programme: str
    programme_words: str
    relation: str


@dataclass(frozen=True, kw_only=True)
class NeedsReturn:
    """The case must come back: a return date has to be set."""


FollowOn = MakesAction | MakesReferral | MakesPersonReferral | NeedsReturn


@dataclass(frozen=True, kw_only=True)
class Outcome(Rule):
    """One outcome, in the procedure's words, with what follows from it and the box it ticks."""

    follow_ons: tuple[FollowOn, ...] = ()
    box: str | None = None

    @property
    def makes_action(self) -> MakesAction | None:
        return next((f for f in self.follow_ons if isinstance(f, MakesAction)), None)

    @property
    def makes_referral(self) -> MakesReferral | None:
        return next((f for f in self.follow_ons if isinstance(f, MakesReferral)), None)

    @property
    def refers_person(self) -> MakesPersonReferral | None:
        return next((f for f in self.follow_ons if isinstance(f, MakesPersonReferral)), None)

    @property
    def needs_return(self) -> bool:
        return any(isinstance(follow_on, NeedsReturn) for follow_on in self.follow_ons)


@dataclass(frozen=True, kw_only=True)
class Ground(Rule):
    """A ground on which a body that recommends may decide."""


@dataclass(frozen=True, kw_only=True)
class DecisionRule(Rule):
    """The body recommends; it decides only on one of these grounds."""

    grounds: tuple[Ground, ...]


@dataclass(frozen=True, kw_only=True)
class ReturnRule(Rule):
    """The body may set a date by which the case returns: the last meeting on or before it."""


@dataclass(frozen=True, kw_only=True)
class Box(Rule):
    """A tick box of the decision's document."""
