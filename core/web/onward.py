"""Pages of onward referrals: what was referred where, and the answer that came."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.store import cases, items, onward
from core.store.onward import OnwardRow
from core.usecases.onward import AnswerMoved, record_answer
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.typed import boxes, date_boxes, version, words

blueprint = Blueprint("onward", __name__)


def _seen(public_id: str) -> OnwardRow:
    """The referral; one about a person only for those who may open that person's record."""
    scope = asker.scope()
    row = onward.find(scope, public_id)
    if row is None:
        abort(404)
    if row.person_public_id and not ACCESS["people.page"].allows(scope.roles):
        abort(404)
    return row


def _writes(row: OnwardRow) -> bool:
    """Whether the asker records answers, and works with a child of the case."""
    scope = asker.scope()
    return ACCESS["onward.answer"].allows(scope.roles) and cases.may_change(scope, row.case_id)


def _context(row: OnwardRow, **more: Any) -> dict[str, Any]:
    """What the page shows; where it is about a person, no child is named."""
    scope = asker.scope()
    children = [] if row.person_public_id else items.children(scope, [row.case_id])
    for child in children:
        pages.looked_at("child", child.public_id, page="onward referral")
    if row.person_public_id:
        pages.looked_at("person", row.person_public_id, page="onward referral")
    return {
        "referral": row,
        "children": children,
        "writes": _writes(row),
        "typed": {
            "answer": row.answer,
            "answered_on": boxes(row.answered_on.isoformat() if row.answered_on else ""),
        },
        "seen": row.version,
        "conflict": None,
    } | more


@blueprint.get("/onward/<public_id>")
def page(public_id: str) -> Response:
    return pages.page("onward/page.html", **_context(_seen(public_id)))


@blueprint.post("/onward/<public_id>")
def answer(public_id: str) -> Response:
    if not _writes(_seen(public_id)):
        abort(404)
    said = words(request.form.get("answer", ""))
    parts, on, fault = date_boxes(request.form, "answered_on")
    seen = version(request.form.get("version", ""))
    typed = {"answer": said, "answered_on": parts}
    try:
        record_answer(asker.scope(), public_id, on, said, seen, now(), day_fault=fault)
    except AnswerMoved as refusal:
        moved = _seen(public_id)
        context = _context(moved, typed=typed, seen=moved.version, conflict=moved)
        return pages.refused("onward/page.html", refusal.findings, **context)
    except Refused as refusal:
        context = _context(_seen(public_id), typed=typed, seen=seen)
        return pages.refused("onward/page.html", refusal.findings, **context)
    flash("The answer is recorded", "success")
    return redirect(url_for("onward.page", public_id=public_id), 303)  # type: ignore[return-value]
