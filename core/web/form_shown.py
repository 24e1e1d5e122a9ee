"""A declared form as a page shows it: what is stored, and what of a post could not be saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.answer_words import in_words
from core.domain.finding import Finding
from core.domain.merge import Clash
from core.domain.prefill import next_number, row_id
from core.domain.procedure import Procedure
from core.domain.procedure.forms import ROWS, ROWS_MOST, Field, FieldType, Form, Place, Section
from core.store.answers import NEVER, Stored
from core.web.form_fields import Reading, is_row
from core.web.typed import PARTS, boxes

BRIEF = "Be brief: a few paragraphs are usually enough. At most 20,000 characters."


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose or to tick, with the clauses it stands on, if any."""

    value: str
    text: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """The other person's text in words, and the version of it."""

    theirs: str
    mine: str
    who: str
    when: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as a page shows it; ``key`` is its name made fit for ids of regions around it.

    ``note`` is what is to be known of the answer that is saved.
    """

    name: str
    what: Field
    value: str
    version: int
    words: str
    parts: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    conflict: Conflict | None = None
    note: Finding | None = None

    @property
    def key(self) -> str:
        return self.name.replace(".", "-")

    @property
    def ticked(self) -> list[str]:
        return [code for code in self.value.split(",") if code]

    @property
    def hint(self) -> str:
        if self.what.type is not FieldType.LONG_TEXT or self.what.rows < ROWS:
            return self.what.hint
        return f"{self.what.hint.rstrip('.')}. {BRIEF}" if self.what.hint else BRIEF

    @property
    def sent(self) -> str:
        """The names of the inputs that one field's own save sends."""
        own = [f"{self.name}-{p}" for p in PARTS] if self.parts else [self.name]
        return ",".join([*own, *(f"{self.name}-{kind}" for kind in ("seen", "keep", "clash"))])


@dataclass(frozen=True, slots=True)
class RowView:
    id: str
    number: int
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with its fields, or with its rows where it repeats."""

    what: Section
    fields: tuple[FieldView, ...]
    rows: tuple[RowView, ...]

    @property
    def full(self) -> bool:
        """Whether a section that repeats has no room for another row."""
        return len(self.rows) >= ROWS_MOST


@dataclass(frozen=True, slots=True)
class Shown:
    """A form on a page: what is stored, and what of a post could not be saved."""

    form: Form
    procedure: Procedure
    stored: Mapping[Place, Stored]
    reading: Reading = field(default_factory=Reading)
    clashes: Mapping[str, Clash] = field(default_factory=dict)
    unsaved: bool = False
    notes: Mapping[str, Finding] = field(default_factory=dict)

    def sections(self, new_row: str = "", random: str = "") -> Iterator[SectionView]:
        """Every section; ``new_row`` is a row to add, ``random`` the letters of one needed."""
        for section in self.form.sections:
            if not section.repeats:
                fields = tuple(self.view(Place(f.code), f) for f in section.fields)
                yield SectionView(section, fields, ())
                continue
            ids = self._rows(section, new_row, random)
            rows = tuple(
                RowView(
                    row, number, tuple(self.view(Place(f.code, row), f) for f in section.fields)
                )
                for number, row in enumerate(ids, 1)
            )
            yield SectionView(section, (), rows)

    def _rows(self, section: Section, new_row: str, random: str) -> list[str]:
        there = set(self.form.rows(section, {p: s.value for p, s in self.stored.items()}))
        there |= {
            place.row
            for place in self.reading.kept
            if is_row(section, place.row)
            and (place.row != self.reading.removed or self._clashes_in(place.row) or self.unsaved)
        }
        if is_row(section, new_row):
            there.add(new_row)
        if random and len(there) < section.at_least:
            there.add(row_id(section.code, next_number(sorted(there)), random))
        return sorted(there)

    def _clashes_in(self, row: str) -> bool:
        return any(name.startswith(f"{row}.") for name in self.clashes)

    def view(self, place: Place, declared: Field) -> FieldView:
        """One field: as stored, unless what was typed could not be saved."""
        name = str(place)
        stored = self.stored.get(place, NEVER)
        unsaved = self.unsaved or place not in self.reading.answers
        typed = place in self.reading.kept and (unsaved or name in self.clashes)
        clash = self.clashes.get(name)
        value = self.reading.kept[place] if typed else stored.value
        parts: dict[str, str] = {}
        if declared.type is FieldType.DATE:
            parts = boxes(value)
        return FieldView(
            name=name,
            what=declared,
            value=value,
            version=self.reading.seen.get(place, stored.version) if typed else stored.version,
            words=in_words(self.procedure, declared, stored.value),
            parts=parts,
            choices=self._choices(declared),
            conflict=Conflict(
                theirs=in_words(self.procedure, declared, clash.theirs) or "(nothing)",
                mine=in_words(self.procedure, declared, clash.mine) or "(nothing)",
                who=clash.who or "Somebody else",
                when=clash.when,
                version=stored.version,
            )
            if clash
            else None,
            note=None if typed else self.notes.get(name),
        )

    def _choices(self, declared: Field) -> tuple[Choice, ...]:
        if declared.type is FieldType.CRITERIA:
            return tuple(Choice(c.code, c.title, c.clauses) for c in self.procedure.criteria)
        return tuple(Choice(code, title) for code, title in declared.choices.items())


def added_row(shown: Shown, section_code: str, random: str) -> str:
    """The id of a new row after all that a page shows; "" where the section does not repeat."""
    for view in shown.sections():
        if view.what.code == section_code and view.what.repeats:
            return row_id(section_code, next_number([row.id for row in view.rows]), random)
    return ""
