"""The court page of a child: proceedings, the guardian's views, and the way to final evidence."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from core.store import record
from core.usecases.planning_booking import child_to_plan
from core.web import asker, child_words, court_shown, pages, staged_shown
from core.web.access import ACCESS
from core.web.child_pages import child_pages

blueprint = Blueprint("court", __name__)


@blueprint.get("/children/<public_id>/court")
def page(public_id: str) -> Response:
    scope = asker.scope()
    child = record.child(scope, public_id)
    if child is None:
        abort(404)
    pages.looked_at("child", child.public_id, page="court")
    entries = record.entries(scope, child.id)
    rules = court_shown.rules(scope)
    documents = staged_shown.of_child(child.id)
    shown = court_shown.proceedings(scope, child.id, public_id, entries, rules, documents)
    works_with = record.child(scope, public_id, changes=True) is not None
    others = court_shown.of_no_proceedings(shown, documents)
    return pages.page(
        "court/page.html",
        child=child,
        name=child_words.full_name(child),
        child_pages=child_pages(public_id),
        proceedings=shown,
        days=court_shown.days,
        rules=rules,
        views=court_shown.views(entries),
        others=others,
        writes=works_with and ACCESS["record.add"].allows(scope.roles),
        books=ACCESS["planning.book"].allows(scope.roles)
        and child_to_plan(scope, public_id) is not None,
        starts=works_with and ACCESS["staged.start"].allows(scope.roles),
        on_day=scope.on,
    )
