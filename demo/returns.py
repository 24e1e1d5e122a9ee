"""Writes the made-up children as an SSDA903 return: five CSV files for one collection year."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from demo.calendars import collection_year_days
from demo.children import Episode, MadeUpChild
from demo.dirty import Fault, write_dirty_example
from demo.tables import COLUMNS

__all__ = [
    "Fault",
    "ReturnWindow",
    "child_rows",
    "day_text",
    "sex_code",
    "write_dirty_example",
    "write_return",
]

_SEX_LETTERS_FROM = 2025
_SEX_DIGITS = {"M": "1", "F": "2"}

Rows = dict[str, list[tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class ReturnWindow:
    """What a return may hold: rows that touch `first` to `last`, as known on `last`."""

    year: int
    first: date
    last: date

    def touches(self, start: date, end: date | None) -> bool:
        """Whether something from `start` to `end` (None: still so) touches the window."""
        return start <= self.last and (end is None or end >= self.first)

    def known(self, day: date | None) -> date | None:
        """The day, or None where it was still to come."""
        return day if day is not None and day <= self.last else None


def write_return(
    children: Iterable[MadeUpChild],
    folder: Path,
    year: int,
    *,
    full_history: bool = False,
    as_at: date | None = None,
) -> dict[str, int]:
    """Write the five files of collection year `year` (the year it ends in) into the folder.

    Holds only rows that touch the year, or with `full_history` every row up to its end. What
    happened after `as_at` (31 March where not given) is left out, and what ended after it stands
    open. Unborn children are in no return. Returns the rows of each table, headers not counted.
    """
    first, end = collection_year_days(year)
    window = ReturnWindow(year, date.min if full_history else first, min(end, as_at or end))
    counts = dict.fromkeys(COLUMNS, 0)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers = {}
        for table, columns in COLUMNS.items():
            path = folder / f"{table}.csv"
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers[table] = csv.writer(file)
            writers[table].writerow(columns)
        for child in children:
            for table, rows in child_rows(child, window).items():
                writers[table].writerows(rows)
                counts[table] += len(rows)
    return counts


def child_rows(child: MadeUpChild, window: ReturnWindow) -> Rows:
    """One child's rows in each table; none at all where no episode touches the window."""
    episodes = [one for one in child.episodes if window.touches(one.decom, one.dec)]
    if not episodes:
        return {}
    born, sex = day_text(child.born), sex_code(child.sex, window.year)
    rows: Rows = {
        "header": [
            (child.local_id, sex, born, child.ethnicity, child.upn, *_mother(child, window))
        ],
        "episodes": [_episode_row(child.local_id, one, window) for one in episodes],
        "reviews": [
            (child.local_id, born, day_text(one.held), one.participation)
            for one in child.reviews
            if window.first <= one.held <= window.last
        ],
    }
    if child.uasc and (child.uasc.ceased is None or child.uasc.ceased >= window.first):
        ceased = day_text(window.known(child.uasc.ceased))
        rows["uasc"] = [(child.local_id, sex, born, ceased)]
    rows["placed_for_adoption"] = list(_adoption_rows(child, born, window))
    return rows


def day_text(day: date | None) -> str:
    """dd/mm/yyyy, or nothing."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}" if day else ""


def sex_code(sex: str, year: int) -> str:
    """M or F; before 2024-25 the return had 1 or 2."""
    return sex if year >= _SEX_LETTERS_FROM else _SEX_DIGITS[sex]


def _mother(child: MadeUpChild, window: ReturnWindow) -> tuple[str, str]:
    if child.sex != "F":
        return "", ""
    born = window.known(child.mother_of)
    return ("1", day_text(born)) if born else ("0", "")


def _episode_row(local_id: str, one: Episode, window: ReturnWindow) -> tuple[str, ...]:
    ended = window.known(one.dec)
    return (
        local_id,
        day_text(one.decom),
        one.rne,
        one.legal_status,
        one.category_of_need,
        one.placement,
        one.provider,
        day_text(ended),
        one.reason_ceased if ended else "",
        one.reason_place_change if ended else "",
        one.home_post,
        one.placement_post,
        one.urn,
    )


def _adoption_rows(
    child: MadeUpChild, born: str, window: ReturnWindow
) -> Iterator[tuple[str, ...]]:
    for one in child.adoption_decisions:
        if window.touches(one.decided, one.ceased):
            ceased = window.known(one.ceased)
            yield (
                child.local_id,
                born,
                day_text(one.decided),
                day_text(ceased),
                one.reason_ceased if ceased else "",
            )
