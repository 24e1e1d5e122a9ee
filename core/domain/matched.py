"""Until when a match holds: as long as the child stays with the carers with whom it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Protocol

from core.domain.record.recorded import Recorded
from core.domain.ssda903_codes import (
    CONNECTED_FOSTERING,
    FOR_ADOPTION,
    FOSTER_TO_ADOPT,
    LONG_TERM_FOSTERING,
)

LASTING: Mapping[str, tuple[frozenset[str], ...]] = {
    "long-term-fostering": (LONG_TERM_FOSTERING,),
    "connected-fostering": (CONNECTED_FOSTERING, LONG_TERM_FOSTERING),
    "special-guardianship": (CONNECTED_FOSTERING,),
    "adoption": (FOSTER_TO_ADOPT, FOR_ADOPTION),
}
"""By what a match is for, the placements to which it leads: a move to the first of such a kind is
one to, or with, the matched carers. Of several kinds one leads to those after it."""


class Run(Protocol):
    """A period of care, with the code of why it ended, or a placement.

    ``same_carers`` is of a placement: whether it is said to be with the carers of the last one.
    """

    @property
    def code(self) -> str: ...

    @property
    def start(self) -> date: ...

    @property
    def start_known(self) -> bool: ...

    @property
    def end(self) -> date | None: ...

    @property
    def same_carers(self) -> bool: ...


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


def over(entry: Recorded, code: str, child: Cared, *, strictly: bool = False) -> date | None:
    """From when a match no longer holds, made on the day in a field of an entry; None: it holds.

    That is the day on which it is said to have ended, or for a match with adopters the decision
    that the child should no longer be placed; or, if that is before, the day of another placement.
    ``strictly`` takes a child who was with carers of the kind before the match for matched with
    those, and a move from them for its end; else that move may be the one to the matched carers.
    """
    made = entry.day(code)
    if made is None or code != "matched_on":
        return None
    what = "adoption" if entry.kind == "adoption" else entry.value("for")
    ends = [entry.day("ended_on"), _moved(made, what, child, strictly)]
    if what == "adoption":
        reversals = (entry.day("reversed_on"), *(one.reversed_on for one in child.decisions))
        ends += [on for on in reversals if on is not None and on >= made]
    return min(filter(None, ends), default=None)


def _moved(made: date, what: str, child: Cared, strictly: bool) -> date | None:
    """When the child moved to other carers, or was looked after anew; None where neither is so.

    The first move since the match is the one to the matched carers, if it is of the kind; a move
    on that very day is. What came before the first rows in hand is not known, and no move.
    """
    again = _again(made, child)
    listed = [one for one in child.placements if again is None or one.start < again]
    place = next((one for one in reversed(listed) if one.start <= made), None)
    there = place is not None and _of_kind([place], what)
    awaited = place is None or not (there and (strictly or place.start == made))
    for number, one in enumerate(listed):
        if one.start <= made:
            continue
        if place is None or not _with_the_same(place, one):
            if not (_leads(place, one, what) or (awaited and _of_kind(listed[number:], what))):
                return one.start
            awaited = False
        place = one
    return again


def _again(made: date, child: Cared) -> date | None:
    """When the child was next looked after anew.

    The first period in hand is not anew where it began before its first row in hand.
    """
    return next(
        (
            one.start
            for number, one in enumerate(child.periods)
            if one.start > made and (number or one.start_known)
        ),
        None,
    )


def _with_the_same(before: Run, now: Run) -> bool:
    """Whether a placement is with the carers of the one before.

    Between two alike a temporary move may lie, which is none of the placements: the child is back.
    Where one lies between, the carers that stayed the same are those of the temporary move.
    """
    if now.same_carers and before.end == now.start:
        return True
    return before.code == now.code and before.end is not None and before.end < now.start


def _leads(before: Run | None, now: Run, what: str) -> bool:
    """Whether a placement is by its code that of the match, or the next step with those carers."""
    if before is None:
        return False
    kinds = LASTING.get(what, ())
    further = any(
        now.code in kind and not any(before.code in later for later in kinds[number:])
        for number, kind in enumerate(kinds)
    )
    return further or {before.code, now.code} <= FOR_ADOPTION


def _of_kind(since: Sequence[Run], what: str) -> bool:
    """Whether the first of some placements is of a kind of the match, or becomes so with the same
    carers."""
    for before, now in pairwise((None, *since)):
        if now is None or (before is not None and not _with_the_same(before, now)):
            return False
        if any(now.code in kind for kind in LASTING.get(what, ())):
            return True
    return False
