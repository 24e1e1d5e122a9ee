"""What every page of a planning meeting begins with: the meeting, its child and its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for

from core.domain.finding import Refused
from core.domain.procedure import Procedure
from core.domain.procedure.bodies import Body
from core.store import planning
from core.store.planning import PlanningRow
from core.usecases.planning_booking import PlanningBody, body_of, child_to_plan
from core.usecases.planning_early import early
from core.web import asker, clock, pages
from core.web.access import ACCESS
from core.web.planning_unsaved import unsaved

OPTIONS = "planning_options.page"
PARTS = (
    ("Overview", "planning.page"),
    ("People", "planning_people.page"),
    ("Papers and views", "planning_views.page"),
    ("Options and plan", OPTIONS),
    ("Record", "planning_record.page"),
    ("Afterwards", "planning_after.page"),
)


@dataclass(frozen=True, slots=True)
class Open:
    """A planning meeting that the asker sees; ``changes`` where they work with its child."""

    row: PlanningRow
    meets: PlanningBody
    changes: bool

    @property
    def procedure(self) -> Procedure:
        return self.meets.procedure

    @property
    def body(self) -> Body:
        return self.meets.body

    @property
    def writes(self) -> bool:
        """Whether the asker writes what is said at it: they work with the child, and it is open."""
        return self.changes and self.row.open


def seen(public_id: str, *, note: bool = True) -> Open:
    """The planning meeting of an address; 404 where the asker does not see it.

    That the asker looks at it is kept, but where ``note`` is false: a form's answer shows nothing.
    """
    scope = asker.scope()
    row = planning.find(scope, public_id)
    if row is None:
        abort(404)
    try:
        meets = body_of(scope, asker.registry(), row)
    except Refused:
        abort(404)
    changes = child_to_plan(scope, row.child_public_id) is not None
    if note:
        pages.looked_at("child", row.child_public_id, page="planning meeting", meeting=public_id)
    return Open(row, meets, changes and ACCESS["planning.move"].allows(scope.roles))


def to_change(public_id: str) -> Open:
    """The planning meeting of an address, for whoever works with its child; 404 for others."""
    opened = seen(public_id)
    if not opened.changes:
        abort(404)
    return opened


def context(opened: Open, **more: Any) -> dict[str, Any]:
    """What the top of each of its pages shows."""
    row = opened.row
    return {
        "meeting": row,
        "body": opened.body,
        "title": opened.meets.title,
        "name": row.child,
        "today": clock.today(),
        "changes": opened.changes,
        "writes": opened.writes,
        "parts": _parts(opened),
        "unsaved": unsaved(row),
        "early": bool(early(asker.scope(), row.child_public_id, [row.held_on])),
        **more,
    }


def _parts(opened: Open) -> list[Mapping[str, object]]:
    """The links above the pages of a meeting, the one shown now marked.

    A meeting of a body that weighs no options has no page of them.
    """
    weighs = opened.body.weighs_options
    return [
        {
            "text": text,
            "href": url_for(endpoint, public_id=opened.row.public_id),
            "current": request.endpoint is not None
            and request.endpoint.partition(".")[0] == endpoint.partition(".")[0],
        }
        for text, endpoint in PARTS
        if (weighs or endpoint != OPTIONS)
        and endpoint in ACCESS
        and ACCESS[endpoint].allows(asker.scope().roles)
    ]
