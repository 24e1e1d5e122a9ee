"""What a new form is filled in with from what is known already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.dates import day
from core.domain.procedure.forms import Form, Place, Section


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A child, brother or sister as the record has them."""

    name: str
    born: date | None
    ethnicity: str
    relation: str


def row_id(section: str, number: int, random: str) -> str:
    """A row's id: its section, a number that keeps the order, letters that no other row has."""
    return f"{section}-{number:04d}-{random}"


def number_of(row: str) -> int:
    """The number in a row's id; 0 where it has none."""
    parts = row.rsplit("-", 2)
    return int(parts[1]) if len(parts) == 3 and parts[1].isdecimal() else 0


def next_number(rows: Sequence[str]) -> int:
    """The number of a new row after these."""
    return max((number_of(row) for row in rows), default=0) + 1


def prefilled(
    form: Form, answers: Mapping[str, str], family: Sequence[KnownPerson], random: str
) -> dict[Place, str]:
    """The first answers of a form.

    ``answers`` are by the word that a field's ``prefill`` names ("worker", "team", "today"). A
    repeating section with a field that names "family" has a row for each person: its fields
    ``name``, ``born``, ``ethnicity`` and ``relation`` are filled in.
    """
    places: dict[Place, str] = {}
    for section in form.sections:
        if section.repeats:
            if any(field.prefill == "family" for field in section.fields):
                places |= _rows(section, family, random)
            continue
        for field in section.fields:
            if value := answers.get(field.prefill, ""):
                places[Place(field.code)] = value
    return places


def _rows(section: Section, family: Sequence[KnownPerson], random: str) -> dict[Place, str]:
    codes = {field.code for field in section.fields}
    places: dict[Place, str] = {}
    for number, person in enumerate(family, 1):
        known = {
            "name": person.name,
            "born": day(person.born) if person.born else "",
            "ethnicity": person.ethnicity,
            "relation": person.relation,
        }
        row = row_id(section.code, number, random)
        places |= {Place(code, row): known[code] for code in codes & set(known) if known[code]}
    return places
