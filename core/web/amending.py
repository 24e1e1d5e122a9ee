"""Pages on which ratified minutes are amended, part by part, and issued again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Refused
from core.domain.minutes import TITLES, Part
from core.store import items, minutes
from core.store.scope import Scope
from core.usecases import amending
from core.usecases.amending import Amending, TextMoved
from core.usecases.standing import Standing, chairs, runs
from core.web import asker, pages
from core.web.access import ACCESS
from core.web.clock import now
from core.web.typed import words

blueprint = Blueprint("amending", __name__)
PAGE = "minutes/amend.html"


def of_meeting(scope: Scope, standing: Standing) -> dict[str, Any]:
    """What a meeting's page shows of its minutes: what they lack, their issues, amendments."""
    meeting = standing.meeting
    running = runs(scope, standing) and ACCESS["amending.business"].allows(scope.roles)
    ratified = meeting.ratified_at is not None
    waits = minutes.waiting(scope, meeting.id) if ratified and running else 0
    return {
        "lacking": minutes.lacking(scope, meeting.id)
        if running and meeting.state == "closed" and not ratified
        else [],
        "issues": minutes.issues(scope, meeting.id) if ratified else [],
        "business_amended": minutes.amendments(scope, meeting_id=meeting.id) if ratified else [],
        "amends": ratified and running,
        "amendments_wait": waits,
        "reissues": bool(waits) and chairs(scope, standing),
    }


def amends_item(scope: Scope, standing: Standing | None) -> bool:
    """Whether this person amends the decision of an item: who runs it, once it is ratified."""
    return (
        standing is not None
        and standing.meeting.ratified_at is not None
        and runs(scope, standing)
        and ACCESS["amending.form"].allows(scope.roles)
    )


def _item(public_id: str, part: str) -> Amending:
    found = amending.of_item(asker.scope(), asker.registry(), public_id, part)
    if found is None:
        abort(404)
    return found


def _meeting(public_id: str) -> Amending:
    found = amending.of_meeting(asker.scope(), asker.registry(), public_id)
    if found is None:
        abort(404)
    return found


def _context(found: Amending, back: str, **more: Any) -> dict[str, Any]:
    return {
        "title": TITLES[found.part],
        "stands": found.text,
        "back": back,
        "held_on": found.meeting.held_on,
        "typed": {"text": found.text, "why": ""},
        "conflict": False,
    } | more


@blueprint.get("/items/<public_id>/amendments/<part>")
def form(public_id: str, part: str) -> Response:
    found = _item(public_id, part)
    _look(public_id)
    return pages.page(PAGE, **_context(found, url_for("items.page", public_id=public_id)))


@blueprint.post("/items/<public_id>/amendments/<part>")
def amend(public_id: str, part: str) -> Response:
    _item(public_id, part)
    _look(public_id)
    return _amended(public_id, part, url_for("items.page", public_id=public_id))


@blueprint.get("/meetings/<public_id>/amendments")
def business(public_id: str) -> Response:
    found = _meeting(public_id)
    return pages.page(PAGE, **_context(found, url_for("meetings.page", public_id=public_id)))


@blueprint.post("/meetings/<public_id>/amendments")
def amend_business(public_id: str) -> Response:
    _meeting(public_id)
    return _amended(public_id, Part.BUSINESS, url_for("meetings.page", public_id=public_id))


def _amended(public_id: str, part: str, back: str) -> Response:
    scope, registry = asker.scope(), asker.registry()
    typed = {name: words(request.form.get(name, "")) for name in ("text", "why")}
    seen = words(request.form.get("seen", ""))
    try:
        amending.amend(scope, registry, public_id, part, seen, typed["text"], typed["why"], now())
    except Refused as refusal:
        found = _meeting(public_id) if part == Part.BUSINESS else _item(public_id, part)
        moved = isinstance(refusal, TextMoved)
        stands = found.text if moved else seen
        context = _context(found, back, typed=typed, conflict=moved, stands=stands)
        return pages.refused(PAGE, refusal.findings, **context)
    flash("The amendment is kept beside what was recorded. Reissue the minutes to tell of it.")
    return redirect(back, 303)  # type: ignore[return-value]


def _look(public_id: str) -> None:
    scope = asker.scope()
    item = items.find(scope, public_id)
    for child in items.children(scope, [item.case_id]) if item is not None else ():
        pages.looked_at("child", child.public_id, page="amending minutes")
