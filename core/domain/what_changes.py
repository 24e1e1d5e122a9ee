"""What a change of a meeting changes for its cases and its people: found before, and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.dates import day
from core.domain.finding import Finding


class Kind(StrEnum):
    """Whether something is found that was not, is found no more, or is only another day."""

    NEW = "new"
    GONE = "no longer"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Says:
    """One thing that changes, in words, with the clauses of its rule."""

    kind: Kind
    message: str
    clauses: tuple[str, ...] = ()
    code: str = ""
    blocks: bool = False


def compared(before: Iterable[Finding], after: Iterable[Finding], *days: date) -> tuple[Says, ...]:
    """What is found after a change and was not before, then what is found no more.

    A finding that only names another of the ``days`` is the same one. Where a rule still finds
    something, what it found before is not said to be gone: the new words stand for it.
    """
    then, now = list(before), list(after)
    known = {_apart_from_days(finding, days) for finding in then}
    still = {finding.code for finding in now}
    new = [
        Says(Kind.NEW, f.message, f.clauses, f.code, f.blocks)
        for f in now
        if _apart_from_days(f, days) not in known
    ]
    gone = [Says(Kind.GONE, f.message, f.clauses, f.code) for f in then if f.code not in still]
    return (*new, *gone)


def _apart_from_days(finding: Finding, days: tuple[date, ...]) -> tuple[str, str]:
    message = finding.message
    for on in days:
        message = message.replace(day(on), "")
    return finding.code, message
