"""Who a child is: the parts of an identity, what is in use of each, and who says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.domain.record.kind import FactField, FactType
from core.domain.record.statements import InUse, Statement, in_use
from core.domain.ssda903_codes import ETHNICITY, SEX, meaning

SSDA903 = "ssda903"
UNSOURCED = "unsourced"
SIBLINGS = "sibling_group"

NAMES = ("given_name", "family_name")
BORN, EXPECTED = "born", "expected"

FIELDS: tuple[FactField, ...] = (
    FactField(code="given_name", label="Given name"),
    FactField(code="family_name", label="Family name"),
    FactField(code=BORN, label="Date of birth", type=FactType.DAY),
    FactField(
        code=EXPECTED, label="Date expected", type=FactType.DAY, future=True,
        hint="For a child who is not born yet. It stays in the history once the birth is recorded.",
    ),
    FactField(
        code="sex", label="Sex", type=FactType.CHOICE,
        choices={code: SEX[code].meaning for code in ("F", "M", "U")},
    ),
    FactField(
        code="ethnicity", label="Ethnicity", type=FactType.CHOICE,
        choices={code: entry.meaning for code, entry in ETHNICITY.items()},
    ),
    FactField(code="disability", label="Disability", hint="In a few words, or none"),
    FactField(
        code="languages", label="Languages",
        hint="The first language first, such as Polish, English or British Sign Language",
    ),
    FactField(
        code="upn", label="Unique pupil number (UPN)",
        hint="A letter and 12 digits, such as A123456789012; in one that is temporary the last "
        "is a letter too. Or UN1 to UN5 where there is none",
    ),
)  # fmt: skip
BY_CODE: Mapping[str, FactField] = {field.code: field for field in FIELDS}
SIBLING_GROUP = FactField(code=SIBLINGS, label="Brothers and sisters")
TEAM = FactField(code="team", label="Team")
EVERY: Mapping[str, FactField] = {**BY_CODE, SIBLINGS: SIBLING_GROUP}
#: How many characters the record holds of each.
MOST = {
    "given_name": 100,
    "family_name": 100,
    "disability": 200,
    "languages": 200,
    "upn": 64,
    "sex": 64,
    "ethnicity": 64,
    SIBLINGS: 40,
}


#: A pupil's number, a temporary one, or why there is none; small letters are meant as capitals.
UPN = re.compile(r"[A-Z][0-9]{12}|[A-Z][0-9]{11}[A-Z]|UN[1-5]", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an identity: ``used`` is None where nobody says anything of it now.

    ``disagree`` are current sources that say otherwise, ``earlier`` what was said before. ``then``
    is what would be in use if the value in use were taken back.
    """

    field: FactField
    used: Statement | None = None
    disagree: tuple[Statement, ...] = ()
    agree: tuple[Statement, ...] = ()
    earlier: tuple[Statement, ...] = ()
    then: Statement | None = None

    @property
    def value(self) -> str:
        return self.used.value if self.used else ""

    @property
    def typed(self) -> bool:
        return self.used is not None and self.used.typed

    @property
    def file_says(self) -> Statement | None:
        """What a file says that would be in use if what was typed were taken back.

        None where somebody typed what would be used then, as of a record merged into this one.
        """
        then = self.then if self.typed else None
        return then if then is not None and then.format not in ("", UNSOURCED) else None


def as_returned(statements: Iterable[Statement]) -> list[Statement]:
    """The statements, with all that one year's return says as at one day: the latest of its parts.

    The files of a return can come on several days of a year that is not over. In what order they
    came makes no difference.
    """
    said = list(statements)
    days: dict[tuple[str, int], date] = {}
    for one in said:
        if _of_return(one) and one.year and one.as_at:
            whence = (one.said_of, one.year)
            days[whence] = max(days.get(whence, one.as_at), one.as_at)
    return [
        replace(one, as_at=days[one.said_of, one.year])
        if _of_return(one) and one.year and one.as_at != days.get((one.said_of, one.year))
        else one
        for one in said
    ]


def _of_return(said: Statement) -> bool:
    return said.format == SSDA903 and said.replaced_at is None


def used_of(statements: Iterable[Statement]) -> dict[str, InUse]:
    """By field: what is in use. Of one file's several sayings the one stored first is."""
    return {field: _first_of_file(used) for field, used in in_use(statements).items()}


