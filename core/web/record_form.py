"""The form of one entry of the record: its fields as they are shown, and read back when posted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from core.domain.finding import Finding
from core.domain.merge import Clash
from core.domain.record import FactField, FactType, Kind
from core.domain.record.recorded import Recorded
from core.domain.record.wrong import YES_NO
from core.web import record_words
from core.web.typed import boxes, date_boxes, joined, whole, words

RADIOS_MOST = 8
SEEN_MOST = 2_000_000_000


def name(code: str) -> str:
    """The name and id of a field of an entry on its form."""
    return f"fact-{code}"


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says. ``values`` can be saved; ``kept`` is what was typed, to show it again."""

    values: Mapping[str, str]
    kept: Mapping[str, str]
    seen: Mapping[str, int]
    findings: tuple[Finding, ...] = ()


def read(kind: Kind, posted: MultiDict[str, str]) -> Read:
    """Read the fields that the form had: those of which it carries what was seen.

    What is typed as a row of care is not read here.
    """
    values: dict[str, str] = {}
    kept: dict[str, str] = {}
    seen: dict[str, int] = {}
    findings = []
    for fact in kind.typed_here:
        if f"{name(fact.code)}-seen" not in posted:
            continue
        seen[fact.code] = whole(posted[f"{name(fact.code)}-seen"], 0, SEEN_MOST) or 0
        kept[fact.code], value, fault = _value(fact, posted)
        if fault:
            said = fault.replace("This date", f"“{fact.label}”", 1)
            findings.append(Finding(said, field=fact.code))
        else:
            values[fact.code] = value
    return Read(values, kept, seen, tuple(findings))


def _value(fact: FactField, posted: MultiDict[str, str]) -> tuple[str, str, str]:
    """A field as it was typed, its value, and what is wrong with it."""
    at = name(fact.code)
    match fact.type:
        case FactType.DAY:
            parts, on, fault = date_boxes(posted, at)
            return joined(parts), on.isoformat() if on else "", fault
        case FactType.CHOICES:
            ticked = [words(one) for one in posted.getlist(at)]
            text = fact.as_kept(",".join(ticked))
            return text, text, ""
        case FactType.LONG_TEXT:
            text = words(posted.get(at, "")).strip()
            return text, text, ""
        case _:
            text = words(posted.get(at, "")).strip()
            return text, text, ""


@dataclass(frozen=True, slots=True)
class Question:
    """One field of the form: ``widget`` is the macro that shows it."""

    name: str
    label: str
    hint: str
    widget: str
    seen: int
    value: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    ticked: tuple[str, ...] = ()
    items: tuple[Mapping[str, str], ...] = ()
    theirs: str | None = None
    who: str = ""
    when: datetime | None = None


WIDGETS = {
    FactType.DAY: "date",
    FactType.CHOICES: "checkboxes",
    FactType.YES_NO: "yes or no",
    FactType.LONG_TEXT: "textarea",
    FactType.NUMBER: "number",
    FactType.TEXT: "text",
    FactType.PARTIAL_DAY: "text",
    FactType.EMAIL: "text",
    FactType.PHONE: "text",
}


def questions(
    kind: Kind,
    entry: Recorded | None = None,
    kept: Mapping[str, str] | None = None,
    seen: Mapping[str, int] | None = None,
    clashes: Iterable[Clash] = (),
) -> list[Question]:
    """The fields of an entry's form: with what is in use, or with what was typed (``kept``).

    Where two people changed the same field, theirs is beside it, and is now what was seen.
    """
    clashing = {clash.field: clash for clash in clashes}
    listed = []
    for fact in kind.typed_here:
        used = entry.values.get(fact.code) if entry is not None else None
        saw = used.statement.id if used is not None else 0
        text = used.value if used is not None else ""
        clash = clashing.get(fact.code)
        if kept is not None:
            text = kept.get(fact.code, "")
            saw = saw if clash else (seen or {}).get(fact.code, saw)
        more: dict[str, Any] = {}
        if clash is not None:
            theirs = record_words.value(fact, clash.theirs) if clash.theirs else ""
            more = {"theirs": theirs, "who": clash.who, "when": clash.when}
        listed.append(
            Question(
                name(fact.code),
                fact.label,
                fact.hint or ("For example, 27 3 2026" if fact.type is FactType.DAY else ""),
                _widget(fact),
                saw,
                text,
                parts=boxes(text) if fact.type is FactType.DAY else {},
                ticked=tuple(text.split(",")) if fact.type is FactType.CHOICES else (),
                items=_items(fact, text),
                **more,
            )
        )
    return listed


def _widget(fact: FactField) -> str:
    if fact.type is FactType.CHOICE:
        return "radios" if len(fact.choices) <= RADIOS_MOST else "select"
    return WIDGETS[fact.type]


def _items(fact: FactField, text: str) -> tuple[Mapping[str, str], ...]:
    """The answers to choose from; one that a file gave and that is none of ours stays with them."""
    choices = YES_NO if fact.type is FactType.YES_NO else fact.choices
    items = [
        {"value": code, "text": said}
        for code, said in choices.items()
        if code not in fact.only_files or code == text
    ]
    if choices:
        there = text.split(",") if fact.type is FactType.CHOICES else [text]
        items += [{"value": code, "text": code} for code in there if code and code not in choices]
    empty = not fact.required and _widget(fact) in ("radios", "yes or no")
    return (*items, {"value": "", "text": "Not recorded"}) if empty else tuple(items)


def at_fields(kind: Kind, findings: Iterable[Finding]) -> list[Finding]:
    """Findings of fields by their codes, as findings at the fields of the form."""
    return [
        Finding(
            found.message,
            found.code,
            found.clauses,
            found.strength,
            name(found.field) if found.field and kind.field(found.field) else found.field,
        )
        for found in findings
    ]
