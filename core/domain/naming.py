"""How a child is called, how files write people's names, and which may be the same person's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

SPACES = re.compile(r"[\s\u200b]+")
APART = re.compile(r"[^\w'’-]+")
#: What is an e-mail address, wherever one is typed or read.
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr"})


def child_name(given: str, family: str, local_id: str) -> str:
    """A child's name; where none is recorded, the local id stands for it: "Child 0101"."""
    return f"{given} {family}".strip() or f"Child {local_id}"


class Likeness(IntEnum):
    """How alike two names are; the higher the more."""

    NONE = 0
    SURNAME = 1
    INITIALS = 2
    SAME = 3


def folded(text: str) -> str:
    """Text by which two writings of the same are compared: case, accents and spaces folded."""
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return SPACES.sub(" ", bare).strip().casefold()


@dataclass(frozen=True, slots=True)
class _Parts:
    surname: str
    given: tuple[str, ...]

    @property
    def all(self) -> frozenset[str]:
        return frozenset((self.surname, *self.given))


@lru_cache(maxsize=8_192)
def _parts(name: str) -> _Parts | None:
    """A name taken apart: "J. Smith", "Smith, Jane", "Jane Ann Smith"."""
    before, comma, after = folded(name).partition(",")
    first = _words(before)
    if comma and first and (given := _words(after)):
        return _Parts(" ".join(first), tuple(given))
    words = first + _words(after)
    return _Parts(words[-1], tuple(words[:-1])) if words else None


def _words(text: str) -> list[str]:
    return [word for word in APART.split(text) if word and word not in TITLES]


def likeness(one: str, other: str) -> Likeness:
    """How alike two names are: the same words; the surname with initials that fit; the surname."""
    a, b = _parts(one), _parts(other)
    if a is None or b is None:
        return Likeness.NONE
    if a.all == b.all:
        return Likeness.SAME
    if a.surname != b.surname:
        return Likeness.NONE
    if a.given and b.given:
        fits = all(
            x.startswith(y) or y.startswith(x) for x, y in zip(a.given, b.given, strict=False)
        )
        return Likeness.INITIALS if fits else Likeness.NONE
    return Likeness.SURNAME
