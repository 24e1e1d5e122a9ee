"""One child's facts in hand, as stated by the files that were read or by whoever typed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.domain.episode import AdoptionDecision, AsylumStatus, Episode, Review
from core.domain.stated_care import StatedCare


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """Everything that the derivation of care needs about one child, in any order.

    `child` is the authority's local id, text with its leading zeros. `births` are the distinct
    dates of birth stated, the one in use first. `in_header` is False for a child whom other
    tables name but no Header row does. `stated` is care as lists have it, in the order in which it
    is believed; `listed_last` is the day of the authority's latest list of children in care.
    """

    child: str
    episodes: tuple[Episode, ...] = ()
    reviews: tuple[Review, ...] = ()
    adoption_decisions: tuple[AdoptionDecision, ...] = ()
    asylum: tuple[AsylumStatus, ...] = ()
    births: tuple[date, ...] = ()
    in_header: bool = True
    stated: tuple[StatedCare, ...] = ()
    listed_last: date | None = None

    @property
    def born(self) -> date | None:
        """The date of birth in use, or None when none is stated."""
        return self.births[0] if self.births else None
