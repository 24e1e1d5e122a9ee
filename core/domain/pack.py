"""A meeting's pack: whether a reader has read a paper, in which order papers stand, what is said.

Nothing of it is laid down by a procedure but that members read every referral beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from core.domain.finding import Finding

QUESTION_MOST = 2_000


class Read(StrEnum):
    """How a paper stands for one reader."""

    UNREAD = "unread"
    NEW_VERSION = "new version since you read it"
    READ = "read"


def state_of(latest: int, read: Iterable[int]) -> Read:
    """How a paper stands whose latest version is this, of which these were read."""
    numbers = frozenset(read)
    if latest in numbers:
        return Read.READ
    return Read.NEW_VERSION if numbers else Read.UNREAD


class Ordered(Protocol):
    """What the order of papers is made of."""

    @property
    def kind(self) -> str: ...
    @property
    def dated(self) -> date | None: ...
    @property
    def title(self) -> str: ...
    @property
    def id(self) -> int: ...


P = TypeVar("P", bound=Ordered)


def in_order(papers: Iterable[P]) -> list[P]:
    """Papers as they stand in a pack: those that a procedure lays down first, then by date.

    One without a date comes after those with one, by its title.
    """
    return sorted(
        papers,
        key=lambda p: (not p.kind, p.dated is None, p.dated or date.max, p.title.lower(), p.id),
    )


def question_findings(text: str) -> list[Finding]:
    """What is wrong with a question as it was typed."""
    if not text.strip():
        return [Finding("Enter your question", field="text")]
    if len(text) > QUESTION_MOST:
        return [
            Finding(
                f"Your question must be {QUESTION_MOST:,} characters or fewer; it has "
                f"{len(text):,}",
                field="text",
            )
        ]
    return []
