"""The records of planning meetings as Word documents: one meeting, or all of a child in order."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response

from core.domain.finding import Refused
from core.store import record
from core.usecases import planning_document
from core.web import asker, clock, pages, planning_context
from core.web.child_pages import child_or_404

blueprint = Blueprint("planning_papers", __name__)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/planning-meetings/<public_id>/record.docx")
def of_meeting(public_id: str) -> Response:
    opened = planning_context.seen(public_id, note=False)
    try:
        made = planning_document.of_meeting(
            asker.scope(), asker.registry(), opened.row, clock.now()
        )
    except Refused:
        abort(404)
    pages.looked_at("document", public_id, kind="planning record")
    pages.looked_at(
        "child", opened.row.child_public_id, page="record of a planning meeting", meeting=public_id
    )
    return _download(*made)


@blueprint.get("/children/<public_id>/planning/record.docx")
def of_child(public_id: str) -> Response:
    """The running record: every planning meeting of a child by date."""
    child = child_or_404(public_id)
    scope = asker.scope()
    if record.child(scope, public_id) is None:
        abort(404)
    made = planning_document.of_child(scope, asker.registry(), child, clock.now())
    pages.looked_at("child", public_id, page="running record of planning meetings")
    return _download(*made)


def _download(name: str, content: bytes) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = WORD
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
