"""The Word file of a document in stages, as its text and approvals stand."""

from __future__ import annotations

from datetime import datetime

from core.documents.staged_text import StagedText, StageLine, staged_text
from core.domain.dates import day, london_day
from core.domain.staged import SAID_WORDS, State
from core.registry import Registry
from core.store import staged
from core.store.scope import Scope
from core.store.staged import DocumentRow
from core.usecases.staged import Held, loaded


def word_file(
    scope: Scope, registry: Registry, row: DocumentRow, at: datetime
) -> tuple[str, bytes] | None:
    """The name and the content of the file; None where its procedure is gone.

    No name of a child stands in the file's name.
    """
    one = loaded(scope, registry, row)
    text = next((each for each in staged.texts(scope, row.id) if each.number == row.number), None)
    if one is None or text is None:
        return None
    filed = row.filed_on
    state = one.now.state.capitalize()
    if one.now.state is State.FILED and filed is not None:
        state = f"{one.stages.ends[:1].upper()}{one.stages.ends[1:]} on {day(filed)}"
    facts = StagedText(
        title=one.stages.title,
        child=row.child_name,
        of=f"issued on {day(row.issued_on)}" if row.issued_on else "",
        number=text.number,
        written_by=text.by or "somebody whose account is gone",
        written_on=london_day(text.at),
        state=state,
        text=text.words,
        lines=tuple(_lines(one)),
        clauses=one.stages.clauses,
    )
    return f"{one.stages.code}-{row.public_id}.docx", staged_text(facts, at)


def _lines(one: Held) -> list[StageLine]:
    found = []
    for number, stage in enumerate(one.stages.stages, 1):
        for step in stage:
            done = one.now.done.get(step.code)
            if done is None:
                found.append(StageLine(number, step.title, "Not yet", "", None))
                continue
            by = f"{done.by}, for {done.stands_for}" if done.stands_for else done.by
            on = london_day(done.at) if done.at else None
            found.append(StageLine(number, step.title, SAID_WORDS[done.said], by, on, done.words))
    return found
