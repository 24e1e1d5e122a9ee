"""The document of one child's decision, in the headings that the procedure lays down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.documents import word
from core.domain.dates import day
from core.domain.phrases import inside
from core.domain.procedure.outcomes import Box
from core.domain.procedure.papers import DecisionPaper

TICKED, EMPTY = "☒", "☐"


@dataclass(frozen=True, slots=True)
class OutcomeFact:
    """One outcome as it was recorded; ``made`` are lines on what it made."""

    words: str
    force: str
    ground: str = ""
    clauses: tuple[str, ...] = ()
    box: str = ""
    made: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """The outcome with its force: "Recommendation: …" and the clauses in brackets."""
        on = f", on the ground of {inside(self.ground)}" if self.ground else ""
        cited = f" ({', '.join(self.clauses)})" if self.clauses else ""
        return f"{self.force.capitalize()}{on}: {self.words}{cited}"


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What the document of one child's decision says; what was amended since, as lines."""

    child: str
    worker: str
    team: str
    outcomes: tuple[OutcomeFact, ...]
    agreed: tuple[str, ...]
    return_by: date | None
    returns_on: date | None
    rationale: str
    chair: str
    decided_on: date
    agreed_amended: tuple[str, ...] = ()
    rationale_amended: tuple[str, ...] = ()


def decision_record(
    paper: DecisionPaper, boxes: tuple[Box, ...], record: DecisionRecord, at: datetime
) -> bytes:
    """The document as .docx; ``boxes`` are ticked where an outcome bears them."""
    document = word.begin(paper.title, at)
    if paper.part:
        word.say(document, paper.part)
    word.heading(document, paper.title, 0)
    word.facts(
        document,
        ((paper.child, record.child), (paper.worker, record.worker), (paper.team, record.team)),
    )
    word.heading(document, paper.agreed, 1)
    named = {box.code for box in boxes}
    unboxed = [outcome for outcome in record.outcomes if outcome.box not in named]
    lines = [line for o in unboxed for line in ("; ".join((o.said, *o.made)),)]
    word.numbered(document, [*lines, *record.agreed])
    for line in record.agreed_amended:
        word.say(document, line)
    for box in boxes:
        ticking = [outcome for outcome in record.outcomes if outcome.box == box.code]
        word.say(document, f"{TICKED if ticking else EMPTY} {box.title}")
        word.bullets(document, (line for o in ticking for line in (o.said, *o.made)))
    word.say(document, _returns(record), label=paper.return_by)
    word.heading(document, paper.rationale, 1)
    word.say(document, record.rationale)
    for line in record.rationale_amended:
        word.say(document, line)
    word.table(
        document,
        (paper.chair, paper.signature, paper.date),
        ((record.chair, "", day(record.decided_on)),),
    )
    return word.done(document)


def _returns(record: DecisionRecord) -> str:
    if record.return_by is None:
        return "no date set"
    on = f" (on the agenda of {day(record.returns_on)})" if record.returns_on else ""
    return f"{day(record.return_by)}{on}"
