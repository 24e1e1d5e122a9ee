"""Identifiers and particulars that are made up so that they can belong to nobody."""

from __future__ import annotations

from datetime import date
from random import Random

from demo.calendars import age_on

_AREAS = ("EG", "NK", "TC", "LB", "RB")
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
_CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_ETHNICITIES = (
    ("WBRI", 44),
    ("WIRI", 1),
    ("WIRT", 1),
    ("WROM", 2),
    ("WOTH", 7),
    ("MWBC", 6),
    ("MWBA", 5),
    ("MWAS", 2),
    ("MOTH", 4),
    ("AIND", 1),
    ("APKN", 2),
    ("ABAN", 2),
    ("AOTH", 3),
    ("BCRB", 4),
    ("BAFR", 9),
    ("BOTH", 3),
    ("CHNE", 1),
    ("OOTH", 4),
    ("REFU", 1),
    ("NOBT", 2),
)
_ETHNIC_CODES = tuple(code for code, _ in _ETHNICITIES)
_ETHNIC_WEIGHTS = tuple(weight for _, weight in _ETHNICITIES)
_DISABILITIES = (
    "autism",
    "learning disability",
    "hearing impairment",
    "epilepsy",
    "cerebral palsy",
    "speech and language delay",
)


def local_id(number: int) -> str:
    """The authority's identifier of its nth child: text, and every fourth begins with zeros."""
    return f"{number:05d}" if number % 4 == 1 and number < 10_000 else str(100_000 + number * 7)


def ethnicity(dice: Random) -> str:
    """An SSDA903 ethnicity code."""
    return dice.choices(_ETHNIC_CODES, _ETHNIC_WEIGHTS)[0]


def disability_words(dice: Random) -> str:
    """A disability in words for about one child in eight, otherwise empty."""
    return dice.choice(_DISABILITIES) if dice.random() < 0.125 else ""


def postcode(dice: Random) -> str:
    """A postcode of an area that does not exist."""
    outward = f"{dice.choice(_AREAS)}{dice.randint(1, 29)}"
    return f"{outward} {dice.randint(1, 9)}{dice.choice(_INWARD)}{dice.choice(_INWARD)}"


def urn(dice: Random) -> str:
    """A provider's number in the form that Ofsted uses."""
    return f"SC{dice.randint(900_000, 999_999)}"


def upn(number: int, born: date, start: date, today: date, unaccompanied: bool) -> str:
    """A pupil number of an authority that does not exist (999), or the code why there is none.

    UN1 not of school age; UN2 never in a maintained English school; UN4 newly looked after, in
    the first week only (rule 210).
    """
    if age_on(born, today) < 5:
        return "UN1"
    if unaccompanied:
        return "UN2"
    if start <= today and (today - start).days < 7:
        return "UN4"
    digits = f"999{number:09d}"
    total = sum(int(digit) * weight for weight, digit in enumerate(digits, start=2))
    return _CHECK_LETTERS[total % 23] + digits
