"""Every date that is late or soon of the children with whom somebody works, fifty a page."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from core.store.deadlines_pressing import Wanted
from core.web import asker, deadline_needs, pages
from core.web.typed import whole

blueprint = Blueprint("due", __name__)
SIZE = 50


@blueprint.get("/due")
def page() -> Response:
    scope = asker.scope()
    number = whole(request.args.get("page", "1"), 1, 1_000)
    if number is None:
        abort(404)
    wanted = Wanted(SIZE, start=(number - 1) * SIZE)
    of = deadline_needs.whose(scope)
    (found,) = deadline_needs.pressing(scope, asker.registry(), of, wanted)
    return pages.page(
        "home/due.html",
        needs=list(deadline_needs.told(scope, found.rows)),
        number=number,
        on_day=scope.on,
        more=deadline_needs.more_words(found, "late or soon") if found.more else "",
    )
