"""A case on a meeting's agenda, as the rules on who sits see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OnAgenda:
    """One case that is, or is to be, on an agenda; ``booking`` is 0 while it is not booked.

    ``brought_by`` are the accounts of those who refer it: its referrer, and whoever authorised
    the referral. ``heard`` is true once it is decided.
    """

    booking: int
    case: int
    brought_by: frozenset[int] = frozenset()
    heard: bool = False
