"""The posted fields of a declared form, read into answers by place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from core.domain.finding import Finding
from core.domain.procedure import Procedure
from core.domain.procedure.forms import Field, FieldType, Form, Place, Section

TEXT_MOST, LONG_TEXT_MOST = 200, 20_000
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
        findings.append(Finding(problem, field=name))
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
    return f"This answer is too long: at most {most:,} characters, and it has {len(text):,}"


def _date(on: str, month: str, year: str) -> tuple[str, str | None]:
    typed = f"{on}/{month}/{year}".replace("\x00", "")
    boxes = (on, month, year)
    if not any(boxes):
        return "", None
    lacking = [part for part, box in zip(PARTS, boxes, strict=True) if not box]
    if lacking:
        return typed, f"This date must include a {' and a '.join(lacking)}"
    return typed, None if _iso(typed) else "This date must be a real date, such as 27 3 2027"


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
