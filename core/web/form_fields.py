"""The posted fields of a declared form, read into answers by place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from core.domain.answer_words import YES_NO
from core.domain.finding import Finding
from core.domain.procedure import Procedure
from core.domain.procedure.forms import (
    LONG_TEXT_MOST,
    ROWS_MOST,
    TEXT_MOST,
    Field,
    FieldType,
    Form,
    Place,
    Section,
    too_long,
)
from core.web.typed import date_boxes, joined, version, words

_ROW = re.compile(r"[a-z][a-z-]*-\d{4}-[a-z0-9]{4}")
_SUFFIX = re.compile(r"-(seen|keep|clash|day|month|year)$")


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
    repeating = [section for section in form.sections if section.repeats]
    for name in names:
        for stem in (name, _SUFFIX.sub("", name)):
            place = Place.named(stem)
            declared = form.field(place)
            ours = not place.row or any(is_row(section, place.row) for section in repeating)
            if declared is None or not ours:
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
    stored: Mapping[Place, str] | None = None,
) -> Reading:
    """Read the posted fields of a form, or of the one field named ``only``.

    The fields of the row ``removed`` are read as empty. "Keep theirs" leaves a field out; "keep
    mine" takes the version of the other person's text, which was shown, as the one seen.
    ``stored`` are the answers there are: rows that a section has no room for are not saved.
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
        kept[place], value, problem = _value(procedure, declared, name, posted)
        if place.row and place.row == removed:
            value, problem = "", None
        seen[place] = version(posted.get(f"{name}-{'clash' if keep == 'mine' else 'seen'}", ""))
        if problem is None:
            answers[place] = value
            continue
        findings.append(Finding(problem, field=name))
        if declared.type is FieldType.DATE and "" in kept[place].split("/"):
            begun.add(place)
    for section in form.sections:
        if section.repeats and (beyond := form.beyond(section, stored or {}, answers)):
            answers = {place: v for place, v in answers.items() if place.row not in beyond}
            most = f"At most {ROWS_MOST} rows can be kept under “{section.title}”"
            findings.append(Finding(f"{most}: the rest are not saved", field=section.code))
    return Reading(answers, seen, kept, tuple(findings), frozenset(begun), removed)


def _value(
    procedure: Procedure, declared: Field, name: str, posted: MultiDict[str, str]
) -> tuple[str, str, str | None]:
    """A field as it was typed, its value, and what is wrong with it."""
    text = words(posted.get(name, ""))
    match declared.type:
        case FieldType.DATE:
            parts, on, fault = date_boxes(posted, name)
            return joined(parts), on.isoformat() if on else "", fault or None
        case FieldType.YES_NO:
            text = text if text in YES_NO else ""
            return text, text, None
        case FieldType.CRITERIA:
            ticked = set(posted.getlist(name))
            text = ",".join(c.code for c in procedure.criteria if c.code in ticked)
            return text, text, None
        case FieldType.CHOICE:
            text = text if text in declared.choices else ""
            return text, text, None
        case FieldType.CHOICES:
            text = declared.chosen(posted.getlist(name))
            return text, text, None
        case FieldType.LONG_TEXT:
            return text, text, too_long(text, LONG_TEXT_MOST)
        case _:
            return text.strip(), text.strip(), too_long(text.strip(), TEXT_MOST)
