"""Pages of cover: who stands in for whom, arranged and ended by those who may."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from core.domain.finding import Finding, Refused
from core.domain.sight import MAY_OWN
from core.store import accounts, covers
from core.usecases import covering
from core.usecases.covering import NoSuchCover
from core.web import admin_pages, asker, pages
from core.web.admin_pages import choices
from core.web.choosing import by_team
from core.web.clock import now
from core.web.typed import date_boxes, words

blueprint = Blueprint("covers", __name__)


def _context(typed: dict[str, Any] | None = None) -> dict[str, Any]:
    scope = asker.scope()
    away = covers.may_be_away(scope)
    colleagues = accounts.colleagues(scope, roles=MAY_OWN)
    arranged = [one for one in accounts.colleagues(scope) if one.public_id in dict(away)]
    asked = str(typed["away"]) if typed else request.args.get("away", "")
    known = asked if asked in dict(away) else ""
    fixed = typed is None or len(away) == 1  # else another may be chosen as away in its place
    absent = next((one.id for one in arranged if one.public_id == known), scope.account_id)
    return {
        "admin_pages": admin_pages.admin_pages(),
        "on": scope.on,
        "last_day": admin_pages.last_day,
        "lasting": covers.lasting(scope),
        "ends": {public_id for public_id, _ in away},
        "away": choices(away),
        "absent": by_team(scope, arranged, [scope.account_id]) if len(away) > 1 else [],
        "colleagues": by_team(
            scope, (one for one in colleagues if not fixed or one.public_id != known), [absent]
        ),
        "typed": typed or {"away": known or (away[0][0] if len(away) == 1 else "")},
        "opened": typed is not None or bool(known),
    }


@blueprint.get("/covers")
def page() -> Response:
    return pages.page("admin/covers.html", **_context())


@blueprint.post("/covers")
def arrange() -> Response:
    since_boxes, since, since_fault = date_boxes(request.form, "since", "The first day")
    last_boxes, last, last_fault = date_boxes(request.form, "last", "The last day")
    texts = {name: words(request.form.get(name, "")) for name in ("away", "by", "why")}
    typed: dict[str, Any] = {**texts, "since": since_boxes, "last": last_boxes}
    faults = [
        Finding(fault, field=field)
        for fault, field in ((since_fault, "since"), (last_fault, "last"))
        if fault
    ]
    try:
        if faults:
            raise Refused(*faults)
        covering.arrange(
            asker.scope(), texts["away"], texts["by"], since, last, texts["why"], now()
        )
    except Refused as refusal:
        return pages.refused("admin/covers.html", refusal.findings, **_context(typed))
    flash("The cover is arranged, and ends by itself", "success")
    return redirect(url_for("covers.page"), 303)  # type: ignore[return-value]


@blueprint.post("/covers/<public_id>/end")
def end(public_id: str) -> Response:
    try:
        cover = covering.end(asker.scope(), public_id, now())
    except NoSuchCover:
        abort(404)
    flash(f"{cover.covered_by} no longer stands in for {cover.away}", "success")
    return redirect(url_for("covers.page"), 303)  # type: ignore[return-value]
