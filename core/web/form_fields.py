"""The fields of a declared form on a page: read from what was posted, and made ready to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from core.domain.dates import day
from core.domain.finding import Finding
from core.domain.merge import Clash
from core.domain.prefill import next_number, row_id
from core.domain.procedure import Procedure
from core.domain.procedure.forms import Field, FieldType, Form, Place, Section
from core.store.answers import NEVER, Stored

TEXT_MOST, LONG_TEXT_MOST = 200, 20_000
BRIEF = "Be brief: a few paragraphs are usually enough. At most 20,000 characters."
PARTS = ("day", "month", "year")
_ROW = re.compile(r"[a-z][a-z-]*-\d{4}-[a-z0-9]{4}")
_SUFFIX = re.compile(r"-(seen|keep|clash|day|month|year)$")
YES_NO = {"yes": "Yes", "no": "No"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a form post says.

    ``answers`` can be saved; ``findings`` say why the rest cannot, each at its field; ``kept`` is
    all that was typed, to be shown again (a date as its three boxes, joined by "/"); ``begun`` are
    the dates of which a box is still empty.
    """

    answers: Mapping[Place, str] = field(default_factory=dict)
    seen: Mapping[Place, int] = field(default_factory=dict)
    kept: Mapping[Place, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    begun: frozenset[Place] = frozenset()
    removed: str = ""


def is_row(section: Section, row: str) -> bool:
    """Whether a row's id is one that we made for a section."""
    return bool(_ROW.fullmatch(row)) and row.rsplit("-", 2)[0] == section.code


def places(form: Form, names: Iterable[str]) -> dict[Place, Field]:
    """The fields that the names of posted inputs belong to; names of anything else are left."""
    found: dict[Place, Field] = {}
    for name in names:
        for stem in (name, _SUFFIX.sub("", name)):
            place = Place.named(stem)
            declared = form.field(place)
            if declared is None or (place.row and not _ROW.fullmatch(place.row)):
                continue
            found[place] = declared
            break
    return found


def read(
    form: Form,
    procedure: Procedure,
    posted: MultiDict[str, str],
    *,
    only: str | None = None,
    removed: str = "",
) -> Reading:
    """Read the posted fields of a form, or of the one field named ``only``.

    The fields of the row ``removed`` are read as empty. "Keep theirs" leaves a field out; "keep
    mine" takes the version of the other person's text, which was shown, as the one seen.
    """
    answers: dict[Place, str] = {}
    seen: dict[Place, int] = {}
    kept: dict[Place, str] = {}
    findings: list[Finding] = []
    begun: set[Place] = set()
    for place, declared in places(form, posted).items():
        name = str(place)
        if only is not None and name != only:
            continue
        keep = posted.get(f"{name}-keep", "")
        if keep == "theirs":
            continue
        value, problem = _value(procedure, declared, name, posted)
        kept[place] = value
        if place.row and place.row == removed:
            value, problem = "", None
        seen[place] = _version(posted, name, "clash" if keep == "mine" else "seen")
        if problem is None:
            answers[place] = _iso(value) if declared.type is FieldType.DATE else value
            continue
        findings.append(Finding(f"{declared.label}: {problem}", field=name))
        if declared.type is FieldType.DATE and "" in value.split("/"):
            begun.add(place)
    return Reading(answers, seen, kept, tuple(findings), frozenset(begun), removed)


def _version(posted: MultiDict[str, str], name: str, kind: str) -> int:
    text = posted.get(f"{name}-{kind}", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _value(
    procedure: Procedure, declared: Field, name: str, posted: MultiDict[str, str]
) -> tuple[str, str | None]:
    """A field's value as typed, and what is wrong with it."""
    text = posted.get(name, "").replace("\r\n", "\n").replace("\x00", "")
    match declared.type:
        case FieldType.DATE:
            return _date(*(posted.get(f"{name}-{part}", "").strip()[:20] for part in PARTS))
        case FieldType.YES_NO:
            return text if text in YES_NO else "", None
        case FieldType.CRITERIA:
            ticked = set(posted.getlist(name))
            return ",".join(c.code for c in procedure.criteria if c.code in ticked), None
        case FieldType.LONG_TEXT:
            return text, _too_long(text, LONG_TEXT_MOST)
        case _:
            return text.strip(), _too_long(text.strip(), TEXT_MOST)


def _too_long(text: str, most: int) -> str | None:
    if len(text) <= most:
        return None
    return f"must be {most:,} characters or fewer; it has {len(text):,}"


def _date(on: str, month: str, year: str) -> tuple[str, str | None]:
    typed = f"{on}/{month}/{year}".replace("\x00", "")
    boxes = (on, month, year)
    if not any(boxes):
        return "", None
    lacking = [part for part, box in zip(PARTS, boxes, strict=True) if not box]
    if lacking:
        return typed, f"must include a {' and a '.join(lacking)}"
    return typed, None if _iso(typed) else "must be a real date, such as 27 3 2027"


def _iso(typed: str) -> str:
    """A date of three boxes as ISO text; "" where it is none."""
    boxes = typed.split("/")
    if len(boxes) != 3 or not all(b.isascii() and b.isdecimal() for b in boxes):
        return ""
    if len(boxes[2]) != 4:
        return ""
    try:
        return date(int(boxes[2]), int(boxes[1]), int(boxes[0])).isoformat()
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the criteria to tick, with the clauses it stands on."""

    value: str
    text: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """The other person's text in words, and the version of it."""

    theirs: str
    mine: str
    who: str
    when: object
    version: int


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as a page shows it; ``key`` is its name made fit for ids of regions around it."""

    name: str
    what: Field
    value: str
    version: int
    words: str
    parts: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    conflict: Conflict | None = None

    @property
    def key(self) -> str:
        return self.name.replace(".", "-")

    @property
    def ticked(self) -> list[str]:
        return [code for code in self.value.split(",") if code]

    @property
    def hint(self) -> str:
        if self.what.type is not FieldType.LONG_TEXT:
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A form on a page: what is stored, and what of a post could not be saved."""

    form: Form
    procedure: Procedure
    stored: Mapping[Place, Stored]
    reading: Reading = field(default_factory=Reading)
    clashes: Mapping[str, Clash] = field(default_factory=dict)
    unsaved: bool = False

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
        wrong = {finding.field for finding in self.reading.findings}
        typed = place in self.reading.kept and (
            self.unsaved or name in wrong or name in self.clashes
        )
        clash = self.clashes.get(name)
        value = self.reading.kept[place] if typed else stored.value
        parts: dict[str, str] = {}
        if declared.type is FieldType.DATE:
            parts = dict(zip(PARTS, _boxes(value), strict=True))
        return FieldView(
            name=name,
            what=declared,
            value=value,
            version=self.reading.seen.get(place, stored.version) if typed else stored.version,
            words=in_words(self.procedure, declared, stored.value),
            parts=parts,
            choices=tuple(Choice(c.code, c.title, c.clauses) for c in self.procedure.criteria)
            if declared.type is FieldType.CRITERIA
            else (),
            conflict=Conflict(
                theirs=in_words(self.procedure, declared, clash.theirs) or "(nothing)",
                mine=in_words(self.procedure, declared, clash.mine) or "(nothing)",
                who=clash.who or "Somebody else",
                when=clash.when,
                version=stored.version,
            )
            if clash
            else None,
        )


def _boxes(value: str) -> tuple[str, str, str]:
    """The three boxes of a date, stored as ISO text or kept as it was typed."""
    if value.count("/") == 2:
        on, month, year = value.split("/")
        return on, month, year
    try:
        known = date.fromisoformat(value)
    except ValueError:
        return value, "", ""
    return str(known.day), str(known.month), str(known.year)


def in_words(procedure: Procedure, declared: Field, value: str) -> str:
    """An answer as it is read: a date in words, the titles of criteria, Yes or No."""
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
        case _:
            return value


def added_row(shown: Shown, section_code: str, random: str) -> str:
    """The id of a new row after all that a page shows; "" where the section does not repeat."""
    for view in shown.sections():
        if view.what.code == section_code and view.what.repeats:
            return row_id(section_code, next_number([row.id for row in view.rows]), random)
    return ""
