"""A document that goes through stages, as a Word file: its text, and who approved that text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.documents import word
from core.domain.dates import day


@dataclass(frozen=True, slots=True)
class StageLine:
    """One step as the file says it: "Approved", by whom, when and in which words."""

    stage: int
    title: str
    said: str
    by: str
    on: date | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class StagedText:
    """What the file says; ``state`` is where the document stands, in a sentence."""

    title: str
    child: str
    of: str
    number: int
    written_by: str
    written_on: date
    state: str
    text: str
    lines: tuple[StageLine, ...]
    clauses: tuple[str, ...] = ()


WIDTHS = (17, 30, 23, 34, 24, 32)
"""Of the columns of the approvals: a long name has room in one line."""


def staged_text(one: StagedText, at: datetime) -> bytes:
    """The document as .docx."""
    document = word.begin(one.title, at)
    word.heading(document, one.title, 0)
    word.facts(
        document,
        (
            ("Child", one.child),
            *((("Proceedings", one.of),) if one.of else ()),
            ("Text", f"version {one.number}, by {one.written_by}, {day(one.written_on)}"),
            ("State", one.state),
        ),
    )
    word.heading(document, "Text", 1)
    word.say(document, one.text)
    word.heading(document, "Approvals of this text", 1)
    word.table(
        document,
        ("Stage", "Step", "Said", "By", "On", "Words"),
        (
            (
                str(line.stage),
                line.title,
                line.said,
                line.by,
                day(line.on) if line.on else "",
                line.words,
            )
            for line in one.lines
        ),
        WIDTHS,
    )
    if one.clauses:
        word.say(document, f"Stages: {', '.join(one.clauses)}")
    return word.done(document)
