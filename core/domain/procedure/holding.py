"""Somebody who holds a post from a day until a day, as the rules of its body see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds a post (by its code), from ``since``, and the day ``until`` on which it has ended.

    ``person`` tells two of one name apart. ``grade`` and ``service`` are those in which they hold
    it, "" where that is not known; ``outside`` says that they come from outside the authority,
    ``suspended`` that their account lets them do nothing.
    """

    post: str
    person: str
    name: str
    since: date
    until: date | None = None
    grade: str = ""
    service: str = ""
    outside: bool = False
    suspended: bool = False

    def on(self, day: date) -> bool:
        """Whether they hold it on a day."""
        return self.since <= day and (self.until is None or self.until > day)

    def shares_a_day(self, since: date, until: date | None) -> bool:
        """Whether they hold it on some day from ``since`` to before ``until`` (None: no end)."""
        if self.until is not None and self.until <= self.since:
            return False
        begins_before = until is None or self.since < until
        return begins_before and (self.until is None or self.until > since)


def on_day(holdings: Iterable[Holding], day: date) -> tuple[Holding, ...]:
    """Those who hold a post on a day."""
    return tuple(holding for holding in holdings if holding.on(day))
