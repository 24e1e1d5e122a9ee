"""One thing that waits for somebody: by when, what, why, and the one thing to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

from core.store.paging import Some
from core.web import pages

SOON = timedelta(days=3)
WEEK = timedelta(days=7)
#: Under this name the audit keeps which children the first page showed.
LIST = "what needs me"


class When(StrEnum):
    """The headings of the first page, in their order."""

    LATE = "Late"
    TODAY = "Today"
    NOW = "Now"
    WEEK = "In the next 7 days"
    LATER = "Later"
    TO_READ = "To read"
    NO_DATE = "No date"

    @property
    def place(self) -> int:
        return list(When).index(self)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for a person: by when, what, why with its clauses, and what to do.

    ``due`` is false where ``by`` is a day on which something was, and nothing can be late; ``now``
    is true where it has no day, and stands as it is today. ``waits``: somebody waits for it
    already, so that it is to be done today however far off its day is.
    """

    by: date | None
    what: str
    why: str
    clauses: tuple[str, ...]
    url: str
    link: str
    due: bool = True
    now: bool = False
    waits: bool = False

    def state(self, on: date) -> str:
        if self.by is None or not self.due:
            return ""
        if self.by < on:
            return "late"
        return "soon" if self.by <= on + SOON else ""

    def when(self, on: date) -> When:
        """Under which heading it stands on a day."""
        if self.by is None:
            return When.NOW if self.now else When.NO_DATE
        if self.by < on:
            return When.LATE if self.due else When.TO_READ
        if self.by == on or self.waits:
            return When.TODAY
        return When.WEEK if self.by <= on + WEEK else When.LATER


@dataclass(frozen=True, slots=True)
class More:
    """That there is more of a kind than the first page shows: what, where the rest is, how many.

    ``at_least``: it was not counted further than ``count``.
    """

    what: str
    url: str
    link: str
    count: int
    at_least: bool = False


class Seen(Protocol):
    """A child of whom the page says something."""

    @property
    def public_id(self) -> str: ...


def for_whom(away: str) -> str:
    """Said first of what waits for a colleague for whom the asker stands in."""
    return f"For {away}, who is away. " if away else ""


def more(found: Some[Any], one: str, many: str, url: str, link: str) -> Iterator[More]:
    """That a list is cut, and how many there are beyond it; nothing where it is whole."""
    if found.more:
        said = f"{found.more:,} more {one if found.more == 1 else many}"
        said = f"At least {said}" if found.many else said
        yield More(said, url, link, found.more, found.many)
    elif found.many:
        yield More(f"There may be more {many}", url, link, 0, at_least=True)


def listed(children: Iterable[Seen]) -> None:
    """Note that the first page shows these children."""
    pages.listed(LIST, [child.public_id for child in children])
