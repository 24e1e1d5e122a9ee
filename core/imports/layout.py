"""Sheets told by their headings: columns known by several names, found below any title rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain

from core.domain.readable import readable

Cell = str | float | int | bool | date | datetime | time | timedelta
HEADER_WITHIN = 20
MOST_COLUMNS = 400

_QUOTES = str.maketrans({"‘": "", "’": "", "'": "", "“": "", "”": "", '"': "", "\u200b": ""})
_APART = re.compile(r"[^a-z0-9]+")
_LETTERS = re.compile(r"\b[a-z](?: [a-z])+\b")
_ASIDE = re.compile(r"\s*\((?:y n|years)\)|\s+y n$")


def plain(text: object) -> str:
    """A heading, or words in a cell, as they are compared: no case, marks, or odd spaces."""
    return _APART.sub(" ", str(text).translate(_QUOTES).casefold()).strip()


def plain_heading(text: object) -> str:
    """A heading as it is compared: what a form says beside the name is left out.

    Letters with marks between are one word, as they are without: "D.O.B." is "DOB".
    """
    said = _ASIDE.sub("", plain(text))
    return _LETTERS.sub(lambda letters: letters.group().replace(" ", ""), said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its heading, other headings for the same, and a pattern for those that drift.

    One that is ``needed`` keeps the whole sheet from being read where it is missing. One that is
    ``left`` is known and not taken. ``hint`` says in a template what goes in.
    """

    code: str
    heading: str
    also: tuple[str, ...] = ()
    pattern: str = ""
    needed: bool = False
    left: bool = False
    hint: str = ""

    def names(self) -> frozenset[str]:
        return frozenset(plain_heading(name) for name in (self.heading, *self.also))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A kind of sheet. ``telling`` are the columns that tell it: one with ``known_by`` of them.

    ``sheet`` is the pattern of a sheet's name that tells it too. One of ``own_id`` is told by less:
    where no column is unknown, by any column beside its own id, or by one that tells it beside the
    id under another name; where columns are unknown, by one that tells it, both under their own
    headings.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    telling: frozenset[str]
    known_by: int = 1
    sheet: str = ""
    own_id: bool = False

    def needed(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.needed)

    def heading(self, code: str) -> str:
        """How a column is headed, for people; what is no column stays as it is."""
        return next((column.heading for column in self.columns if column.code == code), code)

    def column(self, code: str) -> Column:
        return next(column for column in self.columns if column.code == code)


@dataclass(frozen=True, slots=True)
class Headings:
    """A heading row matched to a layout: where each column stands, and what is left over.

    ``said`` are the headings as the sheet has them, by the column's code; ``over`` are the
    headings that are none of the layout, by their place from 1.
    """

    layout: Layout
    line: int
    places: Mapping[str, int]
    said: Mapping[str, str]
    over: Mapping[int, str] = field(default_factory=dict)
    twice: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(c.heading for c in self.layout.needed() if c.code not in self.places)

    @property
    def told(self) -> bool:
        """Whether these columns tell the layout, with nothing that it needs missing."""
        layout, telling = self.layout, self.layout.telling & self.places.keys()
        if self.missing:
            return False
        if len(telling) >= layout.known_by:
            return True
        if not layout.own_id:
            return False
        own = all(self._own(column.code) for column in layout.needed())
        more = len(self.places) > len(layout.needed())
        if self.over:
            return own and any(map(self._own, telling))
        return bool(telling) or (own and more)

    def _own(self, code: str) -> bool:
        """Whether a column stands under the layout's own heading, and not another name of it."""
        return plain(self.said[code]) == plain(self.layout.column(code).heading)


def match(layout: Layout, headings: Sequence[object], line: int) -> Headings:
    """Match headings to a layout: first those that are the same, then those of a pattern."""
    texts = [readable(str(heading)).strip() for heading in headings[:MOST_COLUMNS]]
    folded = [plain_heading(text) for text in texts]
    by_name = {name: column.code for column in layout.columns for name in column.names()}
    places: dict[str, int] = {}
    twice: list[str] = []
    over: dict[int, str] = {}
    for number, name in enumerate(folded):
        code = by_name.get(name) if name else None
        if code is None:
            continue
        if code in places:
            twice.append(texts[number])
            over[number + 1] = texts[number]
        else:
            places[code] = number
    taken = set(places.values())
    for number, name in enumerate(folded):
        if not name or number in taken or number + 1 in over:
            continue
        for column in layout.columns:
            if column.pattern and column.code not in places and re.search(column.pattern, name):
                places[column.code] = number
                break
        else:
            over[number + 1] = texts[number]
    said = {code: " ".join(texts[number].split()) for code, number in places.items()}
    return Headings(layout, line, places, said, over, tuple(twice))


Rows = Iterator[tuple[int, Sequence[Cell]]]


def find(rows: Rows, layouts: Iterable[Layout], named: str = "") -> tuple[Headings | None, Rows]:
    """The heading row within the first rows, and the rows; those before it are title rows.

    ``named`` is the sheet's name: a layout that it tells is taken with fewer columns. The rows
    given back start after the headings, or are all of them where there are none.
    """
    first: list[tuple[int, Sequence[Cell]]] = []
    best: tuple[int, int, Headings] | None = None
    for line, row in rows:
        first.append((line, row))
        if len(first) >= HEADER_WITHIN:
            break
    for number, (line, row) in enumerate(first):
        if sum(1 for cell in row if cell != "") < 2:
            continue
        for layout in layouts:
            headings = match(layout, row, line)
            telling = len(layout.telling & headings.places.keys())
            by_name = bool(layout.sheet and re.search(layout.sheet, plain(named)))
            enough = headings.told
            if not enough and not (len(headings.places) >= 3 and (by_name or telling)):
                continue
            score = len(headings.places) + (100 if enough else 0) + (50 if by_name else 0)
            if best is None or score > best[0]:
                best = (score, number, headings)
        if best is not None and best[0] >= 100:
            break
    if best is None:
        return None, chain(first, rows)
    return best[2], chain(first[best[1] + 1 :], rows)
