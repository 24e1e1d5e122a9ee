"""A figure that an authority may set of a procedure: how it is written, read and said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from core.domain.dates import Period, Unit
from core.domain.readable import readable

LARGEST = 999
NAME_MOST = 80

_PERIOD = re.compile(r"([0-9]{1,3}) ([a-z ]+)")
_UNITS = {word: unit for unit in Unit for word in (str(unit), str(unit).removesuffix("s"))}


class Kind(StrEnum):
    """How a figure is written: 6; 4 weeks; 5,15,5; the codes of posts in their order; a name."""

    NUMBER = "number"
    PERIOD = "period"
    MINUTES = "minutes"
    POSTS = "posts"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that an authority may set: of a rule, of a body ("" for none) of a procedure.

    ``value`` is the procedure's own, as it is written, or None where it has none. ``laid_down`` is
    false where the value is how we read the procedure, or where it has none. ``posts`` are the
    codes and titles among which an order is chosen. ``most`` is the largest number that it can be,
    for ``most_why``.
    """

    procedure: str
    body: str
    rule: str
    what: str
    title: str
    value: str | None
    unit: str
    clauses: tuple[str, ...]
    laid_down: bool
    kind: Kind
    posts: tuple[tuple[str, str], ...] = ()
    most: int = LARGEST
    most_why: str = ""

    @property
    def limit(self) -> str:
        """What a number of it must be, where there is a reason for its limit; else ""."""
        return (
            f"Enter a whole number from 1 to {self.most}: {self.most_why}" if self.most_why else ""
        )

    @property
    def key(self) -> str:
        return f"{self.procedure}/{self.body}/{self.rule}/{self.what}"

    @property
    def units(self) -> tuple[Unit, ...]:
        """What a period of it can be counted in: hours only where the procedure's own is.

        Hours run from a moment, and of what other periods run from no more than the day is known.
        """
        own = period_of(self.value or "")
        hours = own is not None and own.unit is Unit.HOURS
        return tuple(unit for unit in Unit if hours or unit is not Unit.HOURS)

    def words(self, value: str | None) -> str:
        """A value of it as a person says it: "6 cases", "4 weeks", "25 minutes: 5, 15 and 5"."""
        if not value:
            return ""
        if self.kind is Kind.NUMBER:
            return f"{value} {self.unit.removesuffix('s') if value == '1' else self.unit}"
        if self.kind is Kind.MINUTES:
            parts = numbers(value)
            return f"{sum(parts)} minutes: {', '.join(map(str, parts[:-1]))} and {parts[-1]}"
        titles = dict(self.posts)
        if self.kind is Kind.POSTS:
            return ", then ".join(titles.get(code, code) for code in value.split(","))
        return value

    def read(self, typed: str) -> str | None:
        """What was typed, as it is kept; None where it is no value of this figure."""
        if self.kind is Kind.NAME:
            name = " ".join(readable(typed).split())
            return name if 0 < len(name) <= NAME_MOST else None
        text = " ".join(typed.split()).lower()
        if self.kind is Kind.PERIOD:
            period = period_of(text)
            return str(period) if period and period.unit in self.units else None
        if self.kind is Kind.POSTS:
            codes = [code for code in text.replace(" ", "").split(",") if code]
            known = set(codes) <= {code for code, _ in self.posts}
            return ",".join(codes) if codes and known and len(set(codes)) == len(codes) else None
        parts = numbers(text)
        if len(parts) != (3 if self.kind is Kind.MINUTES else 1) or sum(parts) == 0:
            return None
        return ",".join(map(str, parts))

    def too_many(self, value: str) -> bool:
        """Whether a number is more than there can be: not to be set; one that was set stays."""
        return self.kind is Kind.NUMBER and int(value) > self.most


def period_of(text: str) -> Period | None:
    """ "4 weeks" as a period of at least one; None where it is none."""
    shape = _PERIOD.fullmatch(text)
    if shape is None or shape[2] not in _UNITS or int(shape[1]) == 0:
        return None
    return Period(int(shape[1]), _UNITS[shape[2]])


def numbers(text: str) -> tuple[int, ...]:
    """Whole numbers with commas between them; none at all where one is no such number."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and len(part) <= 3 for part in parts):
        return ()
    return tuple(int(part) for part in parts)
