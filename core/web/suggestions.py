"""A planning meeting that is suggested and not wanted: the reason is asked for, and kept."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.record.tracked import NO_FURTHER_PPM
from core.domain.suggesting import Suggestion
from core.store import record, tracking
from core.store.record import ChildOf
from core.usecases import record_new
from core.web import asker, child_words, pages, plan_watch
from core.web.clock import now
from core.web.typed import words

blueprint = Blueprint("suggestions", __name__)
FORM = "tracking/decline.html"
GONE = "This meeting is not suggested any more"


def _suggested(public_id: str, key: str) -> tuple[ChildOf, Suggestion]:
    """A child with whom the asker works, and what is suggested of them; or 404."""
    scope = asker.scope()
    child = record.child(scope, public_id, changes=True)
    if child is None:
        abort(404)
    found = tracking.suggested_of(scope, child.id)
    one = next((one for one in found if one.key == key), None)
    return (child, one) if one is not None else abort(404)


@blueprint.get("/children/<public_id>/suggestions/<suggestion_key>")
def form(public_id: str, suggestion_key: str) -> Response:
    return pages.page(FORM, **_context(*_suggested(public_id, suggestion_key)))


@blueprint.post("/children/<public_id>/suggestions/<suggestion_key>")
def decline(public_id: str, suggestion_key: str) -> Response:
    """Keep why no meeting is needed: the suggestion is gone until something new happens."""
    scope = asker.scope()
    child, one = _suggested(public_id, suggestion_key)
    why = words(request.form.get("why", "")).strip()
    values = {
        "suggestion": one.code,
        "of": one.of,
        "why": why,
        "decided_on": scope.on.isoformat(),
    }
    try:
        if not why:
            raise Refused(Finding("Say why no planning meeting is needed", field="why"))
        record_new.add(scope, public_id, NO_FURTHER_PPM.code, values, now())
    except Refused as refusal:
        return pages.refused(FORM, refusal.findings, **_context(child, one, why))
    flash("The reason is kept, and the meeting is suggested no more for this", "success")
    return redirect(url_for("children.page", public_id=public_id), 303)  # type: ignore[return-value]


def _context(child: ChildOf, one: Suggestion, why: str = "") -> dict[str, Any]:
    pages.looked_at("child", child.public_id, page="a suggested meeting")
    return {
        "child": child,
        "name": child_words.full_name(child),
        "suggests": plan_watch.suggests(child.public_id, one),
        "typed": why,
        "key": one.key,
    }
