"""How a child's identity and care are said on pages: values, sources and rows in plain words."""

from __future__ import annotations

from datetime import date

from core.domain.care_typing import CARE_KINDS, LIST_OF
from core.domain.dates import day, london_day
from core.domain.identity import BORN, EXPECTED, UNSOURCED
from core.domain.record.statements import Statement
from core.domain.ssda903_codes import meaning
from core.store.care_rows import CareRow
from core.store.sources import SourceRow
from core.web import child_words

NOT_RECORDED = "Not recorded"
NATIONAL = {"sex": "SEX", "ethnicity": "ETHNIC"}


def identity(field: str, value: str) -> str:
    """A part of an identity in words: "4 May 2019", "Female (F)", "Not recorded"."""
    if not value:
        return NOT_RECORDED
    if field in (BORN, EXPECTED):
        return iso_day(value)
    if field in NATIONAL:
        return child_words.stated(NATIONAL[field], value)
    return value


def iso_day(value: str) -> str:
    """A day kept as ISO text, in words; as it stands where it is none."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


def source(said: Statement) -> SourceRow | None:
    """Where a statement comes from, as the ``source`` macro takes it; None where nobody knows."""
    if said.format == UNSOURCED:
        return None
    if not said.typed:
        return SourceRow(said.file or "a return", said.line, said.as_at)
    if not said.by:
        return None
    on = london_day(said.stated_at) if said.stated_at else said.as_at
    return SourceRow(by=said.by, on=on)


def taken_back(said: Statement) -> bool:
    """Whether a statement is the note that what was typed was taken back."""
    return said.typed and not said.value and said.replaced_at == said.stated_at is not None


def care(field: str, value: str) -> str:
    """A field of a row of care in words, without codes."""
    if not value:
        return NOT_RECORDED
    if field in LIST_OF:
        return "; ".join(meaning(LIST_OF[field], code) for code in value.split())
    return iso_day(value)


def line(row: CareRow) -> str:
    """A row in one line: "From 1 September 2026: Interim care order, Children's home"."""
    return f"{when(row)}: {what(row)}" if when(row) else what(row)


def when(row: CareRow) -> str:
    """The day of a row, and until when: "1 September 2026 to 4 October 2026"; "" of no day."""
    kind = CARE_KINDS[row.kind]
    if not kind.day:
        return ""
    until = row.values[kind.ends] if row.kind == "episode" else ""
    return iso_day(row.values[kind.day]) + (f" to {iso_day(until)}" if until else "")


def what(row: CareRow) -> str:
    """What a row says, without its day."""
    values = row.values
    match row.kind:
        case "episode":
            said = ", ".join(care(name, values[name]) for name in ("ls", "place") if values[name])
            return said or NOT_RECORDED
        case "review":
            return care("code", values["code"])
        case "adoption-decision":
            ended = values["ceased_on"]
            reversed_ = f", reversed on {iso_day(ended)}" if ended else ""
            return f"The child should be placed for adoption{reversed_}"
        case _:
            until = values["ceases"]
            return f"Asylum-seeking, until {iso_day(until)}" if until else "Asylum-seeking"


def overtaken(row: CareRow) -> str:
    """Which return says something of the day of a row, so that the row itself is not used."""
    later = row.instead.year if row.instead else None
    said = f"Not used: the return of {later}" if later else "Not used: a later return"
    return f"{said} has this {'day' if CARE_KINDS[row.kind].day else 'child'} too"