def _first_of_file(used: InUse) -> InUse:
    top = used.statement
    if top.typed:
        return used
    whence = (top.said_of, top.format, top.as_at)
    same = [s for s in used.others if (s.said_of, s.format, s.as_at) == whence]
    first = min((top, *same), key=lambda said: said.id)
    if first is top:
        return used
    others = tuple(top if said is first else said for said in used.others)
    return replace(used, statement=first, others=others)


def values_in_use(statements: Iterable[Statement]) -> dict[str, Any]:
    """What the child's own columns hold; a part of which nothing stands is left out.

    This is the one rule for whoever changes an identity, by hand or from a file: hand it every
    statement of the child, with the new ones (an id above all others), and keep what it gives.
    """
    said = {field: used.value for field, used in used_of(statements).items()}
    values: dict[str, Any] = {
        field: value
        for field, value in said.items()
        if field in BY_CODE and field not in (BORN, EXPECTED)
    }
    if SIBLINGS in said:
        values[SIBLINGS] = said[SIBLINGS] or None
    if BORN in said or EXPECTED in said:
        born, expected = said.get(BORN, ""), said.get(EXPECTED, "")
        values[BORN] = date.fromisoformat(born or expected) if born or expected else None
        values["birth_expected"] = bool(expected and not born)
    return values


def with_unsourced(
    statements: Iterable[Statement], columns: Mapping[str, str]
) -> tuple[Statement, ...]:
    """The statements, and for a part of which there is none the value that stands without one."""
    said = tuple(statements)
    named = {statement.field for statement in said}
    return said + tuple(
        Statement(0, field, value, format=UNSOURCED)
        for field, value in columns.items()
        if value and field not in named
    )


def parts(statements: Iterable[Statement]) -> dict[str, Part]:
    """Every part of an identity by its code, in the order of the page."""
    said = list(statements)
    return {field.code: part_of(field, said) for field in FIELDS}


def part_of(field: FactField, statements: Iterable[Statement]) -> Part:
    """One part, of the statements of a child."""
    said = sorted((s for s in statements if s.field == field.code), key=lambda s: -s.id)
    used = used_of(said).get(field.code)
    if used is None:
        return Part(field, earlier=tuple(said))
    value = used.statement.value
    then = used_of(used.others).get(field.code)
    return Part(
        field,
        used.statement,
        tuple(s for s in used.others if not same(field.code, s.value, value)),
        tuple(s for s in used.others if same(field.code, s.value, value)),
        tuple(s for s in said if s in used.earlier),
        then.statement if then else None,
    )


def team_part(statements: Iterable[Statement], team: str) -> Part:
    """The team of a child, who is in ``team``: a file that names another says otherwise."""
    part = part_of(TEAM, statements)
    if part.used is None or part.typed or not team or same(TEAM.code, part.value, team):
        return part
    return replace(
        part,
        used=Statement(0, TEAM.code, team, format=UNSOURCED),
        disagree=tuple(s for s in (part.used, *part.disagree) if not same("team", s.value, team)),
    )


def same(field: str, one: str, other: str) -> bool:
    """Whether two values say the same: a code of an older list, or other capitals, do."""
    if field == "sex":
        return meaning("SEX", one) == meaning("SEX", other)
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def fault(field: FactField, value: str, on: date) -> str:
    """What is wrong with a value that was typed, and how to mend it; "" where nothing is."""
    name = field.label
    if not value:
        return ""
    if field.type is FactType.CHOICE and value not in field.choices:
        return f"{name}: choose one from the list"
    if len(value) > MOST.get(field.code, 200):
        return f"{name} must be {MOST[field.code]} characters or fewer"
    if field.code == BORN and date.fromisoformat(value) > on:
        return (
            "The date of birth must be today or in the past. For a child not born yet, give "
            "the date expected instead"
        )
    if field.code == EXPECTED and abs((date.fromisoformat(value) - on).days) > 366:
        return "The date expected must be within a year of today"
    if field.code == "upn" and not UPN.fullmatch(value):
        return (
            f"{name} must be a letter and 12 digits, or a letter, 11 digits and a letter, or UN1 "
            "to UN5 where there is none"
        )
    return ""
