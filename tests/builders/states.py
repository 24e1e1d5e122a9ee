"""The examples of states in docs/deadlines.md, each as the deadline that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from builders.written import DOCS

from core.domain.dates import Period, Unit
from core.domain.due import Due
from core.domain.procedure.timetable import Deadline

RULE = Deadline(
    code="toy-card",
    clauses=("TOY-3",),
    anchor="became-looked-after",
    anchor_words="becoming looked after",
    period=Period(10, Unit.WEEKS),
)
NOT_KNOWN = "the day care began is not known"
NOT_TOLD = "it is not known whether a review was held"
NOT_FOR = "it does not concern the child"
A_MINUTE_LATE = "a minute after its hours were over"
ELSE = ("-", NOT_KNOWN, NOT_TOLD, NOT_FOR, A_MINUTE_LATE)


@dataclass(frozen=True)
class Example:
    """One row: the state that is said, the deadline, and the day that is asked about."""

    said: str
    due: Due
    on: date


def rows_below(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading or line of the page, cell by cell."""
    text = (DOCS / "deadlines.md").read_text(encoding="utf-8")
    _, found, rest = text.partition(f"{heading}\n")
    assert found, heading
    lines = rest.splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("|"))
    body = lines[first + 2 :]
    end = next((n for n, line in enumerate(body) if not line.startswith("|")), len(body))
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in body[:end]]


def _day(text: str) -> date | None:
    return None if text == "-" else datetime.strptime(text, "%d %B %Y").date()


def examples() -> list[Example]:
    """Every example of the page."""
    return [_example(*row) for row in rows_below("Each example is tested, in Python and in SQL:")]


def _example(state: str, due: str, met: str, stopped: str, more: str, asked: str) -> Example:
    assert more in ELSE, more
    limit, met_on, on = _day(due), _day(met), _day(asked)
    assert on is not None
    minute = None
    if more == A_MINUTE_LATE and met_on is not None:
        minute = datetime(met_on.year, met_on.month, met_on.day, 9)
    found = Due(
        RULE,
        None if limit is None else limit - timedelta(weeks=10),
        limit,
        met_on,
        _day(stopped),
        missing=more if more in (NOT_KNOWN, NOT_TOLD) else "",
        not_for=more if more == NOT_FOR else "",
        due_at=minute,
        met_at=minute + timedelta(minutes=1) if minute else None,
    )
    return Example(state.strip("`"), found, on)
