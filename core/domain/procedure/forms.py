"""A form as a procedure lays it down: sections, rows that repeat, and fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from enum import StrEnum
from types import MappingProxyType

from core.domain.finding import Finding, Strength
from core.domain.procedure.rule import Rule

TEXT_MOST, LONG_TEXT_MOST = 200, 20_000
ROWS_MOST = 60
ROWS = 8
NONE: Mapping[str, str] = MappingProxyType({})


def too_long(text: str, most: int, what: str = "answer") -> str | None:
    """What is wrong with words of more than ``most`` characters, or None; ``what`` they are."""
    if len(text) <= most:
        return None
    return f"This {what} is too long: at most {most:,} characters, and it has {len(text):,}"


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long text"
    DATE = "date"
    YES_NO = "yes or no"
    CRITERIA = "criteria"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question. ``required_when_no`` names fields of which a "no" makes this one required.

    ``choices`` gives each code of a CHOICE (one of them) or CHOICES (any of them) its words;
    ``as_list`` folds those of a CHOICE into a list, as people are chosen.
    ``rows`` is how high the box of a LONG_TEXT is: fewer where a sentence or two is expected.
    """

    code: str
    label: str
    type: FieldType = FieldType.TEXT
    hint: str = ""
    required: bool = False
    required_when_no: tuple[str, ...] = ()
    prefill: str = ""
    choices: Mapping[str, str] = made(default_factory=lambda: NONE)
    as_list: bool = False
    rows: int = ROWS

    def chosen(self, codes: Collection[str]) -> str:
        """The codes that are among its choices as they are kept: in its order, commas between."""
        return ",".join(code for code in self.choices if code in codes)


@dataclass(frozen=True, kw_only=True)
class Section(Rule):
    """Fields under one heading; ``repeats`` makes a row of them for each thing named."""

    fields: tuple[Field, ...]
    repeats: bool = False
    row_words: str = "row"
    hint: str = ""
    at_least: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: its field, and the row in a section that repeats."""

    field: str
    row: str = ""

    def __str__(self) -> str:
        """The name that an input has on the page: ``sought`` or ``family.3f9a.name``."""
        return f"{self.row}.{self.field}" if self.row else self.field

    @classmethod
    def named(cls, name: str) -> Place:
        row, _, field = name.rpartition(".")
        return cls(field, row)


@dataclass(frozen=True, kw_only=True)
class Form(Rule):
    """A form: incomplete is a set of findings, never a refusal to save."""

    sections: tuple[Section, ...]

    def fields(self) -> Iterator[tuple[Section, Field]]:
        for section in self.sections:
            for field in section.fields:
                yield section, field

    def section(self, code: str) -> Section | None:
        return next((section for section in self.sections if section.code == code), None)

    def field(self, place: Place) -> Field | None:
        """The field at a place: a row's id starts with its section's code and a hyphen."""
        for section, field in self.fields():
            if field.code == place.field and section.repeats == bool(place.row):
                if not section.repeats or place.row.startswith(f"{section.code}-"):
                    return field
        return None

    def rows(self, section: Section, answers: Mapping[Place, str]) -> tuple[str, ...]:
        """The rows of a repeating section that have an answer, in the order of their ids."""
        codes = {field.code for field in section.fields}
        return tuple(
            sorted(
                {
                    place.row
                    for place, value in answers.items()
                    if place.row.startswith(f"{section.code}-") and place.field in codes and value
                }
            )
        )

    def beyond(
        self, section: Section, stored: Mapping[Place, str], typed: Mapping[Place, str]
    ) -> frozenset[str]:
        """The rows, of those that a post would add, for which a repeating section has no room.

        The first ``ROWS_MOST`` are kept, in the order of their ids; a row that is emptied in the
        same post makes room.
        """
        there = set(self.rows(section, stored))
        left = there & set(self.rows(section, {**stored, **typed}))
        added = [row for row in self.rows(section, typed) if row not in there]
        return frozenset(added[max(0, ROWS_MOST - len(left)) :])

    def incomplete(self, answers: Mapping[Place, str]) -> tuple[Finding, ...]:
        """What a complete form still lacks, each at its field."""
        found: list[Finding] = []
        for section in self.sections:
            if section.repeats:
                found += self._rows_incomplete(section, answers)
                continue
            for field in section.fields:
                refused = any(answers.get(Place(code)) == "no" for code in field.required_when_no)
                if (field.required or refused) and not answers.get(Place(field.code), "").strip():
                    found.append(self._lacks(section, field.label, field.code))
        return tuple(found)

    def _rows_incomplete(self, section: Section, answers: Mapping[Place, str]) -> Iterator[Finding]:
        rows = self.rows(section, answers)
        if len(rows) < section.at_least:
            yield self._lacks(section, section.title, section.code)
        for number, row in enumerate(rows, 1):
            named = f"{section.row_words[:1].upper()}{section.row_words[1:]} {number}"
            for field in section.fields:
                if field.required and not answers.get(Place(field.code, row), "").strip():
                    said = f"{named}: {field.label} is not answered"
                    yield self._lacks(section, field.label, str(Place(field.code, row)), said)

    def _lacks(self, section: Section, label: str, field: str, said: str = "") -> Finding:
        return Finding(
            said or f"Not answered: {label}",
            self.code,
            section.clauses or self.clauses,
            Strength.WARNS,
            field,
        )
