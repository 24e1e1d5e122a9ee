"""Whether a place that somebody typed names a child: then it goes into no message."""

from __future__ import annotations

import re

from core.domain.naming import folded

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’]s?$")
PLURALS = ("", "s", "es")
"""A family is named by its name in the plural too: "the Quenbys' house"."""
LONGEST_NAME = 4
"""A name of so many words is looked for."""


def phrases(place: str) -> frozenset[str]:
    """The words of a place in small letters, and each few that follow each other.

    With accents and without: a place is not always typed as the name is.
    """
    return _phrases(place.casefold()) | _phrases(folded(place))


def names(place: str, given: str, family: str) -> bool:
    """Whether any part of a child's names stands in a place; single letters name nobody."""
    parts = {part for name in (given, family) for part in _words(folded(name))}
    named = (part + plural for part in parts if len(part) > 1 for plural in PLURALS)
    return not phrases(place).isdisjoint(named)


def names_wholly(place: str, given: str, family: str) -> bool:
    """Whether both names of a child stand in a place."""
    return bool(given and family) and {folded(given), folded(family)} <= phrases(place)


def _phrases(place: str) -> frozenset[str]:
    words = _words(place)
    return frozenset(
        " ".join(words[start : start + many])
        for many in range(1, LONGEST_NAME + 1)
        for start in range(len(words) - many + 1)
    )


def _words(text: str) -> list[str]:
    """The words, a double name with its halves behind it."""
    found = []
    for word in WORD.findall(text):
        whole = POSSESSIVE.sub("", word)
        found += [whole, *(whole.split("-") if "-" in whole else ())]
    return found
