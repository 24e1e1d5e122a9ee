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
    """Documents that wait for the asker: at most two queries."""
    if not ACCESS["staged.answer"].allows(scope.roles):
        return
    found = staged.needing(scope)
    for row in found:
        if stages := _stages(row):
            yield _need(row, stages, *_said(row, stages))
    words = ("document waits for you", "documents wait for you")
    yield from more(found, *words, url_for("children.register"), "See the children")


def _said(row: DocumentRow, stages: Stages) -> tuple[str, str, str, str]:
    """What there is to do, why, and the part of the page and the words of the link to it."""
    title = stages.title.lower()
    if row.state is State.UNDER_WAY:
        what = f"Read the {title}, and approve it or send it back"
        return what, "It waits for you", "answer", "Read it"
    if row.state is State.COMPLETE:
        what = f"Have the {title} {stages.ends}"
        return what, "It is approved at every stage", "file", "Open it"
    if not row.was_sent_back:
        what = f"Ask for approval of the {title} again"
        return what, "It is with its author again, as its text was changed,", "ask", "Open it"
    what = f"Go on with the {title} that was sent back"
    return what, "It is with its author again", "history", "See why"


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
