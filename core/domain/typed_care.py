"""Care that people typed: which rows of files it stands in place of, and what then stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from core.domain.child import ChildFacts
from core.domain.episode import AdoptionDecision, AsylumStatus, Episode, Review

Row = TypeVar("Row", Episode, Review, AdoptionDecision, AsylumStatus)


def standing(child: ChildFacts) -> ChildFacts:
    """The facts that stand: without the rows of files that a typed row overrules, and voids.

    A typed row overrules the rows of files of the day that it corrects, and of its own day; one of
    asylum status overrules every row of files. It bears the latest collection year of what it
    overrules, so that a child whom a later return lacks is still noticed.
    """
    if not any(
        row.typed
        for rows in (child.episodes, child.reviews, child.adoption_decisions, child.asylum)
        for row in rows
    ):
        return child
    return replace(
        child,
        episodes=_standing(child.episodes, lambda row: row.decom),
        reviews=_standing(child.reviews, lambda row: row.on),
        adoption_decisions=_standing(child.adoption_decisions, lambda row: row.decided),
        asylum=_standing(child.asylum, lambda row: None),
    )


def overruled_days(corrects: date | None, day: date | None) -> frozenset[date | None]:
    """The days of files' rows in whose place a typed row stands; of asylum status it is None."""
    return frozenset({day} if corrects is None else {day, corrects})


def latest_years(
    rows: Iterable[tuple[date | None, int | None]],
) -> dict[date | None, int]:
    """By day, the latest year whose return has a row of it: what that year says stands.

    Source: the reading of episodes in ``core.domain.periods.in_hand``, and so of every table.
    """
    years: dict[date | None, int] = {}
    for day, year in rows:
        years[day] = max(years.get(day, 0), year or 0)
    return years


def _standing(rows: Iterable[Row], day_of: Callable[[Any], date | None]) -> tuple[Row, ...]:
    every = tuple(rows)
    years = latest_years((day_of(row), row.year) for row in every if row.typed is None)
    over: frozenset[date | None] = frozenset().union(
        *(overruled_days(row.typed.corrects, day_of(row)) for row in every if row.typed)
    )
    kept: list[Row] = []
    for row in every:
        if row.typed is None:
            if day_of(row) not in over:
                kept.append(row)
        elif not row.typed.void:
            days = overruled_days(row.typed.corrects, day_of(row))
            latest = max((years.get(day, 0) for day in days), default=0)
            kept.append(replace(row, year=max(latest, row.year or 0) or None))
    return tuple(kept)
