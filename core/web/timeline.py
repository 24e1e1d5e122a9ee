"""A child's timeline: a picture drawn here, and the same facts as a list in order of days."""

from __future__ import annotations

from flask import Blueprint, Response

from core.domain.timeline import AHEAD
from core.store import deadline_marks
from core.usecases.timeline import of_child
from core.web import asker, child_words, day_asked, pages, timeline_drawn
from core.web.access import ACCESS
from core.web.child_pages import child_or_404, child_pages

blueprint = Blueprint("timeline", __name__)


@blueprint.get("/children/<public_id>/timeline")
def page(public_id: str) -> Response:
    """The life in care as at today, or as at ``?on=2027-03-04``."""
    scope = asker.scope()
    child = child_or_404(public_id)
    asked = day_asked.asked()
    if (redirected := day_asked.to_one_word(asked, public_id=public_id)) is not None:
        return redirected
    pages.looked_at("child", public_id, page="timeline", **asked.kept)
    life = of_child(
        scope,
        asker.registry(),
        child,
        asked.on,
        plan=ACCESS["record.page"].allows(scope.roles),
        cases=ACCESS["cases.page"].allows(scope.roles),
    )
    context = {
        "child": child,
        "name": child_words.full_name(child),
        "child_pages": child_pages(public_id),
        "asked": asked,
        "today": scope.on,
        "life": life,
        "picture": timeline_drawn.picture(life),
        "when": timeline_drawn.when,
        "ahead": AHEAD.years,
        "sees_plan": ACCESS["record.page"].allows(scope.roles),
        "worked_out": not deadline_marks.waits(scope, child.id),
    }
    if asked.fault:
        return pages.refused("timeline/page.html", asked.findings, **context)
    return pages.page("timeline/page.html", **context)
