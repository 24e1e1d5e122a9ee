"""What of documents in stages needs somebody: an approval, a review, the author's next step."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for

from core.domain.dates import day, london_day
from core.domain.procedure.stages import Stages
from core.domain.staged import State
from core.store import staged
from core.store.scope import Scope
from core.store.staged import DocumentRow
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.needs import LIST, More, Need, more


def needs(scope: Scope) -> Iterator[Need | More]:
    """Documents that wait for the asker: at most four queries."""
    if ACCESS["staged.answer"].allows(scope.roles):
        yield from _waiting(scope)
    if ACCESS["staged.write"].allows(scope.roles):
        yield from _to_go_on(scope)


def _stages(row: DocumentRow) -> Stages | None:
    procedure = asker.registry().named(row.procedure_code, row.procedure_edition)
    return procedure.staged(row.kind) if procedure is not None else None


def _need(row: DocumentRow, stages: Stages, what: str, why: str, anchor: str, link: str) -> Need:
    pages.listed(LIST, [row.child_public_id])
    return Need(
        None,
        f"{what}: {row.child_name}",
        f"{why} since {day(london_day(row.since))}",
        stages.clauses,
        url_for("staged.page", public_id=row.public_id, _anchor=anchor),
        link,
        now=True,
    )


def _waiting(scope: Scope) -> Iterator[Need | More]:
    found = staged.waiting(scope)
    for row in found:
        if stages := _stages(row):
            what = f"Read the {stages.title.lower()}, and approve it or send it back"
            yield _need(row, stages, what, "It waits for you", "answer", "Read it")
    words = ("document waits for you", "documents wait for you")
    yield from more(found, *words, url_for("children.register"), "See the children")


def _to_go_on(scope: Scope) -> Iterator[Need | More]:
    found = staged.to_go_on(scope)
    for row in found:
        stages = _stages(row)
        if stages is None:
            continue
        title = stages.title.lower()
        if row.state is State.COMPLETE:
            what, why = f"Have the {title} {stages.ends}", "It is approved at every stage"
            yield _need(row, stages, what, why, "file", "Open it")
        else:
            what, why = f"Go on with the {title} that was sent back", "It is with its author again"
            yield _need(row, stages, what, why, "history", "See why")
    words = ("document is yours to go on with", "documents are yours to go on with")
    yield from more(found, *words, url_for("children.register"), "See the children")
