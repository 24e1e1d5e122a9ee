"""How a child's facts are said on pages: name, age, the start of care, placement and flags."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from dateutil.relativedelta import relativedelta

from core.domain.dates import age_on, day
from core.domain.naming import child_name
from core.domain.ssda903_codes import LISTS, TEMPORARY, words
from core.domain.ssda903_rules import RULES


class Named(Protocol):
    @property
    def given_name(self) -> str: ...
    @property
    def family_name(self) -> str: ...
    @property
    def local_id(self) -> str: ...


class Placed(Protocol):
    @property
    def placement(self) -> str: ...
    @property
    def base_placement(self) -> str: ...


def full_name(child: Named) -> str:
    """The name; where no file gave one, the local id stands for it: "Child 0101"."""
    return child_name(child.given_name, child.family_name, child.local_id)


def age(born: date | None, expected: bool, on: date) -> str:
    """The age in years, or months under one: "7", "5 months", "expected 4 March 2027"."""
    if born is None:
        return "not known"
    if expected:
        return f"expected {day(born)}"
    if born > on:
        return "not known: the date of birth is after today"
    years = age_on(born, on)
    if years:
        return str(years)
    months = relativedelta(on, born).months
    if months:
        return f"{months} month{'' if months == 1 else 's'}"
    return "under 1 month"


def age_in_full(born: date | None, expected: bool, on: date) -> str:
    """The age for the top of a page: "7 years", "5 months", "Unborn, expected 4 March 2027"."""
    said = age(born, expected, on)
    if said.isdigit():
        return f"{said} year{'' if said == '1' else 's'}"
    return f"Unborn, {said}" if expected and born is not None else said[0].upper() + said[1:]


def start(on: date | None, known: bool) -> str:
    """A start: "1 September 2026", or before the earliest date in hand."""
    if on is None:
        return "not recorded"
    return day(on) if known else f"before {day(on)} (start not recorded)"


def start_in_list(on: date | None, known: bool) -> str:
    if on is None:
        return ""
    return day(on) if known else f"start unknown: before {day(on)}"


def placement(child: Placed) -> str:
    """The lasting placement in words, with its code; where there is none, the temporary one."""
    return words("PLACE", child.base_placement or child.placement)


def temporary(child: Placed) -> str:
    """The temporary placement in which a child is now, in words; "" where they are in none."""
    if child.placement in TEMPORARY and child.placement != child.base_placement:
        return words("PLACE", child.placement)
    return ""


def stated(column: str, value: str) -> str:
    """What is recorded as a national code or in plain words: "Indian (AIND)", "Not recorded"."""
    if not value or value in LISTS[column]:
        return words(column, value)
    return value


def flags(text: str) -> list[tuple[str, str]]:
    """The flags of a summary, each with its meaning ("" where none is known)."""
    return [(flag, RULES.get(flag, "")) for flag in text.split(";") if flag]


def missing(has_episodes: bool) -> str:
    """That the latest file of the kind that tells of a child's care has them no more."""
    file = "return" if has_episodes else "list of children in care"
    return (
        f"The latest {file} does not have this child any more, and nobody has said that care ended."
    )
