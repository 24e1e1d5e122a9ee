"""Inviting somebody to one case, from its item's page, and ending that."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.usecases import inviting
from core.web import item_context, pages
from core.web.clock import now
from core.web.item_context import Open

blueprint = Blueprint("invitees", __name__)


@blueprint.post("/items/<public_id>/invitees")
def invite(public_id: str) -> Response:
    opened = _run(public_id)
    who = request.form.get("invitee", "")
    try:
        name = inviting.invite(opened.scope, public_id, who, now())
    except Refused as refusal:
        return _refused(opened, refusal, who)
    flash(f"{name} is invited to this case.", "success")
    return _back(public_id)


@blueprint.post("/items/<public_id>/invitees/end")
def end(public_id: str) -> Response:
    opened = _run(public_id)
    try:
        inviting.end(opened.scope, public_id, request.form.get("invitee", ""), now())
    except Refused as refusal:
        return _refused(opened, refusal, "")
    flash("The invitation is ended.", "success")
    return _back(public_id)


def _run(public_id: str) -> Open:
    opened = item_context.seen(public_id)
    if not opened.runs:
        abort(404)
    return opened


def _refused(opened: Open, refusal: Refused, who: str) -> Response:
    opened = item_context.seen(opened.item.public_id)
    context = item_context.context(opened, typed={"invitee": who})
    return pages.refused("items/page.html", refusal.findings, **context)


def _back(public_id: str) -> Response:
    return redirect(  # type: ignore[return-value]
        url_for("items.page", public_id=public_id, _anchor="invited"), 303
    )
