"""A child's dates on a page of their own: each as at a day, with its clause, source and history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from core.domain.clauses import Clause
from core.domain.procedure.timetable import Run
from core.store import deadline_marks, deadline_sources, deadlines, deadlines_earlier
from core.store.deadlines import DeadlineFact
from core.store.deadlines_earlier import Earlier
from core.store.sources import SourceRow
from core.web import asker, child_words, dates_shown, day_asked, pages, plan_watch
from core.web.access import ACCESS
from core.web.child_pages import child_or_404, child_pages
from core.web.dates_shown import Part, Thing

blueprint = Blueprint("dates", __name__)


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a deadline: the fact that it runs from, and what it said before.

    ``words`` name the fact; ``source`` is None for a day of this system's own; ``stands`` is the
    page where the fact is, "" where the asker has none.
    """

    words: str
    source: SourceRow | None
    stands: str
    earlier: tuple[Earlier, ...]


@blueprint.get("/children/<public_id>/dates")
def page(public_id: str) -> Response:
    scope, registry = asker.scope(), asker.registry()
    child = child_or_404(public_id)
    asked = day_asked.asked()
    if (redirected := day_asked.to_one_word(asked, public_id=public_id)) is not None:
        return redirected
    pages.looked_at("child", public_id, page="dates", **asked.kept)
    facts = deadlines.of_child(scope, registry, child.id, asked.on)
    shown = deadlines.on_page(scope, facts, asked.on)
    things = dates_shown.things(dates_shown.lines(public_id, facts, shown))
    parts = dates_shown.parts(things)
    sees_plan = ACCESS["record.page"].allows(scope.roles)
    watched = plan_watch.Watched()
    if sees_plan:
        watched = plan_watch.of_child(child.id, public_id, suggests=False)
    context: dict[str, Any] = {
        "watched": watched,
        "latest_meeting": plan_watch.beside_review(public_id, watched),
        "child": child,
        "name": child_words.full_name(child),
        "child_pages": child_pages(public_id),
        "asked": asked,
        "today": scope.on,
        "parts": {part: there for part, there in parts.items() if there},
        "open_parts": (Part.LATE, Part.DUE, Part.UNKNOWN),
        "behind": _behind(public_id, child.id, facts),
        "words_of": _words_of(things),
        "gone": deadlines_earlier.gone(scope, registry, child.id),
        "worked_out": not deadline_marks.waits(scope, child.id),
    }
    if asked.fault:
        return pages.refused("dates/page.html", asked.findings, **context)
    return pages.page("dates/page.html", **context)


def _behind(
    public_id: str, child_id: int, facts: list[DeadlineFact]
) -> dict[tuple[object, ...], Behind]:
    """What stands behind each deadline, by its key: three queries."""
    scope = asker.scope()
    sources = deadline_sources.of_child(scope, child_id)
    earlier = deadlines_earlier.of_child(scope, child_id)
    return {
        fact.key: Behind(
            _fact_words(fact),
            sources.get((child_id, *fact.key)),
            dates_shown.stands(public_id, fact),
            tuple(earlier.get((child_id, *fact.key), ())),
        )
        for fact in facts
    }


def _fact_words(fact: DeadlineFact) -> str:
    """The fact from which a deadline runs, as its reason names it; "" where there is none yet."""
    rule, due = fact.what.rule, fact.what
    if due.anchor_date is None:
        return ""
    if rule.runs_again and due.run > 1 and rule.then_words:
        return rule.then_words
    runs: tuple[Run, ...] = (rule, *rule.or_earlier)
    return next((run.anchor_words for run in runs if run.anchor == due.anchor), rule.anchor_words)


def _words_of(things: list[Thing]) -> dict[str, Clause]:
    """Every clause that a deadline cites, by its id."""
    found = ((one, asker.registry().clause(one)) for thing in things for one in thing.clauses)
    return {clause_id: known[1] for clause_id, known in found if known is not None}
