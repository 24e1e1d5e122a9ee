"""Opening another child's record for a stated reason; and what a manager is told of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.sight import MAY_STATE_A_REASON, Relation, relations
from core.store import reasons as store
from core.usecases import reasons
from core.web import asker, pages, typed
from core.web.access import ACCESS
from core.web.clock import in_london, now

blueprint = Blueprint("reasons", __name__)


@blueprint.get("/reasons")
def page() -> Response:
    return pages.page("reasons/page.html", **_context())


@blueprint.post("/reasons")
def open_record() -> Response:
    form = request.form
    boxes, born, fault = typed.date_boxes(form, "born")
    name = " ".join(typed.words(form.get("family-name", "")).split())
    wanted = reasons.Wanted(
        local_id=typed.words(form.get("local-id", "")).strip(),
        born=born,
        family_name=name[:200],
        reason=typed.words(form.get("reason", "")).strip(),
    )
    said = {"local-id": wanted.local_id, "family-name": name, "reason": wanted.reason}
    try:
        if fault:
            raise Refused(Finding(fault, field="born"))
        child = reasons.open_record(asker.scope(), wanted, now())
    except Refused as refusal:
        return pages.refused(
            "reasons/page.html", refusal.findings, **_context(typed=said, born=boxes)
        )
    flash("The record is open to you. What you look at is recorded.", "success")
    return redirect(url_for("children.page", public_id=child), 303)  # type: ignore[return-value]


@blueprint.post("/reasons/<public_id>/end")
def end(public_id: str) -> Response:
    if not reasons.end(asker.scope(), public_id, now()):
        abort(404)
    flash("The record is closed to you again.", "success")
    return redirect(url_for("reasons.page"), 303)  # type: ignore[return-value]


@blueprint.get("/reasons/<public_id>")
def told(public_id: str) -> Response:
    """Who opened a child of one's team, when and why."""
    row = next(iter(store.told(asker.scope(), public_id)), None)
    if row is None:
        abort(404)
    pages.looked_at("child", row.child_public_id, page="who opened the record")
    who_looked = ""
    if "audit.who_looked" in ACCESS and ACCESS["audit.who_looked"].allows(asker.scope().roles):
        who_looked = url_for("audit.who_looked", public_id=row.child_public_id)
    return pages.page("reasons/told.html", row=row, who_looked=who_looked)


@blueprint.post("/reasons/<public_id>/read")
def read(public_id: str) -> Response:
    if not reasons.read(asker.scope(), public_id, now()):
        abort(404)
    flash("It is noted that you have read this.", "success")
    return redirect(url_for("home.page"), 303)  # type: ignore[return-value]


def opened_here() -> dict[str, Any] | None:
    """For the top of a child's pages: until when the child is open to the asker, and its end."""
    public_id = (request.view_args or {}).get("public_id", "")
    scope = asker.scope()
    if Relation.EVERY_CHILD in relations(scope.roles) or not scope.has(*MAY_STATE_A_REASON):
        return None
    row = next(iter(store.mine(scope, now(), public_id)), None) if public_id else None
    if row is None:
        return None
    until = in_london(row.until).strftime("%H:%M")
    return {"until": until, "end": url_for("reasons.end", public_id=row.public_id)}


def _context(**more: Any) -> dict[str, Any]:
    opened = store.mine(asker.scope(), now())
    if opened:
        pages.listed("records opened for a reason", (row.child_public_id for row in opened))
    return {"opened": opened, "typed": {}, "born": {}, **more}
