"""Answers of a form as they are read: dates in words, titles of criteria, Yes or No."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.domain.dates import day
from core.domain.procedure import Procedure
from core.domain.procedure.forms import Field, FieldType, Form, Place

YES_NO = {"yes": "Yes", "no": "No"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A section of a form as it is read: its groups of labels with what was answered ("" if not).

    A section that repeats has a group for each row.
    """

    title: str
    groups: tuple[tuple[tuple[str, str], ...], ...]


def in_words(procedure: Procedure, declared: Field, value: str) -> str:
    """An answer as it is read: a date in words, the titles of criteria or choices, Yes or No."""
    match declared.type:
        case FieldType.DATE:
            try:
                return day(date.fromisoformat(value))
            except ValueError:
                return value
        case FieldType.YES_NO:
            return YES_NO.get(value, value)
        case FieldType.CRITERIA:
            titles = [c.title for code in value.split(",") if (c := procedure.criterion(code))]
            return "\n".join(titles)
        case FieldType.CHOICE | FieldType.CHOICES:
            return "\n".join(declared.choices.get(code, code) for code in value.split(",") if code)
        case _:
            return value


def read_through(
    form: Form, procedure: Procedure, given: Mapping[Place, str]
) -> Iterator[Answered]:
    """Every section of a form with what was answered, in its order."""
    for section in form.sections:
        rows = list(form.rows(section, dict(given))) if section.repeats else [""]
        yield Answered(
            section.title,
            tuple(
                tuple(
                    (f.label, in_words(procedure, f, given.get(_place(f.code, row), "")))
                    for f in section.fields
                )
                for row in rows
            ),
        )


def _place(code: str, row: str) -> Place:
    return Place(code, row) if row else Place(code)
