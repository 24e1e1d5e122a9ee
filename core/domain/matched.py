"""Until when a match holds: as long as the child stays with the carers with whom it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from core.domain.record.recorded import Recorded
from core.domain.ssda903_codes import CONNECTED_FOSTERING, FOR_ADOPTION, LONG_TERM_FOSTERING

LASTING: Mapping[str, tuple[frozenset[str], ...]] = {
    "long-term-fostering": (LONG_TERM_FOSTERING,),
    "connected-fostering": (CONNECTED_FOSTERING, LONG_TERM_FOSTERING),
    "special-guardianship": (CONNECTED_FOSTERING,),
    "adoption": (FOR_ADOPTION,),
}
"""By what a match is for, the placements to which it leads: a move to the first of such a kind is
one to, or with, the matched carers."""


class Run(Protocol):
    """A period of care, with the code of why it ended, or a placement."""

    @property
    def code(self) -> str: ...

    @property
    def start(self) -> date: ...

    @property
    def end(self) -> date | None: ...


class Reversed(Protocol):
    """An agency decision for adoption, with the day on which it was reversed."""

    @property
    def reversed_on(self) -> date | None: ...


class Cared(Protocol):
    """A child's periods of care and lasting placements, in the order of their days; decisions."""

    @property
    def periods(self) -> Sequence[Run]: ...

    @property
    def placements(self) -> Sequence[Run]: ...

    @property
    def decisions(self) -> Sequence[Reversed]: ...


class Known(Cared, Protocol):
    """The same with the child's record."""

    @property
    def entries(self) -> Sequence[Recorded]: ...


def over(entry: Recorded, code: str, child: Cared) -> date | None:
    """From when a match no longer holds, made on the day in a field of an entry; None: it holds.

    That is the day on which it is said to have ended, or for a match with adopters the decision
    that the child should no longer be placed; or, if that is before, the day of another placement.
    """
    made = entry.day(code)
    if made is None or code != "matched_on":
        return None
    what = "adoption" if entry.kind == "adoption" else entry.value("for")
    ends = [entry.day("ended_on"), _moved(made, what, child)]
    if what == "adoption":
        reversals = (entry.day("reversed_on"), *(one.reversed_on for one in child.decisions))
        ends += [on for on in reversals if on is not None and on >= made]
    return min(filter(None, ends), default=None)


def _moved(made: date, what: str, child: Cared) -> date | None:
    """When the child moved to other carers, or was looked after anew; None where neither is so."""
    again = next((one.start for one in child.periods if one.start > made), None)
    place: Run | None = None
    for one in child.placements:
        if again is not None and one.start >= again:
            break
        if one.start > made and not _stays(place, one, what):
            return one.start
        place = one
    return again


def _stays(before: Run | None, now: Run, what: str) -> bool:
    """Whether a placement is with the carers of the one before, or is that of the match.

    Between two alike a temporary move may lie, which is none of the placements: the child is back.
    """
    if before is None:
        return False
    back = before.code == now.code and before.end is not None and before.end < now.start
    leads = any(now.code in kind and before.code not in kind for kind in LASTING.get(what, ()))
    return back or leads or {before.code, now.code} <= FOR_ADOPTION
