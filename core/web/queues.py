"""Giving a case of the queue a place on the agenda."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.usecases import queueing
from core.usecases.standing import NoMeeting, chairs_body, standing_of
from core.web import asker, pages, sitting
from core.web.clock import now

blueprint = Blueprint("queues", __name__)
PAGE = "meetings/page.html"


@blueprint.post("/meetings/<public_id>/queue")
def give_place(public_id: str) -> Response:
    """The first of the queue by one click; another with a reason."""
    scope, registry = asker.scope(), asker.registry()
    try:
        held = standing_of(scope, registry, public_id)
    except NoMeeting:
        abort(404)
    if not chairs_body(scope, held.meeting.procedure_code, held.body):
        abort(404)
    case = request.form.get("case", "")
    reason = request.form.get(f"why-{case}", "")
    try:
        number = queueing.give_place(scope, registry, public_id, case, reason, now())
    except Refused as refusal:
        after = standing_of(scope, registry, public_id)
        context = {**sitting.shown(scope, after), "typed": request.form}
        return pages.refused(PAGE, refusal.findings, **context)
    flash(f"From the queue onto the agenda, as case {number}", "success")
    return redirect(url_for("meetings.page", public_id=public_id, _anchor="item-cases"), 303)  # type: ignore[return-value]
