"""The page on which a planning meeting is checked before it is closed, and closing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.domain.planning_people import each_once
from core.usecases import planning_closing as change
from core.web import asker, clock, pages, planning_context
from core.web.planning_context import Open
from core.web.typed import words

blueprint = Blueprint("planning_closing", __name__)
PAGE = "planning/closing.html"


@blueprint.get("/planning-meetings/<public_id>/close")
def page(public_id: str) -> Response:
    return pages.page(PAGE, **_context(_open(public_id)))


@blueprint.post("/planning-meetings/<public_id>/close")
def close(public_id: str) -> Response:
    planning_context.to_change(public_id)
    chair = words(request.form.get("chair", ""))
    why = words(request.form.get("chair-why", ""))
    try:
        done = change.close(asker.scope(), asker.registry(), public_id, chair, why, clock.now())
    except Refused as refusal:
        # Somebody else may have closed it meanwhile, or called it off: the words typed stay.
        opened = planning_context.to_change(public_id)
        context = _context(opened, {"chair": chair, "chair-why": why})
        return pages.refused(PAGE, refusal.findings, **context)
    flash(
        "The meeting is closed: its plan, decisions and actions are in the child’s record",
        "success",
    )
    waits = [finding.message for finding in done.beside if finding.field == change.APPROVALS]
    if waits:
        flash(". ".join(waits), "important")
    return redirect(url_for("planning.page", public_id=public_id), 303)  # type: ignore[return-value]


def _open(public_id: str) -> Open:
    opened = planning_context.to_change(public_id)
    if not opened.row.open:
        abort(404)
    return opened


def _context(opened: Open, typed: dict[str, str] | None = None) -> dict[str, Any]:
    closing = change.looked_at(asker.scope(), asker.registry(), opened.row)
    came = [guest for guest in each_once(closing.guests) if guest.came == "present"]
    usual = closing.chair.public_id if closing.chair else ""
    return planning_context.context(
        opened,
        heading="Check and close",
        closing=closing,
        came=[{"value": guest.public_id, "text": guest.said} for guest in came],
        usual=usual,
        typed={"chair": usual, "chair-why": "", **(typed or {})},
        place=lambda field: place_of(opened.row.public_id, opened.row.child_public_id, field or ""),
    )


def place_of(public_id: str, child: str, field: str) -> str:
    """The page on which what is lacking is mended, at its field."""
    if field == change.APPROVALS:
        return url_for("approvals.page", public_id=child)
    if field.startswith(("who-", "came", "views-")):
        endpoint = "planning_people.page"
    elif field.startswith(("option", "plan-", "reunification", "family-meeting", "outside")):
        endpoint = "planning_options.page"
    elif field == "views" or field.endswith(("-on", "-none")) and not field.startswith("next"):
        endpoint = "planning_views.page"
    elif field in (change.CHAIR, change.CHAIR_WHY):
        endpoint = "planning_closing.page"
    else:
        endpoint = "planning_record.page"
    return url_for(endpoint, public_id=public_id, _anchor=field or None)
